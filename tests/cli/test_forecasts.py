"""The cash forecast as a desk asks for it, and the mistakes it can make."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

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


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("13y",), "--horizon: found '13y', expected days, weeks or months such as 30d, 13w or 6m"),
        (("6w", "--by", "colour"), "--by: found 'colour', expected one of client, debtor, currency"),
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
