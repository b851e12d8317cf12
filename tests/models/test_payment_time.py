import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.payment_time import PaymentTime
from tests.models.payment_worlds import GRID, censored, ledger, true_survival


@pytest.fixture(scope="module")
def planted():
    X, duration = ledger(20_000, seed=1)
    seen, paid = censored(duration, seed=1)
    return X, seen, paid


@pytest.fixture(scope="module", params=["logit", "lightgbm"])
def model(request, planted):
    X, seen, paid = planted
    return PaymentTime(engine=request.param, grid=GRID).fit(X, np.full(len(X), 30), seen, paid)


def test_planted_hazards_are_found_again_under_censoring(model):
    X = pd.DataFrame({"x": [-1.5, -0.5, 0.0, 0.5, 1.5]})
    found = model.survival(X, 30).to_numpy()
    assert np.abs(found - true_survival(X["x"].to_numpy())).max() < 0.05


def test_planted_effects_are_found_again_within_their_errors(planted):
    X, seen, paid = planted
    table = PaymentTime(grid=GRID).fit(X, np.full(len(X), 30), seen, paid).summary()
    drawn = X["x"].clip(*X["x"].quantile([0.01, 0.99]))
    assert table["estimate"].to_numpy() / drawn.std() == pytest.approx([-1.0, 0.5], abs=0.06)


def test_censoring_does_not_bias_where_dropping_open_invoices_does(model, planted):
    """Truth: the planted hazards. Naive: the same engine on paid invoices alone, and the plain share among them."""
    X, seen, paid = planted
    terms = np.full(len(X), 30)
    late = true_survival(X["x"].to_numpy())[:, GRID.index(0)].mean()
    _, duration = ledger(200_000, seed=9)
    days = np.minimum(duration, 90).mean()
    dropped = clone(model).fit(X[paid], terms[paid], seen[paid], paid[paid])
    assert abs(model.late(X, 30).mean() - late) < 0.01
    assert abs(model.expected_days(X, 30).mean() - days) < 0.7
    assert late - dropped.late(X, 30).mean() > 0.1
    assert late - (seen[paid] > 30).mean() > 0.1
    assert days - dropped.expected_days(X, 30).mean() > 5


def test_open_invoices_condition_on_their_age(model):
    X = pd.DataFrame({"x": [0.0, 1.0]})
    whole = model.survival(X, 30)
    open_at_due = model.survival(X, 30, age=30)
    assert (open_at_due[0] == 1).all()
    assert np.allclose(open_at_due[20], whole[20] / whole[0])
    assert (model.expected_days(X, 30, age=30) > np.maximum(30, model.expected_days(X, 30))).all()


@settings(max_examples=60, deadline=None)
@given(x=st.floats(-3, 3), terms=st.integers(0, 30), age=st.integers(0, 80), k=st.integers(-30, 60))
def test_probabilities_fall_with_time_and_stay_between_0_and_1(fitted, x, terms, age, k):
    X = pd.DataFrame({"x": [x]})
    age = min(age, terms + 60)
    curve = fitted.survival(X, terms, age=age).to_numpy()[0]
    assert (np.diff(curve) <= 1e-15).all()
    assert 0 <= curve.min() <= curve.max() <= 1
    late = fitted.late(X, terms, k, age=age)[0]
    assert late == 1 if k <= age - terms else 0 <= late <= 1


@pytest.fixture(scope="module")
def fitted(planted):
    X, seen, paid = planted
    return PaymentTime(grid=GRID).fit(X, np.full(len(X), 30), seen, paid)


def test_late_at_a_grid_day_is_the_curve_there_and_linear_between(fitted):
    X = pd.DataFrame({"x": [0.0, 1.0]})
    curve = fitted.survival(X, 30)
    assert np.allclose(fitted.late(X, 30, 10), curve[10])
    assert np.allclose(fitted.late(X, 30, 15), (curve[10] + curve[20]) / 2)


def test_the_quantile_is_the_day_the_curve_passes(fitted):
    X = pd.DataFrame({"x": [-1.0, 0.0, 1.0]})
    days = fitted.quantile_days(X, 30, 0.5)
    passed = [fitted.late(X.iloc[[i]], 30, day - 30)[0] for i, day in enumerate(days)]
    assert passed == pytest.approx([0.5] * 3)


def test_a_quantile_beyond_the_grid_is_not_guessed(fitted):
    assert np.isnan(fitted.quantile_days(pd.DataFrame({"x": [3.0]}), 30, 0.999)).all()


def test_the_mean_is_that_of_the_planted_days(fitted):
    X, duration = ledger(20_000, seed=5)
    assert fitted.expected_days(X, 30).mean() == pytest.approx(np.minimum(duration, 90).mean(), abs=0.5)


def test_days_beyond_the_grid_and_longer_terms_are_refused(fitted):
    X = pd.DataFrame({"x": [0.0]})
    with pytest.raises(DataRefused, match="nothing was seen beyond 60"):
        fitted.late(X, 30, 90)
    with pytest.raises(DataRefused, match="nothing was seen beyond 60"):
        fitted.survival(X, 30, age=91)
    with pytest.raises(DataRefused, match="expected 0 to 30, the longest"):
        fitted.survival(X, 45)


def test_the_grid_ends_where_nobody_was_seen_any_more():
    X = pd.DataFrame({"x": np.arange(40.0)})
    model = PaymentTime(grid=GRID).fit(X, np.full(40, 30), np.linspace(10, 48, 40), np.ones(40))
    assert model.grid_[-1] == 20


def test_two_fits_give_the_same_bits(model, planted):
    X, seen, paid = planted
    again = clone(model).fit(X, np.full(len(X), 30), seen, paid)
    assert again.survival(X, 30).equals(model.survival(X, 30))


def test_text_and_missing_covariates_are_taken(applicants):
    X, y = applicants
    duration = np.where(y == 1, 70.0, 25.0) + np.arange(len(y)) % 10
    for engine in ("logit", "lightgbm"):
        model = PaymentTime(engine=engine).fit(X, np.full(len(y), 30), duration, np.ones(len(y)))
        late = model.late(X.assign(sector="unseen"), 30)
        assert np.isfinite(late).all()
        assert model.late(X, 30)[y == 1].mean() > model.late(X, 30)[y == 0].mean()


@pytest.mark.parametrize(
    ("parameters", "changes", "error", "words"),
    [
        ({"engine": "magic"}, {}, Misuse, "engine: found 'magic', expected one of auto, logit, lightgbm"),
        ({"grid": (10, 0)}, {}, Misuse, "grid: found .*expected rising"),
        ({}, {"duration_days": [-1.0, 5.0]}, DataRefused, "duration_days: found 1 values that aren't zero or more"),
        ({}, {"paid": [0, 0]}, DataRefused, "paid: found 0 payments in"),
        ({}, {"duration_days": [1.0, 2.0]}, DataRefused, "expected some intervals with and some without"),
        ({}, {"terms_days": [30]}, DataRefused, "terms_days: found 1 values, expected 2"),
    ],
)
def test_what_can_t_be_fitted_is_refused_in_one_line(parameters, changes, error, words):
    given = {"terms_days": [30, 30], "duration_days": [20.0, 40.0], "paid": [1, 1], **changes}
    with pytest.raises(error, match=words):
        PaymentTime(**parameters).fit(pd.DataFrame({"x": [0.0, 1.0]}), **given)
