"""The ledger as the study of bad reads it: what credited an invoice, and how far past due an obligor stands.

Only cash and credit notes lower a balance. A write-off does not: it is the loss the study looks for, not its cure.
Days are the events' own; the book's cut decides what is known. Amounts are of the book's main currency.
"""

from __future__ import annotations

from datetime import date
from itertools import chain

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, credits_of
from riskmodels.core.errors import Misuse

LEVELS = (0, 30, 60, 90, 120, 150, 180)
"""Days past due that an obligor's balance can be beyond."""
LOSS = 360
"""What is more days past due is lost. Source: the five-class rules of 2023."""
NOTHING_OWED = -1
KEYS = ("debtor_id", "client_id")


def standing(book: Book, key: str, until: date, rule: Default) -> pd.DataFrame:
    """One row per obligor and spell of one status: obligor, day (from its close on), status; sorted by both.

    `status` counts the levels of `LEVELS` beyond which a material balance was past due: 0 current, 1 more than 0 days,
    2 more than 30, up to 7 more than 180, and -1 when nothing is owed. A balance is material at `rule.least` and
    `rule.share` of all that is owed, so status 4 is the default of a rule of 90 days.
    """
    if key not in KEYS:
        raise Misuse(f"key: found {key!r}, expected {' or '.join(KEYS)}")
    values = {"currency": book.currency, "least": rule.least, "share": rule.share, "until": until}
    return book.sql(_standing_sql(book, key), values)


def _standing_sql(book: Book, key: str) -> str:
    """Running sums of what is owed and of what is beyond each level, then the days on which the status changes.

    An invoice enters a level with what is open at the close of the day it passes it; later credits leave each level
    they find it in.
    """
    over = [f"over_{level}" for level in LEVELS]
    beyond = " + ".join(f"({o} >= greatest($least, $share * balance))::INTEGER" for o in over)
    return f"""
        WITH {credits_of(book)},
        mine AS (SELECT invoice_id, {key} AS obligor, amount, issued_on, due_on FROM invoices
                 WHERE currency = $currency),
        credited AS (SELECT m.*, c.day, c.amount AS credit FROM mine m JOIN credits c USING (invoice_id)),
        {_open_sql()},
        events AS ({_events_sql()}),
        days AS (SELECT obligor, day, {_sums(["balance", *over])} FROM events WHERE day <= $until GROUP BY ALL),
        sums AS (SELECT obligor, day, {_sums(["balance", *over], "OVER w")} FROM days
                 WINDOW w AS (PARTITION BY obligor ORDER BY day)),
        statuses AS (
            SELECT obligor, day, CASE WHEN balance <= 0 THEN {NOTHING_OWED} ELSE {beyond} END AS status FROM sums
        )
        SELECT obligor, day, status FROM statuses
        QUALIFY status IS DISTINCT FROM lag(status) OVER (PARTITION BY obligor ORDER BY day) ORDER BY obligor, day
    """


def _open_sql() -> str:
    """What of each invoice is open at the close of the day it passes each level."""
    parts = [
        f"amount - coalesce(sum(credit) FILTER (WHERE day <= due_on + {level + 1}), 0) AS open_{level}"
        for level in LEVELS
    ]
    found = f"SELECT invoice_id, {', '.join(parts)} FROM credited GROUP BY invoice_id, amount"
    columns = ", ".join(f"coalesce(open_{level}, amount) AS open_{level}" for level in LEVELS)
    return f"""found AS ({found}),
        opened AS (SELECT obligor, due_on, {columns} FROM mine LEFT JOIN found USING (invoice_id))"""


def _events_sql() -> str:
    none = ", ".join(f"0 AS over_{level}" for level in LEVELS)
    leaves = ", ".join(f"CASE WHEN day > due_on + {level + 1} THEN -credit ELSE 0 END" for level in LEVELS)
    crossings = (
        f"SELECT obligor, due_on + {level + 1}, 0, {', '.join(f'open_{level}' if m == level else '0' for m in LEVELS)} "
        f"FROM opened WHERE open_{level} <> 0"
        for level in LEVELS
    )
    issued = f"SELECT obligor, issued_on AS day, amount AS balance, {none} FROM mine"
    paid = f"SELECT obligor, day, -credit, {leaves} FROM credited"
    return " UNION ALL ".join(chain([issued, paid], crossings))


def _sums(columns: list[str], over: str = "") -> str:
    return ", ".join(f"sum({c}) {over} AS {c}" for c in columns)
