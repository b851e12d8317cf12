"""Bills of exchange: what a debtor hands over settles its invoice, and is cash on the day the bill matures.

A bill whose maturity the book doesn't tell counts as cash when it is handed over. That a bill may not be paid is left
aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.calendar import LONGEST_BREAK, calendar
from riskmodels.models.baselines.credibility import drawn, experience
from riskmodels.models.cash.periods import Horizon

MONTH = 30
"""Bills are told apart by so many days of tenor."""
_CASH = (
    "SELECT p.invoice_id, p.amount, p.paid_on, coalesce(p.matures_on, b.matures_on) IS NOT NULL AS by_bill, "
    "greatest(p.paid_on, coalesce(p.matures_on, b.matures_on, p.paid_on)) AS cash_on "
    "FROM payments p LEFT JOIN payments b ON b.payment_id = p.reverses"
)
_TENORS = (
    "SELECT i.debtor_id, p.matures_on - p.paid_on AS tenor, count(*) AS n FROM payments p "
    "JOIN invoices i USING (invoice_id) WHERE p.amount > 0 "
    "AND p.payment_id NOT IN (SELECT reverses FROM payments WHERE reverses IS NOT NULL) GROUP BY ALL ORDER BY ALL"
)


def cash_between(book: Book, origin: date, until: date) -> pd.DataFrame:
    """Cash within (origin, until] that the book tells of, on invoices known at the close of `origin`.

    One row per client, debtor, currency and cash_on, with the amount. A bill is cash on the first business day from its
    maturity on; what takes a payment back, not before that payment was cash. Of a book cut at `origin` these are the
    bills held.
    """
    if not book.has("payments"):
        return pd.DataFrame(columns=["client_id", "debtor_id", "currency", "by_bill", "cash_on", "amount"])
    found = book.sql(
        f"SELECT client_id, debtor_id, currency, by_bill, cash_on, sum(c.amount) AS amount FROM ({_CASH}) c "
        "JOIN invoices i USING (invoice_id) WHERE i.known_on <= $origin "
        "AND cash_on > $since AND cash_on <= $until GROUP BY ALL ORDER BY ALL",
        {"origin": origin, "since": origin - timedelta(days=LONGEST_BREAK), "until": until},
    )
    rolled = found.assign(cash_on=found["cash_on"].where(~found["by_bill"], _next_open(found["cash_on"])))
    return rolled[rolled["cash_on"].between(pd.Timestamp(origin), pd.Timestamp(until), inclusive="right")]


def _next_open(days: pd.Series) -> pd.Series:
    """The first business day on or after each day."""
    if days.empty:
        return days
    number = days.to_numpy("datetime64[D]").astype(np.int64)
    opened = calendar(int(number.min()), int(number.max())).next(number)
    return pd.Series(pd.to_datetime(opened.astype("datetime64[D]")), days.index).astype(days.dtype)


def held_by(bills: pd.DataFrame, keys: list[str], ahead: Horizon) -> dict[tuple[str, ...], np.ndarray]:
    """Cash of bills by names of `keys` and period (T,)."""
    ends, amount = np.array(ahead.ends, dtype="datetime64[D]"), bills["amount"].to_numpy(float)
    period = np.searchsorted(ends, bills["cash_on"].to_numpy("datetime64[D]"))
    found = {names: np.bincount(period[rows], amount[rows], len(ends)) for names, rows in places(bills[keys]).items()}
    return {names: sums for names, sums in found.items() if sums.any()}


def places(keys: pd.DataFrame) -> dict[tuple[str, ...], np.ndarray]:
    """The rows of each group of the keys, by its names."""
    found = keys.groupby(list(keys.columns)).indices
    return {names if isinstance(names, tuple) else (names,): np.asarray(rows) for names, rows in found.items()}


@dataclass(frozen=True)
class Habits:
    """Of n debtors, how likely a payment is a bill of each tenor: days (K,) rising, chance (n, K).

    What the chances of a debtor lack to 1 is paid in cash.
    """

    days: np.ndarray
    chance: np.ndarray


def habits(seen: Book, debtors: pd.Series) -> Habits:
    """The habits of debtors from all payments that a book tells of, drawn to the book's where they are few.

    Both the share of payments made by bill and the law of their tenors are (n x own + k x book's) / (n + k), k by
    `credibility.experience`. Tenors are told apart by months of 30 days, each with its mean.
    """
    if not seen.has("payments", "matures_on"):
        return Habits(np.zeros(0), np.zeros((len(debtors), 0)))
    told = seen.sql(_TENORS)
    by_bill = told[told["tenor"].notna()]
    if by_bill.empty:
        return Habits(np.zeros(0), np.zeros((len(debtors), 0)))
    share = _by_debtor(told, told["tenor"].notna().to_numpy(float), debtors)
    month = (by_bill["tenor"] // MONTH).to_numpy(int)
    needed = _experience(by_bill, by_bill["tenor"].to_numpy(float))
    laws = [_by_debtor(by_bill, (month == m).astype(float), debtors, needed) for m in np.unique(month)]
    means = [np.average(by_bill["tenor"][month == m], weights=by_bill["n"][month == m]) for m in np.unique(month)]
    return Habits(np.array(means), share[:, None] * np.column_stack(laws))


def _by_debtor(told: pd.DataFrame, value: np.ndarray, debtors: pd.Series, needed: float | None = None) -> np.ndarray:
    """The mean of a value of payments by debtor, drawn to that of all payments."""
    sums = pd.DataFrame({"n": told["n"], "total": told["n"] * value}).groupby(told["debtor_id"]).sum()
    own = sums.reindex(debtors.to_numpy()).fillna(0.0)
    book = float(sums["total"].sum() / sums["n"].sum())
    needed = _experience(told, value) if needed is None else needed
    return drawn(own["total"].to_numpy(float), own["n"].to_numpy(float), book, needed)


def _experience(told: pd.DataFrame, value: np.ndarray) -> float:
    """See `credibility.experience`; each row stands for n payments."""
    times = told["n"].to_numpy(int)
    return experience(pd.Series(np.repeat(pd.factorize(told["debtor_id"])[0], times)), np.repeat(value, times))
