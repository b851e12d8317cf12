"""A back-test of a stored book's cash forecasts: who makes each of them, and what it may know."""

from datetime import date

import pandas as pd
import pytest

import riskmodels as rm
from riskmodels.core.errors import Misuse
from riskmodels.models.cash.forecast import known_at, panel_of

END = "2026-06-30"


@pytest.fixture(scope="module")
def tested(demo):
    return rm.backtest_cash(demo, END, origins=6)


def test_forecasts_begin_where_there_is_a_model_and_the_last_is_over_by_the_date(tested):
    origins = [str(day.date()) for day in tested.frame["origin"].unique()]
    assert origins == ["2025-07-01", "2025-09-30", "2025-12-30", "2026-03-31"]
    assert tested.frame["ends_on"].max() == pd.Timestamp(END)
    assert tested.measures.set_index(["currency", "span"]).loc[("CNY", "horizon"), "n"] == len(origins)
    assert (tested.frame["actual"] >= tested.frame["bills_held"] - 1e-6).all()


def test_each_forecast_is_the_one_that_would_have_been_made_that_day(demo, tested):
    made = rm.forecast_cash(demo, "2025-12-30").table
    found = tested.frame[tested.frame["origin"] == "2025-12-30"].reset_index(drop=True)
    pd.testing.assert_frame_equal(found[list(made.columns)], made)


def test_a_panel_seen_from_a_day_knows_no_later_settlement(demo):
    whole = rm.open_book(demo)
    panel, day = panel_of(whole, date(2026, 6, 30)), date(2026, 3, 31)
    then = known_at(whole, panel, day)
    assert (then["settled_on"].dropna() <= pd.Timestamp(day)).all()
    assert panel["settled_on"].le(pd.Timestamp(day)).sum() > then["settled_on"].notna().sum()  # some were booked late
    pd.testing.assert_frame_equal(then, panel_of(whole, day)[then.columns], check_like=True)


def test_without_a_model_before_the_first_date_it_is_told_how_to_get_one(demo):
    with pytest.raises(Misuse, match="no overdue model of"):
        rm.backtest_cash(demo, "2025-06-30")
    with pytest.raises(Misuse, match="origins: found 0, expected 1 or more"):
        rm.backtest_cash(demo, END, origins=0)
