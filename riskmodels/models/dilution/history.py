"""What was invoiced and what was credited later, by client, debtor and month, as far as it was known.

Both stand by the month in which they became known: so each month is whole when it is over, and nothing is added to it
later by a late booking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.dates import month_end
from riskmodels.core.errors import Misuse

KEYS = ("client_id", "debtor_id")
_NUMBER = "year({day}) * 12 + month({day}) - 1"


@dataclass(frozen=True)
class DilutionHistory:
    """Invoices and credit notes of the main currency in whole months up to `last` (12 x year + month - 1).

    `invoiced`: client_id, debtor_id, vintage (month number), invoices (count), amount, squares (sum of squared
    amounts). `credited`: client_id, debtor_id, vintage (of the invoice), lag (months from it to the note), amount,
    squares (sum over invoices of their notes' squared total). `open` is the balance of those invoices at the cut.
    """

    invoiced: pd.DataFrame
    credited: pd.DataFrame
    last: int
    open: float


def dilution_history(book: Book, as_of: date) -> DilutionHistory:
    """The history as the book knew it at the close of `as_of`; refused without credit notes."""
    seen = book.as_of(as_of)
    seen.need("credit_notes", "amount")
    last = month_number(as_of) - (0 if as_of == month_end(as_of) else 1)
    values = {"currency": seen.currency, "last": last}
    return DilutionHistory(seen.sql(_INVOICED, values), seen.sql(_CREDITED, values), last, _open(seen))


def period_rates(book: Book, as_of: date, by: Sequence[str] = (), days: int = 365) -> pd.DataFrame:
    """The dilution rate of a period: credit notes over gross invoices, both issued in (as_of - days, as_of].

    One row per combination of `by` (client_id, debtor_id; none: the book): those, invoiced, credited, rate (nan where
    nothing was invoiced). Notes of the period fall on invoices of before, too: growth lowers the rate, a sale that
    ends raises it. `vintages` follows each month's own invoices instead.
    """
    if strange := sorted(set(by) - set(KEYS)):
        raise Misuse(f"by: found {strange}, expected some of {', '.join(KEYS)}")
    seen = book.as_of(as_of)
    seen.need("credit_notes", "amount")
    values = {"currency": seen.currency, "start": as_of - timedelta(days=days)}
    rows = seen.sql(_PERIOD, values)
    rows = rows.groupby(list(by), as_index=False)[["invoiced", "credited"]].sum() if by else _total(rows)
    return rows.assign(rate=rows["credited"] / rows["invoiced"].where(rows["invoiced"] > 0))


def month_number(day: date) -> int:
    """12 x year + month - 1."""
    return day.year * 12 + day.month - 1


def month_name(number: int) -> str:
    """A month number as 2026-06."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _total(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["invoiced", "credited"]].sum().to_frame().T


def _open(book: Book) -> float:
    """Balance of invoices of the main currency: amount less payments, credit notes and write-offs, none below 0."""
    lowering = ("payments", "credit_notes", "write_offs")
    parts = [f"SELECT invoice_id, amount FROM {table}" for table in lowering if book.has(table, "amount")]
    found = book.sql(
        f"""
        WITH settled AS (SELECT invoice_id, sum(amount) AS amount FROM ({" UNION ALL ".join(parts)}) GROUP BY 1)
        SELECT CAST(sum(greatest(i.amount - coalesce(s.amount, 0), 0)) AS DOUBLE) AS balance
        FROM invoices i LEFT JOIN settled s USING (invoice_id) WHERE i.currency = $currency
        """,
        {"currency": book.currency},
    )
    return float(found["balance"].fillna(0.0).iloc[0])


_INVOICED = f"""
SELECT client_id, debtor_id, {_NUMBER.format(day="known_on")} AS vintage, count(*) AS invoices,
    CAST(sum(amount) AS DOUBLE) AS amount, sum(CAST(amount AS DOUBLE) ** 2) AS squares
FROM invoices WHERE currency = $currency AND vintage <= $last GROUP BY ALL ORDER BY 1, 2, 3
"""

# a note may be known before its invoice is: it then counts in the invoice's own month
_CREDITED = f"""
WITH notes AS (
    SELECT client_id, debtor_id, invoice_id, {_NUMBER.format(day="i.known_on")} AS vintage,
        greatest({_NUMBER.format(day="n.known_on")}, vintage) - vintage AS lag,
        CAST(sum(n.amount) AS DOUBLE) AS amount
    FROM credit_notes n JOIN invoices i USING (invoice_id) WHERE i.currency = $currency GROUP BY ALL
)
SELECT client_id, debtor_id, vintage, lag, sum(amount) AS amount, sum(amount ** 2) AS squares
FROM notes WHERE vintage + lag <= $last GROUP BY ALL ORDER BY 1, 2, 3, 4
"""

_PERIOD = """
WITH sold AS (
    SELECT client_id, debtor_id, CAST(sum(amount) AS DOUBLE) AS invoiced FROM invoices
    WHERE currency = $currency AND issued_on > $start GROUP BY ALL
), noted AS (
    SELECT client_id, debtor_id, CAST(sum(n.amount) AS DOUBLE) AS credited
    FROM credit_notes n JOIN invoices i USING (invoice_id)
    WHERE i.currency = $currency AND n.issued_on > $start GROUP BY ALL
)
SELECT client_id, debtor_id, coalesce(invoiced, 0) AS invoiced, coalesce(credited, 0) AS credited
FROM sold FULL JOIN noted USING (client_id, debtor_id) ORDER BY 1, 2
"""
