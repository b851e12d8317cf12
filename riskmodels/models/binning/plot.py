"""The picture of a variable's bins: how many cases each holds, and how bad they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskmodels.core.text import gettext as _
from riskmodels.models.binning.worth import BinnedFeature


def bin_bars(feature: BinnedFeature, *, ax: Any) -> Any:
    """Bars of the share of cases by bin, a point with its 95 % interval for the bad rate (its scale on the right)."""
    table = feature.table()
    place = np.arange(len(table))
    ax.bar(place, table[_("share")], color="0.85", width=0.8)
    ax.set_xticks(place, table[_("bin")], rotation=30, ha="right", parse_math=False)
    ax.set_ylabel(_("share of cases"))
    rate, low, high = _rates(feature, table[_("bin")].tolist())
    right = ax.twinx()
    right.errorbar(place, rate, [rate - low, high - rate], fmt="o", capsize=3)
    right.axhline(feature.bad.sum() / (feature.good.sum() + feature.bad.sum()), linestyle="--", linewidth=0.8)
    right.set_ylabel(_("bad rate"))
    right.set_ylim(0, None)
    title = _("{name}: information value {iv:.3f}, trend {trend}")
    ax.set_title(title.format(name=feature.name, iv=feature.iv, trend=_(feature.trend)), parse_math=False)
    return ax


def _rates(feature: BinnedFeature, names: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bad rate of each named bin with its 95 % interval, from Jeffreys' prior."""
    from scipy.stats import beta

    at = [feature.bins.names().index(name) for name in names]
    bad, n = feature.bad[at], (feature.good + feature.bad)[at]
    low, high = (beta.ppf(q, bad + 0.5, n - bad + 0.5) for q in (0.025, 0.975))
    rate = np.divide(bad, n, out=np.full(len(n), np.nan), where=n > 0)
    return rate, np.minimum(low, rate), np.maximum(high, rate)
