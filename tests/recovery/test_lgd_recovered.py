"""Losses and dilution simulated with known laws are estimated back."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import norm

from riskmodels.models.dilution import DilutionHistory, DilutionModel, maturation, shrunk, vintages
from riskmodels.models.lgd import FractionalLGD, TwoStageLGD
from riskmodels.models.lgd.downturn import downturn
from riskmodels.models.lgd.quasi import fit_quasi

TRUE = np.array([-0.4, 0.8, -0.5])


def shares(rng: np.random.Generator, obligors: int, each: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design, shares whose mean is logistic in it, and obligors whose losses hang together: a common uniform."""
    n = obligors * each
    obligor = np.arange(n) // each
    design = np.column_stack([rng.normal(size=obligors)[obligor], rng.normal(size=n)])
    mean = expit(TRUE[0] + design @ TRUE[1:])
    common = rng.normal(size=obligors)[obligor] * np.sqrt(0.6) + rng.normal(size=n) * np.sqrt(0.4)
    return design, (norm.cdf(common) < mean).astype(float) * 0.9 + 0.1 * mean, obligor


def test_intervals_clustered_by_obligor_cover_the_truth_and_naive_ones_do_not():
    rng, hits = np.random.default_rng(4), {"clustered": [], "by row": []}
    for _ in range(150):
        design, y, obligor = shares(rng, 80, 8)
        for name, groups in (("clustered", obligor), ("by row", None)):
            fit = fit_quasi(design, y, np.ones(len(y)), groups)
            z = (fit.estimates - TRUE) / np.sqrt(np.diag(fit.covariance))
            hits[name].append(np.abs(z[1]) < norm.ppf(0.975))
    # 150 draws of a coin of .95 stay within .90 and .99
    assert 0.90 <= np.mean(hits["clustered"]) <= 0.99
    assert np.mean(hits["by row"]) < 0.85


def test_the_coefficients_of_a_share_are_estimated_back():
    design, y, obligor = shares(np.random.default_rng(9), 2500, 8)
    fit = fit_quasi(design, y, np.ones(len(y)), obligor)
    error = np.sqrt(np.diag(fit.covariance))
    assert (error < 0.04).all()
    assert (np.abs(fit.estimates - TRUE) < 3 * error).all()


def test_both_ends_and_the_middle_of_a_bimodal_loss_are_estimated_back():
    rng, n = np.random.default_rng(2), 20_000
    x = rng.normal(size=n)
    none, whole, middle = expit(0.3 + 1.2 * x), expit(-1.0 - 0.7 * x), expit(-0.5 - 0.4 * x)
    between = rng.beta(4 * middle, 4 * (1 - middle)).clip(0.002, 0.998)
    y = np.where(rng.random(n) < none, 0.0, np.where(rng.random(n) < whole, 1.0, between))
    X = pd.DataFrame({"x": x})
    inner = np.abs(x) < 2  # the tails are drawn in
    parts = TwoStageLGD().fit(X, y).parts(X)
    for name, truth in (("no_loss", none), ("whole_loss", whole), ("between", middle)):
        assert np.abs(parts[name] - truth)[inner].max() < 0.03, name


def test_one_equation_bends_where_two_stages_do_not():
    """A driver that raises the chance of no loss and of a whole one alike moves the middle, and one logit misses it."""
    rng, n = np.random.default_rng(3), 8000
    x = rng.normal(size=n)
    none, whole = expit(-1 + 1.5 * x), expit(-1 + 2.0 * x)
    y = np.where(rng.random(n) < none, 0.0, np.where(rng.random(n) < whole, 1.0, 0.4))
    truth = (1 - none) * (whole + (1 - whole) * 0.4)
    X = pd.DataFrame({"x": x})
    error = {kind: np.abs(kind().fit(X, y).predict(X) - truth).mean() for kind in (FractionalLGD, TwoStageLGD)}
    assert error[TwoStageLGD] < 0.5 * error[FractionalLGD]


LAGS = np.array([0.15, 0.3, 0.25, 0.2, 0.1])
LAST, MONTHS = 2026 * 12 + 5, 30


