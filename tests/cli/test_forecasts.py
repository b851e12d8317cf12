"""The cash forecast as a desk asks for it, and the mistakes it can make."""

from __future__ import annotations

import shutil
from datetime import date

import duckdb
import pandas as pd
import pytest

from riskmodels.book.open import open_book
from riskmodels.models.cash.claims import open_invoices

ASKED = ("--as-of", "2026-03-31", "--horizon")


def forecast(cli, book, out, *more):
    ended = cli("forecast", "cash", book, *ASKED, *(more or ("6w",)), "--out", out)
    assert ended.code == 0, ended
    return ended, pd.read_csv(out)


def test_a_forecast_has_a_row_per_week_and_one_for_the_horizon_and_says_what_it_expects(cli, demo, tmp_path):
    ended, table = forecast(cli, demo, tmp_path / "f.csv")
    yuan = table[table["currency"] == "CNY"]
    assert yuan["span"].tolist() == ["week"] * 6 + ["horizon"]
    assert yuan["expected"].iloc[:-1].sum() == pytest.approx(yuan["expected"].iloc[-1])
    assert yuan["begins_on"].iloc[0] == "2026-04-01"
    assert yuan["ends_on"].iloc[-1] == "2026-05-12"
    assert "expected CNY" in ended.out
    ordered = ["low_95", "low_80", "low_50", "high_50", "high_80", "high_95"]
    assert (table[ordered].diff(axis=1).iloc[:, 1:] >= 0).all().all()


def test_the_same_question_gives_the_same_file_and_keys_add_up_to_the_whole(cli, demo, tmp_path):
    _, whole = forecast(cli, demo, tmp_path / "a.csv")
    forecast(cli, demo, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    _, parts = forecast(cli, demo, tmp_path / "c.csv", "6w", "--by", "client")
    assert "client_id" in parts
    keys = ["currency", "span", "begins_on"]
    assert parts.groupby(keys)["expected"].sum().to_numpy() == pytest.approx(
        whole.groupby(keys)["expected"].sum().to_numpy()
    )


def test_single_days_can_be_asked_for(cli, demo, tmp_path):
    _, table = forecast(cli, demo, tmp_path / "f.csv", "3d")
    assert table[table["currency"] == "CNY"]["span"].tolist() == ["day"] * 3 + ["horizon"]


@pytest.fixture
def settled(demo, tmp_path):
    """The demo book and its model, every invoice that is open at the as-of date gone; one bill is held."""
    book = tmp_path / "demo.duckdb"
    shutil.copy(demo, book)
    shutil.copytree(demo.parent / "models", tmp_path / "models")
    gone = open_invoices(open_book(demo), date(2026, 3, 31))[["invoice_id"]]  # noqa: F841  (read by the query)
    with duckdb.connect(str(book)) as con:
        con.execute("DELETE FROM invoices WHERE invoice_id IN (SELECT invoice_id FROM gone)")
        con.execute("UPDATE payments SET matures_on = NULL")
        con.execute(
            "UPDATE payments SET matures_on = DATE '2026-04-15', instrument = 'bank acceptance', amount = 1234 WHERE "
            "payment_id = (SELECT min(payment_id) FROM payments SEMI JOIN invoices USING (invoice_id) WHERE amount > 0)"
        )
    return book


def test_a_book_with_nothing_open_still_has_its_bills(cli, settled, tmp_path):
    ended, table = forecast(cli, settled, tmp_path / "f.csv")
    assert table[["expected", "bills_held", "low_95", "high_95"]].iloc[2].tolist() == [1234.0] * 4
    assert table["expected"].sum() == 2 * 1234.0
    assert "and CNY 1,234" in ended.out.replace("\N{NO-BREAK SPACE}", " ")


def test_a_book_with_nothing_open_and_no_bill_is_refused_in_one_line(settled, tmp_path, refused):
    with duckdb.connect(str(settled)) as con:
        con.execute("UPDATE payments SET matures_on = NULL")
    said = "demo: found no open invoice at 2026-03-31 that the overdue model can tell of"
    refused("forecast", "cash", settled, *ASKED, "6w", "--out", tmp_path / "f.csv", code=30, said=said, keep=tmp_path)


def test_a_date_long_after_the_books_end_is_refused(demo, tmp_path, refused):
    asked = ("forecast", "cash", demo, "--as-of", "2029-06-30", "--out", tmp_path / "f.csv")
    refused(*asked, code=30, said="found nothing known from 2026-06-30 to 2029-06-30", keep=tmp_path)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("13y",), "--horizon: found '13y', expected days, weeks or months such as 30d, 13w or 6m"),
        (("13周",), "--horizon: found '13周', expected days, weeks or months such as 30d, 13w or 6m"),
        (("6w", "--by", "industry"), "--by: found 'industry', expected one of client, debtor, currency"),
        (("6w", "--by", "客户"), "--by: found '客户', expected one of client, debtor, currency"),
        (("6w", "--as-of", "三月底"), "--as-of: found '三月底', expected a date like 2026-06-30"),
    ],
)
def test_what_nobody_can_forecast_is_refused_in_one_line(demo, tmp_path, refused, more, said):
    refused("forecast", "cash", demo, *ASKED, *more, "--out", tmp_path / "f.csv", code=2, said=said, keep=tmp_path)


def test_a_book_without_a_model_is_told_how_to_get_one(demo, tmp_path, refused):
    alone = tmp_path / "alone.duckdb"
    shutil.copy(demo, alone)
    asked = ("forecast", "cash", alone, *ASKED, "6w", "--out", tmp_path / "f.csv")
    refused(*asked, code=2, said="no overdue model of", keep=tmp_path)


def test_a_date_before_all_data_and_a_file_of_another_kind_are_refused(demo, tmp_path, refused):
    asked = ("forecast", "cash", demo, "--as-of", "2001-01-31", "--out")
    refused(*asked, tmp_path / "f.csv", code=2, said="no overdue model of", keep=tmp_path)
    refused(*asked, tmp_path / "f.xlsx", code=2, said="expected a name that ends in .parquet or .csv", keep=tmp_path)
