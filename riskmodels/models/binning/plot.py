"""The picture of a variable's bins: how many cases each holds, and how bad they are, or what they are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter

from riskmodels.core.text import gettext as _
from riskmodels.models.binning.worth import BinnedFeature, BinnedMean


def bin_bars(feature: BinnedFeature | BinnedMean, *, ax: Any) -> Any:
    """Bars of the share of cases by bin; a point for the bad rate or the mean, with its 95 % interval (scale right).

    The dashed line is the rate or mean of all cases.
    """
    table = feature.table()
    place = np.arange(len(table))
    ax.bar(place, table[_("share")], color="0.85", width=0.8)
    ax.set_xticks(place, table[_("bin")], rotation=30, ha="right", parse_math=False)
    ax.set_ylabel(_("share of cases"))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    right = ax.twinx()
    _draw(feature, table, place, right)
    ax.set_title(_title(feature), parse_math=False)
    return ax


def _draw(feature: BinnedFeature | BinnedMean, table: pd.DataFrame, place: np.ndarray, right: Any) -> None:
    good_bad = isinstance(feature, BinnedFeature)
    level, low, high, overall = _rates(feature, table) if isinstance(feature, BinnedFeature) else _means(feature, table)
    right.errorbar(place, level, [level - low, high - level], fmt="o", capsize=3)
    right.axhline(overall, linestyle="--", linewidth=0.8)
    right.set_ylabel(_("bad rate") if good_bad else _("mean"))
    if good_bad:
        right.set_ylim(0, None)
        right.yaxis.set_major_formatter(PercentFormatter(1.0))


def _title(feature: BinnedFeature | BinnedMean) -> str:
    if isinstance(feature, BinnedFeature):
        title, strength = _("{name}: information value {iv:.3f}, trend {trend}"), {"iv": feature.iv}
    else:
        title = _("{name}: {explained:.1%} of the variance explained, trend {trend}")
        strength = {"explained": feature.explained}
    return title.format(name=feature.name, trend=_(feature.trend), **strength)


def _means(feature: BinnedMean, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    level, low, high = (table[_(head)].to_numpy() for head in ("mean", "low", "high"))
    return level, low, high, float(feature.mean[-1])


def _rates(feature: BinnedFeature, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Bad rate of each bin of the table with its 95 % interval, from Jeffreys' prior, and that of all cases."""
    from scipy.stats import beta

    bad, n = (table[_(head)].to_numpy() for head in ("bad", "n"))
    low, high = (beta.ppf(q, bad + 0.5, n - bad + 0.5) for q in (0.025, 0.975))
    rate = np.divide(bad, n, out=np.full(len(n), np.nan), where=n > 0)
    return rate, np.minimum(low, rate), np.maximum(high, rate), float(bad.sum() / n.sum())
