"""What dated recoveries of claims are worth: each flow's part in covering the claim, discounted to its default.

U(t) = min(EAD, recoveries less costs up to t), LGD = max(0, 1 - sum over t of the change of U(t) x d(t) / EAD) with
d(t) = (1 + rate)^(-days / 365). What comes once the claim is covered belongs to the client (the holdback among it), so
it adds nothing; costs are first paid from it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riskmodels.core.text import mark

SOURCES = (
    mark("debtor"),
    mark("client"),
    mark("guarantor"),
    mark("insurer"),
    mark("third party"),
    mark("payer not told"),
    mark("cash margin"),
    mark("costs"),
)
"""Where what covers a claim comes from; a flow's source is its place here. Costs take away."""

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
YEAR = 365.0


def discount(rate: Floats, days: Floats) -> Floats:
    """What 1 that comes `days` after the default is worth at it; rate is yearly, compounded once a year."""
    return (1.0 + rate) ** (-days / YEAR)


def covered(ead: Floats, claim: Codes, amount: Floats) -> Floats:
    """What each flow adds to min(EAD, flows so far), one per flow; costs are negative amounts.

    `ead` (n) are the claims; `claim` (m) names each flow's, flows standing by claim and then in time.
    """
    if not len(claim):
        return np.zeros(0)
    total = np.cumsum(amount)
    first = np.flatnonzero(np.diff(claim, prepend=-1))
    before = np.repeat(total[first] - amount[first], np.diff(first, append=len(claim)))
    now = np.minimum(ead[claim], total - before)
    earlier = np.roll(now, 1)
    earlier[first] = 0.0
    return now - earlier


def present_values(
    ead: Floats, rate: Floats, claim: Codes, days: Floats, amount: Floats, source: Codes, sources: int
) -> Floats:
    """Present value of what each source covered of each claim: n claims x `sources`; costs are below 0.

    `days` (m) counts from the claim's default and doesn't fall within a claim; `source` (m) is a code.
    """
    worth = covered(ead, claim, amount) * discount(rate[claim], days)
    table = np.bincount(claim * sources + source, worth, len(ead) * sources).astype(np.float64)
    return table.reshape(len(ead), sources)


def loss_given_default(ead: Floats, recovered: Floats) -> Floats:
    """max(0, 1 - PV / EAD) of each claim: above 1 where costs exceed what came in."""
    return np.maximum(0.0, 1.0 - recovered / ead)
