"""The hybrid scorecard between what experts said and what outcomes say."""

import json
import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize
from scipy.special import expit

from riskmodels.core.errors import Misuse
from riskmodels.models.expert import Driver, ExpertScorecard, HybridScorecard, Standard, pd_intervals, portfolio_pd
from riskmodels.models.expert.example import DRIVERS, ORDER, drawn
from riskmodels.models.expert.prior import Data, Prior, constraint_rows, design_effect, kept, posterior_mode
from riskmodels.models.inputs import SampleError

ANCHORS = ((0.0, 0.03), (1.0, 0.15))
SAID = ExpertScorecard(DRIVERS, ORDER, ANCHORS)


@pytest.fixture(scope="module")
def card(book):
    return HybridScorecard(SAID).fit(book.frame, book.outcome)


def problem(seed, rows, p=3, weight=1.0):
    rng = np.random.default_rng(seed)
    units = rng.standard_normal((rows, p))
    y = (rng.random(rows) < expit(-2 + units @ rng.normal(0.4, 0.7, p))).astype(float)
    return Data(np.column_stack([np.ones(rows), units]), y, np.full(rows, weight))


PRIOR = Prior(np.array([-2.0, 0.6, 0.4, 0.2]), 0.1, True)
HELD, PAIRS = (True, True, True), ((0, 1), (1, 2))


def test_without_data_the_mode_is_the_expert_s_word():
    mode = posterior_mode(problem(0, 0), PRIOR, 50.0, constraint_rows(HELD, PAIRS))
    assert np.array_equal(mode.theta, PRIOR.mean)


def test_with_weightless_data_the_mode_is_the_expert_s_word():
    mode = posterior_mode(problem(0, 300, weight=1e-12), PRIOR, 50.0, constraint_rows(HELD, PAIRS))
    assert mode.theta == pytest.approx(PRIOR.mean, abs=1e-9)


@given(st.integers(0, 10_000), st.floats(10, 10_000))
@settings(deadline=None, max_examples=15)
def test_with_much_data_the_mode_is_the_plain_logit(seed, strength):
    data = problem(seed, 400, weight=1e9)
    plain = sm.GLM(data.y, data.design, family=sm.families.Binomial()).fit(tol=1e-13)
    mode = posterior_mode(data, PRIOR, strength, constraint_rows((False,) * 3, ()))
    assert mode.theta == pytest.approx(plain.params, abs=1e-5)


