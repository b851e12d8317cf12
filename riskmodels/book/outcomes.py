"""What became of invoices and obligors after a date, as far as it is known: late, defaulted, or too young to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.dates import add_months
from riskmodels.core.errors import Misuse

_CREDITS = """
credits AS (
    SELECT invoice_id, paid_on AS day, amount FROM {payments}
    UNION ALL SELECT invoice_id, issued_on AS day, amount FROM {credit_notes}
)"""

_NO_CREDITS = (
    "(SELECT NULL::VARCHAR AS invoice_id, NULL::DATE AS paid_on, NULL::DATE AS issued_on, "
    "0::DECIMAL(18,2) AS amount WHERE FALSE)"
)

_SETTLED = """
running AS (
    SELECT invoice_id, day, sum(amount) OVER (PARTITION BY invoice_id ORDER BY day
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS credited
    FROM credits
),
standing AS (SELECT invoice_id, sum(amount) AS credited FROM credits GROUP BY 1),
settled AS (
    SELECT invoice_id, min(day) AS settled_on
    FROM running JOIN invoices USING (invoice_id) JOIN standing USING (invoice_id)
    WHERE running.credited >= amount AND standing.credited >= amount GROUP BY 1
)"""


def invoice_outcomes(book: Book, as_of: date, dpd: int = 0) -> pd.DataFrame:
    """One row per invoice known at the close of `as_of`, with what its payment had come to by then.

    Columns: invoice_id, client_id, debtor_id, currency, amount, issued_on, due_on, settled_on (NaT while open), settled
    (bool), duration_days (issue to settlement, or to `as_of` while open), days_late (settlement, or `as_of` while open,
    less the due date: negative when early or not due), and late: 1 when more than `dpd` days past due at settlement or
    still open that late, 0 when settled by then, NaN (censored) when `as_of` is not yet more than `dpd` days after the
    due date. Early payers are censored then, too: counting them as good among the young, where the late can't show yet,
    would make the young look better than they are. An invoice is settled on the first day on which payments and credit
    notes reached its amount, and only if they still do: a reversal opens it again.
    """
    seen = book.as_of(as_of)
    frame = seen.sql(
        f"WITH {_credits(seen)}, {_SETTLED} SELECT invoice_id, client_id, debtor_id, currency, amount, "
        "issued_on, due_on, settled_on FROM invoices LEFT JOIN settled USING (invoice_id) ORDER BY invoice_id"
    )
    end = frame["settled_on"].fillna(pd.Timestamp(as_of))
    frame["settled"] = frame["settled_on"].notna()
    frame["duration_days"] = (end - frame["issued_on"]).dt.days
    frame["days_late"] = (end - frame["due_on"]).dt.days
    too_young = (pd.Timestamp(as_of) - frame["due_on"]).dt.days <= dpd
    frame["late"] = (frame["days_late"] > dpd).astype(float).mask(too_young)
    return frame


@dataclass(frozen=True)
class Default:
    """When an obligor is in default: `least` and `share` of all it owes, or more, is over `dpd` days past due.

    The outcome looks `months` ahead. `least` is in the book's main currency. Source: EBA/GL/2016/07, 90 days and
    material.
    """

    dpd: int = 90
    least: float = 0.01
    share: float = 0.01
    months: int = 12


def default_outcomes(
    book: Book, key: str, origins: Sequence[date], as_of: date, rule: Default | None = None
) -> pd.DataFrame:
    """One row per obligor and origin at which it owed something and was not in default: did it default in the window?

    `key` is debtor_id or client_id. Columns: the key, origin, balance (owed at the origin), defaulted_on (first day
    within the window on which a balance passed the rule, NaT if none), defaulted: 1, 0, or NaN (censored) while the
    window isn't over at the close of `as_of`. Amounts are of the book's main currency; others are left out.
    """
    if key not in ("debtor_id", "client_id"):
        raise Misuse(f"key: found {key!r}, expected debtor_id or client_id")
    rule = rule or Default()
    seen = book.as_of(as_of)
    entries = _default_days(seen, key, rule)
    rows = [_cohort(seen, key, origin, entries, as_of, rule) for origin in origins]
    empty = pd.DataFrame(columns=[key, "origin", "balance", "defaulted_on", "defaulted"])
    return pd.concat(rows, ignore_index=True) if rows else empty


def _credits(book: Book) -> str:
    have = {t: t if book.has(t) else _NO_CREDITS for t in ("payments", "credit_notes")}
    return _CREDITS.format(**have)


def _default_days(book: Book, key: str, rule: Default) -> pd.DataFrame:
    """Days on which an obligor owes a material amount, some of which has just passed the days of the rule: key, day."""
    return book.sql(
        f"""
        WITH {_credits(book)},
        mine AS (SELECT *, due_on + {rule.dpd + 1} AS day FROM invoices WHERE currency = ?),
        crossing AS (
            SELECT m.{key}, m.day FROM mine m LEFT JOIN credits c ON c.invoice_id = m.invoice_id AND c.day <= m.day
            WHERE m.day <= ? GROUP BY m.invoice_id, m.{key}, m.day, m.amount
            HAVING m.amount - coalesce(sum(c.amount), 0) > 0
        ),
        days AS (SELECT DISTINCT {key}, day FROM crossing),
        owed AS (
            SELECT d.{key}, d.day, m.due_on, m.amount - coalesce(sum(c.amount), 0) AS balance
            FROM days d JOIN mine m ON m.{key} = d.{key} AND m.issued_on <= d.day
            LEFT JOIN credits c ON c.invoice_id = m.invoice_id AND c.day <= d.day
            GROUP BY d.{key}, d.day, m.invoice_id, m.due_on, m.amount
        )
        SELECT {key}, day FROM owed GROUP BY {key}, day
        HAVING sum(balance) FILTER (WHERE due_on + {rule.dpd} < day) >= greatest(?, ? * sum(balance))
        ORDER BY {key}, day
        """,
        [book.currencies[0], book.cut, rule.least, rule.share],
    )


def _cohort(book: Book, key: str, origin: date, entries: pd.DataFrame, as_of: date, rule: Default) -> pd.DataFrame:
    end = add_months(origin, rule.months)
    frame = _performing(book, key, origin, rule)
    within = entries[(entries["day"] > pd.Timestamp(origin)) & (entries["day"] <= pd.Timestamp(end))]
    first = within.groupby(key)["day"].min().rename("defaulted_on").reset_index()
    frame = frame.merge(first, on=key, how="left")
    frame["defaulted"] = frame["defaulted_on"].notna() * (1.0 if end <= as_of else float("nan"))
    frame.insert(1, "origin", pd.Timestamp(origin))
    return frame


def _performing(book: Book, key: str, origin: date, rule: Default) -> pd.DataFrame:
    """Obligors that owed something at the close of `origin` and were not in default: key, balance."""
    seen = book.as_of(origin)
    return seen.sql(
        f"""
        WITH {_credits(seen)},
        paid AS (SELECT invoice_id, sum(amount) AS amount FROM credits GROUP BY 1),
        owed AS (
            SELECT {key}, due_on, i.amount - coalesce(p.amount, 0) AS balance
            FROM invoices i LEFT JOIN paid p USING (invoice_id) WHERE currency = ?
        )
        SELECT {key}, sum(balance) AS balance FROM owed GROUP BY 1
        HAVING sum(balance) > 0 AND coalesce(sum(balance) FILTER (WHERE due_on + {rule.dpd} < ?), 0)
            < greatest(?, ? * sum(balance)) ORDER BY 1
        """,
        [book.currencies[0], origin, rule.least, rule.share],
    )
