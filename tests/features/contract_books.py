"""Random books of contracts, papers and chains: versions known late, contracts that close, late advances."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from feature_books import book_of

from riskmodels.book.book import Book

START = date(2024, 1, 1)
DAYS = 600
Rng = np.random.Generator


def contract_book(seed: int, invoices: int = 110) -> Book:
    """A book of three clients and five debtors in two currencies, mostly CNY, with all that their contracts bring."""
    rng = np.random.default_rng(seed)
    bills = [_invoice(rng, i) for i in range(invoices)]
    bills += [_again(rng, b, i) for i, b in enumerate(bills) if rng.random() < 0.12]
    advances = [_advance(rng, b) for b in bills if rng.random() < 0.7]
    repayments = [_repayment(rng, a, k) for a in advances for k in range(int(rng.integers(0, 3)))]
    rows = {
        "invoices": bills,
        "advances": advances,
        "repayments": repayments,
        "payments": [_payment(rng, b) for b in bills if rng.random() < 0.6],
        "amendments": [_amendment(rng, i, bills, advances) for i in range(25)],
        "registry_hits": [_hit(rng, i, bills) for i in range(25)],
        "facilities": _versions(rng, "facility_id", 5, _facility),
        "guarantees": _versions(rng, "guarantee_id", 6, _guarantee),
        "parties": _versions(rng, "party_id", 8, _party),
    }
    return book_of({name: _frame(r) for name, r in rows.items()})


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    dates = [c for c in frame if str(c).endswith(("_on", "_from", "_to", "_until", "_due"))]
    return frame.assign(**{c: pd.to_datetime(frame[c]).astype("datetime64[us]") for c in dates})


def _day(rng: Rng, day: date | None = None, low: int = 0, high: int = DAYS) -> date:
    return (day or START) + timedelta(int(rng.integers(low, high)))


def _maybe(rng: Rng, share: float, value: Any) -> Any:
    return value if rng.random() < share else None


def _invoice(rng: Rng, i: int) -> dict[str, Any]:
    client, debtor = int(rng.integers(0, 3)), int(rng.integers(0, 5))
    issued = _day(rng)
    assigned = _maybe(rng, 0.8, _day(rng, issued, 0, 20))
    amount = float(rng.choice([10_000, 50_000, 120_000.5, 770_000, *rng.integers(100, 10**6, 4)]))
    return {
        "invoice_id": f"I{i:04d}",
        "facility_id": _maybe(rng, 0.8, f"F{int(rng.integers(0, 5))}"),
        "client_id": f"C{client}",
        "debtor_id": f"D{debtor}",
        "number": _maybe(rng, 0.9, rng.choice(["X", "Nr-", "7/"]) + str(int(rng.integers(0, 60)))),
        "contract_no": _maybe(rng, 0.8, f"K{client}{int(rng.integers(0, 9))}"),
        "tax_invoice_code": _maybe(rng, 0.8, f"T{int(rng.integers(0, 90))}"),
        "tax_state": rng.choice(["valid", "voided", "red-flushed"]),
        "tax_state_on": _maybe(rng, 0.8, _day(rng, issued, 0, 150)),
        "currency": rng.choice(["CNY", "USD"], p=[0.8, 0.2]),
        "amount": amount,
        "issued_on": issued,
        "due_on": _day(rng, issued, 0, 120),
        "assigned_on": assigned,
        **_papers(rng, issued, assigned, amount),
        "known_on": _day(rng, issued, 0, 8) if rng.random() < 0.8 else _day(rng, issued, 0, 60),
    }


def _papers(rng: Rng, issued: date, assigned: date | None, amount: float) -> dict[str, Any]:
    flags = ("non_assignable", "has_contract", "has_tax_invoice", "has_logistics", "has_acceptance")
    return {
        "accepted_on": _maybe(rng, 0.7, _day(rng, issued, 0, 50)),
        "notified_on": _maybe(rng, 0.6, _day(rng, assigned or issued, 0, 45)),
        "confirmed_on": _maybe(rng, 0.6, _day(rng, issued, 0, 50)),
        "confirmed_amount": _maybe(rng, 0.8, round(amount * float(rng.choice([1, 0.9])), 2)),
        "registered_on": _maybe(rng, 0.7, _day(rng, assigned or issued, -3, 45)),
        "verified_on": _maybe(rng, 0.7, _day(rng, issued, 0, 50)),
        **{f: _maybe(rng, 0.8, bool(rng.random() < 0.7)) for f in flags},
    }


def _again(rng: Rng, bill: dict[str, Any], i: int) -> dict[str, Any]:
    """The same paper presented again, under another id."""
    known = _day(rng, bill["known_on"], 0, 50)
    return {**bill, "invoice_id": f"J{i:04d}", "client_id": rng.choice([bill["client_id"], "C1"]), "known_on": known}


def _advance(rng: Rng, bill: dict[str, Any]) -> dict[str, Any]:
    paid = _day(rng, bill["issued_on"], 0, 20)
    due = _day(rng, paid, 0, 90)
    return {
        "advance_id": f"A{bill['invoice_id']}",
        "invoice_id": bill["invoice_id"],
        "advanced_on": paid,
        "amount": round(bill["amount"] * 0.8, 2),
        "due_on": due,
        "grace_until": _maybe(rng, 0.5, _day(rng, due, 0, 30)),
        "known_on": _day(rng, paid, 0, 40),
    }


def _repayment(rng: Rng, advance: dict[str, Any], k: int) -> dict[str, Any]:
    paid = _day(rng, advance["advanced_on"], 0, 120)
    return {
        "repayment_id": f"R{advance['advance_id']}{k}",
        "advance_id": advance["advance_id"],
        "paid_on": paid,
        "principal": round(advance["amount"] / 2, 2),
        "payer": _maybe(rng, 0.9, rng.choice(["debtor", "client", "guarantor", "insurer"])),
        "known_on": _day(rng, paid, 0, 5),
    }


def _payment(rng: Rng, bill: dict[str, Any]) -> dict[str, Any]:
    paid = _day(rng, bill["due_on"], -20, 80)
    amount = round(bill["amount"] * float(rng.choice([1, 1, 0.4])), 2)
    return {
        "payment_id": f"P{bill['invoice_id']}",
        "invoice_id": bill["invoice_id"],
        "paid_on": paid,
        "amount": amount,
        "known_on": _day(rng, paid, 0, 5),
    }


def _amendment(rng: Rng, i: int, bills: list[dict[str, Any]], advances: list[dict[str, Any]]) -> dict[str, Any]:
    of_invoice = rng.random() < 0.6
    target = bills[int(rng.integers(len(bills)))] if of_invoice else advances[int(rng.integers(len(advances)))]
    agreed = _day(rng, target["due_on"], -60, 20)
    return {
        "amendment_id": f"E{i}",
        "target": "invoice" if of_invoice else "advance",
        "target_id": target["invoice_id" if of_invoice else "advance_id"],
        "agreed_on": agreed,
        "old_due": target["due_on"],
        "new_due": _day(rng, target["due_on"], 0, 90),
        "known_on": _day(rng, agreed, 0, 9),
    }


def _hit(rng: Rng, i: int, bills: list[dict[str, Any]]) -> dict[str, Any]:
    bill = bills[int(rng.integers(len(bills)))]
    single = rng.random() < 0.7
    registered = _day(rng, bill["issued_on"], -20, 40)
    return {
        "hit_id": f"H{i}",
        "scope": "invoice" if single else "client",
        "invoice_id": bill["invoice_id"] if single else None,
        "client_id": bill["client_id"],
        "registered_on": registered,
        "expires_on": _maybe(rng, 0.7, _day(rng, registered, 0, 200)),
        "known_on": _day(rng, registered, 0, 60),
    }


def _versions(rng: Rng, key: str, n: int, cells: Any) -> list[dict[str, Any]]:
    """One to four versions of each of n, the first at the start, others valid or known first, or overtaken."""
    rows = []
    for i in range(n):
        days = sorted({START, *(_day(rng) for _ in range(int(rng.integers(0, 4))))})
        for j, day in enumerate(days):
            row = cells(rng, i, day)
            late = int(rng.choice([0, 0, 10, 100, 250, -20]))
            rows.append({**row, "valid_from": day, "known_on": day + timedelta(late if j else 0)})
    return [{key: r.pop(key), **r} for r in rows]


def _facility(rng: Rng, i: int, day: date) -> dict[str, Any]:
    return {
        "facility_id": f"F{i}",
        "client_id": f"C{i % 3}",
        "debtor_id": f"D{i}" if i > 2 else None,
        "currency": rng.choice(["CNY", "USD"], p=[0.9, 0.1]),
        "limit": _maybe(rng, 0.9, float(rng.integers(0, 9)) * 100_000),
        "debtor_limit": _maybe(rng, 0.6, float(rng.integers(0, 9)) * 50_000.5),
        "advance_rate": _maybe(rng, 0.9, float(rng.integers(60, 90)) / 100),
        "annual_rate": _maybe(rng, 0.9, float(rng.integers(400, 1200)) / 10_000),
        "fee_rate": _maybe(rng, 0.9, float(rng.integers(0, 60)) / 10_000),
        "margin_rate": _maybe(rng, 0.4, float(rng.integers(0, 9)) / 100),
        "insured_share": _maybe(rng, 0.4, float(rng.integers(0, 9)) / 10),
        **{f: _maybe(rng, 0.8, bool(rng.random() < 0.5)) for f in ("recourse", "disclosed", "reverse")},
        "closes_on": _maybe(rng, 0.5, _day(rng, day, -20, 300)),
    }


def _guarantee(rng: Rng, i: int, day: date) -> dict[str, Any]:
    return {
        "guarantee_id": f"G{i}",
        "valid_to": _maybe(rng, 0.5, _day(rng, day, 0, 200)),
        "guarantor_id": rng.choice(["C0", "C1", "D0", "Z9"]),
        "beneficiary_id": rng.choice(["C0", "C1", "D0"]),
        "kind": rng.choice(["guarantee", "collateral", "pledge"]),
        "currency": rng.choice(["CNY", "USD"], p=[0.9, 0.1]),
        "cap": _maybe(rng, 0.8, float(rng.integers(1, 90)) * 1000),
    }


def _party(rng: Rng, i: int, day: date) -> dict[str, Any]:
    """Three clients and five debtors, of which two are core enterprises that hang on none."""
    party = f"C{i}" if i < 3 else f"D{i - 3}"
    head = party in ("D0", "D1")
    return {
        "party_id": party,
        "roles": "client" if i < 3 else "debtor",
        "anchor_id": _maybe(rng, 0.3, party) if head else None if i == 2 else rng.choice(["D0", "D1"]),
        "tier": _maybe(rng, 0.7, int(rng.integers(1, 4))),
        "industry": rng.choice(["textiles", "steel"]),
    }
