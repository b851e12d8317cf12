"""Binning a wide sample with missing values and categories, and one long column: beside optbinning, in CPU seconds."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from _bench import Row, gap, must_agree, row, timed
from optbinning import BinningProcess, OptimalBinning
from sklearn.linear_model import LogisticRegression

from riskmodels.models.binning import Binner, feature
from riskmodels.validation.discrimination import auc

NUMBERS, TEXTS, LONG = 32, 8, 10
RULES = {"max_bins": 8, "min_share": 0.05, "min_events": 5}
PEER_RULES = {"max_n_bins": 8, "min_bin_size": 0.05}
REPEATS = 3


def sample(n: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Numbers of falling strength, some not monotone, up to a fifth missing; categories of 4 to 32; one bad in ten."""
    rng = np.random.default_rng(seed)
    numbers = {f"x{i}": rng.normal(size=n) for i in range(NUMBERS)}
    levels = {f"c{i}": rng.integers(0, 4 * (i + 1), n) for i in range(TEXTS)}
    lift = sum(x / (i + 1) + 0.2 * np.sin(3 * x) / (1 + i / 8) for i, x in enumerate(numbers.values()))
    lift = lift + sum(np.sin(c) / (i + 2) for i, c in enumerate(levels.values()))
    y = (rng.random(n) < 1 / (1 + np.exp(3 - lift))).astype(int)
    frame = pd.DataFrame({**numbers, **{name: pd.Series(c).astype(str) for name, c in levels.items()}})
    for i, name in enumerate(frame.columns):
        frame.loc[rng.random(n) < 0.02 * (i % 11), name] = np.nan
    return frame, y


def ours(X: pd.DataFrame, y: np.ndarray) -> Binner:
    """The fitted binner of this package."""
    return Binner(**RULES).fit(X, y)


def peer(X: pd.DataFrame, y: np.ndarray) -> BinningProcess:
    """The fitted binnings of optbinning."""
    texts = [c for c in X if c.startswith("c")]
    return BinningProcess(list(X), categorical_variables=texts, **PEER_RULES).fit(X, y)


def logit_auc(fitted: Any, seen: tuple, new: tuple) -> float:
    """AUC on new rows of the logit on the weights of evidence of either."""
    transform = fitted.transform if isinstance(fitted, Binner) else partial(_peer_woe, fitted)
    logit = LogisticRegression(C=1e6, max_iter=1000).fit(np.asarray(transform(seen[0])), seen[1])
    return float(auc(new[1], logit.decision_function(np.asarray(transform(new[0])))))


def _peer_woe(fitted: BinningProcess, X: pd.DataFrame) -> Any:
    return fitted.transform(X, metric="woe", metric_missing="empirical")


def same_rules() -> None:
    """On the same pre-bins, under the same rules, both must find as much information."""
    X, y = sample(20_000, 3)
    for name in ("x0", "x1", "x2"):
        x = X[name].dropna()
        target = y[x.index]
        coarse = x.groupby(pd.qcut(x, 20, labels=False)).transform("min")
        mine = feature(Binner("ascending", max_bins=8, min_events=1).fit(coarse.to_frame(), target), name).iv
        rules = {"user_splits": np.unique(coarse)[1:], "monotonic_trend": "ascending", **PEER_RULES}
        theirs = OptimalBinning(solver="cp", min_bin_n_event=1, min_bin_n_nonevent=1, **rules).fit(coarse, target)
        theirs.binning_table.build()
        must_agree(np.isclose(mine, theirs.binning_table.iv, rtol=1e-4), f"information value of {name}")


def measure(n: int) -> list[Row]:
    """The rows of binning: n cases of 40 columns, as many new ones, and a column ten times as long."""
    same_rules()
    seen, new = sample(n, 8), sample(n, 9)
    ours(*sample(2000, 1))
    cpu, found = timed({"ours": lambda: ours(*seen), "peer": lambda: peer(*seen)}, REPEATS, time.process_time)
    aucs = {who: logit_auc(fitted, seen, new) for who, fitted in found.items()}
    wide = f"binning {NUMBERS + TEXTS} columns"
    return [
        row(wide, cpu["ours"], cpu["peer"], "optbinning", 3.0, n, "CPU s"),
        gap(f"{wide}, logit on new cases", aucs["ours"], aucs["peer"], "optbinning", -0.001, n),
        _long(n),
    ]


def _long(n: int) -> Row:
    rng = np.random.default_rng(4)
    x = rng.normal(size=LONG * n)
    y = (rng.random(LONG * n) < 1 / (1 + np.exp(3 - x))).astype(int)
    frame = pd.DataFrame({"x": x})
    work = {
        "ours": lambda: Binner(**RULES).fit(frame, y),
        "peer": lambda: OptimalBinning(name="x", **PEER_RULES).fit(x, y),
    }
    cpu, _ = timed(work, REPEATS, time.process_time)
    return row(f"binning one column {LONG} times as long", cpu["ours"], cpu["peer"], "optbinning", 4.0, n, "CPU s")
