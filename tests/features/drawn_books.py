"""Books that hypothesis makes: few parties, and whatever a ledger can be made to say about them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from feature_books import DISPUTE_REASONS, NOTE_REASONS, OUTCOMES, RUNGS, START, book_of
from hypothesis import strategies as st

from riskmodels.book.book import Book

LAG = st.sampled_from([0, 0, 0, 1, 40])
DAY = st.integers(0, 60) | st.integers(0, 500)
INVOICES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        DAY,
        st.sampled_from([0, 30, 90]),
        st.sampled_from([1, 99, 100, 250, 1000, 99_999]),
        st.sampled_from(["CNY", "CNY", "CNY", "USD"]),
        LAG,
    ),
    min_size=4,
    max_size=40,
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "pay", "pay", "back", "note", "lose", "dispute", "act", "act"]),
        st.integers(0, 39),
        st.sampled_from([-10, 0, 29, 30, 31, 60, 90, 91]) | st.integers(-20, 200),
        st.sampled_from([1, 50, 100, 100, 150]),
        LAG,
        st.integers(0, 60),
        st.booleans(),
    ),
    min_size=10,
    max_size=120,
)
FIRST_INVOICES = [(0, 0, 0, 30, 1000, "CNY", 0), (1, 1, 0, 30, 250, "USD", 0)]
FIRST_EVENTS = [
    (k, 0, 30 + n, 50, 0, 40, True) for n, k in enumerate(["pay", "back", "note", "lose", "dispute", "act"])
]
EDGES = [("note", 0, day, 1, 0, 0, False) for day in (30, 31, 45, 46, 60, 61)]
"""Credit notes on the last and first days of what counts as after the due date, and as late."""
FIRST_VERSIONS = [("C2", 0, "A1", 0)]
"""In each book there is something of everything, so that each has every feature."""
VERSIONS = st.lists(
    st.tuples(st.sampled_from(["C0", "C1", "D0", "D1"]), DAY, st.sampled_from(["D0", "A1", None]), LAG),
    min_size=1,
    max_size=6,
    unique_by=lambda v: v[:2],
)


@st.composite
def drawn_books(draw: Any) -> Book:
    """A book with payments before issue, credits above the amount, reversals, ties and rows known late."""
    invoices = pd.DataFrame([_invoice(n, *cells) for n, cells in enumerate([*FIRST_INVOICES, *draw(INVOICES)])])
    rows: dict[str, list[dict[str, Any]]] = {t: [] for t in _MADE}
    for n, (kind, which, *cells) in enumerate([*FIRST_EVENTS, *EDGES, *draw(EVENTS)]):
        invoice = invoices.iloc[which % len(invoices)]
        table, row = _event(n, kind, invoice, *cells)
        rows[table].append({"invoice_id": invoice["invoice_id"], **row})
    rows["parties"] = [_version(*cells) for cells in [*FIRST_VERSIONS, *draw(VERSIONS)]]
    return book_of({"invoices": invoices, **{t: pd.DataFrame(found) for t, found in rows.items()}})


_MADE = ("payments", "credit_notes", "write_offs", "disputes", "actions", "parties")


def _day(n: int) -> np.datetime64:
    return (START + n).astype("datetime64[us]")


def _invoice(n: int, client: int, debtor: int, day: int, terms: int, cents: int, currency: str, lag: int) -> Any:
    return {
        "invoice_id": f"I{n:02d}",
        "client_id": f"C{client}",
        "debtor_id": f"D{debtor}",
        "currency": currency,
        "amount": cents / 100,
        "issued_on": _day(day),
        "due_on": _day(day + terms),
        "known_on": _day(day + lag),
    }


def _version(party: str, day: int, anchor: str | None, lag: int) -> dict[str, Any]:
    return {"party_id": party, "valid_from": _day(day), "anchor_id": anchor, "known_on": _day(day + lag)}


def _event(n: int, kind: str, invoice: Any, offset: int, share: int, lag: int, later: int, other: bool) -> Any:
    """A row of a table, `offset` days from issue, of a share of the invoice's amount, known some days late."""
    day = invoice["issued_on"] + pd.Timedelta(days=offset)
    then = day + pd.Timedelta(days=later)
    known = {"known_on": day + pd.Timedelta(days=lag), "amount": max(round(invoice["amount"] * share), 1) / 100}
    match kind:
        case "pay":
            paid = {"payment_id": f"P{n}", "paid_on": day, "payer": ["client", "debtor"][other]}
            means = {"instrument": "commercial acceptance", "matures_on": then} if later % 3 else {"instrument": "cash"}
            return "payments", known | paid | means | {"received_account": ["factor", "client"][later % 2]}
        case "back":
            back = {"payment_id": f"P{n}", "paid_on": day, "reverses": "P0", "amount": -known["amount"]}
            return "payments", known | back | {"instrument": "cash", "payer": "debtor", "received_account": "factor"}
        case "note":
            return "credit_notes", known | {"note_id": f"N{n}", "issued_on": day, "reason": NOTE_REASONS[later % 7]}
        case "lose":
            return "write_offs", known | {"written_off_on": day}
        case "dispute":
            end = {"closed_on": then, "outcome": "debtor"} if other else {}
            row = {"dispute_id": f"X{n}", "opened_on": day, "reason": DISPUTE_REASONS[later % 5]}
            return "disputes", {"known_on": known["known_on"], **row, **end}
    answered = {
        "outcome_on": day + pd.Timedelta(days=later % 9),
        "outcome": ("promise", OUTCOMES[later % 5])[later > 40],
    }
    row = {"action_id": f"K{n}", "acted_on": day, "rung": RUNGS[share % 5], "cost": later / 100, "promised_on": then}
    return "actions", {"known_on": known["known_on"], **row, **(answered if other else {})}
