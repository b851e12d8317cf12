"""A book cut at a date shows what was known at its close, and nothing else."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.book.book import Book, in_memory
from riskmodels.book.load import load
from riskmodels.book.open import open_book
from riskmodels.core.errors import DataRefused


def book_of(**tables: pd.DataFrame) -> Book:
    return Book("test", in_memory(tables))


@pytest.fixture
def disputed(invoices) -> Book:
    disputes = pd.DataFrame(
        {
            "dispute_id": ["x"],
            "invoice_id": ["i1"],
            "opened_on": ["2025-02-01"],
            "closed_on": ["2025-05-01"],
            "outcome": ["debtor"],
        }
    )
    return book_of(invoices=invoices, disputes=disputes)


def test_rows_known_later_are_gone(ledger, tmp_path):
    load(ledger(), tmp_path / "b.duckdb")
    book = open_book(tmp_path / "b.duckdb")
    assert len(book.as_of(date(2025, 1, 20)).frame("invoices")) == 2
    assert len(book.as_of(date(2025, 1, 19)).frame("invoices")) == 1
    assert "payments" not in book.as_of(date(2025, 3, 9)).tables


def test_cells_revealed_later_are_blank(disputed):
    before = disputed.as_of(date(2025, 4, 30)).frame("disputes").iloc[0]
    after = disputed.as_of(date(2025, 5, 1)).frame("disputes").iloc[0]
    assert pd.isna(before["outcome"])
    assert pd.isna(before["closed_on"])
    assert after["outcome"] == "debtor"


def test_a_date_before_all_data_is_refused(disputed):
    with pytest.raises(DataRefused, match="as of 2024-12-31 is before all data; its first day is 2025-01-05"):
        disputed.as_of(date(2024, 12, 31))


def test_the_fingerprint_follows_content_and_not_order(invoices):
    same = book_of(invoices=invoices.iloc[::-1].reset_index(drop=True))
    other = book_of(invoices=invoices.assign(amount=["100.00", "250.50", "80.01"]))
    assert book_of(invoices=invoices).fingerprint == same.fingerprint != other.fingerprint


def test_needing_an_absent_column_says_so_in_one_line(disputed):
    with pytest.raises(DataRefused, match="test: no rows in table payments; it has invoices, disputes"):
        disputed.need("payments")
    with pytest.raises(DataRefused, match="test: invoices: no values in confirmed_on"):
        disputed.need("invoices", "confirmed_on")


def test_a_cut_keeps_the_currency_of_the_whole_book(invoices):
    mixed = invoices.assign(currency=["EUR", "CNY", "CNY"])
    assert book_of(invoices=mixed).as_of(date(2025, 1, 5)).currency == "CNY"


def test_a_book_cut_at_a_day_is_the_answer_for_that_day(disputed):
    seen = disputed.as_of(date(2025, 4, 30))
    assert seen.as_of(date(2025, 4, 30)) is seen
    assert seen.as_of(date(2025, 3, 31)) is not seen
