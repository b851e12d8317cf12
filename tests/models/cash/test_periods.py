"""The periods of a horizon end on the days asked for, and cash comes in on business days."""

import math
from datetime import date

import pytest

from riskmodels.core.errors import Misuse
from riskmodels.models.cash.coverage import kupiec
from riskmodels.models.cash.periods import horizon, origins_of

AS_OF = date(2026, 6, 30)  # a Tuesday


def test_weeks_and_months_follow_one_another_without_a_gap():
    weeks, months = horizon("13w", AS_OF), horizon("6m", AS_OF)
    assert (weeks.unit, len(weeks.ends), weeks.days) == ("week", 13, 91)
    assert weeks.begins[:2] == (date(2026, 7, 1), date(2026, 7, 8))
    assert months.ends[:2] == (date(2026, 7, 31), date(2026, 8, 31))
    assert months.begins[1] == date(2026, 8, 1)


def test_a_weekend_brings_nothing_and_its_cash_comes_on_monday():
    days = horizon("7d", AS_OF).cash_days()  # Wednesday 1 July to Tuesday 7 July
    assert days.tolist() == [1, 2, 3, 3, 3, 6, 7]


def test_a_swapped_workday_counts_and_a_holiday_does_not():
    # 2025: National Day from 1 to 8 October, Sunday 28 September and Saturday 11 October are worked
    days = horizon("14d", date(2025, 9, 27)).cash_days()
    assert days.tolist() == [1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 12, 13, 14]


def test_what_is_learnt_from_is_the_horizon_but_four_weeks_at_least():
    assert [horizon(text, AS_OF).learnt_days for text in ("1d", "4w", "13w")] == [28, 28, 91]


@pytest.mark.parametrize("text", ["5d", "13w", "1m", "6m"])
def test_origins_lie_a_horizon_apart_and_the_last_is_over_by_the_date(text):
    day = date(2026, 8, 31)
    found = origins_of(text, day, 4)
    ends = [horizon(text, origin).ends[-1] for origin in found]
    assert ends[-1] <= day
    assert all(end <= origin for end, origin in zip(ends, found[1:]))


def test_before_the_first_business_day_nothing_comes():
    assert horizon("2d", date(2026, 7, 3)).cash_days().tolist() == [0, 0]


@pytest.mark.parametrize("text", ["", "13", "0w", "w13", "13x", "1.5m", "-3w", "900d", "25m"])
def test_other_horizons_are_refused_in_one_line(text):
    with pytest.raises(Misuse, match="--horizon: found"):
        horizon(text, AS_OF)


def test_kupiec_reproduces_the_published_example():
    # MathWorks, varbacktest: 57 failures of 1043 at 5 %
    found = kupiec(57, 1043, 0.05)
    assert found.statistic == pytest.approx(0.4614664, abs=5e-8)
    assert found.p_value == pytest.approx(0.4969394, abs=5e-8)


def test_kupiec_without_a_failure_and_with_nothing_else_is_finite():
    assert kupiec(0, 100, 0.05).statistic == pytest.approx(-200 * math.log(0.95), rel=1e-12)
    assert kupiec(10, 10, 0.05).p_value < 1e-6


def test_kupiec_refuses_what_is_no_count():
    with pytest.raises(Misuse, match="kupiec: found 5 of 3"):
        kupiec(5, 3, 0.05)
