"""Which names are worth comparing: pairs that share a rare piece or stand next to each other in the alphabet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process

from riskmodels.book.entities.name import Key

RAREST = 8
"""Pieces of a name, the rarest first, by which it is looked up."""
CROWDED = 60
"""Names that share a piece at most; a piece of more tells nothing."""
NEXT = 6
"""Neighbours in alphabetical order that are compared, whatever they share."""
ALIKE = 55.0
"""Least likeness (0 to 100) of a pair that is worth a closer look."""
CHUNK = 500_000
"""Pairs held at a time: memory stays bounded."""

Pairs = np.ndarray
"""Pairs (a, b) of n names, a < b, each as the one number a * n + b."""


def candidate_pairs(cores: Sequence[Key]) -> list[tuple[int, int]]:
    """The pairs of cores worth a closer look, each once, in order."""
    n = len(cores)
    text = [f"{' '.join(sorted(words))} {han} {' '.join(numbers)}".strip() for words, han, numbers in cores]
    found = [_alike(text, chunk) for chunk in _chunks(_proposed(cores, text))]
    pairs = np.unique(np.concatenate(found or [np.empty(0, np.int64)]))
    return list(zip((pairs // n).tolist(), (pairs % n).tolist()))


def _alike(text: Sequence[str], pairs: Pairs) -> Pairs:
    left, right = ([text[i] for i in side.tolist()] for side in np.divmod(pairs, len(text)))
    return pairs[process.cpdist(left, right, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.float32) > 0]


def _chunks(parts: Iterator[Pairs]) -> Iterator[Pairs]:
    """The pairs in pieces of about CHUNK, without repeats within a piece."""
    held: list[Pairs] = []
    for part in parts:
        held.append(part)
        if sum(map(len, held)) >= CHUNK:
            yield np.unique(np.concatenate(held))
            held = []
    if held:
        yield np.unique(np.concatenate(held))


def _proposed(cores: Sequence[Key], text: Sequence[str]) -> Iterator[Pairs]:
    n = len(text)
    order = np.array(sorted(range(n), key=text.__getitem__), dtype=np.int64)
    for step in range(1, min(NEXT + 1, n)):
        yield np.minimum(order[:-step], order[step:]) * n + np.maximum(order[:-step], order[step:])
    piece, owner = _rare_pieces(cores)
    sizes = np.bincount(piece)
    for size in np.unique(sizes[sizes > 1]).tolist():
        members = owner[sizes[piece] == size].reshape(-1, size)  # sorted by piece: those of one size form a matrix
        yield from _within(members, n)


def _within(members: np.ndarray, n: int) -> Iterator[Pairs]:
    """All pairs within each row, some rows at a time."""
    a, b = np.triu_indices(members.shape[1], 1)
    step = max(1, CHUNK // a.size)
    for start in range(0, len(members), step):
        rows = members[start : start + step]
        yield (rows[:, a] * n + rows[:, b]).ravel()


def _rare_pieces(cores: Sequence[Key]) -> tuple[np.ndarray, np.ndarray]:
    """(piece, name) sorted by both: each name with its rarest pieces that some other name has too."""
    codes: dict[str, int] = {}
    rows = [np.array([codes.setdefault(p, len(codes)) for p in pieces(core)], dtype=np.int64) for core in cores]
    owner = np.repeat(np.arange(len(rows)), [r.size for r in rows])
    piece = np.concatenate(rows) if rows else np.empty(0, np.int64)
    shared = np.bincount(piece, minlength=len(codes))
    keep = (shared[piece] > 1) & (shared[piece] <= CROWDED)
    piece, owner = piece[keep], owner[keep]
    order = np.lexsort((piece, shared[piece], owner))
    piece, owner = piece[order], owner[order]
    first = np.searchsorted(owner, owner)
    rare = np.arange(owner.size) - first < RAREST
    order = np.lexsort((owner[rare], piece[rare]))
    return piece[rare][order], owner[rare][order]


def pieces(core: Key) -> list[str]:
    """What a core is looked up by: words, two neighbours, runs of four letters; pairs of characters, all of them in
    whatever order; and each of these with each number."""
    words, han, numbers = core
    grams = [w[i : i + 4] for w in words if len(w) > 4 for i in range(len(w) - 3)]
    pairs = [han[i : i + 2] for i in range(len(han) - 1)]
    two = [f"{min(p)} {max(p)}" for p in pairwise(words)]
    bare = sorted({*(f"{w}." for w in words), *two, *grams, *pairs, "".join(sorted(han)), "".join(words)} - {""})
    return [*bare, *(f"{p}#{n}" for n in numbers for p in bare)]
