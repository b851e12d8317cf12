"""Small random books for the tests of features: every table, late knowledge, reversals, ties and backdated rows."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from riskmodels.book.book import Book

START = np.datetime64("2024-01-01")


def book_of(frames: dict[str, pd.DataFrame], name: str = "test", **meta: str) -> Book:
    """A book of frames."""

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        for table, frame in frames.items():
            con.register(f"given_{table}", frame)
        return {table: f"given_{table}" for table in frames}

    return Book(name, attach, meta=dict(meta))


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
    payments = _payments(rng, invoices)
    return {
        "invoices": _dates(invoices),
        "payments": _dates(payments),
        "credit_notes": _dates(_notes(rng, invoices)),
        "disputes": _dates(_disputes(rng, invoices)),
        "parties": _dates(_parties()),
    }


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


def _parties() -> pd.DataFrame:
    ids = ["C0", "C9", "D0", "D9"]
    return pd.DataFrame(
        {
            "party_id": ids,
            "valid_from": pd.Timestamp("2024-02-10"),
            "roles": ["client", "client", "both", "debtor"],
            "known_on": pd.Timestamp("2024-02-10"),
        }
    )


def _dates(frame: pd.DataFrame) -> pd.DataFrame:
    """Date columns as DuckDB reads them best."""
    return frame.assign(**{c: frame[c].astype("datetime64[us]") for c in frame if str(c).endswith(("_on", "_from"))})
