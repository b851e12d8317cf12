"""Books made from frames: each invoice with the days of its payments."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.book import Book


def book_of(**tables: pd.DataFrame) -> Book:
    """A book of the tables given; columns that end in _on become dates."""

    def attach(connection):
        for name, frame in tables.items():
            days = {c: pd.to_datetime(frame[c]) for c in frame if c.endswith("_on")}
            connection.register(f"source_{name}", frame.assign(**days))
        return {name: f"source_{name}" for name in tables}

    return Book("test", attach)


def ledger_of(rows: list[tuple], paid: list[tuple] = (), **others: pd.DataFrame) -> Book:
    """Invoices (id, debtor, amount, issued_on, due_on) and payments (invoice, paid_on, amount)."""
    invoices = pd.DataFrame(rows, columns=["invoice_id", "debtor_id", "amount", "issued_on", "due_on"])
    payments = pd.DataFrame(paid, columns=["invoice_id", "paid_on", "amount"])
    payments.insert(0, "payment_id", [f"p{i}" for i in range(len(payments))])
    tables = {"invoices": invoices.assign(client_id="c", currency="CNY"), **others}
    return book_of(**tables, **({"payments": payments} if len(payments) else {}))


def random_ledger(seed: int, invoices: int = 60, days: int = 500) -> tuple[list[tuple], list[tuple]]:
    """Invoices of six debtors in the days from 2024-01-01 with part payments, late ones and some never paid."""
    rng = np.random.default_rng(seed)
    start, rows, paid = pd.Timestamp("2024-01-01"), [], []
    for i in range(invoices):
        issued = start + pd.Timedelta(days=int(rng.integers(0, days)))
        due = issued + pd.Timedelta(days=int(rng.choice([10, 30, 60])))
        amount = float(rng.integers(1, 1000)) / 4
        rows.append((f"i{i}", f"d{rng.integers(6)}", amount, issued, due))
        left = amount
        while left > 0 and rng.random() < 0.75:
            part = left if rng.random() < 0.6 else round(left * 100 * rng.random()) / 100
            day = due + pd.Timedelta(days=int(rng.integers(-8, 260)))
            if part > 0 and day >= issued:
                paid.append((f"i{i}", day, part))
                left = round(left - part, 2)
    return rows, paid


@pytest.fixture(scope="session")
def make_ledger() -> Callable[..., Book]:
    """A way to make a book of invoices and payments."""
    return ledger_of


@pytest.fixture(scope="session")
def any_ledger() -> Callable[..., tuple[list[tuple], list[tuple]]]:
    """A way to make invoices and payments by chance."""
    return random_ledger
