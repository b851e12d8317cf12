"""Small books made from frames, and one whose every figure can be checked by hand."""

from collections.abc import Callable

import pandas as pd
import pytest

from riskmodels.book.book import Book


def book_of(**tables: pd.DataFrame) -> Book:
    """A book of the tables given."""

    def attach(connection):
        for name, frame in tables.items():
            connection.register(f"source_{name}", frame)
        return {name: f"source_{name}" for name in tables}

    return Book("test", attach)


def table(columns: str, rows: list[tuple]) -> pd.DataFrame:
    """Rows under space-separated column names; columns that end in _on are dates."""
    names = columns.split()
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(**{c: pd.to_datetime(frame[c]) for c in names if c.endswith("_on")})


INVOICES = table(
    "invoice_id client_id debtor_id currency amount issued_on due_on",
    [
        ("paid", "c1", "d1", "CNY", 100, "2025-01-10", "2025-02-10"),
        ("part", "c1", "d1", "CNY", 400, "2025-01-15", "2025-03-01"),
        ("late", "c1", "d2", "CNY", 300, "2025-01-20", "2025-02-20"),
        ("noted", "c2", "d2", "CNY", 200, "2025-05-01", "2025-06-30"),
        ("new", "c2", "d3", "CNY", 500, "2025-06-20", "2025-08-20"),
        ("foreign", "c2", "d3", "USD", 900, "2025-06-01", "2025-06-29"),
        ("future", "c2", "d3", "CNY", 999, "2025-07-01", "2025-08-01"),
    ],
)
PAYMENTS = table(
    "payment_id invoice_id paid_on amount reverses",
    [
        ("p1", "paid", "2025-02-15", 100, None),
        ("p2", "part", "2025-04-15", 250, None),
        ("p3", "part", "2025-04-20", 50, None),
        ("p4", "part", "2025-04-25", -50, "p3"),
        ("p5", "late", "2025-07-02", 300, None),
    ],
)
NOTES = table("note_id invoice_id issued_on amount", [("n1", "noted", "2025-05-20", 40)])
DISPUTES = table(
    "dispute_id invoice_id opened_on closed_on",
    [("x1", "late", "2025-03-01", "2025-07-05"), ("x2", "part", "2025-03-01", "2025-04-01")],
)
PARTIES = table(
    "party_id valid_from name known_on",
    [("d1", "2024-01-01", "Old name", "2024-01-01"), ("d1", "2025-02-01", "New name", "2025-02-01")],
)


@pytest.fixture(scope="session")
def make_book() -> Callable[..., Book]:
    """A way to make a book of frames."""
    return book_of


@pytest.fixture(scope="session")
def hand() -> Book:
    """A book small enough to add up by hand; seen from 2025-06-30, five invoices are open."""
    return book_of(invoices=INVOICES, payments=PAYMENTS, credit_notes=NOTES, disputes=DISPUTES, parties=PARTIES)


@pytest.fixture(scope="session")
def open_list() -> Book:
    """A list of open items: invoices and nothing else."""
    return book_of(invoices=INVOICES)
