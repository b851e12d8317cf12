"""The hazard's own Newton method gives what a general solver gives on the whole design."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from riskmodels.models.hazard_newton import fit_hazard
from riskmodels.models.payment_parts import parts_of
from riskmodels.models.person_period import periods

GRID = np.array((-30, -15, 0, 15, 30, 60), float)
PAST = np.concatenate([[False], GRID[:-1] >= 0]).astype(float)


def rows_of(terms, duration, paid):
    return periods(GRID, terms, parts_of(paid, duration))


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(3)
    z = rng.normal(size=(1500, 3))
    terms = rng.choice([30.0, 60.0], len(z))
    duration = np.maximum(1, terms + 6 * z[:, 0] + rng.normal(0, 15, len(z))).round()
    return z, rows_of(terms, duration, rng.random(len(z)) < 0.85)


@pytest.mark.parametrize("ridge", [0.3, 5.0])
def test_it_agrees_with_a_general_solver(sample, ridge):
    z, rows = sample
    fit = fit_hazard(z, PAST, rows, ridge)
    past_due = z[rows.invoice] * PAST[rows.interval, None]
    design = np.hstack([np.eye(len(GRID))[rows.interval], z[rows.invoice], past_due])
    peer = LogisticRegression(C=1 / ridge, solver="newton-cholesky", tol=1e-10, max_iter=200)
    peer.fit(design, rows.events, rows.exposed)
    ours = np.concatenate([fit.intervals, fit.before, fit.after])
    np.testing.assert_allclose(ours, peer.coef_[0], atol=1e-8)
    assert fit.intercept == pytest.approx(peer.intercept_[0], abs=1e-8)


def test_its_errors_are_those_of_the_penalised_information(sample):
    z, rows = sample
    fit = fit_hazard(z, PAST, rows, 1.0)
    past_due = z[rows.invoice] * PAST[rows.interval, None]
    design = np.hstack([np.eye(len(GRID))[rows.interval], z[rows.invoice], past_due])
    theta = np.concatenate([fit.intervals, fit.before, fit.after])
    chance = 1 / (1 + np.exp(-(fit.intercept + design @ theta)))
    curve = (rows.exposed * chance * (1 - chance))[:, None]
    information = design.T @ (design * curve) + np.eye(design.shape[1])
    expected = np.sqrt(np.diag(np.linalg.inv(information)))[len(GRID) :]
    np.testing.assert_allclose(fit.errors, expected, rtol=1e-8)


def test_separated_outcomes_stay_finite(sample):
    z, _rows = sample
    clear = rows_of(np.full(len(z), 30.0), np.where(z[:, 0] > 0, 60.0, 10.0), np.full(len(z), True))
    fit = fit_hazard(z, PAST, clear, 1.0)
    assert np.isfinite(np.concatenate([fit.before, fit.after, fit.errors])).all()


def test_copies_of_an_invoice_in_one_cluster_bring_no_certainty(sample):
    z, _rows = sample
    z, n = z[:400], 400
    rng = np.random.default_rng(1)
    facts = np.full(n, 30.0), np.maximum(1, 30 + rng.normal(0, 15, n)).round(), rng.random(n) < 0.9
    once = fit_hazard(z, PAST, rows_of(*facts), 1e-6, np.arange(n))
    four = rows_of(*(np.tile(f, 4) for f in facts))
    copied = fit_hazard(np.tile(z, (4, 1)), PAST, four, 1e-6, np.tile(np.arange(n), 4))
    trusting = fit_hazard(np.tile(z, (4, 1)), PAST, four, 1e-6)
    np.testing.assert_allclose(copied.errors, once.errors, rtol=1e-4)
    assert (trusting.errors < 0.6 * once.errors).all()


def test_the_bits_do_not_depend_on_how_many_threads_linear_algebra_may_use(sample):
    z, rows = np.random.default_rng(5).normal(size=(1500, 40)), sample[1]
    fits = []
    for threads in (1, 2):
        with threadpool_limits(threads, "blas"):
            fits.append(fit_hazard(z, PAST, rows, 1.0, cluster=np.arange(1500)))
    one, two = (np.concatenate([fit.before, fit.after, fit.errors]) for fit in fits)
    assert one.tobytes() == two.tobytes()