@given(st.integers(0, 10_000), st.sampled_from([10.0, 200.0]), st.integers(0, 200))
@settings(deadline=None, max_examples=40)
def test_signs_and_order_hold_to_the_last_bit(seed, strength, rows):
    mode = posterior_mode(problem(seed, rows), PRIOR, strength, constraint_rows(HELD, PAIRS))
    slopes = kept(mode.theta, HELD, PAIRS, [0, 1, 2])[1:]
    assert slopes[0] >= slopes[1] >= slopes[2] >= 0
    assert slopes == pytest.approx(mode.theta[1:], abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_mode_is_what_a_general_optimiser_finds_under_the_constraints(seed):
    data, rows = problem(seed, 150), constraint_rows(HELD, PAIRS)
    precision = PRIOR.precision(40.0)

    def loss(theta):
        eta, off = data.design @ theta, theta - PRIOR.mean
        return -(data.y @ eta - np.logaddexp(0, eta).sum()) + off @ precision @ off / 2

    options = {"gtol": 1e-10, "xtol": 1e-12, "maxiter": 5000}
    within = LinearConstraint(rows, 0, np.inf)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # its own updates stall at the optimum
        peer = minimize(loss, PRIOR.mean, method="trust-constr", constraints=within, options=options)
    mode = posterior_mode(data, PRIOR, 40.0, rows).theta
    assert loss(mode) <= peer.fun + 1e-6
    assert mode == pytest.approx(peer.x, abs=5e-3)


def test_the_constraints_bind_somewhere_in_those_trials():
    rows = constraint_rows(HELD, PAIRS)
    gaps = [(rows @ posterior_mode(problem(seed, 150), PRIOR, 40.0, rows).theta).min() for seed in range(4)]
    assert min(gaps) < 1e-9


def test_proportions_only_leave_the_length_to_the_data():
    prior = Prior(np.array([-2.0, 0.6, 0.4, 0.2]), 0.1, False)
    data = problem(1, 1000, weight=1e4)
    mode = posterior_mode(data, prior, 1e12, constraint_rows((False,) * 3, ()))
    index = data.design[:, 1:] @ prior.mean[1:]
    alone = sm.GLM(data.y, sm.add_constant(index), family=sm.families.Binomial()).fit()
    assert mode.theta[1:] / prior.mean[1:] == pytest.approx(np.full(3, alone.params[1]), rel=2e-3)


def test_the_strength_pulls_from_the_data_to_the_expert(book):
    cards = [HybridScorecard(SAID, strength).fit(book.frame, book.outcome) for strength in (10, 300, 1e5)]
    away = [np.linalg.norm(card.theta_[1:] - card.prior_.mean[1:]) for card in cards]
    assert away[0] > away[1] > away[2]
    assert away[2] < 0.01


def test_data_that_agree_with_the_expert_make_the_word_stronger_than_data_that_don_t(book):
    agreeing = HybridScorecard(ExpertScorecard(DRIVERS, ORDER)).fit(book.frame, book.outcome)
    units = pd.DataFrame({d.name: d.sign * d.form.units(book.frame[d.name]) for d in DRIVERS})
    wrong = (np.argsort(np.argsort(-units["years_known"].to_numpy())) < 40).astype(int)
    against = ExpertScorecard(tuple(Driver(d.name, None, d.form, 0.25) for d in DRIVERS), anchors=ANCHORS)
    opposed = HybridScorecard(against).fit(book.frame, wrong)
    assert opposed.strength_ < agreeing.strength_ / 3


def test_estimates_lie_in_their_intervals_and_keep_signs_and_order(card):
    table = card.summary()
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()
    slopes = card.theta_[1:]
    assert (np.diff(slopes) <= 0).all()
    assert slopes[-1] >= 0
    assert (np.diff(card.draws_[:, 1:], axis=1) <= 0).all()
    assert (card.draws_[:, -1] >= 0).all()


def test_the_portfolio_s_pd_is_the_observed_rate_with_an_interval_that_holds_it(card, book):
    reading = portfolio_pd(card, book.frame)
    assert reading.value == pytest.approx(0.04, rel=0.01)
    assert 0.015 < reading.low < 0.03 < 0.05 < reading.high < 0.075


def test_each_obligor_has_its_interval(card, book):
    table = pd_intervals(card, book.frame)
    assert table["pd"].to_numpy() == pytest.approx(card.predict_proba(book.frame)[:, 1])
    assert ((table["low"] <= table["pd"]) & (table["pd"] <= table["high"])).all()


def test_draws_are_those_of_the_exact_posterior_in_a_case_that_can_be_integrated():
    # Level and one slope, strength fixed: a fine grid gives the quantiles
    rng = np.random.default_rng(5)
    x = rng.standard_normal(300)
    y = (rng.random(300) < expit(-3.2 + 0.5 * x)).astype(int)
    said = ExpertScorecard((Driver("x", 1, Standard(0.0, 1.0), 1.0),), anchors=((0.0, 0.04), (1.0, 0.05)))
    card = HybridScorecard(said, strength=20, draws=6_000).fit(pd.DataFrame({"x": x}), y)
    levels, slopes = np.linspace(-6, -1.5, 120), np.linspace(0, 2.5, 121)
    a, b = np.meshgrid(levels, slopes, indexing="ij")
    eta = a[..., None] + b[..., None] * x
    off = np.stack([a - card.prior_.mean[0], b - card.prior_.mean[1]], axis=-1)
    log = eta @ y - np.logaddexp(0, eta).sum(-1)
    log = log - np.einsum("abi,ij,abj->ab", off, card.prior_.precision(20), off) / 2
    mass = np.exp(log - log.max())
    for values, share, draws in ((levels, mass.sum(1), card.draws_[:, 0]), (slopes, mass.sum(0), card.draws_[:, 1])):
        exact = np.interp([0.05, 0.5, 0.95], np.cumsum(share) / share.sum(), values)
        assert np.quantile(draws, [0.05, 0.5, 0.95]) == pytest.approx(exact, abs=0.06)


def test_rows_that_stand_there_three_times_count_once(card, book):
    thrice = pd.concat([book.frame] * 3, ignore_index=True)
    groups = np.tile(np.arange(300), 3)
    tripled = HybridScorecard(SAID).fit(thrice, np.tile(book.outcome, 3), groups=groups)
    assert tripled.design_effect_ == pytest.approx(3)
    assert tripled.theta_ == pytest.approx(card.theta_, rel=1e-6)
    width = [np.ptp(c.summary()[["low", "high"]].to_numpy(), axis=1) for c in (card, tripled)]
    assert width[1] == pytest.approx(width[0], rel=0.1)


def test_independent_rows_of_an_obligor_count_each():
    residual = np.array([1.0, -1.0, 1.0, -1.0, 0.5, -0.5])
    assert design_effect(residual, np.array([0, 0, 1, 1, 2, 2])) == 1
    assert design_effect(residual, np.array([0, 1, 0, 1, 0, 1])) == pytest.approx(12.5 / 4.5)


def test_the_same_seed_gives_the_same_bits(card, book):
    again = HybridScorecard(SAID).fit(book.frame, book.outcome)
    assert np.array_equal(again.draws_, card.draws_)
    assert np.array_equal(again.theta_, card.theta_)


def test_another_seed_moves_only_the_intervals_and_those_little(card, book):
    other = HybridScorecard(SAID, seed=1).fit(book.frame, book.outcome)
    assert np.array_equal(other.theta_, card.theta_)
    ends = [c.summary()[["low", "high"]].to_numpy() for c in (card, other)]
    assert np.abs(ends[0] - ends[1]).max() < 0.25
    assert not np.array_equal(ends[0], ends[1])


def test_separated_classes_have_finite_estimates_and_intervals(book):
    worst = (book.frame["late_share"].rank(ascending=False) <= 12).astype(int)
    card = HybridScorecard(ExpertScorecard(DRIVERS, ORDER)).fit(book.frame, worst)
    table = card.summary()[["estimate", "low", "high"]].to_numpy()
    assert np.isfinite(table).all()
    assert np.abs(table).max() < 100


def test_nine_bads_in_all_give_wide_intervals(book):
    bads = np.flatnonzero(book.outcome)[:9]
    few = HybridScorecard(SAID).fit(book.frame, np.isin(np.arange(300), bads).astype(int))
    assert few.card()["bads"] == 9
    reading = portfolio_pd(few, book.frame)
    assert reading.high > 2 * reading.low


def test_an_empty_driver_keeps_what_the_expert_said_of_it(book):
    free = ExpertScorecard(tuple(Driver(d.name, d.sign, d.form, 0.25) for d in DRIVERS), anchors=ANCHORS)
    card = HybridScorecard(free).fit(book.frame.assign(leverage=np.nan), book.outcome)
    assert card.theta_[2] == pytest.approx(card.prior_.mean[2], rel=1e-6)


def test_a_card_comes_back_from_json(card, book):
    again = HybridScorecard.from_state(json.loads(json.dumps(card.to_state())))
    assert np.array_equal(again.predict_proba(book.frame), card.predict_proba(book.frame))
    pd.testing.assert_frame_equal(again.summary(), card.summary())
    assert again.card() == card.card()


def test_one_class_is_refused(book):
    with pytest.raises(SampleError, match="y: found 1 class among rows with weight, expected two"):
        HybridScorecard(SAID).fit(book.frame, np.zeros(300))


def test_negative_weights_are_refused(book):
    with pytest.raises(ValueError, match=r"[Nn]egative"):
        HybridScorecard(SAID).fit(book.frame, book.outcome, sample_weight=np.full(300, -1.0))


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"strength": 0}, "strength: found 0, expected equivalent obligors above 0, or None"),
        ({"confidence": 1}, "confidence: found 1, expected a share between 0 and 1"),
        ({"draws": 10}, "draws: found 10, expected 100 or more"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(book, parameters, words):
    with pytest.raises(Misuse, match=words):
        HybridScorecard(SAID, **parameters).fit(book.frame, book.outcome)


def test_the_example_has_twelve_defaults_and_its_truth_is_what_it_says(book):
    assert book.outcome.sum() == 12
    assert book.true_pd.mean() == pytest.approx(0.04)
    assert np.mean([drawn(seed).outcome.sum() for seed in range(100, 140)]) == pytest.approx(12, abs=2)
