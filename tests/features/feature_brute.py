"""Every feature of a ledger the obvious way: loops over the rows of a book that was cut at the date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from brute.balances import ageing, ageing_changes, turnover
from brute.collecting import collecting
from brute.credits import dilution, disputes
from brute.payment import means, paydex, payment
from brute.trade import partners, rhythm
from brute.view import Row, Rows, View

PARTS = (payment, paydex, means, ageing, ageing_changes, turnover, dilution, disputes, rhythm, partners, collecting)
IDS = {"debtor": ["debtor_id"], "client": ["client_id"], "pair": ["client_id", "debtor_id"], "chain": ["anchor_id"]}
__all__ = ["IDS", "Rows", "View", "features", "yesterday"]


def features(view: View, subject: str, row: Row) -> dict[str, float]:
    """Every feature of the subject whose ids a frame's row has."""
    mine = {i.invoice_id for i in view.invoices.values() if belongs(view, i, subject, row)}
    return {name: value for part in PARTS for name, value in part(view, mine, subject)}


def belongs(view: View, invoice: Row, subject: str, row: Row) -> bool:
    """Whether an invoice is of the subject in a frame's row."""
    if subject == "chain":
        return bool(view.chain(invoice) == row.anchor_id)
    return all(getattr(invoice, c) == getattr(row, c) for c in IDS[subject])


def yesterday(day: Any) -> date:
    """The date before a timestamp."""
    return day.date() - timedelta(days=1)
