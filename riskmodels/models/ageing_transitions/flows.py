"""What became of the balance of each month: how much of it stood open a month later, was paid, credited, written off.

By amount and by number. Amounts move in part: of an invoice half paid half moves to paid, half a state further. By
number an invoice stays until nothing of it is open, and goes where the last of it went. A payment taken back counts
against what was paid. What is paid beyond an invoice's amount is no flow: nothing of it was open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import known_until
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.ageing_transitions.states import EXITS, FIRST, LAST, NEW, STATES
from riskmodels.models.bad_definition.roll_rates import MEASURES, MONTH

PARTS = ("open", *EXITS)
_SOURCES = {"payments": "paid_on", "credit_notes": "issued_on", "write_offs": "written_off_on"}


@dataclass(frozen=True)
class Flows:
    """The flows of every month of 30 days, counted back from `until`, that lies wholly in the book.

    `cells`: one row per month (0 is the last), debtor_id, origin (a state, or NEW for what was issued within the month)
    and state at the month's end, with base_amount, open_amount, paid_amount, credited_amount, written_off_amount and
    the same by number. In every row base = open + paid + credited + written off.
    """

    until: date
    months: int
    currency: str
    cells: pd.DataFrame

    def ends(self) -> list[date]:
        """The last day of each month, by its number."""
        return [self.until - timedelta(days=MONTH * month) for month in range(self.months)]

    def balances(self, measure: str = "amount", month: int = 0) -> np.ndarray:
        """What stood open in each state at the end of a month: (states,)."""
        own = self.cells[self.cells["month"] == month]
        return np.bincount(own["state"] - FIRST, own[f"open_{checked(measure)}"], minlength=len(STATES))

    def issued(self, measure: str = "amount") -> np.ndarray:
        """What was issued within each month, the last first: (months,)."""
        new = self.cells[self.cells["origin"] == NEW]
        return np.bincount(new["month"], new[f"base_{checked(measure)}"], minlength=self.months)

    def values(self, measure: str) -> np.ndarray:
        """What of each cell stood open at the month's end, was paid, credited, written off: (parts, cells)."""
        return self.cells[[f"{part}_{checked(measure)}" for part in PARTS]].to_numpy(float).T

    def destinations(self) -> np.ndarray:
        """Where each part of each cell went, the states and then the exits counted from 0: (parts, cells)."""
        exits = np.arange(len(EXITS)) + len(STATES)
        return np.vstack([self.cells["state"] - FIRST, np.tile(exits[:, None], len(self.cells))])

    def debtors(self) -> tuple[np.ndarray, int]:
        """The debtor of each cell as a number from 0 on, and how many there are."""
        codes, names = pd.factorize(self.cells["debtor_id"], sort=True)
        return codes, len(names)


def checked(measure: str) -> str:
    """The measure, if it is amount or number."""
    if measure not in MEASURES:
        raise Misuse(f"measure: found {measure!r}, expected {' or '.join(MEASURES)}")
    return measure


def ageing_flows(book: Book, as_of: date, last: int | None = None) -> Flows:
    """The flows of a book as known at the close of `as_of`, of the `last` so many months; of all without it.

    Days are the events' own, a credit before an invoice's issue counts at its issue. Amounts are of the book's main
    currency, others are left out. Needs payments. Raises DataRefused where the book is shorter than one month.
    """
    seen, until = book.as_of(as_of), known_until(book, as_of)
    seen.need("payments")
    whole = (until - (seen.first_day or until)).days // MONTH
    months = whole if last is None else min(whole, last)
    if months < 1:
        raise DataRefused(f"{book.name}: found {whole} months before {until}, expected one of {MONTH} days or more")
    values = {"currency": book.currency, "until": until, "months": months}
    cells = seen.sql(_cells_sql(seen), values)
    return Flows(until, months, book.currency, cells.astype(dict.fromkeys(("month", "origin", "state"), "int64")))


