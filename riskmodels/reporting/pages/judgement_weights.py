"""How far each driver moves a model's answers on later cases: log-odds of a score, days of a payment-time model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.models.delay_reasons import TIMING, delay_contributions
from riskmodels.models.explain import importance
from riskmodels.models.inputs import columns_of
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.recipes import StoredModel

DAYS, LOG_ODDS = "days", "log_odds"
EXPLAINED = 1_000
"""Invoices whose expected day is taken apart; contributions of trees to every interval take time."""


@dataclass(frozen=True)
class Weights:
    """A row per driver, most important first: driver, size (mean absolute contribution in `unit`), share of all."""

    table: pd.DataFrame
    unit: str
    caption: str


def weights_of(stored: StoredModel, role: str, sample: pd.DataFrame) -> Weights | None:
    """The weights of a stored model of a role on scored cases; None for a model that can't be taken apart."""
    model = stored.models[role]
    if isinstance(model, PaymentTime):
        return _in_days(model, sample, stored.development)
    if not hasattr(model, "contributions"):
        return None
    words = _("On the {n} later cases.").format(n=f"{len(sample):,}")
    return Weights(_named(model.contributions(columns_of(model, sample))), LOG_ODDS, words)


def _in_days(model: PaymentTime, sample: pd.DataFrame, development: pd.DataFrame) -> Weights:
    """Days against the average invoice of the development sample; what trees do by when it is, is no driver's."""
    seen = sample[sample["terms_days"].between(0, model.longest_terms_)]
    rows, reference = _spread(seen), columns_of(model, _spread(development))
    told = delay_contributions(model, columns_of(model, rows), rows["terms_days"], reference)
    words = _("Days against an average invoice, on {n} of the {all} later cases, evenly spread.")
    words = words.format(n=f"{len(rows):,}", all=f"{len(sample):,}")
    return Weights(_named(told.drop(columns=TIMING, errors="ignore")), DAYS, words)


def _spread(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[np.unique(np.linspace(0, len(frame) - 1, min(len(frame), EXPLAINED)).astype(int))]


def _named(contributions: pd.DataFrame) -> pd.DataFrame:
    return importance(contributions).set_axis(["driver", "size", "share"], axis=1)
