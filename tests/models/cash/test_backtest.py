"""A back-test of a stored book: who makes each forecast, and what it may know."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.book.open import open_book
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.errors import Misuse
from riskmodels.models.cash.backtest import backtest_cash
from riskmodels.models.cash.forecast import forecast_cash, known_at, panel_of
from riskmodels.models.shelf import train

END = "2026-06-30"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("cash") / "demo.duckdb"
    write(synthesise(3000, 20, date(2026, 6, 30)), path)
    train("overdue", path, "2025-12-31")
    return path


@pytest.fixture(scope="module")
def tested(book):
    return backtest_cash(book, END, "4w", origins=8)


def test_forecasts_begin_where_there_is_a_model_and_the_last_is_over_by_the_date(tested):
    origins = tested.frame["origin"].unique()
    assert [str(day.date()) for day in origins][:2] == ["2026-01-13", "2026-02-10"]
    assert tested.frame["ends_on"].max() == pd.Timestamp(END)
    assert tested.measures.set_index(["currency", "span"]).loc[("CNY", "horizon"), "n"] == len(origins) == 6
    assert (tested.frame["actual"] >= tested.frame["bills_held"] - 1e-6).all()


def test_each_forecast_is_the_one_that_would_have_been_made_that_day(book, tested):
    made = forecast_cash(book, "2026-03-10", "4w").table
    found = tested.frame[tested.frame["origin"] == "2026-03-10"].reset_index(drop=True)
    pd.testing.assert_frame_equal(found[list(made.columns)], made)


def test_a_panel_seen_from_a_day_knows_no_later_settlement(book):
    whole = open_book(book)
    panel, day = panel_of(whole, date(2026, 6, 30)), date(2026, 3, 31)
    then = known_at(whole, panel, day)
    assert (then["settled_on"].dropna() <= pd.Timestamp(day)).all()
    booked_late = panel["settled_on"].le(pd.Timestamp(day)).sum() - then["settled_on"].notna().sum()
    assert booked_late > 0
    pd.testing.assert_frame_equal(then, panel_of(whole, day)[then.columns], check_like=True)


def test_without_a_model_before_the_first_date_it_is_told_how_to_get_one(book):
    with pytest.raises(Misuse, match="no overdue model of"):
        backtest_cash(book, "2025-12-31", "4w")
    with pytest.raises(Misuse, match="origins: found 0, expected 1 or more"):
        backtest_cash(book, END, origins=0)
