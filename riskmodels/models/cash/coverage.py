"""Whether bands hold as often as they say: Kupiec's test of the proportion of failures."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import xlogy
from scipy.stats import chi2

from riskmodels.core.errors import Misuse


@dataclass(frozen=True)
class Kupiec:
    """The likelihood ratio of the observed share of failures against the stated one, and its p value (1 degree)."""

    statistic: float
    p_value: float


def kupiec(failures: int, n: int, rate: float) -> Kupiec:
    """Kupiec's test that `failures` of `n` independent trials fail at `rate`, strictly between 0 and 1.

    LR = -2 log(L(rate) / L(failures / n)), chi-squared with one degree. Kupiec (1995), Techniques for verifying the
    accuracy of risk measurement models.
    """
    if not (0 < rate < 1 and 0 <= failures <= n and n > 0):
        raise Misuse(f"kupiec: found {failures} of {n} at {rate}, expected 0 to n failures and a rate between 0 and 1")
    held = n - failures
    found = xlogy(failures, failures / n) + xlogy(held, held / n)
    stated = xlogy(failures, rate) + xlogy(held, 1 - rate)
    statistic = max(0.0, float(2 * (found - stated)))
    return Kupiec(statistic, float(chi2.sf(statistic, 1)))
