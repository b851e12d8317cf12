"""Cohorts: compared at equal age, only once they have reached it."""

from datetime import date

import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.portfolio.cohorts import by_age, cohorts

CUT = date(2025, 6, 30)


def test_a_cohort_counts_what_was_open_when_it_became_late(hand):
    # January, 800: part (400 open on 2025-04-01) and late (300 open on 2025-03-23) became more than 30 days late.
    triangle = by_age(cohorts(hand.as_of(CUT)), "CNY")
    january = triangle.loc["2025-01-31"].dropna()
    assert january.tolist() == pytest.approx([0, 0, 300 / 800, 700 / 800, 700 / 800, 700 / 800])


def test_only_ages_that_were_reached_are_shown(hand):
    table = cohorts(hand.as_of(CUT))
    reached = table.groupby(["currency", "cohort"])["age"].max()
    assert reached["CNY"].tolist() == [5, 1, 0]


def test_a_share_never_falls_with_age(hand):
    table = cohorts(hand.as_of(CUT), dpd=0)
    assert (table.groupby(["currency", "cohort"])["share"].diff().dropna() >= 0).all()


def test_what_happens_later_does_not_change_an_age_already_reached(hand):
    early, later = (cohorts(hand.as_of(day)) for day in (date(2025, 4, 30), date(2025, 7, 31)))
    keys = ["currency", "cohort", "age"]
    both = early.merge(later, on=keys, suffixes=("", "_later"))
    assert len(both) == len(early)
    assert both["bad"].tolist() == both["bad_later"].tolist()


def test_without_payments_nothing_was_ever_late(open_list):
    with pytest.raises(DataRefused, match="no rows in table payments"):
        cohorts(open_list.as_of(CUT))
