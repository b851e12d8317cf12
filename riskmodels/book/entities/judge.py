"""Groups of names held against an answer key, pair by pair."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from riskmodels.book.entities.groups import Group, group_names


@dataclass(frozen=True)
class Judgement:
    """Pairs counted: truly the same, proposed as the same, and both."""

    names: int
    true_pairs: int
    proposed_pairs: int
    hits: int

    @property
    def precision(self) -> float:
        """Share of the proposed pairs that are truly the same; 1 when none is proposed."""
        return self.hits / self.proposed_pairs if self.proposed_pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of the truly same pairs that are proposed; 1 when there are none."""
        return self.hits / self.true_pairs if self.true_pairs else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def judge(groups: Iterable[Group], truth: Sequence[Collection[Hashable]]) -> Judgement:
    """How well groups agree with `truth`: for each name the companies that bear it.

    Two names are truly the same when some company bears both; they are proposed as the same when one group has both.
    """
    proposed = [pair for g in groups for pair in combinations(g.members, 2)]
    bearers: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, companies in enumerate(truth):
        for company in set(companies):
            bearers[company].append(place)
    true = {pair for places in bearers.values() for pair in combinations(places, 2)}
    return Judgement(len(truth), len(true), len(proposed), sum(pair in true for pair in proposed))


def judge_records(groups: Iterable[Group], truth: Sequence[Collection[Hashable]]) -> Judgement:
    """As `judge`, over the records (name, company): records of one name are proposed as the same, whoever bears it.

    Stricter: two companies of one name count as a mistake, which no method that sees the names alone can avoid.
    """
    groups = list(groups)
    grouped = {m for g in groups for m in g.members}
    sets = [g.members for g in groups] + [(m,) for m in range(len(truth)) if m not in grouped]
    hits = proposed = 0
    for members in sets:
        companies = Counter(c for m in members for c in set(truth[m]))
        proposed += _pairs(companies.total())
        hits += sum(map(_pairs, companies.values()))
    borne = Counter(c for companies in truth for c in set(companies))
    return Judgement(borne.total(), sum(map(_pairs, borne.values())), proposed, hits)


def _pairs(n: int) -> int:
    return n * (n - 1) // 2


def curve(names: Sequence[str], truth: Sequence[Collection[Hashable]], thresholds: Iterable[float]) -> pd.DataFrame:
    """Precision, recall and F1 by threshold: threshold, groups, precision, recall, f1."""
    rows = []
    for threshold in thresholds:
        groups = group_names(names, threshold)
        found = judge(groups, truth)
        rows.append((threshold, len(groups), found.precision, found.recall, found.f1))
    return pd.DataFrame(rows, columns=["threshold", "groups", "precision", "recall", "f1"])
