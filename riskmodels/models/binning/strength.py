"""How well bins tell bad from good: the statistics that stand under a binning table, from counts by bin.

Every bin with a case counts, specials and missing included; g_b and b_b are a bin's shares of all goods and of all
bads, s_b its share of all cases. Of weights the figures are those of the weighted sample.

References: Siddiqi (2006), Credit Risk Scorecards, chapter 6 (information value); Lin (1991), Divergence measures based
on the Shannon entropy, IEEE Transactions on Information Theory 37 (Jensen-Shannon); Cramer (1946), Mathematical Methods
of Statistics, chapter 21 (V); Hirschman (1964), The paternity of an index, American Economic Review 54 (HHI).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import chdtrc, rel_entr

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.binning.woe import information_value

if TYPE_CHECKING:
    from riskmodels.models.binning.worth import BinnedFeature

TITLES = {
    "iv": mark("IV"),
    "gini": mark("Gini"),
    "ks": mark("KS"),
    "jensen_shannon": mark("Jensen-Shannon"),
    "cramers_v": mark("Cramer's V"),
    "hhi": mark("HHI"),
    "hhi_normalised": mark("HHI, normalised"),
}
"""How each statistic is headed."""


@dataclass(frozen=True)
class Quality:
    """What the bins of a column tell, each between 0 and 1 but for the information value.

    iv : sum of (b_b - g_b) ln(b_b / g_b), smoothed as WoE is where a bin lacks goods or bads; 0 or more. It is
        Jeffreys' divergence.
    gini : 2 AUC - 1 of the bins in the order of their bad rate, cases of one bin tied.
    ks : greatest distance of the cumulative shares of goods and of bads, in that order.
    jensen_shannon : half the sum of b_b ln(b_b / m_b) + g_b ln(g_b / m_b), m_b the mean of the two; at most ln 2.
    cramers_v : square root of Pearson's chi-square over the number of cases (no correction).
    hhi : sum of s_b^2, how far cases stand in one bin. hhi_normalised : (hhi - 1/k) / (1 - 1/k) of k bins, 1 for one.
    """

    iv: float
    gini: float
    ks: float
    jensen_shannon: float
    cramers_v: float
    hhi: float
    hhi_normalised: float

    def told(self) -> dict[str, float]:
        """Each statistic by its title in the language in force."""
        return {_(title): getattr(self, key) for key, title in TITLES.items()}

    def table(self) -> pd.DataFrame:
        """One row per statistic: its title and value."""
        return pd.DataFrame({_("statistic"): list(self.told()), _("value"): list(self.told().values())})


def quality(found: BinnedFeature) -> Quality:
    """How well the bins of a column tell bad from good; refused for a target of numbers."""
    return quality_of(*_counts(found))


def quality_of(good: np.ndarray, bad: np.ndarray) -> Quality:
    """The same of counts by bin, (k,) each."""
    held = (good + bad) > 0
    good, bad = np.asarray(good, dtype=float)[held], np.asarray(bad, dtype=float)[held]
    return Quality(
        information_value(good, bad),
        gini(good, bad),
        ks(good, bad),
        float(js_parts(good, bad).sum()),
        cramers_v(good, bad),
        hhi(good + bad),
        hhi_normalised(good + bad),
    )


def gini(good: np.ndarray, bad: np.ndarray) -> float:
    """2 AUC - 1 of bins in the order of their bad rate, cases of one bin tied; 0 to 1."""
    goods, bads = _cumulative(good, bad)
    area = float((np.diff(goods, prepend=0.0) * (bads + np.concatenate([[0.0], bads[:-1]]))).sum()) / 2
    return 2 * area - 1


def ks(good: np.ndarray, bad: np.ndarray) -> float:
    """Greatest distance between the cumulative shares of bads and of goods, bins in the order of their bad rate.

    Other libraries cumulate in the order of the table, which for categories is any order: no more than this.
    """
    goods, bads = _cumulative(good, bad)
    return float(np.abs(bads - goods).max())


def js_parts(good: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """What each bin adds to the Jensen-Shannon divergence, in nats, 0 ln 0 being 0: (k,)."""
    share_good, share_bad = good / good.sum(), bad / bad.sum()
    middle = (share_good + share_bad) / 2
    return (rel_entr(share_bad, middle) + rel_entr(share_good, middle)) / 2


def cramers_v(good: np.ndarray, bad: np.ndarray) -> float:
    """Square root of Pearson's chi-square of the table of bins by good and bad over the number of cases."""
    n = good + bad
    share, rate = bad.sum() / n.sum(), np.divide(bad, n, out=np.zeros(len(n)), where=n > 0)
    return float(np.sqrt((n * (rate - share) ** 2).sum() / (n.sum() * share * (1 - share))))


def hhi(n: np.ndarray) -> float:
    """Sum of squared shares of cases by bin: 1 where all stand in one."""
    return float(((n / n.sum()) ** 2).sum())


def hhi_normalised(n: np.ndarray) -> float:
    """The index from 0, where k bins hold equally many, to 1, where one holds all."""
    return (hhi(n) - 1 / len(n)) / (1 - 1 / len(n)) if len(n) > 1 else 1.0


def neighbours(found: BinnedFeature) -> pd.DataFrame:
    """One row per pair of neighbouring regular bins: chi-square (no correction, one degree) and its p value.

    Empty where there is one bin; no figure where two bins tell one rate of 0 or 1, or one is empty.
    """
    good, bad = (part[: len(found.bins)] for part in _counts(found))
    rows = []
    for place, (low, high) in enumerate(pairwise(found.bins.labels())):
        pair = slice(place, place + 2)
        with np.errstate(invalid="ignore", divide="ignore"):
            statistic = cramers_v(good[pair], bad[pair]) ** 2 * (good[pair] + bad[pair]).sum()
        told = statistic if (good[pair] + bad[pair]).all() else np.nan
        rows.append((low, high, told, float(chdtrc(1, told))))
    return pd.DataFrame(rows, columns=[_("bin"), _("next bin"), _("chi-square"), _("p value")])


def _counts(found: BinnedFeature) -> tuple[np.ndarray, np.ndarray]:
    if not hasattr(found, "good"):
        raise Misuse(f"quality: {found.name}: found bins of a target of numbers, expected good and bad")
    return found.good, found.bad


def _cumulative(good: np.ndarray, bad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative shares of goods and of bads, the bin of the highest bad rate first."""
    n = good + bad
    order = np.argsort(-np.divide(bad, n, out=np.zeros(len(n)), where=n > 0), kind="stable")
    return np.cumsum(good[order]) / good.sum(), np.cumsum(bad[order]) / bad.sum()
