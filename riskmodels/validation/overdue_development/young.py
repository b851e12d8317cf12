"""What leaving out open invoices would have said of the young ones, beside Kaplan-Meier, the model, and what came.

An invoice issued shortly before a date and settled by then was, likely, paid early: those still open are the late ones
to be. A late share of the settled alone is too low, the more so the younger the invoices.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import invoice_outcomes
from riskmodels.models.payment_parts import LOST
from riskmodels.models.survival import kaplan_meier
from riskmodels.validation.overdue_development.endings import cases, settled, unsettled

AGES = ((0, 30), (30, 60), (60, 90), (90, 180))
"""Days since issue, (from, to], by which the young are parted."""


def young(book: Book, day: date, until: date, known: pd.DataFrame) -> pd.DataFrame:
    """One row per age on `day`: age, n, open, dropped, survival, model, came, settled.

    `known` are invoices known at `day` with the `probability` of being late that a model trained then gave them at
    issue. `open` is the share still open; shares late: `dropped` of those settled by `day` alone, `survival` by
    Kaplan-Meier with the open ones censored, `model` as predicted, `came` as known at `until` of the mature ones.
    `settled` counts what `dropped` rests on. Shares late are of amounts, each invoice counting 1. NaN where nobody was
    watched past the due date, or nothing is mature.
    """
    outcomes, parts = invoice_outcomes(book.as_of(day), day), cases(book.as_of(day), day)
    then = outcomes.set_index("invoice_id").loc[known["invoice_id"], ["issued_on", "settled"]].reset_index()
    told = invoice_outcomes(book, until).set_index("invoice_id")["late"].reindex(then["invoice_id"]).notna()
    came = unsettled(cases(book, until), then["invoice_id"], 0)
    facts = then.assign(
        model=known["probability"].to_numpy(float),
        late=unsettled(parts, then["invoice_id"], 0),
        came=np.where(told, came, np.nan),
    )
    age = (pd.Timestamp(day) - facts["issued_on"]).dt.days
    rows = [_row(facts[(age > low) & (age <= high)], parts, (low, high)) for low, high in AGES]
    return pd.DataFrame([row for row in rows if row["n"]], columns=_COLUMNS)


def _until(parts: pd.DataFrame) -> pd.Series:
    """How long each part was watched: what is written off is never settled."""
    return parts["delay"].where(~parts["cause"].isin(LOST), np.inf)


_COLUMNS = ["from_days", "to_days", "n", "open", "settled", "dropped", "survival", "model", "came"]


def _row(own: pd.DataFrame, parts: pd.DataFrame, ages: tuple[int, int]) -> dict[str, float]:
    done, mine = own[own["settled"]], parts[parts["invoice_id"].isin(own["invoice_id"])]
    told: dict[str, float] = {"from_days": ages[0], "to_days": ages[1], "n": len(own), "settled": len(done)}
    if own.empty:
        return told
    return {
        **told,
        "open": float((~own["settled"]).mean()),
        "dropped": float(done["late"].mean()) if len(done) else np.nan,
        "survival": float(
            kaplan_meier(_until(mine), settled(mine), [0.0], weight=mine["share"])["survival"].iloc[0],
        ),
        "model": float(own["model"].mean()),
        "came": float(own["came"].mean()),
    }
