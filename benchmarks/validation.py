"""Discrimination: AUC beside scikit-learn's, and DeLong's interval beside a bootstrap of the same AUC.

The floor of any AUC is one sort of the scores; it is timed in the same run.
"""

from __future__ import annotations

import numpy as np
from _bench import Row, must_agree, row, run, timed
from sklearn.metrics import roc_auc_score

from riskmodels.validation.discrimination import auc, auc_interval

SCALES = {"small": 100_000, "full": 1_000_000}
SAMPLES = 200


def scored(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes (n,), about one in twenty bad, and scores (n,) that separate them somewhat."""
    rng = np.random.default_rng(11)
    bad = (rng.random(n) < 0.05).astype(int)
    return bad, rng.normal(size=n) + bad


def bootstrap(bad: np.ndarray, score: np.ndarray, samples: int = SAMPLES) -> float:
    """Standard error of the AUC over samples drawn with replacement; ranks once, weights by counts."""
    rng, order = np.random.default_rng(5), np.argsort(score, kind="stable")
    y, n = bad[order], len(bad)
    return float(np.std([_weighted_auc(y, np.bincount(rng.integers(0, n, n), minlength=n)) for _ in range(samples)]))


def _weighted_auc(y: np.ndarray, count: np.ndarray) -> float:
    """AUC of outcomes sorted by score, all scores distinct but for repeats of one case."""
    bad, good = count * y, count * (1 - y)
    below = np.cumsum(good) - good / 2
    return float(bad @ below / (bad.sum() * good.sum()))


def measure(n: int) -> list[Row]:
    """The rows of the result."""
    bad, score = scored(n)
    must_agree(abs(auc(bad, score) - roc_auc_score(bad, score)) < 1e-12, "AUC")
    must_agree(abs(auc_interval(bad, score).se / bootstrap(bad, score) - 1) < 0.25, "standard error of the AUC")
    work = {
        "ours": lambda: auc(bad, score),
        "scikit-learn": lambda: roc_auc_score(bad, score),
        "sort": lambda: np.argsort(score),
        "interval": lambda: auc_interval(bad, score),
    }
    seconds, _ = timed(work)
    resampled, _ = timed({"bootstrap": lambda: bootstrap(bad, score)}, 1)
    return [
        row("AUC", seconds["ours"], seconds["scikit-learn"], "scikit-learn roc_auc_score", 0.8, n),
        row("AUC against its floor", seconds["ours"], seconds["sort"], "one sort of the scores", None, n),
        row("AUC with interval", seconds["interval"], resampled["bootstrap"], f"numpy bootstrap x {SAMPLES}", 10.0, n),
    ]


def main() -> None:
    """Measure at the scale asked for."""
    run(__doc__, SCALES, measure)


if __name__ == "__main__":
    main()
