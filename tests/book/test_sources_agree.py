"""Equal data give an equal book, whatever kind of source they came from."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pandas as pd
import pytest

from riskmodels.book.book import Book
from riskmodels.book.load import load
from riskmodels.book.open import open_book
from tests.book import ledgers
from tests.servers import PASSWORD


@pytest.fixture(scope="module")
def ledger() -> Iterator[duckdb.DuckDBPyConnection]:
    with ledgers.typed() as con:
        yield con


@pytest.fixture(scope="module")
def reference(ledger, tmp_path_factory) -> Book:
    folder = tmp_path_factory.mktemp("reference")
    load(ledgers.as_duckdb(ledger, folder / "ledger.duckdb"), folder / "book.duckdb")
    return open_book(folder / "book.duckdb")


def test_the_reference_says_what_the_ledger_says(ledger, reference):
    for name in ledgers.TABLES:
        assert [(len(reference.frame(name)),)] == ledger.execute(f"SELECT count(*) FROM {name}").fetchall()
    paid = "SELECT sum(amount) FROM payments"
    assert reference.connection.execute(paid).fetchall() == ledger.execute(paid).fetchall()
    names = reference.sql("SELECT DISTINCT name FROM parties ORDER BY 1 NULLS FIRST")["name"].tolist()
    assert names[1:] == ["O'Neil; Söhne", '华东重工"甲", 有限公司']
    assert reference.frame("process_log")["started_at"].dt.microsecond.unique().tolist() == [125000]


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_folder_of_files_agrees(ledger, reference, tmp_path, kind):
    same(open_book(ledgers.as_files(ledger, tmp_path / "ledger", kind)), reference)


def test_a_workbook_agrees(ledger, reference, tmp_path):
    same(open_book(ledgers.as_workbook(ledger, tmp_path / "ledger.xlsx")), reference)


def test_postgres_agrees_loaded_and_opened(ledger, reference, postgres, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    address = ledgers.as_postgres(ledger, postgres, "账本")
    load(address, tmp_path / "book.duckdb")
    opened = open_book(address)
    same(open_book(tmp_path / "book.duckdb"), reference)
    same(opened, reference)
    assert (opened.name, opened.meta["source"]) == (
        "账本",
        f"postgresql://127.0.0.1:{postgres.port}/%E8%B4%A6%E6%9C%AC",
    )


def test_spark_agrees(ledger, reference, spark, tmp_path):
    opened = open_book(ledgers.as_spark(ledger, spark, tmp_path, "ledger"))
    same(opened, reference)
    assert (opened.name, opened.meta["source"]) == ("ledger", "spark:ledger")


def same(book: Book, reference: Book) -> None:
    """Cell by cell, and by the fingerprint that a report carries."""
    assert book.tables == reference.tables
    for name in ledgers.TABLES:
        pd.testing.assert_frame_equal(book.frame(name), reference.frame(name), check_exact=True)
    assert book.fingerprint == reference.fingerprint
