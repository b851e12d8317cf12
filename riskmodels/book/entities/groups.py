"""Names gathered into groups in which every two are alike: no chain of small steps leads to another company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from riskmodels.book.entities.blocks import candidate_pairs
from riskmodels.book.entities.name import Key, Name, normalise
from riskmodels.book.entities.score import FACTORS, Corpus, core_score, corpus_of, score

THRESHOLD = 0.85
"""Least score of a group's weakest pair: the highest of the best on half of the customers of a real ledger, judged on
the other half."""


@dataclass(frozen=True)
class Group:
    """Names held to be one company: places in the list, the score of the weakest pair, and what is held against it."""

    members: tuple[int, ...]
    score: float
    flags: tuple[str, ...]


Scored = dict[tuple[int, int], tuple[float, tuple[str, ...]]]


class _Pairs:
    """Scores of pairs of names by their places, worked out when first asked for."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = names
        self.corpus: Corpus = corpus_of(names)
        self.known: Scored = {}

    def __getitem__(self, pair: tuple[int, int]) -> tuple[float, tuple[str, ...]]:
        pair = (min(pair), max(pair))
        if pair not in self.known:
            self.known[pair] = score(self.names[pair[0]], self.names[pair[1]], self.corpus)
        return self.known[pair]


def group_names(raw: Sequence[str], threshold: float = THRESHOLD) -> list[Group]:
    """The groups of two or more names whose every pair scores at least `threshold`, the best first.

    Branches are grouped as the company they belong to; a group that has some is flagged and its score lowered.
    """
    parsed = [normalise(name) for name in raw]
    places: defaultdict[Name, list[int]] = defaultdict(list)
    for place, name in enumerate(parsed):
        places[replace(name, unit="")].append(place)
    names = sorted(n for n in places if n.core != ((), "", ()))  # groups must not depend on the order of rows
    pairs = _Pairs(names)
    links = sorted((-pairs[p][0], *p) for p in _links(names, pairs.corpus, threshold) if pairs[p][0] >= threshold)
    found = []
    for group in _gather(len(names), [(a, b) for _, a, b in links], pairs, threshold):
        members = sorted(m for i in group for m in places[names[i]])
        alike = [pairs[i, i] for i in group if len(places[names[i]]) > 1]
        if len(members) > 1 and min(s for s, _ in alike or [(1.0, ())]) >= threshold:
            branches = len({parsed[m].unit for m in members}) > 1
            found.append(_group(members, [*alike, *(pairs[p] for p in combinations(group, 2))], branches))
    return sorted(found, key=lambda g: (-g.score, g.members))


def _links(names: Sequence[Name], corpus: Corpus, threshold: float) -> Iterator[tuple[int, int]]:
    """Pairs of names that may reach the threshold: of one core, and of cores that are alike."""
    by_core: defaultdict[Key, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        by_core[name.core].append(place)
    cores, members = list(by_core), list(by_core.values())
    for one in members:
        yield from combinations(one, 2)
    for a, b in candidate_pairs(cores):
        if core_score(cores[a], cores[b], corpus) >= threshold:
            yield from product(members[a], members[b])


def _gather(n: int, links: Sequence[tuple[int, int]], pairs: _Pairs, threshold: float) -> list[list[int]]:
    """Complete linkage: two groups join, the most alike first, when no pair across them is below the threshold."""
    home = list(range(n))
    groups = {i: [i] for i in home}
    for a, b in links:
        left, right = home[a], home[b]
        if left == right or any(pairs[p][0] < threshold for p in product(groups[left], groups[right])):
            continue
        groups[left] += (moved := groups.pop(right))
        for member in moved:
            home[member] = left
    return list(groups.values())


def _group(members: list[int], scores: list[tuple[float, tuple[str, ...]]], branches: bool) -> Group:
    flags = {what for _, against in scores for what in against} | ({"branch"} if branches else set())
    worst = min(s for s, _ in scores) * (FACTORS["branch"] if branches else 1)
    return Group(tuple(members), worst, tuple(sorted(flags)))
