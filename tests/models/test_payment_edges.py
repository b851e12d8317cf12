"""Odd invoices, each with a stated behaviour; and every answer for an invoice that is open at some age."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.payment_time import PaymentTime
from tests.models.payment_worlds import GRID, censored, ledger

X3 = pd.DataFrame({"x": [-1.0, 0.0, 1.0]})


@pytest.fixture(scope="module", params=["logit", "lightgbm"])
def model(request):
    X, duration = ledger(20_000, seed=1)
    seen, paid = censored(duration, seed=1)
    return PaymentTime(request.param, GRID).fit(X, np.full(len(X), 30), seen, paid)


@pytest.fixture(scope="module")
def still_open():
    """For each of three x, the days that planted invoices near it take."""
    X, duration = ledger(400_000, seed=8)
    return [duration[(X["x"] - x).abs() < 0.05] for x in X3["x"]]


@pytest.mark.parametrize("age", [0, 17, 30, 33, 45])
def test_every_answer_is_that_of_the_invoices_open_at_the_age(model, still_open, age):
    """Against the days of planted invoices that were still open then; an age of 33 lies inside an interval."""
    found = model.answers(X3, 30, age)
    ten, median = model.late(X3, 30, 10, age), model.quantile_days(X3, 30, 0.4, age)
    off, days_off = (0.04, 2.0) if model.engine == "logit" else (0.08, 4.0)
    for row, days in enumerate(still_open):
        left = days[days > age]
        shares = [(left > day).mean() for day in (30, 40, 60, 90)]
        told = [found["late"][row], ten[row], found["over_30"][row], found["over_60"][row]]
        assert told == pytest.approx(shares, abs=off)
        assert found["expected_days"][row] == pytest.approx(np.minimum(left, 90).mean(), abs=days_off)
        if np.isfinite(median[row]):
            assert (left <= median[row]).mean() == pytest.approx(0.4, abs=off)


def test_the_table_of_answers_says_what_each_answer_says(model):
    age = [5, 40, 61]
    found = model.answers(X3.set_axis(["a", "b", "c"]), [30, 30, 10], age)
    assert found.index.tolist() == ["a", "b", "c"]
    assert np.array_equal(found["late"], model.late(X3, [30, 30, 10], 0, age))
    assert np.array_equal(found["over_30"], model.late(X3, [30, 30, 10], 30, age))
    assert np.array_equal(found["expected_days"], model.expected_days(X3, [30, 30, 10], age))
    assert np.array_equal(found["median_days"], model.quantile_days(X3, [30, 30, 10], 0.5, age), equal_nan=True)
    assert found["over_90"].isna().all()


def test_an_age_of_none_is_that_of_an_invoice_just_issued(model):
    assert np.allclose(model.answers(X3, 30), model.answers(X3, 30, 0), equal_nan=True)
    assert np.allclose(model.incidence(X3, 30), model.incidence(X3, 30, 0))


def test_many_rows_are_answered_as_a_few_are(model, monkeypatch):
    X = pd.DataFrame({"x": np.linspace(-2, 2, 101)})
    whole = model.answers(X, np.arange(101) % 31, np.arange(101) % 60)
    monkeypatch.setattr("riskmodels.models.payment_time.SPAN", 10)
    assert model.answers(X, np.arange(101) % 31, np.arange(101) % 60).equals(whole)


@pytest.mark.parametrize("engine", ["logit", "lightgbm"])
def test_terms_of_0_and_of_500_days_are_fitted_and_asked(engine):
    rng = np.random.default_rng(2)
    terms = rng.choice([0, 30, 500], 3000)
    duration = np.maximum(0, terms + rng.normal(5, 8, 3000).round())
    X = pd.DataFrame({"terms": terms.astype(float)})
    model = PaymentTime(engine).fit(X, terms, duration, np.ones(3000))
    asked = pd.DataFrame({"terms": [0.0, 30.0, 500.0]})
    found = model.answers(asked, [0, 30, 500])
    assert np.isfinite(found[["late", "expected_days", "median_days"]]).all(axis=None)
    assert found["expected_days"].to_numpy() == pytest.approx(
        [duration[terms == t].mean() for t in (0, 30, 500)], abs=3
    )
    assert (model.survival(asked, [0, 30, 500]).iloc[0, :8] == 1).all()  # nothing ends before it is issued


def test_an_age_beyond_what_was_seen_is_refused(model):
    with pytest.raises(DataRefused, match="age: found 61 days past due, but nothing was seen beyond 60"):
        model.answers(X3, 30, 91)


def test_on_the_last_day_that_was_seen_an_invoice_is_open_and_nothing_more_is_known(model):
    found = model.answers(X3, 30, 90)
    assert (found[["late", "over_30", "over_60"]] == 1).all(axis=None)
    assert (found["expected_days"] == 90).all()


def test_an_invoice_without_a_due_date_is_refused(model):
    with pytest.raises(DataRefused, match="terms: found 1 missing, expected days from issue to due date"):
        model.late(X3, [30, np.nan, 30])
    with pytest.raises(DataRefused, match="terms_days: found 1 values that aren't zero or more days"):
        PaymentTime().fit(X3, [30, np.nan, 30], [5, 6, 7], [1, 1, 0])


def test_a_payment_before_issue_is_refused():
    with pytest.raises(DataRefused, match="duration_days: found 1 values that aren't zero or more days"):
        PaymentTime().fit(X3, [30, 30, 30], [-2, 6, 7], [1, 1, 0])


def test_all_paid_on_the_day_of_issue_leaves_nothing_to_learn():
    with pytest.raises(DataRefused, match="expected some intervals with and some without"):
        PaymentTime().fit(X3, [30, 30, 30], [0, 0, 0], [1, 1, 1])


def test_where_all_are_paid_the_curve_ends_where_the_last_was():
    X, duration = ledger(3_000, seed=4)
    paid = duration < 1e9
    model = PaymentTime("logit", GRID).fit(X[paid], np.full(paid.sum(), 30), duration[paid], paid[paid])
    last = model.survival(X[paid], 30)[60]
    assert last.mean() < 0.01


def test_where_none_is_paid_nothing_is_fitted():
    with pytest.raises(DataRefused, match="paid: found 0 payments"):
        PaymentTime().fit(X3, [30, 30, 30], [5, 6, 7], [0, 0, 0])


@pytest.mark.parametrize("engine", ["logit", "lightgbm"])
def test_a_debtor_never_seen_gets_an_answer_between_those_that_were(engine):
    rng = np.random.default_rng(6)
    X, duration = ledger(6_000, seed=6)
    X = X.where(rng.random(X.shape) > 0.2)  # some without history in training, too
    model = PaymentTime(engine, GRID).fit(X, np.full(len(X), 30), np.minimum(duration, 95), duration <= 95)
    never, best, worst = (model.late(pd.DataFrame({"x": [x]}), 30)[0] for x in (np.nan, -2.0, 2.0))
    assert best < never < worst


def test_an_invoice_given_twice_counts_twice_and_brings_no_certainty():
    X, duration = ledger(1_000, seed=7)
    seen, paid = censored(duration, seed=7)
    facts, debtor = (np.full(1_000, 30), seen, paid), np.arange(1_000)
    once = PaymentTime("logit", GRID, ridge=1e-6).fit(X, *facts, groups=debtor)
    twice = PaymentTime("logit", GRID, ridge=1e-6).fit(
        pd.concat([X, X]), *(np.tile(values, 2) for values in facts), groups=np.tile(debtor, 2)
    )
    assert np.allclose(twice.survival(X3, 30), once.survival(X3, 30), atol=1e-4)
    assert np.allclose(twice.summary()["standard error"], once.summary()["standard error"], rtol=1e-3)


@pytest.mark.parametrize("engine", ["logit", "lightgbm"])
def test_what_happens_after_the_as_of_changes_nothing(engine):
    """Two futures of the same book: what was known at the as-of is all that counts."""
    X, duration = ledger(2_000, seed=9)
    seen = np.random.default_rng(9).uniform(1, 90, 2_000)
    other = np.where(duration <= seen, duration, duration + 500)
    fits = [
        PaymentTime(engine, GRID).fit(X, np.full(2_000, 30), np.minimum(days, seen), days <= seen)
        for days in (duration, other)
    ]
    assert fits[0].survival(X, 30).equals(fits[1].survival(X, 30))
