"""Turnover: countback, identities, and books that can't tell."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused
from riskmodels.portfolio.turnover import annual_turnover, cei, countback, countback_dso, dso, turnover

CUT = date(2025, 6, 30)


def series(*values):
    return pd.Series(values, dtype=float)


@given(st.floats(1, 1e6), st.integers(1, 24))
def test_countback_of_even_sales_is_plain_dso(sales, months):
    found = countback_dso(sales * months / 2, [sales] * months, [30] * months)
    assert found.days == pytest.approx(15 * months)
    assert not found.lower_bound


def test_sales_that_run_out_leave_a_lower_bound():
    found = countback_dso(300, [100, 100], [30, 30])
    assert (found.days, found.lower_bound) == (60, True)


def test_a_month_without_sales_still_took_its_days():
    assert countback_dso(150, [100, 0, 100], [30, 30, 30]).days == 75


def test_nothing_outstanding_is_zero_days():
    assert countback_dso(0, [100], [30]).days == 0


def test_without_sales_there_is_no_dso():
    assert np.isnan(dso(series(100), series(0), 90).iloc[0])
    assert np.isnan(cei(series(0), series(0), series(0), series(0)).iloc[0])
    assert np.isnan(annual_turnover(series(0), series(0), series(0), 90).iloc[0])


def test_collecting_all_that_fell_due_is_a_hundred_per_cent():
    assert cei(series(100), series(50), series(30), series(30)).iloc[0] == 100


def test_delinquent_days_are_what_is_overdue(hand):
    # 90 days to 2025-06-30: sales noted 200 + new 500, receivables 1,110 of which 660 not due; 700 open at 2025-04-01.
    row = turnover(hand.as_of(CUT)).query("currency == 'CNY'").iloc[0]
    assert (row["sales"], row["receivables"], row["current"], row["beginning"]) == (700, 1110, 660, 700)
    assert row["days_delinquent"] == pytest.approx(450 / 700 * 90)
    assert row["cei"] == pytest.approx((700 + 700 - 1110) / (700 + 700 - 660) * 100)


def test_countback_reads_sales_from_the_book(hand):
    # newest 30 days 500, next 0, next 200, then 0, 0, 0 and 100 + 400 + 300 older: 410 of those 800 are still open.
    found = countback(hand.as_of(CUT))["CNY"]
    assert found.days == pytest.approx(150 + 30 * 410 / 800)


def test_without_payments_nothing_is_said_of_collection(open_list):
    with pytest.raises(DataRefused, match="no rows in table payments"):
        turnover(open_list.as_of(CUT))
