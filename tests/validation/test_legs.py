"""Figures by leg."""

import numpy as np
import pytest
from scipy.special import expit

from riskmodels.validation.case import Case
from riskmodels.validation.legs import legs


@pytest.fixture(scope="module")
def by_client(sample):
    """Cases whose outcomes depend on their client's luck, and on nothing of their debtor's."""
    rng = np.random.default_rng(4)
    cases = sample(6_000)
    client = rng.integers(0, 60, len(cases))
    luck = rng.normal(0, 0.8, 60)
    chance = expit(np.log(cases["probability"] / (1 - cases["probability"])) + luck[client])
    return cases.assign(client=client, outcome=(rng.random(len(cases)) < chance) * 1.0)


def test_the_leg_that_carries_the_luck_has_the_wider_interval(by_client):
    found = legs(Case(by_client)).set_index("leg")
    width = found["high"] - found["low"]
    assert width["client"] > 1.5 * width["obligor"]
    assert width["both"] == pytest.approx(width["client"], rel=0.15)
    assert found["observed_expected"].nunique() == 1
    assert (found["parties"].dropna() == [by_client["obligor"].nunique(), 60]).all()


def test_without_parties_there_are_no_legs(by_client):
    assert legs(Case(by_client.drop(columns=["client", "obligor"]))).empty
    assert legs(Case(by_client.assign(outcome=0.0))).empty
