"""Invoices by month of issue, compared at equal age: the share of their amount that was ever more than k days past
due.
"""

from __future__ import annotations

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.portfolio.balances import cut_day, reductions


def cohorts(book: Book, dpd: int = 30, months: int = 12) -> pd.DataFrame:
    """One row per currency, month of issue and age.

    Columns: currency, cohort (last day of the month), age (months after it), amount (issued), bad (still open when it
    first was more than `dpd` days past due), share (bad / amount).

    An age is given only for cohorts that have reached it, so every share is final. Needs payments.
    """
    book.need("payments")
    table = book.sql(f"""
        WITH crossed AS ({_crossings(book, dpd)}),
        ages AS (
            SELECT DISTINCT currency, cohort, age, last_day((cohort + to_months(age))::DATE) AS reached_on
            FROM crossed CROSS JOIN (SELECT unnest(range(0, {months + 1})) AS age)
        )
        SELECT a.currency, a.cohort, a.age, sum(c.amount)::DOUBLE AS amount,
               coalesce(sum(c.bad) FILTER (c.crossed_on <= a.reached_on), 0)::DOUBLE AS bad
        FROM ages a JOIN crossed c USING (currency, cohort)
        WHERE a.reached_on <= DATE '{cut_day(book)}'
        GROUP BY a.currency, a.cohort, a.age ORDER BY ALL
    """)
    return table.assign(share=table["bad"] / table["amount"])


def by_age(table: pd.DataFrame, currency: str) -> pd.DataFrame:
    """The shares of one currency as a triangle: one row per cohort, one column per age, empty where not reached."""
    rows = table[table["currency"] == currency]
    return rows.pivot(index="cohort", columns="age", values="share")


def _crossings(book: Book, dpd: int) -> str:
    """A SELECT of one row per invoice.

    Columns: cohort, the day it would become more than `dpd` days late, and what was open then.
    """
    return f"""
        SELECT i.invoice_id, any_value(currency) AS currency, any_value(i.amount) AS amount,
               any_value(last_day(issued_on)) AS cohort, any_value(due_on + {dpd + 1}) AS crossed_on,
               greatest(any_value(i.amount) - coalesce(sum(r.amount), 0), 0) AS bad
        FROM invoices i
        LEFT JOIN ({reductions(book)}) r ON r.invoice_id = i.invoice_id AND r.known_on <= due_on + {dpd + 1}
        GROUP BY i.invoice_id
    """
