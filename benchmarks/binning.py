"""Monotone optimal binning: beside optbinning, under the same rules and on the same pre-bins.

Both get 20 quantile pre-bins, at most 8 bins, 5 % of the cases in each and a rising WoE; information values
must agree before a time counts. Then each makes its own pre-bins, as users would, and is also judged on new cases: the
finer a search cuts, the more of its information value is noise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from _bench import Row, must_agree, row, run, timed
from optbinning import OptimalBinning

from riskmodels.models.binning import Binner
from riskmodels.validation.discrimination import auc

SCALES = {"small": 20_000, "full": 500_000}
COLUMNS, BINS, SHARE, PREBINS = 6, 8, 0.05, 20


def sample(n: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Columns of falling strength, some not monotone, and a bad rate of about one in ten."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(rng.normal(size=(n, COLUMNS)), columns=[f"x{i}" for i in range(COLUMNS)])
    lift = sum(X[c] / (i + 1) + 0.2 * np.sin(3 * X[c]) for i, c in enumerate(X))
    return X, (rng.random(n) < 1 / (1 + np.exp(3 - lift))).astype(int)


def coarse(X: pd.DataFrame) -> pd.DataFrame:
    """Each value replaced by the lowest of its quantile pre-bin."""
    return X.apply(lambda x: x.groupby(pd.qcut(x, PREBINS, labels=False)).transform("min"))


def ours(X: pd.DataFrame, y: np.ndarray) -> Binner:
    """The fitted binner of this package."""
    return Binner("ascending", max_bins=BINS, min_share=SHARE, min_events=1).fit(X, y)


def peer(X: pd.DataFrame, y: np.ndarray, given: bool) -> list[OptimalBinning]:
    """The fitted peer of each column; with `given`, every distinct value is a pre-bin."""
    return [_peer_column(X[c].to_numpy(), y, given) for c in X]


def _peer_column(x: np.ndarray, y: np.ndarray, given: bool) -> OptimalBinning:
    splits = {"user_splits": np.unique(x)[1:]} if given else {}
    rules = {"max_n_bins": BINS, "min_bin_size": SHARE, "monotonic_trend": "ascending"}
    model = OptimalBinning(solver="cp", min_bin_n_event=1, min_bin_n_nonevent=1, **rules, **splits).fit(x, y)
    model.binning_table.build()
    return model


def ivs(fitted: Any) -> list[float]:
    """Information values by column, of either."""
    return [f.iv for f in fitted.features_] if isinstance(fitted, Binner) else [m.binning_table.iv for m in fitted]


def mean_auc(woe: list[np.ndarray], y: np.ndarray) -> float:
    """Mean over columns of the AUC of their weights of evidence, whose sign differs between the two."""
    aucs = [auc(y, column) for column in woe]
    return float(np.mean([max(a, 1 - a) for a in aucs]))


def measure(n: int) -> list[Row]:
    """The rows of the result: n cases to fit on, as many held out."""
    (X, y), (later, later_y) = sample(n, 8), sample(n, 9)
    few = coarse(X)
    must_agree(np.allclose(ivs(ours(few, y)), ivs(peer(few, y, True)), rtol=1e-4), "information values")
    work = {
        "same": lambda: ours(few, y),
        "same, peer": lambda: peer(few, y, True),
        "own": lambda: ours(X, y),
        "own, peer": lambda: peer(X, y, False),
    }
    seconds, found = timed(work, 3)
    iv = {name: float(np.sum(ivs(fitted))) for name, fitted in found.items()}
    mine = mean_auc(list(found["own"].transform(later).T), later_y)
    theirs = mean_auc([m.transform(later[c].to_numpy(), metric="woe") for c, m in zip(X, found["own, peer"])], later_y)
    return [
        row("binning, same pre-bins", seconds["same"], seconds["same, peer"], "optbinning", 1.0, n),
        row("IV, same pre-bins", iv["same"], iv["same, peer"], "optbinning", 1 - 1e-6, n, "IV"),
        row("binning, own pre-bins", seconds["own"], seconds["own, peer"], "optbinning", 1.0, n),
        row("IV, own pre-bins", iv["own"], iv["own, peer"], "optbinning", 1.0, n, "IV"),
        row("AUC of new cases, own pre-bins", mine, theirs, "optbinning", 1.0, n, "AUC"),
    ]


def main() -> None:
    """Measure at the scale asked for."""
    run(__doc__, SCALES, measure)


if __name__ == "__main__":
    main()
