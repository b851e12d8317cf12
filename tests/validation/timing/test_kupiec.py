"""Kupiec's test: the published figure, its shape, and its power by simulation."""

import numpy as np
import pytest
from scipy.stats import binom

from riskmodels.validation.timing.kupiec import pof, pof_detectable, pof_power


def test_the_published_figure():
    # MathWorks, Risk Management Toolbox, varbacktest: 57 failures of 1043 days of a 95 % value at risk.
    ratio, p = pof(57, 1043, 0.05)
    assert ratio == pytest.approx(0.4614664, rel=1e-6)
    assert p == pytest.approx(0.4969394, rel=1e-6)


def test_many_bands_are_tested_at_once_as_one_by_one():
    failures, n = np.array([0, 3, 57]), np.array([10, 10, 1043])
    ratio, p = pof(failures, n, 0.05)
    alone = [pof(int(k), int(m), 0.05) for k, m in zip(failures, n)]
    assert ratio.tolist() == [float(r) for r, _p in alone]
    assert p.tolist() == [float(q) for _r, q in alone]


@pytest.mark.parametrize(("failures", "n", "rate"), [(0, 0, 0.05), (1, 10, 0.0), (1, 10, 1.0), (11, 10, 0.05)])
def test_what_is_no_trial_has_no_p(failures, n, rate):
    assert np.isnan(pof(failures, n, rate)[1])


@pytest.mark.parametrize(("n", "rate"), [(1, 0.5), (4, 0.05), (7, 0.9), (52, 0.2), (250, 0.01)])
def test_the_power_is_that_of_every_count_that_is_rejected(n, rate):
    counts = np.arange(n + 1)
    rejected = pof(counts, n, rate)[1] < 0.05
    for true in (0.01, rate, 0.6):
        assert float(pof_power(n, rate, true)) == pytest.approx(binom.pmf(counts[rejected], n, true).sum(), abs=1e-12)


def test_the_stated_power_is_that_of_a_simulation():
    found = np.random.default_rng(1).binomial(52, 0.35, 40_000)
    rejected = (pof(found, 52, 0.2)[1] < 0.05).mean()
    assert float(pof_power(52, 0.2, 0.35)) == pytest.approx(rejected, abs=0.01)


def test_the_smallest_rise_that_is_found_is_found_in_80_of_100():
    more = pof_detectable(52, 0.2)
    assert float(pof_power(52, 0.2, 0.2 + more)) == pytest.approx(0.8)
    assert more > pof_detectable(520, 0.2) > 0


def test_without_a_trial_nothing_can_be_found_and_four_find_only_a_great_deal():
    assert np.isnan(pof_detectable(0, 0.05))
    assert pof_detectable(4, 0.05) > 0.4
