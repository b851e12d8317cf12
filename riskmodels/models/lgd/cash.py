"""The factor's own cash on financed invoices: what was paid out, what came back and from whom, what collecting cost."""

from __future__ import annotations

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.errors import DataRefused
from riskmodels.core.text import mark
from riskmodels.models.lgd.drivers import NO_DISPUTES, NO_GUARANTEES

FROM_PAYMENTS = mark("the book has no repayments: payments that reached the factor stand for them")
NO_COSTS = mark("the book has no costs of actions")
NO_MARGIN = mark("the book's facilities have no margin rate")
NO_PAYER = mark("the book doesn't say who paid")
NO_INTEREST = mark("the book has no yearly rate: nothing accrues")


def advanced(book: Book) -> pd.DataFrame:
    """What was paid out on invoices of the main currency: invoice_id, day, amount."""
    book.need("advances", "invoice_id", "amount")
    return book.sql(
        """
        SELECT invoice_id, a.advanced_on AS day, CAST(a.amount AS DOUBLE) AS amount
        FROM advances a JOIN invoices i USING (invoice_id) WHERE i.currency = $currency ORDER BY advance_id
        """,
        {"currency": book.currency},
    )


def returned(book: Book) -> pd.DataFrame:
    """What came back on financed invoices, in time: invoice_id, day, principal, interest, cash (with interest and
    fees), payer (empty where it isn't told).

    From repayments, else from payments on the day they are cash (a bill's maturity), those into the client's own
    account left out; interest is then missing. Refused when the book has neither.
    """
    if book.has("repayments"):
        return book.sql(_REPAYMENTS)
    if not book.has("payments"):
        raise DataRefused(f"{book.name}: no rows in tables repayments and payments; expected one, or nothing is known")
    return book.sql(_PAYMENTS)


def spent(book: Book) -> pd.DataFrame:
    """What collecting cost, in time: invoice_id, day, amount; no rows where the book has no costs."""
    if not book.has("actions", "cost"):
        kinds = {"invoice_id": "str", "day": "datetime64[us]", "amount": "float64"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    return book.sql(
        "SELECT invoice_id, acted_on AS day, CAST(cost AS DOUBLE) AS amount FROM actions WHERE cost > 0 "
        "ORDER BY acted_on, action_id"
    )


def switched_off(book: Book) -> dict[str, str]:
    """What realised losses of this book can't take into account, by name, with the reason (marked for translation)."""
    reasons = {
        "repayments": FROM_PAYMENTS if not book.has("repayments") else "",
        "costs": NO_COSTS if not book.has("actions", "cost") else "",
        "cash margin": NO_MARGIN if not book.has("facilities", "margin_rate") else "",
        "payer": NO_PAYER if not book.has(_came_from(book), "payer") else "",
        "disputed": NO_DISPUTES if not book.has("disputes") else "",
        "guaranteed": NO_GUARANTEES if not book.has("guarantees") else "",
        "accrued": NO_INTEREST if not book.has("facilities", "annual_rate") else "",
    }
    return {name: reason for name, reason in reasons.items() if reason}


def _came_from(book: Book) -> str:
    return "repayments" if book.has("repayments") else "payments"


_REPAYMENTS = """
SELECT a.invoice_id, r.paid_on AS day, CAST(r.principal AS DOUBLE) AS principal, CAST(r.interest AS DOUBLE) AS interest,
    CAST(r.principal + coalesce(r.interest, 0) + coalesce(r.fee, 0) AS DOUBLE) AS cash, r.payer
FROM repayments r JOIN advances a USING (advance_id) ORDER BY r.paid_on, r.repayment_id
"""

_PAYMENTS = """
SELECT invoice_id, coalesce(matures_on, paid_on) AS day, CAST(amount AS DOUBLE) AS principal,
    NULL::DOUBLE AS interest, CAST(amount AS DOUBLE) AS cash, payer
FROM payments WHERE coalesce(received_account, 'factor') <> 'client' ORDER BY 2, payment_id
"""
