"""The engine is chosen on invoices issued later, and expected signs hold."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.payment_choice import Cases, known_at, log_loss
from riskmodels.models.payment_parts import OPEN, parts_of
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.person_period import periods

GRID = (-20, -10, 0, 10, 20, 40, 60)


def ledger(n, seed, delay):
    """Invoices over two years whose days to pay are a given function of two covariates, seen at the end of them."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(rng.uniform(-1, 1, (n, 2)), columns=["a", "b"])
    issued = np.datetime64("2024-01-01") + np.arange(n) * 730 // n
    day = np.maximum(1, 32 + delay(X["a"], X["b"]) + rng.normal(0, 6, n)).round()
    age = (np.datetime64("2025-12-31") - issued).astype(float)
    return X, np.full(n, 30), np.minimum(day, age), day <= age, issued


def test_trees_are_taken_where_effects_cross_and_the_logit_where_they_don_t():
    *facts, issued = ledger(3_000, 1, lambda a, b: 40 * a * b)
    crossed = PaymentTime(grid=GRID).fit(*facts, issued=issued)
    *facts, issued = ledger(600, 2, lambda a, b: 6 * a)
    plain = PaymentTime(grid=GRID).fit(*facts, issued=issued)
    assert crossed.card()["engine"] == "lightgbm"
    assert plain.card()["engine"] == "logit"


def test_what_was_tried_is_told_by_the_card():
    *facts, issued = ledger(600, 2, lambda a, b: 6 * a)
    told = PaymentTime(grid=GRID).fit(*facts, issued=issued).card()["choice"]
    tried = pd.DataFrame(told["tried"])
    assert set(tried["engine"]) == {"logit", "lightgbm"}
    assert sorted(tried["origin"].unique()) == ["2024-12-31", "2025-05-01", "2025-08-31"]
    assert tried.groupby("engine")["invoices"].sum().eq(300).all()
    means = tried.groupby("engine")["loss"].mean()
    assert means["logit"] == means.min()


def test_without_days_of_issue_or_with_too_few_the_logit_is_taken():
    *facts, issued = ledger(600, 3, lambda a, b: 40 * a * b)
    assert PaymentTime(grid=GRID).fit(*facts).card()["choice"]["reason"].startswith("no days of issue")
    few = [np.asarray(values)[:16] for values in facts[1:]]
    short = PaymentTime(grid=GRID).fit(facts[0][:16], *few, issued=issued[:16])
    assert short.card()["engine"] == "logit"
    assert short.card()["choice"]["reason"].startswith("too few")


def test_a_fold_knows_nothing_of_payments_after_its_origin():
    frame, issued = pd.DataFrame({"x": [0.0, 1.0]}), np.array(["2025-01-01", "2025-01-11"], "datetime64[D]")
    parts = parts_of(np.array([True, True]), np.array([20.0, 40.0]))
    cases = Cases(frame, np.array([30.0, 30.0]), parts, np.arange(2), issued)
    seen = known_at(cases, np.datetime64("2025-01-31")).parts
    assert seen.day.tolist() == [20.0, 19.0]
    assert seen.cause.tolist() == [0, OPEN]


def test_the_log_loss_is_that_of_the_true_hazard_at_its_least():
    terms, grid = np.full(4000, 30.0), np.array([0.0, 30.0])
    day = np.random.default_rng(1).choice([20.0, 50.0], 4000, p=[0.3, 0.7])
    rows = periods(grid, terms, parts_of(np.ones(4000, bool), day))
    losses = [log_loss(np.tile([h, 0.999], (4000, 1)), rows) for h in (0.2, (day == 20).mean(), 0.4)]
    assert np.argmin(losses) == 1


@pytest.mark.parametrize("engine", ["logit", "lightgbm"])
def test_an_effect_is_held_to_the_sign_that_is_expected(engine):
    *facts, _issued = ledger(3_000, 4, lambda a, b: -8 * a + 8 * b)  # a hastens payment in the sample
    free, held = (PaymentTime(engine, GRID, signs=signs).fit(*facts) for signs in (None, {"a": 1, "b": 1}))
    grid = pd.DataFrame({"a": np.linspace(-1, 1, 21), "b": 0.0})
    along_b = grid.rename(columns={"a": "b", "b": "a"})[["a", "b"]]
    steps = np.diff(held.survival(grid, 30), axis=0)
    assert (steps >= -1e-12).all()
    assert (np.diff(held.survival(along_b, 30), axis=0) >= -1e-12).all()
    assert (np.diff(free.survival(grid, 30)[0]) < 0).any()
    assert held.card()["signs"] == {"a": 1, "b": 1}


def test_a_sign_the_sample_agrees_with_changes_nothing():
    *facts, _issued = ledger(2_000, 5, lambda a, b: 8 * a)
    free, held = (PaymentTime("logit", GRID, signs=signs).fit(*facts) for signs in (None, {"a": 1}))
    np.testing.assert_allclose(held.survival(facts[0], 30), free.survival(facts[0], 30), atol=1e-6)


def test_the_held_logit_is_the_best_within_the_bounds():
    """No small step that keeps the sign gains likelihood."""
    from riskmodels.models.hazard_newton import Design, _value, fit_hazard

    X, terms, duration, paid, _issued = ledger(1_500, 6, lambda a, b: -8 * a + 4 * b)
    rows = periods(np.array(GRID, float), terms.astype(float), parts_of(np.asarray(paid), np.asarray(duration)))
    z, past = X.to_numpy(), np.concatenate([[False], np.array(GRID[:-1]) >= 0]).astype(float)
    fit = fit_hazard(z, past, rows, 1.0, signs=np.array([-1.0, 0.0]))
    design = Design(z, past, rows, np.concatenate([[0.0], np.ones(len(past) + 4)]))
    best = np.concatenate([[fit.intercept], fit.intervals, fit.before, fit.after])
    assert fit.before[0] <= 1e-12
    assert fit.before[0] + fit.after[0] <= 1e-12
    rng = np.random.default_rng(7)
    for _trial in range(200):
        step = rng.normal(0, 0.01, len(best))
        near = best + step
        if near[-4] <= 0 and near[-4] + near[-2] <= 0:
            assert _value(near, design) <= _value(best, design) + 1e-9


def test_signs_and_days_that_don_t_fit_are_refused():
    *facts, issued = ledger(100, 1, lambda a, b: a)
    with pytest.raises(Misuse, match=r"signs: found no columns \['c'\]"):
        PaymentTime(signs={"c": 1}).fit(*facts)
    with pytest.raises(DataRefused, match="issued: found 1 missing"):
        PaymentTime().fit(*facts, issued=np.where(np.arange(100) == 3, np.datetime64("NaT"), issued))
    with pytest.raises(DataRefused, match="issued: found 3 values, expected 100"):
        PaymentTime().fit(*facts, issued=issued[:3])
