"""Small random books for the tests of features: every table, late knowledge, reversals, ties and backdated rows."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book, in_memory

NOTE_REASONS = ["return", "discount", "price", "quality", "set-off", "error", None]
DISPUTE_REASONS = ["quality", "quantity", "price", "delivery", "other"]
RUNGS = ["reminder", "phone", "letter", "visit", "legal"]
OUTCOMES = ["promise", "refusal", "dispute", "no answer", "payment"]
START = np.datetime64("2024-01-01")


def book_of(frames: dict[str, pd.DataFrame], name: str = "test", **meta: str) -> Book:
    """A book of frames."""
    return Book(name, in_memory(frames), meta=dict(meta))


def random_frames(
    seed: int, n: int = 150, days: int = 700, currencies: tuple[str, ...] = ("CNY",)
) -> dict[str, pd.DataFrame]:
    """The tables of a random book: n invoices of few debtors and clients over some days."""
    rng = np.random.default_rng(seed)
    issued = START + rng.integers(0, days, n)
    invoices = pd.DataFrame(
        {
            "invoice_id": [f"I{i:04d}" for i in range(n)],
            "client_id": [f"C{c}" for c in rng.integers(0, 4, n)],
            "debtor_id": [f"D{d}" for d in rng.integers(0, 7, n)],
            "currency": rng.choice(currencies, n, p=_weights(len(currencies))),
            "amount": rng.integers(100, 10_000_000, n) / 100,
            "issued_on": issued,
            "due_on": issued + rng.choice([0, 30, 60, 90], n),
            "known_on": issued + rng.choice([0, 0, 0, 1, 5, 40], n),
        }
    )
    payments, notes, disputes = _payments(rng, invoices), _notes(rng, invoices), _disputes(rng, invoices)
    more = np.random.default_rng([seed, 1])
    frames = {
        "invoices": invoices,
        "payments": _with_means(more, payments),
        "credit_notes": notes.assign(reason=more.choice(NOTE_REASONS, len(notes))),
        "disputes": disputes.assign(reason=more.choice(DISPUTE_REASONS, len(disputes))),
        "write_offs": _write_offs(more, invoices),
        "actions": _actions(more, invoices),
        "parties": _parties(),
    }
    return {name: _dates(frame) for name, frame in frames.items()}


def month_ends(n: int = 20) -> list[date]:
    """Month ends from the first on which the random books know something."""
    return [d.date() for d in pd.date_range("2024-02-29", periods=n, freq="ME")]


def _weights(n: int) -> list[float]:
    return [1.0] if n == 1 else [0.7] + [0.3 / (n - 1)] * (n - 1)


def _payments(rng: np.random.Generator, invoices: pd.DataFrame) -> pd.DataFrame:
    """None, one, two or three parts for each invoice, some of them taken back."""
    parts = []
    for row in invoices.sample(frac=0.8, random_state=int(rng.integers(1000))).itertuples():
        k = int(rng.integers(1, 4))
        cents = round(row.amount * 100)
        for share in np.diff([0, *sorted(rng.integers(0, cents, k - 1)), cents]):
            parts.append((row.invoice_id, row.due_on + pd.Timedelta(days=int(rng.integers(-30, 120))), share / 100))
    frame = pd.DataFrame(parts, columns=["invoice_id", "paid_on", "amount"])
    frame = frame[frame["amount"] > 0]
    frame["reverses"] = None
    frame.insert(0, "payment_id", [f"P{i:04d}" for i in range(len(frame))])
    back = frame.sample(frac=0.15, random_state=1)
    back = back.assign(
        reverses=back["payment_id"],
        payment_id="R" + back["payment_id"],
        amount=-back["amount"],
        paid_on=back["paid_on"] + pd.to_timedelta(rng.integers(0, 60, len(back)), unit="D"),
    )
    again = back.sample(frac=0.5, random_state=2).assign(reverses=None)
    again = again.assign(
        payment_id="A" + again["payment_id"], amount=-again["amount"], paid_on=again["paid_on"] + pd.Timedelta(days=9)
    )
    frame = pd.concat([frame, back, again], ignore_index=True)
    frame["payer"] = rng.choice(["debtor", "client", "guarantor", None], len(frame), p=[0.7, 0.1, 0.1, 0.1])
    frame["known_on"] = frame["paid_on"] + pd.to_timedelta(rng.choice([0, 0, 2, 20], len(frame)), unit="D")
    return frame


def _notes(rng: np.random.Generator, invoices: pd.DataFrame) -> pd.DataFrame:
    some = invoices.sample(frac=0.2, random_state=3)
    issued = some["issued_on"] + pd.to_timedelta(rng.integers(0, 90, len(some)), unit="D")
    return pd.DataFrame(
        {
            "note_id": "N" + some["invoice_id"],
            "invoice_id": some["invoice_id"],
            "issued_on": issued,
            "amount": (some["amount"] * 10).round() / 100,
            "known_on": issued + pd.to_timedelta(rng.choice([0, 3], len(some)), unit="D"),
        }
    )


def _disputes(rng: np.random.Generator, invoices: pd.DataFrame) -> pd.DataFrame:
    some = invoices.sample(frac=0.3, random_state=4)
    opened = some["issued_on"] + pd.to_timedelta(rng.integers(0, 60, len(some)), unit="D")
    closed = (opened + pd.to_timedelta(rng.integers(0, 200, len(some)), unit="D")).where(rng.random(len(some)) < 0.7)
    outcome = pd.Series(rng.choice(["debtor", "client", "shared"], len(some)), some.index).where(closed.notna())
    return pd.DataFrame(
        {
            "dispute_id": "X" + some["invoice_id"],
            "invoice_id": some["invoice_id"],
            "opened_on": opened,
            "closed_on": closed,
            "outcome": outcome,
            "known_on": opened + pd.to_timedelta(rng.choice([0, 4], len(some)), unit="D"),
        }
    )


def _with_means(rng: np.random.Generator, payments: pd.DataFrame) -> pd.DataFrame:
    """The payments with the account and the instrument, some of them bills that are paid later."""
    n = len(payments)
    bill = rng.random(n) < 0.3
    matures = payments["paid_on"] + pd.to_timedelta(rng.integers(0, 180, n), unit="D")
    return payments.assign(
        received_account=rng.choice(["factor", "supervised", "client", None], n),
        instrument=np.where(bill, rng.choice(["bank acceptance", "commercial acceptance"], n), "cash"),
        matures_on=matures.where(bill & (rng.random(n) < 0.9)),
    )


def _write_offs(rng: np.random.Generator, invoices: pd.DataFrame) -> pd.DataFrame:
    """Parts of some invoices and the whole of others, paid or not."""
    some = invoices.sample(frac=0.15, random_state=5)
    day = some["due_on"] + pd.to_timedelta(rng.integers(100, 400, len(some)), unit="D")
    return pd.DataFrame(
        {
            "invoice_id": some["invoice_id"],
            "written_off_on": day,
            "amount": (some["amount"] * rng.choice([30, 100], len(some))).round() / 100,
            "known_on": day + pd.to_timedelta(rng.choice([0, 7], len(some)), unit="D"),
        }
    )


def _actions(rng: np.random.Generator, invoices: pd.DataFrame) -> pd.DataFrame:
    """Steps of the ladder around the due date, some with a promise, some never answered."""
    some = invoices.sample(n=len(invoices), replace=True, random_state=6).reset_index(drop=True)
    n = len(some)
    acted = some["due_on"] + pd.to_timedelta(rng.integers(-5, 150, n), unit="D")
    answered = (acted + pd.to_timedelta(rng.integers(0, 12, n), unit="D")).where(rng.random(n) < 0.8)
    outcome = pd.Series(rng.choice(OUTCOMES, n, p=[0.5, 0.2, 0.1, 0.1, 0.1])).where(answered.notna())
    promised = acted + pd.to_timedelta(rng.integers(0, 60, n), unit="D")
    return pd.DataFrame(
        {
            "action_id": [f"K{i:04d}" for i in range(n)],
            "invoice_id": some["invoice_id"],
            "acted_on": acted,
            "rung": rng.choice([*RUNGS, None], n),
            "cost": rng.integers(0, 5000, n) / 100,
            "outcome_on": answered,
            "outcome": outcome,
            "promised_on": promised.where((outcome == "promise") & (rng.random(n) < 0.95)),
            "known_on": acted + pd.to_timedelta(rng.choice([0, 0, 10], n), unit="D"),
        }
    )


def _parties() -> pd.DataFrame:
    """Parties without invoices, and versions that hang on one core enterprise, then another, or on none.

    D1 heads a chain, A1 only lends its name; the version of C2 from May is overtaken before it is known.
    """
    rows = [
        ("C0", "2024-02-10", "client", None, "2024-02-10"),
        ("C9", "2024-02-10", "client", None, "2024-02-10"),
        ("D0", "2024-02-10", "both", None, "2024-02-10"),
        ("D9", "2024-02-10", "debtor", None, "2024-02-10"),
        ("C1", "2024-03-01", None, "D1", "2024-03-05"),
        ("C1", "2025-01-01", None, "A1", "2024-12-01"),
        ("C2", "2024-05-01", None, "D1", "2024-09-01"),
        ("C2", "2024-06-01", None, "A1", "2024-06-20"),
        ("D3", "2024-01-01", None, "A1", "2024-04-01"),
        ("D3", "2025-03-01", None, None, "2025-03-10"),
        ("D4", "2024-07-01", None, "D1", "2024-07-01"),
    ]
    frame = pd.DataFrame(rows, columns=["party_id", "valid_from", "roles", "anchor_id", "known_on"])
    return frame.assign(valid_from=pd.to_datetime(frame["valid_from"]), known_on=pd.to_datetime(frame["known_on"]))


def _dates(frame: pd.DataFrame) -> pd.DataFrame:
    """Date columns as DuckDB reads them best."""
    return frame.assign(**{c: frame[c].astype("datetime64[us]") for c in frame if str(c).endswith(("_on", "_from"))})
