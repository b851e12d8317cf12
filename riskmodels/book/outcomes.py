"""What became of invoices and obligors after a date, as far as it is known: late, defaulted, or too young to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.dates import add_months
from riskmodels.core.errors import DataRefused, Misuse

SILENT_DAYS = 31
"""A book without a row for longer is taken to have ended: what became of its invoices after that nobody told it."""

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
    SELECT invoice_id, i.amount, day, sum(c.amount) OVER (PARTITION BY invoice_id ORDER BY day
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS credited
    FROM credits c JOIN invoices i USING (invoice_id)
),
short AS (SELECT invoice_id, max(day) AS day FROM running WHERE credited < amount GROUP BY 1),
settled AS (
    SELECT r.invoice_id, min(r.day) AS settled_on FROM running r LEFT JOIN short s USING (invoice_id)
    WHERE r.credited >= r.amount AND (s.day IS NULL OR r.day > s.day) GROUP BY 1
)"""


def invoice_outcomes(book: Book, as_of: date, dpd: int = 0) -> pd.DataFrame:
    """One row per invoice known at the close of `as_of`, with what its payment had come to by then.

    Columns: invoice_id, client_id, debtor_id, currency, amount, issued_on, due_on, settled_on (NaT while open), settled
    (bool), duration_days (issue to settlement, or to `as_of` while open), days_late (settlement, or `as_of` while open,
    less the due date: negative when early or not due; where the book ended long before, its last day stands for
    `as_of`), and late: 1 when more than `dpd` days past due at settlement or
    still open that late, 0 when settled by then, NaN (censored) when `as_of` is not yet more than `dpd` days after the
    due date, or the book ends before. Early payers are censored then, too: counting them as good among the young, where
    the late can't show yet, would make the young look better than they are. An invoice is settled on the first day on
    which payments and credit notes reached its amount for good: a reversal opens it again.
    """
    seen = book.as_of(as_of)
    frame = seen.sql(
        f"WITH {credits_of(seen)}, {_SETTLED} SELECT invoice_id, client_id, debtor_id, currency, amount, "
        "issued_on, due_on, settled_on FROM invoices LEFT JOIN settled USING (invoice_id) ORDER BY invoice_id"
    )
    until = pd.Timestamp(known_until(book, as_of))
    end = frame["settled_on"].fillna(until)
    frame["settled"] = frame["settled_on"].notna()
    frame["duration_days"] = (end - frame["issued_on"]).dt.days
    frame["days_late"] = (end - frame["due_on"]).dt.days
    too_young = (until - frame["due_on"]).dt.days <= dpd
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
    within the window at whose close the rule held, NaT if none), defaulted: 1, 0, or NaN (censored) while the window
    isn't over at the close of `as_of`, or goes on after the book's end. Amounts are of the book's main currency; others
    are left out.
    """
    _check_key(key)
    rule = rule or Default()
    seen, until = book.as_of(as_of), known_until(book, as_of)
    standing = standing_of(seen, key, rule)
    rows = [_cohort(seen, key, origin, standing, until, rule) for origin in origins]
    empty = pd.DataFrame(columns=[key, "origin", "balance", "defaulted_on", "defaulted"])
    return pd.concat(rows, ignore_index=True) if rows else empty


def default_population(book: Book, key: str, origins: Sequence[date], rule: Default | None = None) -> pd.DataFrame:
    """One row per origin: the obligors known at its close, and how many `default_outcomes` leaves out, by reason.

    Columns: origin, known (with an invoice of any currency), other_currency (none of the book's main currency),
    owing_nothing, in_default, performing; the first number is the sum of the others.
    """
    _check_key(key)
    return pd.DataFrame([_counted(book, key, origin, rule or Default()) for origin in origins])


def first_defaults(book: Book, key: str, as_of: date, rule: Default | None = None) -> pd.DataFrame:
    """The first day at whose close each obligor was in default, as known at the close of `as_of`: key, defaulted_on.

    Only obligors that ever were have a row. `key` is debtor_id or client_id; amounts as in `default_outcomes`.
    """
    _check_key(key)
    standing = standing_of(book.as_of(as_of), key, rule or Default())
    return standing[standing["in_default"]].groupby(key)["day"].min().rename("defaulted_on").reset_index()


def _check_key(key: str) -> None:
    if key not in ("debtor_id", "client_id"):
        raise Misuse(f"key: found {key!r}, expected debtor_id or client_id")


def credits_of(book: Book) -> str:
    """SQL of the common table `credits` of what settles invoices: invoice_id, day, amount."""
    have = {t: t if book.has(t) else _NO_CREDITS for t in ("payments", "credit_notes")}
    return _CREDITS.format(**have)


def standing_of(book: Book, key: str, rule: Default) -> pd.DataFrame:
    """What each obligor owes at the close of each day on which that changes: key, day, balance, overdue, in_default.

    An invoice enters the overdue balance on the day it passes the days of the rule; what was credited before that day
    leaves with it, what is credited later leaves when it is. So both balances are running sums.
    """
    return book.sql(
        f"""
        WITH {credits_of(book)},
        mine AS (SELECT *, due_on + {rule.dpd + 1} AS crossing FROM invoices WHERE currency = $currency),
        credited AS (SELECT m.{key}, m.crossing, c.day, c.amount FROM mine m JOIN credits c USING (invoice_id)),
        events AS (
            SELECT {key}, issued_on AS day, amount AS balance, 0 AS overdue FROM mine
            UNION ALL SELECT {key}, crossing, 0, amount FROM mine
            UNION ALL SELECT {key}, day, -amount, 0 FROM credited
            UNION ALL SELECT {key}, greatest(day, crossing), 0, -amount FROM credited
        ),
        days AS (SELECT {key}, day, sum(balance) AS balance, sum(overdue) AS overdue FROM events GROUP BY ALL),
        sums AS (
            SELECT {key}, day, sum(balance) OVER w AS balance, sum(overdue) OVER w AS overdue
            FROM days WINDOW w AS (PARTITION BY {key} ORDER BY day)
        )
        SELECT {key}, day, balance, overdue, overdue >= greatest($least, $share * balance) AS in_default
        FROM sums WHERE day <= $until ORDER BY {key}, day
        """,
        {"currency": book.currency, "least": rule.least, "share": rule.share, "until": book.cut},
    )


def _cohort(book: Book, key: str, origin: date, standing: pd.DataFrame, until: date, rule: Default) -> pd.DataFrame:
    end = add_months(origin, rule.months)
    within = standing[(standing["day"] > pd.Timestamp(origin)) & (standing["day"] <= pd.Timestamp(end))]
    first = within[within["in_default"]].groupby(key)["day"].min().rename("defaulted_on").reset_index()
    frame = _performing(book, key, origin, rule).merge(first, on=key, how="left")
    frame["defaulted"] = frame["defaulted_on"].notna() * (1.0 if end <= until else float("nan"))
    frame.insert(1, "origin", pd.Timestamp(origin))
    return frame


def _performing(book: Book, key: str, origin: date, rule: Default) -> pd.DataFrame:
    """Obligors that owed something at the close of `origin`, as known then, and were not in default: key, balance."""
    last = _standing_at(book, key, origin, rule)
    return last.loc[(last["balance"] > 0) & ~last["in_default"], [key, "balance"]].reset_index(drop=True)


def _standing_at(book: Book, key: str, origin: date, rule: Default) -> pd.DataFrame:
    """One row per obligor with an invoice, as known at the close of `origin`: key, day, balance, in_default."""
    return standing_of(book.as_of(origin), key, rule).groupby(key, as_index=False).last()


def _counted(book: Book, key: str, origin: date, rule: Default) -> dict[str, Any]:
    known = int(book.as_of(origin).sql(f"SELECT count(DISTINCT {key}) AS n FROM invoices")["n"].iloc[0])
    last = _standing_at(book, key, origin, rule)
    owing = last["balance"] > 0
    bad = int((owing & last["in_default"]).sum())
    left_out = {"other_currency": known - len(last), "owing_nothing": int((~owing).sum()), "in_default": bad}
    return {"origin": pd.Timestamp(origin), "known": known, **left_out, "performing": int(owing.sum()) - bad}


def still_told(book: Book, as_of: date) -> Book:
    """The book as it was known at the close of `as_of`; refused where it had ended long before."""
    if (last := known_until(book, as_of)) < as_of:
        raise DataRefused(
            f"{book.name}: found nothing known from {last} to {as_of}, expected a book that tells of then"
        )
    return book.as_of(as_of)


def known_until(book: Book, as_of: date) -> date:
    """The day outcomes can be told to: the as-of, or the book's last day if it has been silent for long by then."""
    last = book.last_day
    return last if last and last < as_of - timedelta(days=SILENT_DAYS) else as_of
