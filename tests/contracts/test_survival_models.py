"""What every engine of payment time keeps, whatever the invoices: found on samples that hypothesis makes up."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused
from riskmodels.models.payment_time import PaymentTime

GRID = (-30, -10, 0, 10, 30, 60)
ENGINES = ("logit", "lightgbm")
by_engine = pytest.mark.parametrize("engine", ENGINES)
some = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10_000)


def sample(seed, n=250):
    """Invoices with a number and a category, some missing, terms of 0 to 60 days, two in three settled."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {"late": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)), "sector": rng.choice(list("ab"), n)}
    )
    terms, paid = rng.choice([0, 15, 30, 60], n), rng.random(n) < 0.67
    duration = np.maximum(terms + rng.normal(8 * np.nan_to_num(X["late"]), 12, n), 0).round()
    return X, terms, duration, paid


def fitted(engine, seed, **parameters):
    X, terms, duration, paid = sample(seed)
    model = PaymentTime(engine=engine, grid=GRID, **parameters).fit(
        X, terms, duration, paid, groups=np.arange(len(X)) // 3
    )
    return model, X, np.minimum(terms, model.longest_terms_)


def answers(model, X, terms, age=None):
    told = {"terms": terms, "age": age}
    return [model.survival(X, **told).to_numpy(), model.late(X, **told), model.expected_days(X, **told)]


@by_engine
@some
@given(seed=seeds)
def test_a_curve_starts_at_most_at_one_and_never_rises(engine, seed):
    model, X, terms = fitted(engine, seed)
    curve = model.survival(X, terms).to_numpy()
    assert ((curve >= 0) & (curve <= 1)).all()
    assert (np.diff(curve, axis=1) <= 1e-12).all()


@by_engine
@some
@given(seed=seeds)
def test_every_answer_is_read_off_one_curve(engine, seed):
    model, X, terms = fitted(engine, seed)
    curve = model.survival(X, terms)
    for day in curve.columns[curve.columns >= 0]:
        assert model.late(X, terms, int(day)) == pytest.approx(curve[day].to_numpy(), abs=1e-12)
    mean = model.expected_days(X, terms)
    assert (mean >= 0).all()
    assert (mean <= terms + model.grid_[-1] + 1e-9).all()
    median = model.quantile_days(X, terms, 0.5)
    known = ~np.isnan(median)
    assert (curve.iloc[:, -1].to_numpy()[~known] > 0.5 - 1e-9).all()


@by_engine
@some
@given(seed=seeds)
def test_what_is_still_open_is_paid_later_and_late_no_less(engine, seed):
    model, X, terms = fitted(engine, seed)
    age = np.minimum(terms + 5.0, terms + model.grid_[-1] - 1)
    assert (model.expected_days(X, terms, age) >= age - 1e-9).all()
    assert (model.late(X, terms, age=age) >= model.late(X, terms) - 1e-12).all()
    assert model.late(X, terms, age=age) == pytest.approx(np.ones(len(X)), abs=1e-12)  # past due already


@by_engine
@some
@given(seed=seeds)
def test_an_answer_is_of_its_row_alone(engine, seed):
    model, X, terms = fitted(engine, seed)
    order = np.random.default_rng(seed).permutation(len(X))
    for whole, part in zip(answers(model, X, terms), answers(model, X.iloc[order[:20]], terms[order[:20]])):
        assert np.allclose(whole[order[:20]], part, rtol=0, atol=1e-12)


@by_engine
@some
@given(seed=seeds)
def test_the_same_sample_gives_the_same_bits_and_a_stored_model_the_same_answers(engine, seed):
    model, X, terms = fitted(engine, seed)
    again, _, _ = fitted(engine, seed)
    recalled = PaymentTime.from_state(json.loads(json.dumps(model.to_state())))
    for one, two, three in zip(*(answers(each, X, terms) for each in (model, again, recalled))):
        assert one.tobytes() == two.tobytes() == three.tobytes()


@by_engine
def test_parameters_are_kept_and_the_inputs_left_alone(engine):
    X, terms, duration, paid = sample(0)
    before = X.copy(), terms.copy(), duration.copy(), paid.copy()
    model = PaymentTime(engine=engine, grid=GRID)
    told = model.get_params()
    model.fit(X, terms, duration, paid)
    assert model.get_params() == told
    pd.testing.assert_frame_equal(X, before[0])
    assert all(np.array_equal(a, b) for a, b in zip((terms, duration, paid), before[1:]))


@by_engine
def test_an_unseen_category_and_a_missing_value_are_answered_and_other_columns_refused(engine):
    model, X, terms = fitted(engine, 1)
    strange = X.head(5).assign(sector="new", late=np.nan)
    assert np.isfinite(model.late(strange, terms[:5])).all()
    with pytest.raises((DataRefused, ValueError), match="sector"):
        model.late(X.drop(columns="sector"), terms)
