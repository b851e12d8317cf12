"""Firth's logit: what it is by definition, and what it does where the plain logit fails."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError
from riskmodels.models.scorecard.firth import firth, intercept_for


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(3)
    X = rng.standard_normal((300, 3)) * [1.0, 50.0, 0.01]
    y = (rng.random(300) < expit(-3.5 + X @ [0.8, 0.01, 30.0])).astype(int)
    return pd.DataFrame(X, columns=["a", "b", "c"]), y


def penalised(beta, design, y):
    eta = design @ beta
    p = expit(eta)
    size = np.linalg.slogdet(design.T @ ((p * (1 - p))[:, None] * design))[1]
    return float(y @ eta - np.logaddexp(0, eta).sum() + size / 2)


def brute(design, y, fixed=None):
    free = [j for j in range(design.shape[1]) if fixed is None or j != fixed[0]]
    start = np.zeros(len(free))

    def loss(b):
        beta = np.zeros(design.shape[1])
        beta[free] = b
        if fixed is not None:
            beta[fixed[0]] = fixed[1]
        return -penalised(beta, design, y)

    options = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 20_000, "maxfev": 20_000}
    found = minimize(loss, start, method="Nelder-Mead", options=options)
    return found.x, -found.fun


def test_the_estimates_maximise_the_penalised_likelihood(sample):
    X, y = sample
    scaled = X / [1.0, 50.0, 0.01]
    fit = firth(scaled, y)
    best, value = brute(np.column_stack([np.ones(len(y)), scaled]), y)
    assert fit.estimates == pytest.approx(best, abs=2e-5)
    assert fit.log_likelihood == pytest.approx(value, abs=1e-8)


def test_at_the_ends_of_its_interval_the_profile_has_fallen_by_half_the_chi_square(sample):
    X, y = sample
    X, y = X[["a"]], y
    fit = firth(X, y, confidence=0.9)
    design = np.column_stack([np.ones(len(y)), X])
    for end in (fit.low[1], fit.high[1]):
        assert fit.log_likelihood - brute(design, y, (1, end))[1] == pytest.approx(2.705543 / 2, abs=1e-5)


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4).filter(lambda c: c[0] + c[2] and c[1] + c[3]))
@settings(deadline=None, max_examples=30)
def test_a_table_of_two_by_two_gets_half_a_case_in_each_cell(counts):
    bad0, good0, bad1, good1 = counts
    if bad0 + good0 == 0 or bad1 + good1 == 0:
        return
    fit = firth([[0.0], [0.0], [1.0], [1.0]], [1, 0, 1, 0], weight=counts)
    level = np.log((bad0 + 0.5) / (good0 + 0.5))
    slope = np.log((bad1 + 0.5) / (good1 + 0.5)) - level
    assert fit.estimates == pytest.approx([level, slope], abs=1e-7)


def test_separated_classes_have_finite_estimates_and_intervals():
    x = np.arange(20.0)
    fit = firth(x[:, None], x > 14)
    for values in (fit.estimates, fit.low, fit.high, fit.p_values):
        assert np.isfinite(values).all()
    assert 0 < fit.low[1] < fit.estimates[1] < fit.high[1] < 30
    assert fit.p_values[1] < 0.001


@pytest.mark.parametrize("seed", [37, 174, 198, 236, 247])
def test_few_rows_in_few_bins_have_a_fit_however_flat_their_likelihood(seed):
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(8, 60)), int(rng.integers(1, 4))
    X = rng.choice([-4.0, -1.0, 0.5, 6.0], size=(n, p))
    y = X @ rng.normal(size=p) + rng.normal(0, [0, 0.5, 3][seed % 3], n) > 0
    fit = firth(X, y)
    assert (fit.low < fit.estimates).all()
    assert (fit.estimates < fit.high).all()


def test_the_corrected_intercept_gives_the_observed_rate_and_the_plain_one_does_not(sample):
    X, y = sample
    fit = firth(X, y)
    assert fit.probabilities(X).mean() == pytest.approx(y.mean(), rel=1e-10)
    assert expit(fit.estimates[0] + X.to_numpy() @ fit.estimates[1:]).mean() > 1.02 * y.mean()


def test_weights_count_rows_as_often_as_they_say(sample):
    X, y = sample
    weight = np.arange(len(y)) % 3
    weighted, repeated = firth(X, y, weight), firth(X.loc[X.index.repeat(weight)], y.repeat(weight))
    for key in ("estimates", "covariance", "low", "high", "p_values", "level"):
        assert getattr(weighted, key) == pytest.approx(getattr(repeated, key), rel=1e-6, abs=1e-12), key
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-10)


def test_rows_of_one_obligor_don_t_count_as_many():
    X = pd.DataFrame(np.random.default_rng(8).standard_normal((1500, 2)))
    y = (np.random.default_rng(9).random(1500) < expit(-2 + X.sum(axis=1) / 2)).astype(int)
    once, thrice, obligor = firth(X, y), pd.concat([X] * 3), np.tile(np.arange(len(y)), 3)
    plain, robust = firth(thrice, np.tile(y, 3)), firth(thrice, np.tile(y, 3), groups=obligor)
    width = [fit.high - fit.low for fit in (once, plain, robust)]
    assert (width[1] < 0.65 * width[0]).all()
    assert width[2] == pytest.approx(width[0], rel=0.15)
    assert (robust.p_values > plain.p_values).all()


def test_clusters_never_narrow_an_interval(sample):
    X, y = sample
    plain, own = firth(X, y), firth(X, y, groups=np.arange(len(y)))
    assert (own.high >= plain.high - 1e-9).all()
    assert (own.low <= plain.low + 1e-9).all()


def test_the_unit_of_a_column_only_scales_its_estimate(sample):
    X, y = sample
    fit, other = firth(X, y), firth(X * [1, 1e6, 1], y)
    assert other.estimates * [1, 1, 1e6, 1] == pytest.approx(fit.estimates, rel=1e-8)
    assert other.p_values == pytest.approx(fit.p_values, rel=1e-6)


def test_with_much_data_it_is_the_plain_logit(sample):
    import statsmodels.api as sm

    X, y = sample
    X = X / [1, 50, 0.01]
    plain = sm.GLM(y, sm.add_constant(X), family=sm.families.Binomial()).fit(tol=1e-12)
    assert firth(X, y, weight=np.full(len(y), 1e6)).estimates == pytest.approx(np.asarray(plain.params), abs=1e-5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"y": np.zeros(300)}, r"y: found \[0.0\], expected two classes, 0 and 1"),
        ({"y": np.arange(300) % 3}, r"y: found \[0.0, 1.0, 2.0\], expected two classes"),
        ({"weight": np.full(300, -1.0)}, "weight: found negative or missing weights, expected 0 or more"),
        ({"X": [["a"]] * 300}, "X: found text, expected numbers"),
        ({"y": ["good", "bad"] * 150}, "y: found text, expected numbers"),
        ({"weight": np.ones(3)}, "weight: found 3 values, expected 300"),
        ({"groups": np.zeros(300)}, "groups: found 1 obligors, expected two or more"),
    ],
)
def test_a_sample_that_says_nothing_is_refused_in_one_line(sample, change, words):
    X, y = sample
    with pytest.raises(SampleError, match=words):
        firth(**{"X": X, "y": y, **change})


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (np.full(300, np.nan), "X: found 300 missing or infinite values"),
        (np.full(300, 7.0), r"X: found columns that others already tell: \['(d|intercept)'\]"),
        (None, r"already tell: \['(d|a)'\]"),
    ],
)
def test_a_column_that_can_t_be_estimated_is_named(sample, column, words):
    X, y = sample
    with pytest.raises(SampleError, match=words):
        firth(X.assign(d=2 * X["a"] if column is None else column), y)


def test_a_confidence_of_one_is_refused(sample):
    with pytest.raises(Misuse, match="confidence: found 1, expected a share between 0 and 1"):
        firth(*sample, confidence=1)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=20), st.floats(1e-6, 1 - 1e-6))
@settings(deadline=None)
def test_an_intercept_gives_any_rate(index, rate):
    a = intercept_for(np.array(index), rate)
    assert expit(a + np.array(index)).mean() == pytest.approx(rate, rel=1e-8)