def ledger(rng: np.random.Generator, rate: float) -> DilutionHistory:
    """A growing book whose months dilute at random around `rate`; credits come by LAGS."""
    vintage = np.arange(LAST - MONTHS + 1, LAST + 1)
    amount = 1e6 * 1.04 ** np.arange(MONTHS)
    names = ["client_id", "debtor_id", "vintage"]
    invoiced = pd.DataFrame({"vintage": vintage, "invoices": 200, "amount": amount, "squares": amount**2 / 200})
    credit = amount[:, None] * rng.gamma(16 * rate * 100 * LAGS, 1 / 1600, (MONTHS, len(LAGS)))
    rows = [(v, k, credit[i, k]) for i, v in enumerate(vintage) for k in range(len(LAGS)) if v + k <= LAST]
    credited = pd.DataFrame(rows, columns=["vintage", "lag", "amount"]).assign(squares=0.0)
    both = (frame.assign(client_id="C", debtor_id="D") for frame in (invoiced, credited))
    sold, noted = both
    return DilutionHistory(sold[[*names, "invoices", "amount", "squares"]], noted, LAST, 1e6)


def test_dilution_of_young_months_is_estimated_without_bias():
    rng = np.random.default_rng(0)
    tables = [vintages(h, maturation(h)) for h in (ledger(rng, 0.05) for _ in range(200))]
    found = {name: np.mean([t[name].tail(4) for t in tables], axis=0) for name in ("raw", "rate")}
    assert (found["raw"] < [0.048, 0.043, 0.03, 0.01]).all()
    assert found["rate"] == pytest.approx(0.05, abs=0.002)
    emerged = np.mean([maturation(ledger(rng, 0.05)).emerged[:5] for _ in range(100)], axis=0)
    assert emerged == pytest.approx(LAGS.cumsum(), abs=0.01)


def test_rates_of_pairs_are_nearer_to_the_truth_when_shrunk_and_their_intervals_hold():
    rng, inside, better = np.random.default_rng(8), [], []
    for _ in range(20):
        client = np.repeat(np.arange(40), 8)
        level = rng.beta(0.04 * 80, 0.96 * 80, 40)
        true = rng.beta(level[client] * 150, (1 - level[client]) * 150)
        trials = np.exp(rng.uniform(1, 6, client.size)).round()
        rate = rng.binomial(trials.astype(int), true) / trials
        found = shrunk(rate, trials, client)
        inside.append(((found["low"] <= true) & (true <= found["high"])).mean())
        better.append(((found["rate"] - true) ** 2).mean() / ((rate - true) ** 2).mean())
    assert np.mean(better) < 0.3
    assert 0.92 < np.mean(inside) < 0.975


def test_what_a_model_s_word_counts_for_is_estimated_back():
    rng, found = np.random.default_rng(6), []
    for _ in range(10):
        x = rng.normal(size=1500)
        mean = expit(-3 + 0.6 * x)
        true = rng.beta(90 * mean, 90 * (1 - mean))
        trials = rng.integers(20, 400, 1500)
        rate = rng.binomial(trials, true) / trials
        model = DilutionModel().fit(pd.DataFrame({"x": x}), rate, trials.astype(float), trials=trials)
        found.append(model.prior_size_)
    assert np.mean(found) == pytest.approx(90, rel=0.1)


def test_what_a_downturn_adds_is_estimated_back():
    """Sixteen quarters of forty losses; in four of them all lose .15 more: the add-on is three quarters of it."""
    rng, found = np.random.default_rng(5), []
    days = pd.period_range("2021Q1", periods=16, freq="Q").start_time.repeat(40).to_numpy()
    for _ in range(40):
        bad = np.isin(np.arange(16), rng.choice(16, 4, replace=False)).repeat(40)
        lgd = rng.beta(1, 3, bad.size) * 0.8 + 0.15 * bad
        found.append(downturn(lgd, days).add_on)
    assert np.mean(found) == pytest.approx(0.75 * 0.15, abs=0.005)
