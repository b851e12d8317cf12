"""A figure with its interval, and the AUC of a score when defaults are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import norm, rankdata

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.inputs import SampleError

FEWEST = 10
"""With fewer obligors in default than this, an AUC says little whatever its value."""
TOO_FEW = mark("fewer than {fewest} obligors in default: the interval, not the figure, is the result")


@dataclass(frozen=True)
class Reading:
    """A figure, the ends of its interval, and what a reader must know beside it (empty when nothing)."""

    value: float
    low: float
    high: float
    reason: str = ""


def few_default_auc(
    outcome: ArrayLike, score: ArrayLike, obligor: ArrayLike | None = None, confidence: float = 0.9
) -> Reading:
    """AUC of a score (n,), more is riskier, for outcomes (n,), 1 = bad; 0.5 is chance; interval by inverted score test.

    Newcombe's method 5 keeps its coverage with a dozen bads and never leaves (0, 1). Rows of one `obligor` count as
    one case in the width: exact when they agree, wider than need be when they don't. Reference: Newcombe (2006),
    Statistics in Medicine 25: 559-573. Refused as SampleError: one class only, missing scores.
    """
    bad, s = np.asarray(outcome) == 1, np.asarray(score, dtype=float)
    names = np.arange(len(s)) if obligor is None else np.asarray(obligor)
    if bad.all() or not bad.any() or np.isnan(s).any():
        raise SampleError(
            f"auc: found {int(bad.sum())} bads of {len(s)} and {int(np.isnan(s).sum())} missing scores, "
            "expected both classes and none missing"
        )
    ranks = rankdata(s)
    value = float((ranks[bad].mean() - (bad.sum() + 1) / 2) / (~bad).sum())
    bads, goods = len(np.unique(names[bad])), len(np.unique(names[~bad]))
    low, high = auc_limits(value, bads, goods, confidence)
    reason = _(TOO_FEW).format(fewest=FEWEST) if bads < FEWEST else ""
    return Reading(value, low, high, reason)


def auc_limits(auc: float, bads: int, goods: int, confidence: float) -> tuple[float, float]:
    """Ends of the interval of an AUC found on so many bads and goods: where (auc - a)^2 = z^2 var(a)."""
    z, half = norm.ppf(0.5 + confidence / 2), (bads + goods) / 2 - 1

    def gap(a: float) -> float:
        """(auc - a)^2 less z^2 var(a): 0 at the ends."""
        variance = a * (1 - a) / (bads * goods) * (1 + half * ((1 - a) / (2 - a) + a / (1 + a)))
        return float((auc - a) ** 2 - z**2 * variance)

    # 0 and 1 solve the equation too, when they are the AUC: the other root is meant
    low = 0.0 if auc == 0 else brentq(gap, 0.0, min(auc, 1 - 1e-12))
    high = 1.0 if auc == 1 else brentq(gap, max(auc, 1e-12), 1.0)
    return float(low), float(high)
