"""Scorecards on public sets: this package beside optbinning's, by folds that both see."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from _bench import Row, gap
from _paired import FOLDS
from _paired import rows as paired_rows
from optbinning import BinningProcess
from optbinning import Scorecard as PeerCard
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from riskmodels.models.scorecard import Scorecard
from riskmodels.validation.discrimination import auc

Sample = tuple[pd.DataFrame, np.ndarray]
Scorer = Callable[[pd.DataFrame, np.ndarray, pd.DataFrame], np.ndarray]
DATA = Path(os.environ.get("RISKMODELS_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
FLOORS = {"german": 0.785, "hmeq": 0.905, "taiwan": 0.768}


def german() -> Sample:
    """1,000 applicants."""
    frame = pd.read_csv(DATA / "german" / "german.data", sep=" ", header=None).rename(columns=lambda i: f"a{i}")
    return frame.drop(columns="a20"), (frame["a20"] == 2).to_numpy(int)


def hmeq() -> Sample:
    """5,960 home-equity loans."""
    frame = pd.read_csv(DATA / "hmeq" / "hmeq.csv")
    return frame.drop(columns="BAD"), frame["BAD"].to_numpy(int)


def taiwan() -> Sample:
    """30,000 card clients."""
    frame = pd.read_csv(DATA / "taiwan_default" / "taiwan_credit.csv.gz")
    target = next(c for c in frame if "default" in c.lower())
    return frame.drop(columns=[target, *(c for c in frame if c.upper() == "ID")]), frame[target].to_numpy(int)


SETS: dict[str, Callable[[], Sample]] = {"german": german, "hmeq": hmeq, "taiwan": taiwan}


def ours(X: pd.DataFrame, y: np.ndarray, new: pd.DataFrame) -> np.ndarray:
    """Log-odds of new rows by this package's scorecard, as it comes."""
    return Scorecard().fit(X, y).decision_function(new)


def peer(X: pd.DataFrame, y: np.ndarray, new: pd.DataFrame) -> np.ndarray:
    """Probabilities of new rows by optbinning's scorecard, as its guide builds one."""
    texts = [c for c in X if X[c].dtype in ("object", "str")]
    binning = BinningProcess(list(X), categorical_variables=texts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        card = PeerCard(binning, LogisticRegression(max_iter=1000)).fit(X, y)
        return np.asarray(card.predict_proba(new)[:, 1])


def fold_aucs(sample: Sample, scorers: dict[str, Scorer], seeds: range) -> pd.DataFrame:
    """AUC of each scorer on each held-out fold: stratified five folds, shuffled by each seed."""
    X, y = sample
    rows = []
    for seed in seeds:
        for seen, new in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, y):
            fold = {name: auc(y[new], score(X.iloc[seen], y[seen], X.iloc[new])) for name, score in scorers.items()}
            rows.append(fold)
    return pd.DataFrame(rows)


def measure(n: int, seeds: range) -> list[Row]:
    """The rows of scorecards on each set, of at most n cases."""
    rows = []
    for name, read in SETS.items():
        X, y = read()
        keep = np.random.default_rng(0).permutation(len(X))[:n]
        found = fold_aucs((X.iloc[keep].reset_index(drop=True), y[keep]), {"ours": ours, "peer": peer}, seeds)
        mine, theirs = (found[who].to_numpy().reshape(-1, FOLDS) for who in ("ours", "peer"))
        rows += paired_rows(f"scorecard, {name}", mine, theirs, "optbinning", n)
        rows.append(gap(f"scorecard, {name}, floor", float(mine.mean()), FLOORS[name], "floor", 0.0, n))
    return rows
