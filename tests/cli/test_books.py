"""A book that is no book is refused by every command that reads one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

COLUMNS = (
    "'i' invoice_id, 'c' client_id, 'd' debtor_id, 'CNY' currency, {amount} amount, {due} due_on, {issued} issued_on"
)
SOUND = COLUMNS.format(amount="5.0", issued="DATE '2025-01-05'", due="DATE '2025-03-05'")
READERS = {
    "check": ["check", "BOOK"],
    "features": ["features", "BOOK", "--key", "debtor", "--as-of", "2025-02-28", "--out", "OUT/out.parquet"],
    "train": ["train", "overdue", "BOOK", "--as-of", "2025-02-28"],
    "report": ["report", "run", "portfolio_review", "--book", "BOOK", "--as-of", "2025-02-28", "--reports", "OUT/runs"],
    "load": ["load", "BOOK", "--out", "OUT/copy.duckdb"],
}


def reading(verb: str, book: Path) -> list[str]:
    """The command that reads a book, its results beside it."""
    return [part.replace("BOOK", str(book)).replace("OUT", str(book.parent)) for part in READERS[verb]]


def made(place: Path, query: str) -> Path:
    with duckdb.connect(str(place)) as con:
        con.execute(query)
    return place


@pytest.mark.parametrize("verb", READERS)
def test_a_file_that_is_no_database_is_refused(tmp_path, refused, verb):
    book = tmp_path / "book.duckdb"
    book.write_bytes(b"not a database")
    refused(*reading(verb, book), code=30, said="book.duckdb: cannot be read", keep=tmp_path)


@pytest.mark.parametrize("verb", READERS)
def test_a_book_that_is_not_there_is_misuse(tmp_path, refused, verb):
    refused(*reading(verb, tmp_path / "gone.duckdb"), code=2, said="gone.duckdb: no such", keep=tmp_path)


@pytest.mark.parametrize("verb", [v for v in READERS if v != "load"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("CREATE TABLE a (b INT)", "no table invoices; found no table of a book"),
        ("CREATE TABLE invoices (invoice_id INT)", "invoices: missing columns client_id"),
        (f"CREATE TABLE invoices AS SELECT {SOUND} LIMIT 0", "invoices: found no rows, expected at least one"),
        (
            "CREATE TABLE invoices AS SELECT " + COLUMNS.format(amount="'lots'", issued="'2025-01-05'", due="NULL"),
            "invoices.amount: found 'lots', expected an amount",
        ),
        (
            "CREATE TABLE invoices AS SELECT " + COLUMNS.format(amount="5", issued="'2025-01-05'", due="'soon'"),
            "invoices.due_on: found 'soon', expected a date",
        ),
    ],
    ids=["no table", "no columns", "no rows", "text amounts", "text dates"],
)
def test_a_database_that_is_no_book_is_refused_before_anything_is_done(tmp_path, refused, verb, query, said):
    book = made(tmp_path / "book.duckdb", query)
    refused(*reading(verb, book), code=30, said=said, keep=tmp_path)


def test_a_book_another_process_writes_is_locked(tmp_path, refused):
    book = made(tmp_path / "book.duckdb", f"CREATE TABLE invoices AS SELECT {SOUND}")
    holds = f"import duckdb, sys; c = duckdb.connect({str(book)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", holds], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"held\n"
        for verb in ("check", "train", "load"):
            refused(*reading(verb, book), code=42, said="book.duckdb: another process is writing it")
        writer.communicate()


def test_a_check_says_what_it_found_and_its_code_is_the_worst_of_it(tmp_path, cli, single):
    assert cli("check", single).code == 0
    due = COLUMNS.format(amount="5.0", issued="DATE '2025-01-05'", due="DATE '2024-03-05'")
    ended = cli("check", made(tmp_path / "book.duckdb", f"CREATE TABLE invoices AS SELECT {due}"))
    assert (ended.code, ended.err) == (20, "")
    assert "breach" in ended.out.splitlines()[1]


def test_a_check_looks_at_the_whole_book_and_takes_no_date(refused, cli, demo):
    assert cli("check", demo, "--as-of", "2020-01-01").code == 2
    assert '"verdict"' in cli("check", demo, "--json").out


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("payment.quality=nan", "found nan, expected a number"),
        ("payment.quality=1e999", "found inf, expected a number"),
        ("payment.qualty=1", "expected one of payment.quality"),
        ("frauds.clients=1.5", "found 1.5, expected a number from 0 to 1"),
        ("payment.quality=1e6", "--set: no book can be drawn with payment.quality=1000000.0"),
        ("events.lead_shape=-1", "found -1.0, expected a number from 0.1 to 50"),
        ("process.slow_region=Moon", "--set: no book can be drawn with process.slow_region=Moon"),
    ],
)
def test_coefficients_with_which_there_is_no_world_are_misuse_and_write_nothing(refused, tmp_path, setting, said):
    out = tmp_path / "demo.duckdb"
    refused("demo", "--out", out, "--invoices", 200, "--set", setting, code=2, said=said, keep=tmp_path)
