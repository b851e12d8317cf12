from datetime import date

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.transitions import cohort_matrix, cohorts
from tests.models.transitions.rated import seen

YEARS = 731
"""The tests' day 0 is 2019-12-31; this one is 2021-12-31."""


def book(**more):
    return seen(a="0 A", b="0 A 100 B", c="0 B 400 D", d="0 A 380 NR", until=YEARS, **more)


def test_obligor_periods_are_counted_by_hand():
    counts = cohorts(book()).counts()
    assert counts.shape == (2, 3, 4)
    assert counts[0].tolist() == [[2, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert counts[1].tolist() == [[1, 0, 0, 1], [0, 1, 1, 0], [0, 0, 0, 0]]


def test_probabilities_are_counts_over_those_not_withdrawn():
    found = cohort_matrix(book(), interval="wilson")
    assert found.p.tolist() == [[0.75, 0.25, 0], [0, 2 / 3, 1 / 3], [0, 0, 1]]
    assert found.at_risk.tolist() == [4, 3, 0]
    assert found.withdrawn.tolist() == [1, 0, 0]
    assert (found.first, found.last) == (date(2019, 12, 31), date(2021, 12, 31))


@pytest.mark.parametrize("text", ["0 A 250 D", "0 A 250 D 300 B", "0 A 250 D 300 NR", "0 A 200 NR 250 D"])
def test_a_default_in_the_period_counts_whatever_the_rating_at_its_end(text):
    assert cohorts(seen(x=text, until=366)).counts()[0, 0].tolist() == [0, 0, 1, 0]


def test_a_default_of_the_first_day_is_no_cohort_and_one_of_the_last_day_is_in_it():
    found = cohorts(seen(x="-5 A 0 D", y="-5 A 366 D", until=366))
    assert found.counts()[-1].sum() == 1
    assert found.counts()[-1, 0, 2] == 1


def test_quarters_are_periods_too():
    found = cohorts(book(), months=3)
    assert len(found.dates) == 9
    assert found.counts().sum(axis=0)[0].tolist() == [13, 1, 0, 1]


def test_a_grade_nobody_was_in_has_no_probabilities_and_no_interval():
    for interval in ("bootstrap", "jeffreys", "wilson"):
        found = cohort_matrix(seen(x="0 A", y="0 A", until=366), interval=interval, replicates=100)
        assert np.isnan(found.p[1]).all()
        assert np.isnan(found.low[1]).all()
        assert found.p[2].tolist() == found.low[2].tolist() == found.high[2].tolist() == [0, 0, 1]


def test_closed_intervals_are_those_of_statsmodels():
    wilson = cohort_matrix(book(), interval="wilson", confidence=0.9)
    low, high = proportion_confint([3, 1], 4, alpha=0.1, method="wilson")
    assert np.allclose(wilson.low[0, :2], low)
    assert np.allclose(wilson.high[0, :2], high)
    jeffreys = cohort_matrix(book(), interval="jeffreys", confidence=0.9)
    low, high = proportion_confint([3, 1], 4, alpha=0.1, method="jeffreys")
    assert np.allclose(jeffreys.low[0, :2], low)
    assert np.allclose(jeffreys.high[0, :2], high)


def test_a_move_never_seen_has_an_upper_bound_by_the_number_of_obligors():
    many = {f"o{i}": "0 A" for i in range(20)}
    gone = {f"w{i}": "0 A 5 NR" for i in range(5)}
    found = cohort_matrix(seen(**many, **gone, x="0 B 5 D", until=YEARS), replicates=100)
    assert found.low[0, 2] == 0
    assert found.high[0, 2] == pytest.approx(proportion_confint(0, 20, method="jeffreys")[1])
    assert found.at_risk[0] == 40


def test_obligors_that_stay_for_years_widen_the_drawn_interval_and_not_the_closed_one():
    movers = {f"m{i}": "0 A 100 B 400 A 700 B 1100 A" for i in range(10)}
    stayers = {f"s{i}": "0 A" for i in range(10)}
    history = seen(**movers, **stayers, until=1461)
    drawn, closed = (cohort_matrix(history, interval=name, replicates=200) for name in ("bootstrap", "wilson"))
    assert (drawn.high - drawn.low)[0, 1] > 1.1 * (closed.high - closed.low)[0, 1]


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    history = seen(**{f"o{i}": "0 A" + f" {i * 20} B" * (i > 9) for i in range(30)}, until=YEARS)
    one, same, other = (cohort_matrix(history, replicates=100, seed=seed) for seed in (1, 1, 2))
    assert one.high.tobytes() == same.high.tobytes()
    assert one.high.tobytes() != other.high.tobytes()


def test_summary_and_frame_name_the_states():
    found = cohort_matrix(book(), interval="wilson")
    assert found.frame().loc["A", "B"] == 0.25
    table = found.summary()
    assert len(table) == 6
    assert table.iloc[1].tolist()[:6] == ["A", "B", 1.0, 4.0, 1.0, 0.25]
    assert found.card()["moves"] == 2


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (
            {"months": 60},
            DataRefused,
            "ratings: found none before 2016-12-31, expected some 60 months before 2021-12-31",
        ),
        ({"months": 0}, Misuse, "months: found 0"),
        ({"last": date(2030, 1, 1)}, Misuse, "last: found 2030-01-01, expected a day not after the end"),
        ({"interval": "magic"}, Misuse, "interval: found 'magic', expected one of bootstrap, jeffreys, wilson"),
        ({"confidence": 95}, Misuse, "confidence: found 95, expected a share"),
        ({"replicates": 3}, Misuse, "replicates: found 3, expected at least 100"),
    ],
)
def test_what_can_t_be_estimated_is_refused_in_one_line(given, error, words):
    with pytest.raises(error, match=words):
        cohort_matrix(book(), **given)
