"""Grouping company names: beside rapidfuzz over all pairs, in time and in how well the truth is found.

The peer compares every pair (`process.cdist` with `token_sort_ratio`). In time it is measured on the first rows and
counted up to all of them; in quality it gets the cutoff that suits it best, known only afterwards.
"""

from __future__ import annotations

import time
from functools import partial

import numpy as np
from _bench import Row, row, run, timed
from rapidfuzz import fuzz, process, utils

from riskmodels.book.entities.groups import group_names
from riskmodels.book.entities.judge import judge
from riskmodels.book.entities.lookalikes import noisy_names

SCALES = {"small": 10_000, "full": 100_000}
PEER_ROWS, JUDGED = 200, 1_500


def of_all_pairs(names: list[str], rows: int) -> float:
    """Seconds the peer needs for all pairs, from its time for some rows."""
    ready = [utils.default_process(n) for n in names]
    start = time.perf_counter()
    process.cdist(ready[:rows], ready, scorer=fuzz.token_sort_ratio, score_cutoff=80, dtype=np.uint8)
    return (time.perf_counter() - start) * len(names) / rows / 2  # each pair once


def best_f1(names: list[str], company: np.ndarray) -> float:
    """F1 over pairs of the peer at its best cutoff."""
    ready = [utils.default_process(n) for n in names]
    scores = process.cdist(ready, ready, scorer=fuzz.token_sort_ratio, dtype=np.uint8)
    upper = np.triu_indices(len(names), 1)
    likeness, same = scores[upper], (company[:, None] == company)[upper]
    hits = [(same & (likeness >= cut)).sum() for cut in range(60, 101)]
    proposed = [(likeness >= cut).sum() for cut in range(60, 101)]
    return float(max(2 * h / (p + same.sum()) for h, p in zip(hits, proposed)))


def measure(n: int) -> list[Row]:
    """The rows of the result."""
    names = noisy_names(n // 2, 1)["name"].tolist()[:n]
    seconds, _ = timed({"ours": partial(group_names, names)}, 1)
    peer = of_all_pairs(names, PEER_ROWS)
    small = noisy_names(JUDGED, 2)
    listed, company = small["name"].tolist(), small["company"].to_numpy()
    ours = judge(group_names(listed), [(c,) for c in company.tolist()]).f1
    goal = 5.0 if n >= SCALES["full"] else 1.0  # the peer's time grows with the square
    return [
        row("names into groups", seconds["ours"], peer, "rapidfuzz cdist, all pairs", goal, n),
        row("F1 over pairs", ours, best_f1(listed, company), "cdist at its best cutoff", 1.05, n, "F1"),
    ]


def main() -> None:
    """Measure at the scale asked for."""
    run(__doc__, SCALES, measure)


if __name__ == "__main__":
    main()