def _cells_sql(book: Book) -> str:
    """Each invoice's months from its issue until it is closed, summed by month, debtor, origin and state."""
    sums = ", ".join(f"sum({part}_{m})::DOUBLE AS {part}_{m}" for m in MEASURES for part in ("base", *PARTS))
    return f"""
        WITH {_steps_sql(book)},
        gone AS (SELECT invoice_id, sum(amount) AS amount, min(month) AS month FROM moved GROUP BY invoice_id),
        lives AS (
            SELECT m.*, unnest(range(CASE WHEN m.amount = g.amount THEN g.month ELSE 0 END, issued + 1)) AS month
            FROM mine m LEFT JOIN gone g USING (invoice_id)
        ),
        rows AS (
            SELECT debtor_id, month, {_clipped("ages - month + 1")} AS state,
                   CASE WHEN month = issued THEN {NEW} ELSE {_clipped("ages - month")} END AS origin,
                   {_parts_sql()}
            FROM lives m LEFT JOIN moved s USING (invoice_id, month)
            WINDOW w AS (PARTITION BY invoice_id ORDER BY month DESC)
        )
        SELECT month, debtor_id, origin, state, {sums} FROM rows
        WHERE month < $months AND (base_amount <> 0 OR open_amount <> 0) GROUP BY ALL ORDER BY ALL
    """


def _steps_sql(book: Book) -> str:
    """The invoices (`mine`), and by how much each kind of credit lowered what was open of them in a month (`moved`)."""
    kinds = ", ".join(
        f"sum({m}) FILTER (kind = '{kind}') AS {kind}_{m}" for m in ("amount", "number") for kind in EXITS
    )
    return f"""mine AS (
            SELECT invoice_id, debtor_id, amount, issued_on, ($until::DATE - issued_on) // {MONTH} AS issued,
                   floor(($until::DATE - due_on - 1) / {MONTH})::BIGINT AS ages
            FROM invoices WHERE currency = $currency AND issued_on <= $until::DATE
        ),
        credits AS ({_credits_sql(book)}),
        daily AS (
            SELECT invoice_id, m.amount AS face, greatest(day, issued_on) AS day, kind, sum(c.amount) AS amount
            FROM credits c JOIN mine m USING (invoice_id) WHERE day <= $until::DATE GROUP BY ALL
        ),
        running AS (
            SELECT *, sum(amount) OVER (PARTITION BY invoice_id ORDER BY day, kind) AS credited FROM daily
        ),
        steps AS (
            SELECT invoice_id, ($until::DATE - day) // {MONTH} AS month, kind,
                   greatest(face - credited + amount, 0) AS before, greatest(face - credited, 0) AS after FROM running
        ),
        moved AS (
            SELECT invoice_id, month, sum(amount) AS amount, sum(number) AS number, {kinds}
            FROM (SELECT *, before - after AS amount, (before > 0)::BIGINT - (after > 0)::BIGINT AS number FROM steps)
            GROUP BY invoice_id, month
        )"""


def _credits_sql(book: Book) -> str:
    """What lowers invoices: invoice_id, day, amount, and the exit it is, of the tables the book has."""
    parts = [
        f"SELECT invoice_id, {day} AS day, amount, '{kind}' AS kind FROM {table}"
        for (table, day), kind in zip(_SOURCES.items(), EXITS, strict=True)
        if book.has(table)
    ]
    return " UNION ALL ".join(parts)


def _parts_sql() -> str:
    """Base, what is open at the end, and the exits of an invoice's month, by amount and by number."""
    parts = []
    for measure, whole in (("amount", "m.amount"), ("number", "1")):
        left = f"{whole} - coalesce(sum(s.{measure}) OVER w, 0)"
        parts += [f"{left} AS open_{measure}", f"{left} + coalesce(s.{measure}, 0) AS base_{measure}"]
        parts += [f"coalesce(s.{kind}_{measure}, 0) AS {kind}_{measure}" for kind in EXITS]
    return ", ".join(parts)


def _clipped(state: str) -> str:
    return f"least(greatest({state}, {FIRST}), {LAST})"
