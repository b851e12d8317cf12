"""Levels, shrinkage and laws of the seven baselines, learnt from invoices as they were known at a cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from riskmodels.models.baselines.baseline import (
    CLASSES,
    NEW,
    Baseline,
    ByClass,
    Centred,
    LateRatio,
    Terms,
    classes,
)
from riskmodels.models.baselines.credibility import experience
from riskmodels.models.baselines.history import Past, checked, past
from riskmodels.models.baselines.law import Law, law_of
from riskmodels.models.inputs import SampleError

FEWEST = 20
"""Fewest settled invoices of a class that has a law of its own; smaller classes have the book's."""


def fit_all(known: pd.DataFrame, history: pd.DataFrame | None = None) -> tuple[Baseline, ...]:
    """The seven baselines, in the order of TITLES, fitted on invoices as known at the cut.

    `known` has the columns of `invoice_outcomes` at the cut: open invoices are censored. `history`, the same at a later
    date, lets forecasts see what had been settled by each invoice's issue, as a model's features do; what is fitted
    stays that of the cut.
    """
    rows, seen = checked(known, ("settled_on", "days_late")), known if history is None else history
    settled = rows["settled_on"].notna().to_numpy()
    if not settled.any():
        raise SampleError(f"known: found no settled invoice among {len(rows):,}, expected some to learn habits from")
    delay = rows["days_late"].to_numpy(float)
    whole = law_of(delay, settled)
    return (
        ByClass("prior", (whole,), np.nan, seen),
        Terms(),
        _centred("client_mean", "client_id", rows, delay, settled, whole, seen),
        _centred("debtor_mean", "debtor_id", rows, delay, settled, whole, seen),
        _centred("last_delay", "debtor_id", rows, delay, settled, whole, seen),
        _late_ratio(rows, delay, settled, whole, seen),
        _by_class(rows, delay, settled, whole, seen),
    )


def _centred(
    name: str, key: str, rows: pd.DataFrame, delay: np.ndarray, settled: np.ndarray, whole: Law, history: pd.DataFrame
) -> Centred:
    """Fitted: what is around the centre is the law of delays less what their own past made one expect."""
    book = float(whole.mean_until(whole.days[-1]))
    seen = past(rows, rows, key)
    needed, slope = experience(rows.loc[settled, key], delay[settled]), _slope(seen, delay, settled, book)
    found = Centred(name, key, book, needed, slope, whole, history)
    return replace(found, around=law_of(delay - found.centre(seen), settled))


def _slope(seen: Past, delay: np.ndarray, settled: np.ndarray, book: float) -> float:
    """How much of the last delay's distance from the book's mean comes again: least squares, 0 to 1."""
    both = settled & ~np.isnan(seen.last)
    last, next_ = seen.last[both] - book, delay[both] - book
    return float(np.clip(last @ next_ / max(last @ last, 1e-12), 0, 1))


def _late_ratio(
    rows: pd.DataFrame, delay: np.ndarray, settled: np.ndarray, whole: Law, history: pd.DataFrame
) -> LateRatio:
    needed = experience(rows.loc[settled, "debtor_id"], delay[settled] > 0)
    return LateRatio("late_ratio", float(whole.open_beyond(np.array(0.0))), needed, whole, history)


def _by_class(rows: pd.DataFrame, delay: np.ndarray, settled: np.ndarray, whole: Law, history: pd.DataFrame) -> ByClass:
    seen = past(rows, rows, "debtor_id")
    known = (seen.n >= NEW) & (seen.late > 0)
    edge = float(np.median(seen.late[known] / seen.n[known])) if known.any() else 1.0
    own = classes(seen, edge)
    laws = [
        law_of(delay[own == i], settled[own == i]) if (settled & (own == i)).sum() >= FEWEST else whole
        for i in range(len(CLASSES))
    ]
    return ByClass("debtor_class", tuple(laws), edge, history)
