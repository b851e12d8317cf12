"""A mapping proposed on the command line: TOML to save, and an exit code that says whether it is a mapping yet."""

from __future__ import annotations

import duckdb
import pytest

from riskmodels.book.open import open_book

RENAMED = "Invoice No,Seller,Customer,Cur,Amount,Invoice Date,Due Date\ni1,c1,d1,CNY,100.00,2025-01-05,2025-03-05\n"


@pytest.fixture
def csv(tmp_path):
    """A way to write a CSV file."""

    def write(text, name="export.csv"):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


def test_what_is_printed_loads_the_file_it_was_proposed_for(csv, tmp_path, cli):
    source, mapping, out = csv(RENAMED), tmp_path / "m.toml", tmp_path / "book.duckdb"
    proposed = cli("map", "suggest", source)
    assert (proposed.code, proposed.err) == (0, "")
    mapping.write_text(proposed.out)
    assert cli("load", source, "--map", mapping, "--out", out).code == 0
    assert len(open_book(out).frame("invoices")) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour,shape\nred,round\n", "found no table of a book: what is printed is no mapping yet"),
        (RENAMED.replace("Cur,", "").replace("CNY,", ""), "to be filled in before it is a mapping: invoices.currency"),
    ],
)
def test_a_proposal_that_is_no_mapping_yet_is_printed_and_refused(csv, cli, text, said):
    ended = cli("map", "suggest", csv(text))
    assert (ended.code, ended.err.count("\n")) == (30, 1)
    assert said in ended.err
    assert ended.out.startswith("# Proposed from the names of the columns")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "found an empty name of a source"),
        ("nowhere.csv", "no such file or folder"),
        ("spark:ledger", "spark:ledger: found an address, expected a .csv"),
        ("postgresql://ann:hunter2@h/ledger", "found a password in the address"),
    ],
)
def test_what_is_no_file_is_misuse_and_no_password_is_repeated(refused, source, said):
    assert "hunter2" not in refused("map", "suggest", source, code=2, said=said)


def test_a_machine_that_gives_out_is_one_line(refused, csv, monkeypatch):
    for error, said in [
        (MemoryError(), "not enough memory"),
        (duckdb.OutOfMemoryException("Out of Memory Error: could not allocate\nPossible solutions: ..."), "allocate"),
    ]:
        monkeypatch.setattr("riskmodels.book.suggest.suggest", lambda _, error=error: _raise(error))
        refused("map", "suggest", csv(RENAMED), code=40, said=said)


def _raise(error):
    raise error
