"""Why an invoice is expected so late: the days each of its features adds against an average invoice.

The average invoice has, in every interval of days past due, the mean log-odds of payment of a reference sample; it has
the terms of the invoice explained and, where that is known, its age. Both engines say exactly by how much each feature
moves the log-odds of each interval from there: the logit by its coefficients, LightGBM by TreeSHAP. The days are what
those moves do to the expected wait (`wait_decomposition`), so that they sum to the difference, not nearly but exactly.
A feature that makes payment less likely in every interval adds days, in whatever order the features are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from riskmodels.models.coding import coded
from riskmodels.models.explain import BASE
from riskmodels.models.hazards import BoostedHazard, LogitHazard
from riskmodels.models.inputs import checked_frame
from riskmodels.models.payment_parts import LOST
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.wait_decomposition import Spans, slopes, spans, wait

TIMING = "timing"
"""Trees only: what features do by when it is, which TreeSHAP gives to the interval itself."""
ROWS = 2_000
"""Rows explained at a time."""
Hazard = LogitHazard | BoostedHazard


def delay_contributions(model: PaymentTime, X: Any, terms: Any, reference: Any, age: Any = None) -> pd.DataFrame:
    """Days late by column, and `base`, those of the average invoice on a row's terms: a row sums to its expected days.

    Those are `expected_days` less the terms, negative for early. `reference` are rows such as the training sample's; a
    few thousand are enough. `age` as for `expected_days`. Trees have the column `timing` too. It is the frame that
    `explain.importance` takes, in days instead of log-odds.
    """
    check_is_fitted(model)
    frame, others = (checked_frame(model, rows, reset=False) for rows in (X, reference))
    model.expected_days(X, terms, age)  # refuses terms and ages beyond what was seen
    start = -np.broadcast_to(np.asarray(terms, dtype=float), len(frame))
    now = start if age is None else np.maximum(np.asarray(age, dtype=float) + start, start)
    hazards, lost = _engines(model)
    mean = sum(parts.sum(axis=1) for _level, parts in _parts(hazards, others)) / len(others)
    found = np.empty((len(frame), len(frame.columns) + 2))
    for rows, (level, parts) in zip(_chunks(len(frame)), _parts(hazards, frame), strict=True):
        lived = spans(model.grid_, start[rows], now[rows])
        found[rows] = _days(level, parts, mean, (lived, lost, now[rows]))
    table = pd.DataFrame(found, index=frame.index, columns=[*frame.columns, TIMING, BASE])
    return table if any(isinstance(hazard, BoostedHazard) for hazard in hazards) else table.drop(columns=TIMING)


def _engines(model: PaymentTime) -> tuple[list[Hazard], np.ndarray]:
    """The hazards of the causes by which an invoice ends, and whether each settles nothing."""
    return model.hazards_, np.array([cause in LOST for cause in model.causes_])


def _days(
    level: np.ndarray, parts: np.ndarray, mean: np.ndarray, told: tuple[Spans, np.ndarray, np.ndarray]
) -> np.ndarray:
    """Days by column and of the average invoice (n, p + 1), from log-odds by cause, interval and column."""
    lived, lost, now = told
    base = np.broadcast_to((level + mean.sum(axis=2))[:, None], parts.shape[:3])
    odds = level[:, None] + parts.sum(axis=3)
    days = np.einsum("cnk,cnkp->np", slopes(base, odds, lived, lost), parts - mean[:, None])
    return np.column_stack([days, wait(base, lived, lost) + now])


def _parts(hazards: list[Hazard], frame: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Log-odds of each interval without any column (C, K), and what each column and the timing add (C, n, K, p + 1)."""
    for rows in _chunks(len(frame)):
        part = frame.iloc[rows]
        told = [_of_logit(h, part) if isinstance(h, LogitHazard) else _of_trees(h, part) for h in hazards]
        yield np.stack([level for level, _parts in told]), np.stack([parts for _level, parts in told])


def _of_logit(hazard: LogitHazard, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    effects = hazard.before + hazard.past[:, None] * hazard.after
    parts = (hazard.scale.transform(frame)[:, None, :] * effects) @ _owners(hazard, list(frame.columns))
    return hazard.baseline, np.concatenate([parts, np.zeros((*parts.shape[:2], 1))], axis=2)


def _owners(hazard: LogitHazard, columns: list[str]) -> np.ndarray:
    """Terms by columns, 1 where a term is the column's: its number, its flag of missing, or one of its categories."""
    scale = hazard.scale
    flags = [name for name, values in scale.numbers.items() if values[4]]
    owner = [*scale.numbers, *flags, *(name for name, known in scale.texts.items() for _value in known)]
    return (np.array(owner)[:, None] == np.array(columns)).astype(float)


def _of_trees(hazard: BoostedHazard, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    values = coded(frame, hazard.known).astype(np.float32)  # as the trees were grown
    told = [
        hazard.trees.predict(np.column_stack([values, np.full(len(values), day)]), pred_contrib=True, num_threads=1)
        for day in hazard.grid
    ]
    found = np.stack(told, axis=1)
    return found[0, :, -1], found[:, :, :-1]


def _chunks(n: int) -> Iterator[slice]:
    return (slice(low, low + ROWS) for low in range(0, n, ROWS))
