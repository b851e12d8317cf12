"""Why an invoice is expected so late, in one sentence a collector reads."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.core.numbers import change, figure
from riskmodels.core.text import gettext as _
from riskmodels.models.delay_reasons import TIMING
from riskmodels.models.explain import BASE
from riskmodels.reporting.pages.driver_words import driver_figure, driver_title

LEAST = 0.05
"""Days below which a feature is not told: they would read 0.0."""


def delay_sentences(
    contributions: pd.DataFrame, values: pd.DataFrame, top: int = 3, currency: str = "CNY"
) -> pd.Series:
    """One sentence per row: the days late expected, those of an average invoice, and what the difference is made of.

    `contributions` as `delay_reasons.delay_contributions` gives them, `values` the rows explained. The `top` features
    of most days are named with their value, in order of size; all others are one sum, so that the days add up but for
    rounding.
    """
    drivers = [name for name in contributions.columns if name not in (BASE, TIMING)]
    days, rows = contributions[drivers].to_numpy(), values[drivers].itertuples(index=False, name=None)
    order = np.argsort(-np.abs(days), axis=1, kind="stable")[:, :top]
    total, base = contributions.sum(axis=1).to_numpy(), contributions[BASE].to_numpy()
    told = [
        _sentence(whole, average, _parts(drivers, row, own, best, whole - average, currency))
        for whole, average, row, own, best in zip(total, base, rows, days, order, strict=True)
    ]
    return pd.Series(told, index=contributions.index, name=_("reasons"), dtype="str")


def _sentence(whole: float, average: float, parts: list[str]) -> str:
    lead = _("Expected {days}, an average invoice of these terms and age {average}").format(
        days=_lateness(whole), average=_lateness(average)
    )
    return lead + (_(". {parts}").format(parts=_("; ").join(parts)) if parts else "")


def _parts(
    drivers: list[str], row: tuple, days: np.ndarray, best: np.ndarray, difference: float, currency: str
) -> list[str]:
    """The features that are told, and the sum of all that are not."""
    named = [i for i in best if abs(days[i]) >= LEAST]
    words = [
        _("{driver}, {value}: {days}").format(
            driver=driver_title(drivers[i]),
            value=driver_figure(drivers[i], row[i], currency),
            days=change(float(days[i]), 0.0, "days"),
        )
        for i in named
    ]
    rest = difference - float(sum(days[i] for i in named))
    return words + ([_("all else: {days}").format(days=change(rest, 0.0, "days"))] if abs(rest) >= LEAST else [])


def _lateness(days: float) -> str:
    """So many days late, early, or on the due date."""
    if abs(days) < LEAST:
        return _("on the due date")
    words = _("{days} late") if days > 0 else _("{days} early")
    return words.format(days=figure(abs(days), "days"))
