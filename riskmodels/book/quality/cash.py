"""Cash: receipts against the payments matched from them, advances against invoices, repayments and the accounts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.fx import rate
from riskmodels.book.quality.horizon import last_plausible_day
from riskmodels.book.quality.probe import Fault, detail, fault, one
from riskmodels.book.quality.query import QueryCheck
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.errors import DataRefused
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

BOOKING_DAYS = 10
"""A receipt allocated so shortly before the last day may wait for its payments to be booked."""

MONTHS = 12

advances = QueryCheck(
    "book.reconciliation.advances",
    mark("Invoices advanced above their amount"),
    "advances.amount",
    (("advances",),),
    mark("the book has no advances"),
    "SELECT invoice_id, amount, advanced FROM invoices "
    "JOIN (SELECT invoice_id, sum(amount) AS advanced FROM advances GROUP BY 1) USING (invoice_id) "
    "WHERE advanced > amount",
    "SELECT count(DISTINCT invoice_id) FROM advances",
    rate=False,
)
repayments = QueryCheck(
    "book.reconciliation.repayments",
    mark("Advances repaid beyond what was paid out"),
    "repayments.principal",
    (("advances",), ("repayments",)),
    mark("the book has no repayments of advances"),
    "SELECT advance_id, amount, repaid FROM advances "
    "JOIN (SELECT advance_id, sum(principal) AS repaid FROM repayments GROUP BY 1) USING (advance_id) "
    "WHERE repaid > amount",
    "SELECT count(DISTINCT advance_id) FROM repayments",
    rate=False,
)


def receipts(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The share of allocated receipts whose allocated amount isn't the sum of the payments that name them."""
    name, title = "book.reconciliation.receipts", _("Receipts that don't match their payments")
    if not (book.has("receipts", "allocated_amount") and book.has("payments", "receipt_id")):
        return not_run(name, title, _("no payment names the receipt it was matched from"), limits=limits[name])
    matched = (
        "SELECT r.receipt_id, r.allocated_amount, coalesce(p.amount, 0) AS paid FROM receipts r LEFT JOIN "
        "(SELECT receipt_id, sum(amount) AS amount FROM payments GROUP BY 1) p USING (receipt_id) "
        f"WHERE r.allocated_amount IS NOT NULL AND r.allocated_on <= DATE '{last_plausible_day(book)}' - {BOOKING_DAYS}"
    )
    n = int(one(book, f"SELECT count(*) FROM ({matched})"))
    if not n:
        return not_run(name, title, _("no receipt was allocated ten days before the last day"), limits=limits[name])
    found = fault(book, "receipts.allocated_amount", f"SELECT * FROM ({matched}) WHERE allocated_amount <> paid")
    return CheckResult(name, title, found.rows / n, limits[name], "rate", n, detail=detail([found]))


def accounts(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The largest gap of the last year between the accounts' financing balance and the advances outstanding."""
    name, title = "book.reconciliation.accounts", _("Advances outstanding against the accounts")
    if reason := _no_accounts(book):
        return not_run(name, title, reason, limits=limits[name])
    table = outstanding(book)
    if table.empty:
        reason = _("no exchange rate converts the advances into the currency of the accounts")
        return not_run(name, title, reason, limits=limits[name])
    worst = table.iloc[int(table["gap"].abs().to_numpy().argmax())]
    month = f"{worst['month']:%Y-%m}"
    pair = f"{worst['balance']:.2f} / {worst['outstanding']:.2f}"
    gap = round(abs(float(worst["gap"])), 9)  # cents of rounding in sums of floats are no gap
    told = detail([Fault(f"factor_accounts {month}", 1, (pair,))] if gap else [])
    return CheckResult(name, title, gap, limits[name], "rate", len(table), subject=month, detail=told)


def _no_accounts(book: Book) -> str:
    """Why the accounts can't be compared; empty when they can."""
    if not book.has("factor_accounts", "financing_balance"):
        return _("the book has no accounts of the factor")
    if not (book.has("advances") and book.has("repayments")):
        return _("the book has no advances with their repayments")
    return ""


def outstanding(book: Book) -> pd.DataFrame:
    """One row per month of the accounts, the last twelve: month, balance, outstanding, gap (share of the larger).

    Accounts hold what was booked by the month's end. Advances in other currencies count at the rate of
    the month's end; a month without one is left out.
    """
    sums = book.sql(
        f"""
        WITH months AS (
            SELECT month, currency AS kept_in, financing_balance AS balance FROM factor_accounts
            WHERE financing_balance IS NOT NULL ORDER BY month DESC LIMIT {MONTHS}),
        advanced AS (
            SELECT advance_id, greatest(advanced_on, a.known_on) AS day, a.amount, i.currency
            FROM advances a JOIN invoices i USING (invoice_id)),
        moves AS (
            SELECT day, currency, amount FROM advanced
            UNION ALL
            SELECT greatest(r.paid_on, r.known_on), currency, -r.principal
            FROM repayments r JOIN advanced USING (advance_id)),
        daily AS (SELECT day, currency, sum(amount) AS amount FROM moves GROUP BY 1, 2)
        SELECT month, kept_in, balance, currency,
            coalesce(sum(amount) FILTER (WHERE day <= month), 0) AS amount
        FROM months CROSS JOIN daily GROUP BY 1, 2, 3, 4 ORDER BY 1, 4
        """
    )
    rates = [_rate(book, r) for r in sums.to_dict("records")]
    sums["outstanding"] = sums["amount"].astype(float) * np.array(rates, dtype=float)
    table = sums.groupby(["month", "balance"])["outstanding"].agg(lambda part: part.sum(skipna=False)).reset_index()
    larger = table[["balance", "outstanding"]].max(axis=1).clip(lower=1)
    return table.assign(gap=(table["outstanding"] - table["balance"]) / larger).dropna(ignore_index=True)


def _rate(book: Book, sums: dict[Hashable, Any]) -> float:
    try:
        return float(rate(book, sums["currency"], sums["month"].date(), sums["kept_in"]))
    except DataRefused:
        return float("nan") if sums["amount"] else 0.0
