"""When invoices are paid, beyond whether late: longer delays and dates, expected and observed on later invoices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodels.book.outcomes import invoice_outcomes
from riskmodels.core.numbers import DASH, figure
from riskmodels.core.text import gettext as _
from riskmodels.models.baselines import of_model
from riskmodels.models.inputs import columns_of
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.shares import shares_by
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Table
from riskmodels.validation.baselines import comparison, observed
from riskmodels.validation.discrimination import auc

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

BEYOND = (0, 30, 60, 90)
ENOUGH = 10
"""Fewest invoices beyond, and within, so many days on which an order is judged."""


def days_page(judged: ModelValidation) -> Iterator[Block]:
    """A row per days past due; nothing for a model that doesn't tell when."""
    model = judged.model.models["champion"]
    if not isinstance(model, PaymentTime):
        return
    seen = judged.sample[judged.sample["terms_days"].between(0, model.longest_terms_)]
    told = [k for k in BEYOND if k <= min(m.grid_[-1] for m in judged.model.models.values())]
    rows = [row for k in told if (row := _beyond(judged, seen, k)) is not None]
    columns = [
        Column("dpd", _("Days past due"), "count"),
        Column("n", _("Invoices judged"), "count"),
        Column("expected", _("Expected"), "rate"),
        Column("observed", _("Observed"), "rate"),
        Column("low", _("95% from"), "rate", quiet=True),
        Column("high", _("to"), "rate", quiet=True),
        Column("champion", _("AUC"), "score"),
        Column("challenger", _("Challenger's AUC"), "score", quiet=True),
    ]
    title = _("Paid later than so many days past due, or still open")
    yield Table.of("beyond", pd.DataFrame(rows), columns, title=title, caption=_dates(judged, seen))


def _beyond(judged: ModelValidation, seen: pd.DataFrame, dpd: int) -> dict[str, Any] | None:
    """Expected and observed among the invoices whose state so many days past due is known; None without any."""
    late = invoice_outcomes(judged.book, judged.as_of, dpd).set_index("invoice_id")["late"].reindex(seen["invoice_id"])
    known = late.notna().to_numpy()
    if not known.any():
        return None
    rows, y = seen[known], late[known].to_numpy()
    told = {role: _chances(judged.model.models[role], rows, dpd) for role in ("champion", "challenger")}
    share = shares_by(np.zeros(len(y), int), y, 1, cluster=rows["obligor"]).iloc[0]
    enough = min(y.sum(), len(y) - y.sum()) >= ENOUGH
    ranks = {role: auc(y, p) if enough else float("nan") for role, p in told.items()}
    level = {
        "expected": told["champion"].mean(),
        "observed": share["share"],
        "low": share["low"],
        "high": share["high"],
    }
    return {"dpd": dpd, "n": len(y), **level, **ranks}


def _chances(model: PaymentTime, rows: pd.DataFrame, dpd: int) -> np.ndarray:
    return model.late(columns_of(model, rows), rows["terms_days"], dpd)


def _dates(judged: ModelValidation, seen: pd.DataFrame) -> str:
    """How far off expected days are, model and challenger, open invoices counted by censoring weights."""
    champion, challenger = (
        of_model(role, judged.model.models[role], columns_of(judged.model.models[role], seen), seen["terms_days"])
        for role in ("champion", "challenger")
    )
    table = comparison(champion, [challenger], observed(seen.rename(columns={"outcome": "late"})))
    own, rival = (row for _i, row in table[table["measure"] == "mae_days"].iterrows())
    words = _(
        "Each row judges the invoices known so long after their due date; intervals allow for repeated obligors. "
        "The expected day is off by {own} on average ({low} to {high}), the challenger's by {rival}; open invoices "
        "count by censoring weights."
    )
    told = {"own": own["value"], "low": own["low"], "high": own["high"], "rival": rival["value"]}
    said = {name: figure(value, "days") for name, value in told.items()}
    return words.format(**said) if said["own"] != DASH else ""
