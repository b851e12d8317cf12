"""Scoring one case at a time by the exported function, beside optbinning's card; its exports agree on every row."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from _bench import Row, must_agree, row, timed
from optbinning import BinningProcess
from optbinning import Scorecard as PeerCard
from sklearn.linear_model import LogisticRegression

from riskmodels.models.cards import ImportedScorecard, PointsCard, from_json, python_source, sql_select, to_json
from riskmodels.models.scorecard import Scorecard

TRAINED, EXPORTED, CALLS, PEER_CALLS, REPEATS = 20_000, 100_000, 1_000, 5, 9
GOAL = 50.0
"""Microseconds for a row."""
Score = Callable[[dict[str, Any]], dict[str, Any]]


def sample(n: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Ten numbers, a tenth of each missing, and two columns of categories; one bad in five."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n, 10))
    sector, region = rng.choice(["trade", "mining", "textile", "retail"], n), rng.choice(list("abcdefgh"), n)
    lift = numbers @ np.linspace(0.7, 0.2, 10) + 0.8 * (sector == "mining") + 0.5 * (region > "e")
    y = (rng.random(n) < 1 / (1 + np.exp(2 - lift))).astype(int)
    frame = pd.DataFrame(np.where(rng.random(numbers.shape) < 0.1, np.nan, numbers)).rename(columns=lambda i: f"x{i}")
    return frame.assign(sector=sector, region=region), y


def exported(card: Scorecard) -> Score:
    """The `score` function of the card's Python source."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "scorer.py")
        path.write_text(python_source(card), encoding="utf-8")
        return run_path(str(path))["score"]


def measure(n: int) -> list[Row]:
    """Microseconds for a row by the exported function, once it, SQL and JSON agree on up to 100,000 rows."""
    X, y = sample(TRAINED, 1)
    card, new = Scorecard().fit(X, y), sample(min(5 * n, EXPORTED), 2)[0]
    score = exported(card)
    exports_agree(card, score, new)
    rows = new.head(CALLS).to_dict("records")
    mine = 1e6 * _per_call(lambda: [score(each) for each in rows], CALLS)
    theirs = 1e6 * _per_peer(X, y, new)
    beside = row("scoring one row", mine, theirs, "optbinning", None, n, "microseconds")
    goal = row("scoring one row, goal", mine, GOAL, "goal", 1.0, n, "microseconds")
    return [beside, goal]


def exports_agree(card: Scorecard, score: Score, new: pd.DataFrame) -> None:
    """Refuse to time an export that says of any row something other than the model."""
    points, odds = card.points(new), card.decision_function(new)
    said = [score(each) for each in new.to_dict("records")]
    must_agree(np.array_equal([s["points"] for s in said], points), "points of the Python source")
    must_agree(np.array_equal([s["log_odds"] for s in said], odds), "log-odds of the Python source")
    read = ImportedScorecard(from_json(to_json(PointsCard.of(card))))
    used = new[read.points_card.names]
    must_agree(np.array_equal(read.points(used), points), "points of the JSON")
    must_agree(np.array_equal(read.decision_function(used), odds), "log-odds of the JSON")
    found = _by_sql(card, new)
    must_agree(np.array_equal(found["points"], points), "points of the SQL")
    must_agree(np.array_equal(found["log_odds"], odds), "log-odds of the SQL")


def _by_sql(card: Scorecard, new: pd.DataFrame) -> pd.DataFrame:
    base = duckdb.connect()
    base.register("new", new.assign(place=np.arange(len(new))))
    return base.sql(sql_select(card, "new", ["place"])).df().sort_values("place")


def _per_peer(X: pd.DataFrame, y: np.ndarray, new: pd.DataFrame) -> float:
    """Seconds of one row's probability by the peer, which takes a frame."""
    binning = BinningProcess(list(X), categorical_variables=["sector", "region"])
    card = PeerCard(binning, LogisticRegression(max_iter=1000)).fit(X, y)
    single = new.head(1)
    return _per_call(lambda: [card.predict_proba(single) for _ in range(PEER_CALLS)], PEER_CALLS)


def _per_call(work: Callable[[], Any], calls: int) -> float:
    """Median seconds of a call over repeated runs of so many."""
    seconds, _ = timed({"work": work}, REPEATS, time.perf_counter)
    return seconds["work"] / calls
