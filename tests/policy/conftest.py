"""A small book of parties of whom different things are known, for the tests of policy."""

from functools import cache

import duckdb
import pandas as pd
import pytest

from riskmodels.book.book import Book
from riskmodels.policy.admission import screened


def frames() -> dict[str, pd.DataFrame]:
    """Clients c1 to c3, debtors d1 to d3; c1 hangs on d1 (AAA), c2 on d2 (rated AA), c3 on nobody."""
    invoices = [("i1", "c1", "d1"), ("i2", "c2", "d2"), ("i3", "c3", "d3")]
    parties = [
        ("c1", "2024-01-01", "client", "2010-05-01", "d1", None),
        ("c2", "2024-01-01", "client", "2023-06-30", "d2", None),
        ("c3", "2024-01-01", "client", None, None, None),
        ("d1", "2024-01-01", "debtor", "1990-01-01", None, "AAA"),
        ("d2", "2024-01-01", "debtor", "1990-01-01", None, "AAA"),
        ("d2", "2024-06-01", "debtor", "1990-01-01", None, "AA"),
    ]
    events = [
        ("e1", "d1", "litigation", 5, "2024-03-01", "2024-03-05"),
        ("e2", "d2", "recall", 3, "2024-03-01", "2024-03-05"),
        ("e3", "c2", "bankruptcy", 5, "2024-08-01", "2024-09-15"),
        ("e4", "c1", "enforcement", 2, "2022-08-01", "2022-08-01"),
        ("e5", "d2", "safety", 4, "2024-07-01", "2024-07-03"),
    ]
    kyc = [
        ("c1", "identity", "2023-01-01", "2024-01-01", "failed"),
        ("c1", "identity", "2024-02-01", "2026-02-01", "passed"),
        ("c1", "licence", "2024-02-01", "2024-12-31", "passed"),
        ("c2", "identity", "2024-02-01", None, "incomplete"),
    ]
    accounts = [("c1", "2023-12-31", "2024-04-30", 100.0), ("c2", "2023-12-31", "2024-04-30", -5.0)]
    applications = [
        ("a1", "c1", "2024-09-01", None, None),
        ("a2", "c2", "2024-09-02", None, None),
        ("a3", "c3", "2024-09-03", None, None),
        ("a4", "c1", "2024-05-01", "2024-05-20", "approved"),
        ("a5", "c1", "2024-09-04", "2024-10-05", "declined"),
    ]
    tables = {
        "invoices": pd.DataFrame(invoices, columns=["invoice_id", "client_id", "debtor_id"]).assign(
            currency="CNY", amount=100.0, issued_on="2024-01-10", due_on="2024-04-10", known_on="2024-01-10"
        ),
        "parties": pd.DataFrame(
            parties, columns=["party_id", "valid_from", "roles", "founded_on", "anchor_id", "external_rating"]
        ).assign(known_on=lambda f: f["valid_from"]),
        "party_events": pd.DataFrame(
            events, columns=["event_id", "party_id", "kind", "severity", "occurred_on", "known_on"]
        ),
        "kyc": pd.DataFrame(kyc, columns=["party_id", "item", "checked_on", "expires_on", "result"]),
        "financials": pd.DataFrame(accounts, columns=["party_id", "period_end", "published_on", "equity"]).assign(
            currency="CNY"
        ),
        "applications": pd.DataFrame(
            applications, columns=["case_id", "client_id", "applied_on", "decided_on", "decision"]
        ).assign(currency="CNY"),
    }
    return {name: _dated(frame) for name, frame in tables.items()}


def book_of(tables: dict[str, pd.DataFrame]) -> Book:
    """The tables as a book."""

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        for name, frame in tables.items():
            con.register(f"given_{name}", frame)
        return {name: f"given_{name}" for name in tables}

    return Book("small", attach)


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    days = [c for c in frame if c.endswith(("_on", "_end", "_from"))]
    return frame.assign(**{c: pd.to_datetime(frame[c]) for c in days})


@pytest.fixture
def tables():
    return frames()


@pytest.fixture(scope="session")
def small():
    return book_of(frames())


@pytest.fixture(scope="session")
def seen(small):
    """The small book screened at a day, once for all tests."""
    return cache(lambda day: screened(small, day))


@pytest.fixture(scope="session")
def book_from():
    return book_of
