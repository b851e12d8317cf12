"""Parts of the data-quality checks that a whole book doesn't show: the statistic of shifts, the last plausible day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.quality import CHECKS, check_book, default_limits
from riskmodels.book.quality.horizon import last_plausible_day
from riskmodels.book.quality.shifts import unusual
from riskmodels.core.checks import Limits, Verdict
from tests.features.feature_books import book_of, random_frames

MONTHS, SEEDS = 48, 200
SEASON = np.log([1.0, 0.65, 1.05, 1.0, 1.0, 1.05, 0.95, 0.95, 1.05, 1.0, 1.1, 1.25])


def series(seed: int, rows: float = 400.0) -> np.ndarray:
    """Monthly numbers that grow by a fifth a year, with a season, noise of a tenth and chance."""
    rng = np.random.default_rng(seed)
    level = np.log(rows) + 0.2 / 12 * np.arange(MONTHS) + np.resize(SEASON, MONTHS) + rng.normal(0, 0.1, MONTHS)
    return rng.poisson(np.exp(level)).astype(float)


def shifted(values: np.ndarray) -> list[int]:
    _expected, side = unusual(values, 1 / np.sqrt(np.maximum(values, 1)), values)
    return np.flatnonzero(side).tolist()


def test_growth_season_and_chance_raise_no_alarm_in_two_hundred_series():
    alarms = [seed for seed in range(SEEDS) if shifted(series(seed))]
    assert len(alarms) <= 2


@pytest.mark.parametrize("factor", [3.0, 0.3])
def test_a_month_that_trebles_or_falls_to_a_third_is_seen(factor):
    missed = 0
    for seed in range(SEEDS):
        values = series(seed)
        values[30] = round(values[30] * factor)
        missed += 30 not in shifted(values)
    assert missed <= SEEDS * 0.05


def test_a_level_that_stays_higher_is_one_shift_at_its_first_month():
    values = series(3)
    values[30:] *= 4
    assert shifted(values)[0] == 30


def test_an_empty_month_is_a_gap_and_no_shift():
    values = series(3)
    values[30] = 0
    assert shifted(values) == []


def test_too_few_rows_say_nothing():
    expected, side = unusual(np.full(MONTHS, 10.0), np.full(MONTHS, 0.3), np.full(MONTHS, 10.0))
    assert np.isnan(expected).all()
    assert not side.any()


def test_one_mistyped_year_doesnt_move_the_last_day():
    frames = random_frames(1)
    last = book_of(frames).last_day
    frames["payments"] = frames["payments"].assign(known_on=frames["payments"]["known_on"].copy())
    frames["payments"].loc[frames["payments"].index[0], "known_on"] = pd.Timestamp("2062-01-01")
    book = book_of(frames)
    assert book.last_day == date(2062, 1, 1)
    assert last - timedelta(days=60) <= last_plausible_day(book) <= last
    assert last_plausible_day(book_of(frames, as_of="2026-06-30")) == date(2026, 6, 30)


def test_every_check_has_a_limit_and_every_limit_a_check():
    found = check_book(book_of(random_frames(2)))
    assert {c.name for c in found} == set(default_limits())
    assert len(found) == len(CHECKS)


def test_a_users_limit_stands_in_the_place_of_the_packages():
    name = "book.completeness.optional"
    told = {name: Limits.at_least(2.0, source="mine")}
    check = next(c for c in check_book(book_of(random_frames(2)), told) if c.name == name)
    assert check.verdict in (Verdict.BREACH, Verdict.NOT_RUN)
    assert check.limits is None or check.limits.source == "mine" or check.verdict is Verdict.NOT_RUN


def test_a_table_whose_days_are_all_empty_is_judged_without_a_crash():
    frames = random_frames(4)
    frames["disputes"] = frames["disputes"].assign(opened_on=pd.NaT, known_on=pd.NaT)
    found = {c.name: c for c in check_book(book_of(frames))}
    assert found["book.completeness.required"].verdict is Verdict.BREACH
