"""The accelerated kernel beside the plain one on random ledgers: not one bit may differ."""

from __future__ import annotations

import numpy as np

from riskmodels.features import kernel, reference
from tests.certify.campaign import Campaign, Figure, Record, none
from tests.features.test_kernel import measured

SIZES = (3, 1_000, 10**9, 2**44)  # 400 of the largest stay below 2^53, where the package refuses sums


def run(seed: int) -> Record:
    """Facts and as-of rows of a random ledger, and how many of their measures differ."""
    case = ledger(np.random.default_rng(seed))
    pairs = zip(measured(kernel, *case), measured(reference, *case))
    return {"facts": len(case[0]), "different": sum(not np.array_equal(a, b, equal_nan=True) for a, b in pairs)}


def ledger(rng: np.random.Generator) -> tuple:
    """Key, day, value and counterpart of facts in any order, then as-of rows sorted by key and day, and a window."""
    n, keys, days = int(rng.integers(0, 400)), int(rng.integers(1, 9)), int(rng.integers(10, 200))
    size, counts = int(rng.choice(SIZES)), rng.integers(0, 10, keys)
    as_of = [np.sort(rng.choice(days, count, replace=False)) for count in counts]
    facts = (rng.integers(0, keys, n), rng.integers(-5, days + 10, n))
    return (
        *(column.astype(np.int32) for column in facts),
        rng.integers(-size, size, n),
        rng.integers(0, 6, n).astype(np.int32),
        np.concatenate([[0], np.cumsum(counts)]),
        np.concatenate(as_of).astype(np.int64),
        int(rng.integers(1, days)),
    )


def summary(records: list[Record]) -> list[Figure]:
    """Ledgers that differ, and how large they were."""
    facts = sum(r["facts"] for r in records)
    wrong = sum(r["different"] > 0 for r in records)
    return [
        none("ledgers on which the two kernels differ in a bit", wrong, len(records)),
        Figure("facts", f"{facts:,}"),
    ]


KERNEL = Campaign("kernel", "The feature kernel against its readable form", run, summary, seeds=5_000, quick=200)
