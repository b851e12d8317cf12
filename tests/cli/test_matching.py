"""Receipts matched from the command line: a file a desk works through from the top, and what such files were worth."""

import re
import shutil

import duckdb
import pandas as pd
import pytest

DAY = "2026-03-31"


@pytest.fixture(scope="module")
def matched(cli, demo, tmp_path_factory):
    out = tmp_path_factory.mktemp("match") / "m.csv"
    ended = cli("match", demo, "--as-of", DAY, "--out", out)
    assert ended.code == 0, ended
    return ended, pd.read_csv(out)


def test_proposals_come_surest_first_and_are_counted_by_receipt(matched):
    ended, table = matched
    assert table["score"].is_monotonic_decreasing
    receipts, *counts = (int(n) for n in re.findall(r"(\d+) (?:receipts|to book|to look at|without)", ended.out))
    assert receipts == sum(counts) == table["receipt_id"].nunique()
    assert table["evidence"].notna().all()


def test_a_date_in_the_past_tells_how_many_were_right(matched):
    said = re.search(r"booked later, (\d+) links: those to book ([\d.]+)% right, ([\d.]+)% found", matched[0].out)
    assert said
    links, right, found = (float(part) for part in said.groups())
    assert links > 0
    assert 50 < right <= 100 >= found > 0


def test_what_nothing_was_booked_of_later_is_not_judged(cli, demo, tmp_path):
    book = tmp_path / "demo.duckdb"
    shutil.copy(demo, book)
    with duckdb.connect(str(book)) as con:
        con.execute(f"UPDATE payments SET receipt_id = NULL WHERE known_on > DATE '{DAY}'")
    ended = cli("match", book, "--as-of", DAY, "--out", tmp_path / "m.csv")
    assert ended.code == 0
    assert "booked later" not in ended.out


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("--as-of", "三月"), 2, "--as-of: found '三月', expected a date like 2026-06-30"),
        (("--as-of", "2001-01-31"), 30, "as of 2001-01-31 is before all data"),
    ],
)
def test_dates_that_are_none_or_too_early_are_refused_in_one_line(demo, tmp_path, refused, asked, code, said):
    refused("match", demo, *asked, "--out", tmp_path / "m.csv", code=code, said=said, keep=tmp_path)


def test_a_book_without_receipts_and_a_file_of_another_kind_are_refused(demo, single, tmp_path, refused):
    out = tmp_path / "m.csv"
    refused("match", single, "--as-of", DAY, "--out", out, code=30, said="no rows in table receipts", keep=tmp_path)
    other = ("--out", tmp_path / "m.xlsx")
    refused("match", demo, "--as-of", DAY, *other, code=2, said="expected a name that ends in .parquet", keep=tmp_path)
