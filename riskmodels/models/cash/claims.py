"""Open invoices of a book at a date, what can be collected of them, and their curves from an overdue model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.endings import invoice_parts
from riskmodels.book.outcomes import credits_of
from riskmodels.models.inputs import columns_of
from riskmodels.models.payment_curve import open_on
from riskmodels.models.payment_parts import LOST
from riskmodels.models.payment_time import PaymentTime


def open_invoices(book: Book, as_of: date) -> pd.DataFrame:
    """One row per invoice with something left to pay at the close of `as_of`, as known then, sorted by invoice_id.

    Columns: invoice_id, client_id, debtor_id, currency, industry (of the debtor, empty when not known), issued_on,
    due_on, terms_days, age_days, open_amount: face less payments, credit notes and write-offs.
    """
    seen = book.as_of(as_of)
    gone = "SELECT invoice_id, amount FROM credits"
    if seen.has("write_offs"):
        gone += " UNION ALL SELECT invoice_id, amount FROM write_offs"
    frame = seen.sql(
        f"WITH {credits_of(seen)}, gone AS (SELECT invoice_id, sum(amount) AS amount FROM ({gone}) GROUP BY 1) "
        "SELECT i.invoice_id, client_id, debtor_id, currency, coalesce(p.industry, '') AS industry, issued_on, due_on, "
        "due_on - issued_on AS terms_days, $day::DATE - issued_on AS age_days, "
        "i.amount - coalesce(gone.amount, 0) AS open_amount FROM invoices i LEFT JOIN gone USING (invoice_id) "
        f"LEFT JOIN ({_industries(seen)}) p ON p.party_id = i.debtor_id "
        "WHERE i.amount > coalesce(gone.amount, 0) ORDER BY i.invoice_id",
        {"day": as_of},
    )
    return frame.astype({"industry": "str"})


def industries(book: Book, as_of: date) -> dict[str, str]:
    """The industry of each party that has one, as known at the close of `as_of`."""
    found = book.as_of(as_of).sql(_industries(book.as_of(as_of))).dropna()
    return dict(zip(found["party_id"], found["industry"]))


def _industries(seen: Book) -> str:
    if not seen.has("parties", "industry"):
        return "SELECT NULL::VARCHAR AS party_id, NULL::VARCHAR AS industry WHERE FALSE"
    return "SELECT party_id, arg_max(industry, valid_from) AS industry FROM parties GROUP BY 1"


def given_up(book: Book, as_of: date) -> pd.DataFrame:
    """The invoices that a write-off closed by the close of `as_of`, and since when nothing is open: given_up_on."""
    parts = invoice_parts(book, as_of)
    each = parts.assign(lost=parts["cause"].isin(LOST)).groupby("invoice_id")
    found = each.agg(days=("day", "max"), share=("share", "sum"), lost=("lost", "any")).reset_index()
    closed = found[found["lost"] & (found["share"] > 1 - 1e-9)]
    issued = book.as_of(as_of).sql("SELECT invoice_id, issued_on FROM invoices").set_index("invoice_id")["issued_on"]
    since = closed["invoice_id"].map(issued) + pd.to_timedelta(closed["days"], unit="D")
    return closed[["invoice_id"]].assign(given_up_on=since)


def dilution_share(book: Book, as_of: date, days: int) -> float:
    """The share that was no cash of what settled, in the `days` to `as_of`, invoices known before; 0 without any."""
    seen = book.as_of(as_of)
    if not seen.has("credit_notes"):
        return 0.0
    paid = (
        "SELECT invoice_id, paid_on AS day, amount, 0 AS note FROM payments UNION ALL " if seen.has("payments") else ""
    )
    found = seen.sql(
        f"WITH settling AS ({paid}SELECT invoice_id, issued_on AS day, amount, amount AS note FROM credit_notes) "
        "SELECT coalesce(sum(s.note) / nullif(sum(s.amount), 0), 0) AS share FROM settling s "
        "JOIN invoices i USING (invoice_id) WHERE s.day > $since AND i.known_on <= $since",
        {"since": as_of - timedelta(days=days)},
    )
    return float(np.clip(found["share"].iloc[0], 0.0, 1.0))


@dataclass(frozen=True)
class Curves:
    """Curves of settlement of open invoices given that they are open now: what is written off is never settled.

    rows : places of those the model can tell of; the others are open for longer, or have longer terms, than any it saw.
    grid, open_at, start : days past due, probabilities of not being settled (rows x days) and days past due now, as in
        `payment_curve`.
    """

    rows: np.ndarray
    grid: np.ndarray
    open_at: np.ndarray
    start: np.ndarray

    def open_after(self, days: np.ndarray) -> np.ndarray:
        """Probability of not being settled so many days from now, by row and day; constant beyond the grid."""
        last = self.grid[-1]
        return np.column_stack([open_on(*self._curve, np.minimum(self.start + day, last)) for day in days])

    def hazard_to(self, days: np.ndarray) -> np.ndarray:
        """Cumulated hazard of settlement of each row to its own day from now."""
        open_then = open_on(*self._curve, np.minimum(self.start + days, self.grid[-1]))
        return -np.log(np.maximum(open_then, 1e-300))

    @property
    def _curve(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.grid, self.open_at, self.start


def curves_of(model: PaymentTime, invoices: pd.DataFrame) -> Curves:
    """The curves of open invoices (terms_days, age_days and the model's columns) under a payment-time model."""
    terms, age = (invoices[c].to_numpy(dtype=float) for c in ("terms_days", "age_days"))
    grid = np.asarray(model.grid_, dtype=float)
    told = (terms >= 0) & (terms <= model.longest_terms_) & (age - terms < grid[-1])
    rows = np.flatnonzero(told)
    if not len(rows):
        return Curves(rows, grid, np.zeros((0, len(grid))), np.zeros(0))
    open_at = model.unsettled(columns_of(model, invoices).iloc[rows], terms[rows], age[rows]).to_numpy()
    return Curves(rows, grid, open_at, (age - terms)[rows])
