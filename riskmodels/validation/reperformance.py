"""The validator's own hand on a stored model: scored again, its exports run, its drivers rebuilt from the ledger."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from riskmodels.book.book import Book
from riskmodels.features import build
from riskmodels.features.feature import column, subjects_of
from riskmodels.models.cards.card import PointsCard
from riskmodels.models.cards.python_code import python_source
from riskmodels.models.cards.sql_code import sql_select
from riskmodels.models.recipes import StoredModel
from riskmodels.models.scorecard.offered import BEHAVIOUR

Floats = NDArray[np.float64]
ROWS = 1_000
"""Rows that are scored again or exported, evenly spread."""
SAME = 1e-9
"""Two figures within this share of the larger, or this much of 1, are the same."""
GIVEN = ["probability", "challenger", "grade"]


@dataclass(frozen=True)
class Agreement:
    """Figures found twice: how many rows were compared, how many differ, and the largest absolute difference.

    A figure that only one side has differs without bound.
    """

    n: int
    differing: int
    largest: float

    @property
    def share(self) -> float:
        """Share of rows that differ; NaN of none."""
        return self.differing / self.n if self.n else float("nan")


def agreement(first: ArrayLike, second: ArrayLike) -> Agreement:
    """How two arrays of figures (n,) or (n, p) agree row by row; a missing figure equals a missing one."""
    a, b = (np.asarray(each, float).reshape(len(np.asarray(each)), -1) for each in (first, second))
    both = np.isnan(a) & np.isnan(b)
    gap = np.where(both, 0.0, np.nan_to_num(np.abs(a - b), nan=np.inf))
    same = gap <= SAME * np.maximum(1.0, np.fmax(np.abs(a), np.abs(b)))
    return Agreement(len(a), int((~(same | both)).any(axis=1).sum()), float(gap.max(initial=0.0)))


def spread(frame: pd.DataFrame, rows: int = ROWS) -> pd.DataFrame:
    """At most so many rows of a frame, evenly spread over it, first and last among them."""
    return frame.iloc[np.unique(np.linspace(0, len(frame) - 1, min(len(frame), rows)).astype(int))]


def rescored(stored: StoredModel, rows: int = ROWS) -> Agreement:
    """Stored probabilities of the development sample, champion's and challenger's, and those the model gives now."""
    kept = spread(stored.development, rows)
    asked = kept.drop(columns=GIVEN, errors="ignore").copy()
    now = stored.recipe.scored(stored.models, asked)
    told = [c for c in ("probability", "challenger") if c in kept]
    return agreement(kept[told].to_numpy(float), now[told].to_numpy(float))


def exports(model: Any, sample: pd.DataFrame, rows: int = ROWS) -> dict[str, Agreement]:
    """The scorecard against its exports on rows of a sample: "sql" as DuckDB runs it, "python" as the interpreter does.

    Compared are points and, where the card tells them, probabilities. `model` is a scorecard of any origin.
    """
    card = PointsCard.of(model)
    X = pd.DataFrame({name: sample[name] for name in card.names}).pipe(spread, rows).reset_index(drop=True)
    own = [card.points(X), *([] if card.intercept is None else [card.probability(X)])]
    told = np.column_stack([np.asarray(each, float) for each in own])
    found = {"sql": _by_sql(card, X), "python": _by_python(card, X)}
    return {name: agreement(told, figures[:, : told.shape[1]]) for name, figures in found.items()}


def rebuilt(stored: StoredModel, book: Book, origin: date) -> Agreement:
    """The champion's drivers of the obligors of an origin of development, as stored and as the book gives them now.

    For models of debtors or clients, whose obligors are the rows' keys; a stored sample doesn't name invoices.
    """
    subject, drivers = stored.recipe.ID.removesuffix("_id"), stored.drivers
    used = tuple(e for e in BEHAVIOUR if set(drivers) & {column(e, s) for s in subjects_of(e)})
    now = build(book, subject, [origin], used).set_index(stored.recipe.ID)
    then = stored.development[stored.development["period"] == pd.Timestamp(origin)].set_index("obligor")
    shown = now.reindex(columns=drivers).reindex(then.index)
    return agreement(*(frame[drivers].apply(_numbers).to_numpy(float) for frame in (then, shown)))


def _by_sql(card: PointsCard, X: pd.DataFrame) -> Floats:
    with duckdb.connect() as connection:
        connection.register("cases", X.assign(row_number=np.arange(len(X))))
        found = connection.execute(f"{sql_select(card, 'cases', ['row_number'])}").df()
    return found.sort_values("row_number").drop(columns="row_number").pipe(_answers)


def _by_python(card: PointsCard, X: pd.DataFrame) -> Floats:
    score = _loaded(python_source(card))
    records = X.astype(object).where(X.notna(), None).to_dict("records")
    return _answers(pd.DataFrame([score(record) for record in records]))


def _answers(found: pd.DataFrame) -> Floats:
    return found[[c for c in ("points", "probability") if c in found]].to_numpy(float)


def _loaded(source: str) -> Callable[[dict[Any, Any]], dict[str, float]]:
    """The function `score` of a module, imported from a file as its user would."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "exported_scorecard.py"
        path.write_text(source, encoding="ascii")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path}: can't be imported")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    found: Callable[[dict[Any, Any]], dict[str, float]] = module.score
    return found


def _numbers(values: pd.Series) -> pd.Series:
    """The values as numbers; text as one of its hash, so that equal words are equal numbers."""
    if pd.api.types.is_numeric_dtype(values):
        return values.astype(float)
    hashed = pd.util.hash_array(values.fillna("").to_numpy(object)) >> np.uint64(12)
    return pd.Series(hashed.astype(float), index=values.index).where(values.notna(), math.nan)
