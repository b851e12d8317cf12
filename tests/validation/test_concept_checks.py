"""The checks of concept, process and business on samples whose flaw is known."""

import numpy as np
import pytest

from riskmodels.core.checks import Verdict
from riskmodels.validation.suite import validate

CONCEPT, PROCESS, BUSINESS = "validation.concept.", "validation.process.", "validation.business."


def by_name(results):
    return {r.name: r for r in results}


def test_a_driver_that_says_what_another_says_is_a_breach(sample):
    then, now = (sample(seed=s).assign(again=lambda f: np.exp(f["driver"])) for s in (1, 2))
    found = by_name(validate(now, then, drivers=["driver", "again"]))[f"{CONCEPT}inflation"]
    assert found.verdict is Verdict.BREACH
    assert found.value >= 1e6


def test_a_driver_that_turned_since_development_is_named(sample):
    then, now = sample(seed=1), sample(seed=2)
    found = by_name(validate(now.assign(driver=-now["driver"]), then, drivers=["driver"]))[f"{CONCEPT}turned"]
    assert (found.value, found.detail["drivers"]) == (1, ["driver"])
    assert found.verdict is Verdict.WATCH
    assert found.p_value < 1e-6


def test_a_driver_whose_middle_is_worst_is_named(sample):
    now = sample(seed=2)
    folded = now.assign(driver=np.where(np.arange(len(now)) % 2, 1.0, -1.0) * (2 - now["driver"]))
    found = by_name(validate(folded, drivers=["driver"]))[f"{CONCEPT}disordered"]
    assert (found.value, found.detail["drivers"]) == (1, ["driver"])


def test_a_champion_that_the_rival_beats_is_a_breach(sample):
    then, now = sample(seed=1), sample(seed=2)
    noisy = now.assign(probability=np.random.default_rng(0).permutation(now["probability"]))
    found = by_name(validate(noisy, then, drivers=["driver"]))[f"{PROCESS}rival.delta"]
    assert found.verdict is Verdict.BREACH
    assert found.detail["rival"] > 0.75
    assert found.detail["rival_observed_expected"] == pytest.approx(1, abs=0.15)


def test_without_a_challenger_the_rival_stands_in_for_the_swap_set(sample):
    then, now = sample(seed=1).drop(columns="challenger"), sample(seed=2).drop(columns="challenger")
    found = by_name(validate(now, then, drivers=["driver"]))[f"{BUSINESS}swap.bad"]
    assert found.detail["against"] == "rival"
    reason = by_name(validate(now))[f"{BUSINESS}swap.bad"].reason
    assert reason == "no challenger in the sample, and no rival: no development sample was given"


def test_a_model_that_lets_in_what_the_challenger_keeps_out_is_a_breach(sample):
    now = sample(seed=2)
    turned = now.assign(probability=now["challenger"] * 0.2, challenger=now["probability"])
    found = by_name(validate(turned))[f"{BUSINESS}swap.bad"]
    assert found.verdict is Verdict.BREACH
    assert found.detail["swapped_in"] > found.detail["swapped_out"]
