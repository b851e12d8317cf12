"""Stability against published figures."""

import pytest

from riskmodels.validation.stability import psi_critical, shift


# Yurdakul 2018: PSI .0360197702.
def test_psi_of_two_shares():
    found = shift([5, 10, 15, 20, 20, 15, 10, 5], [8, 12, 16, 18, 17, 13, 9, 7])
    assert found.value == pytest.approx(0.0360197702, abs=5e-11)


# Yurdakul 2018: 1000 against 1000 cases, 10 bins, 5 %: .0338380; VALIDATION.md: 100,000 against 100,000: .00034.
@pytest.mark.parametrize(("n", "critical", "digits"), [(1000, 0.0338380, 5e-8), (100_000, 0.00034, 5e-6)])
def test_the_critical_value_shrinks_with_the_samples(n, critical, digits):
    assert psi_critical(n, n, 10) == pytest.approx(critical, abs=digits)


# Uniform[0, 1] against uniform[.5, 1], 10 equal bins, floor 1e-4: 3.7970 in the large-sample limit. Dropping the empty
# bins would give 0.80.
def test_a_bin_that_is_empty_in_one_sample_is_floored_never_dropped():
    assert shift([100] * 10, [0] * 5 + [200] * 5).value == pytest.approx(3.7970, abs=5e-5)
