"""Where a book may be made, and that two loads of it never meet."""

import os
import sys
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock, Timeout

from riskmodels.book.load import load, place
from riskmodels.core.errors import DataRefused, Locked, Misuse, RunFailed


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="there is no /proc, a folder that takes no files")
def test_a_folder_that_takes_no_files_is_misuse_not_a_lock(ledger):
    with pytest.raises(Misuse, match="--out: /proc: no file can be made in this folder"):
        load(ledger(), Path("/proc/book.duckdb"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the lock file")
def test_the_lock_file_goes_while_the_lock_is_held(ledger, tmp_path, monkeypatch):
    seen, unlink = [], Path.unlink

    def watched(path, **options):
        if path.name == "book.duckdb.lock":
            with pytest.raises(Timeout):
                FileLock(path).acquire(timeout=0)
            seen.append(path)
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", watched)
    load(ledger(), tmp_path / "book.duckdb")
    assert len(seen) == 1
    assert not seen[0].exists()


def test_a_load_that_fails_lets_go_of_the_lock_and_sweeps(ledger, tmp_path, invoices):
    with pytest.raises(DataRefused):
        load(ledger(invoices.head(0), None), tmp_path / "book.duckdb")
    assert [p.name for p in tmp_path.iterdir()] == ["ledger"]
    load(ledger(), tmp_path / "book.duckdb")


def test_a_second_load_is_told_of_the_first(ledger, tmp_path):
    with place.scratch(tmp_path / "book.duckdb"), pytest.raises(Locked, match="another load is writing it"):
        load(ledger(), tmp_path / "book.duckdb")


def test_a_book_that_cannot_be_made_is_one_line(ledger, tmp_path, monkeypatch):
    from riskmodels.book.load import run

    def full(*_):
        raise duckdb.IOException("IO Error: Could not write file: No space left on device\nmore")

    monkeypatch.setattr(run, "write_meta", full)
    with pytest.raises(RunFailed, match=r"book.duckdb: the book can't be made: .*No space left on device$"):
        load(ledger(), tmp_path / "book.duckdb")
    assert not (tmp_path / "book.duckdb").exists()


def test_a_key_that_comes_again_far_away_is_found(tmp_path):
    rows = (
        "SELECT 'i' || (i * 7919 % 300000) AS invoice_id, 'c' AS client_id, 'd' AS debtor_id, 'CNY' AS currency, "
        "5 AS amount, DATE '2024-01-02' AS issued_on, DATE '2024-02-02' AS due_on FROM range(300001) t(i)"
    )
    duckdb.execute(f"COPY ({rows}) TO '{tmp_path / 'invoices.csv'}'")
    with pytest.raises(DataRefused, match="row 300002: invoice_id: found 'i0 again, first in row 2'"):
        load(tmp_path / "invoices.csv", tmp_path / "book.duckdb")
