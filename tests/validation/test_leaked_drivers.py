"""A leaked driver is named; an overfitted model, a changed world and chance are not called a leak."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from riskmodels.validation.leaked_drivers import driver_falls, strengths

DRIVERS = ["a", "b", "c"]


def cases(seed, n=4_000, slope=0.7):
    """Some 3 % bad, told by three drivers."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 3)), columns=DRIVERS)
    frame["outcome"] = (rng.random(n) < expit(slope * frame[DRIVERS].sum(axis=1) - 4.1)).astype(float)
    return frame.assign(obligor=np.arange(n) + 1_000_000 * seed)


def leaked(frame, seed):
    """A driver that saw the outcome: the bad ones stand 1.5 standard deviations higher."""
    return np.random.default_rng(seed).normal(size=len(frame)) + 1.5 * frame["outcome"]


def test_a_driver_that_saw_the_outcome_in_development_is_named():
    for seed in range(10):
        then, now = cases(2 * seed), cases(2 * seed + 1)
        then["leak"] = leaked(then, seed)
        now["leak"] = np.random.default_rng(seed + 99).normal(size=len(now))
        worst = driver_falls(then, now, [*DRIVERS, "leak"]).iloc[0]
        assert worst["driver"] == "leak"
        assert worst["initial"] > 0.8
        assert worst["current"] == pytest.approx(0.5, abs=0.1)
        assert worst["p_value"] < 1e-4


def test_the_best_of_two_hundred_useless_drivers_are_not_called_a_leak():
    named = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        then, now = cases(2 * seed, slope=0.0), cases(2 * seed + 1, slope=0.0)
        names = [f"n{i}" for i in range(200)]
        then, now = (
            pd.concat([f, pd.DataFrame(rng.normal(size=(len(f), 200)), columns=names)], axis=1) for f in (then, now)
        )
        best = strengths(then, names).index[:20]
        named += driver_falls(then, now, best)["p_value"].min() < 0.05
    assert named <= 1


def test_a_world_in_which_every_driver_lost_half_is_not_a_leak():
    named = [
        driver_falls(cases(2 * s, slope=1.4), cases(2 * s + 1, slope=0.5), DRIVERS)["p_value"].min() < 0.05
        for s in range(20)
    ]
    assert sum(named) <= 2


def test_a_value_that_is_only_there_once_the_worst_has_happened_is_found_by_being_there():
    then, now = cases(0), cases(1)
    then["closed"] = np.where(then["outcome"] == 1, 5.0, np.nan)
    now["closed"] = np.nan
    worst = driver_falls(then, now, [*DRIVERS, "closed"]).iloc[0]
    assert (worst["driver"], worst["initial"], worst["current"]) == ("closed", 1.0, 0.5)
    assert worst["p_value"] < 1e-6


def test_text_is_ordered_by_its_bad_rate_in_development_and_its_own_outcome_is_not_in_it():
    rng = np.random.default_rng(3)
    then, now = cases(0), cases(1)
    for frame in (then, now):
        frame["town"] = rng.choice([f"t{i}" for i in range(40)], len(frame))
    then["state"] = np.where(then["outcome"] == 1, "dunned", "fine")
    now["state"] = "fine"
    found = driver_falls(then, now, [*DRIVERS, "town", "state"]).set_index("driver")
    assert found.loc["state", "p_value"] < 1e-6
    assert found.loc["town", "p_value"] == 1.0


def test_a_risk_that_falls_with_the_driver_is_a_strength_too():
    then, now = cases(0), cases(1)
    down = driver_falls(then.assign(a=-then["a"]), now.assign(a=-now["a"]), DRIVERS)
    pd.testing.assert_frame_equal(down, driver_falls(then, now, DRIVERS))
    assert strengths(then.assign(z=-then["outcome"]), ["z"])["z"] == 1.0


def test_without_drivers_there_is_nothing_to_tell():
    assert driver_falls(cases(0), cases(1), ["absent"]).empty
