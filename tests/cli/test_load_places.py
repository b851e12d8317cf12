"""Where a load may write: never over its source, never in half, never into somebody else's load."""

from __future__ import annotations

import os

import pytest
from filelock import FileLock

BAD = "invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on\ni1,c1,d1,CNY,-5,2025-01-05,2025-03-05\n"
GOOD = "i2,c1,d1,CNY,5,2025-01-05,2025-03-05\n"


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("book.csv", "expected a name that ends in .duckdb"),
        ("", "expected a name that ends in .duckdb"),
        ("nowhere/book.duckdb", "--out: no such folder"),
        ("old.csv/book.duckdb", "--out: no such folder"),
        ("folder.duckdb", "found a folder, expected the name of a file"),
    ],
)
@pytest.mark.parametrize("verb", ["load", "demo"])
def test_a_book_goes_into_a_duckdb_file_of_a_folder_that_is_there(ledger, old, tmp_path, refused, verb, out, said):
    (tmp_path / "folder.duckdb").mkdir()
    place = tmp_path / out if out else ""
    source = [ledger()] if verb == "load" else []
    refused(verb, *source, "--out", place, code=2, said=said, keep=tmp_path)


def test_a_folder_that_may_not_be_written_to_is_one_line(ledger, old, refused, monkeypatch):
    source = ledger()
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    refused("load", source, "--out", old, code=2, said="this folder may not be written to", keep=old.parent)


@pytest.mark.parametrize(
    ("aside", "said"),
    [
        ("ledger/invoices.csv", "found a place in the source, expected one outside it"),
        ("ledger/new.csv", "found a place in the source, expected one outside it"),
        ("books/book.duckdb", "--set-aside: found"),
        ("nowhere/aside.csv", "--set-aside: no such folder"),
        ("folder.csv", "found a folder, expected the name of a file"),
    ],
)
def test_refused_rows_are_never_kept_over_the_source_or_a_book(ledger, old, tmp_path, refused, aside, said):
    source = ledger(BAD + GOOD)
    (tmp_path / "folder.csv").mkdir()
    refused("load", source, "--out", old, "--set-aside", tmp_path / aside, code=2, said=said, keep=tmp_path)


def test_a_load_that_keeps_no_row_says_why_and_leaves_what_was_set_aside_before(ledger, old, tmp_path, refused):
    aside = tmp_path / "aside.csv"
    aside.write_text("of last month")
    said = ("invoices row 2: amount", "expected amount above 0")
    refused("load", ledger(BAD), "--out", old, "--set-aside", aside, code=30, said=said, keep=tmp_path)


def test_rows_set_aside_replace_those_of_before_when_the_book_is_written(ledger, tmp_path, cli):
    aside = tmp_path / "aside.csv"
    aside.write_text("of last month")
    ended = cli("load", ledger(BAD + GOOD), "--out", tmp_path / "b.duckdb", "--set-aside", aside)
    assert (ended.code, ended.err) == (0, "")
    assert "amount above 0" in aside.read_text()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["aside.csv", "b.duckdb", "ledger"]


def test_a_book_loads_onto_itself(old, cli, files_of):
    ended = cli("load", old, "--out", old)
    assert (ended.code, ended.err) == (0, "")
    assert list(files_of(old.parent)) == ["book.duckdb"]


def test_a_book_that_is_being_written_is_locked(ledger, old, refused):
    source = ledger()
    with FileLock(f"{old}.lock"):
        refused("load", source, "--out", old, code=42, said="another load is writing it", keep=old.parent)


@pytest.mark.parametrize("day", ["", "2025-02-30", "20250105", "1800-01-01", "nan"])
def test_a_day_of_arrival_that_is_none_is_misuse_never_left_out(ledger, old, refused, day):
    refused("load", ledger(), "--out", old, "--known-on", day, code=2, said="--known-on: found", keep=old.parent)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (None, "no such file, and not one of those shipped"),
        (b"\xff\xfe", "found bytes that are not UTF-8"),
        (b"nonsense", "not TOML"),
        (b"[tables.invoice.columns]\nx = 'y'", "no such table (did you mean invoices?)"),
        (b"[tables.invoices.columns]\namount = {derive = '(select 1)'}", "expected one expression"),
    ],
)
def test_a_mistake_in_a_mapping_is_misuse(ledger, old, tmp_path, refused, mapping, said):
    place = tmp_path / "m.toml"
    if mapping is not None:
        place.write_bytes(mapping)
    refused("load", ledger(), "--out", old, "--map", place, code=2, said=said, keep=old.parent)


def test_a_mapping_for_another_source_names_the_column_it_misses(ledger, old, refused):
    said = "invoices.invoice_id: no column 'invoiceNumber'; found invoice_id"
    refused("load", ledger(), "--out", old, "--map", "ibm_late_payment", code=30, said=said, keep=old.parent)
