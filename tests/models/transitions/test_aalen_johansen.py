from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError
from riskmodels.models.transitions import States, aalen_johansen_matrix, duration_matrix, rating_histories
from riskmodels.models.transitions.aalen_johansen import variances
from tests.models.transitions.rated import STATES, day, seen, simulated

RATES = np.array([[-0.5, 0.4, 0.1], [0.3, -0.8, 0.5], [0, 0, 0]])
ONE = States(("A",))


@st.composite
def histories(draw):
    """Up to six obligors with up to five ratings each over 40 days, in A, B, default or without rating."""
    parties = {}
    for i in range(draw(st.integers(1, 6))):
        days = sorted(draw(st.sets(st.integers(0, 39), min_size=1, max_size=5)))
        marks = [draw(st.sampled_from("AB")), *(draw(st.sampled_from(["A", "B", "D", "NR"])) for _ in days[1:])]
        parties[f"o{i}"] = " ".join(f"{n} {mark}" for n, mark in zip(days, marks))
    return seen(**parties, until=40)


def whole(history, **given):
    """The matrix from the first day of observation on."""
    return aalen_johansen_matrix(history, **({"first": history.first} | given))


def brute(history, begin, end):
    """The product over every day, moves and those at risk counted obligor by obligor from the states of two closes."""
    p = np.eye(3)
    for now in range(begin + 1, end + 1):
        before, after = history.on(now - 1), history.on(now)
        step = np.eye(3)
        for i in range(2):
            there = before == i
            for j in (j for j in range(3) if j != i and there.any()):
                step[i, j] = ((after == j) & there).sum() / there.sum()
            step[i, i] = 1 - (step[i].sum() - step[i, i])
        p = p @ step
    return p


@settings(max_examples=60, deadline=None)
@given(history=histories())
def test_it_is_the_product_over_all_days_by_brute_force(history):
    begin, end = int(history.start.min()), int(history.start.min()) + (history.until - history.first).days
    found = whole(history).p
    known = ~np.isnan(found)
    assert known.any(axis=1).sum() >= 2
    assert np.allclose(found[known], brute(history, begin, end)[known], rtol=0, atol=1e-12)


def test_one_grade_and_default_is_kaplan_meier_with_greenwoods_variance():
    rng = np.random.default_rng(5)
    days, events = rng.integers(1, 400, 80), rng.random(80) < 0.6
    ends = {f"o{i}": f"0 A {n} {'D' if e else 'NR'}" for i, (n, e) in enumerate(zip(days, events))}
    history = seen(**ends, until=400, states=ONE)
    known = SurvfuncRight(days, events)
    zero = int(history.start.min())
    for n in (60, 200, 390):
        place = np.searchsorted(known.surv_times, n, side="right") - 1
        found = whole(history, last=day(n))
        assert found.p[0, 0] == pytest.approx(known.surv_prob[place], abs=1e-14)
        assert np.sqrt(variances(history, zero, zero + n)[0]) == pytest.approx(known.surv_prob_se[place], abs=1e-14)


def test_entry_in_the_middle_and_leaving_count_only_while_seen():
    found = whole(seen(a="0 A 50 D", b="0 A 20 NR", c="40 A", d="60 A 70 D", until=100))
    assert found.p[0, 0] == pytest.approx((1 - 1 / 2) * (1 - 1 / 2))


def test_it_agrees_with_durations_where_rates_are_constant():
    history = rating_histories(simulated(RATES, 2000, 3, 4, STATES, leaving=0.1), STATES)
    product = aalen_johansen_matrix(history, first=day(366), last=day(731))
    constant = duration_matrix(history, 1, interval="delta")
    assert np.abs(product.p - constant.p).max() < 0.04


def test_drawn_intervals_agree_with_greenwoods_where_obligors_are_alike():
    history = rating_histories(simulated(RATES, 200, 3, 6, STATES), STATES)
    window = {"first": day(366), "last": day(731)}
    closed = aalen_johansen_matrix(history, **window)
    drawn = aalen_johansen_matrix(history, **window, interval="bootstrap", replicates=300)
    widths = (drawn.high - drawn.low)[:2] / (closed.high - closed.low)[:2]
    assert np.abs(widths - 1).max() < 0.25


def test_a_grade_nobody_was_in_is_undefined():
    found = whole(seen(x="0 A 10 D", y="0 A", until=20))
    assert np.isnan(found.p[1]).all()
    assert found.p[0].tolist() == [0.5, 0, 0.5]


def test_a_move_on_the_first_day_is_over_by_its_close():
    found = whole(seen(x="0 A 10 B 15 D", y="0 A", until=20), first=day(10))
    assert found.counts.sum() == 1
    assert found.p[0].tolist() == [1, 0, 0]
    assert found.p[1].tolist() == [0, 0, 1]


def test_a_day_without_moves_stays():
    found = whole(seen(x="0 A", y="0 B", until=20))
    assert found.p.tolist() == np.eye(3).tolist()
    assert found.low[0, 0] < 1
    assert found.high[0, 2] > 0


def test_without_days_it_is_that_of_the_last_twelve_months():
    history = rating_histories(simulated(RATES, 50, 3, 4, STATES), STATES, date(2022, 12, 31))
    asked = aalen_johansen_matrix(history, date(2021, 12, 31), date(2022, 12, 31))
    assert np.array_equal(aalen_johansen_matrix(history).p, asked.p)
    assert aalen_johansen_matrix(history, last=date(2022, 6, 30)).first == date(2021, 6, 30)


def test_less_than_twelve_months_are_no_year():
    with pytest.raises(SampleError, match="found none before 2019-12-31, expected some 12 months before 2020-01-20"):
        aalen_johansen_matrix(seen(x="0 A 10 D", y="0 A", until=20))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"first": day(20)}, "first, last: found 2020-01-20, None, expected a window that ends by 2020-01-20"),
        ({"last": day(21)}, "expected a window that ends by 2020-01-20"),
        ({"interval": "delta"}, "interval: found 'delta', expected one of greenwood, bootstrap"),
    ],
)
def test_what_can_t_be_estimated_is_refused_in_one_line(given, words):
    with pytest.raises(Misuse, match=words):
        whole(seen(x="0 A 10 D", y="0 A", until=20), **given)
