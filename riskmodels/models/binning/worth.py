"""A variable's bins with what they are worth: weight of evidence for a good/bad target, a mean for any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from scipy.stats import norm

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.binning.bins import Cuts, Groups, bins_from_state
from riskmodels.models.binning.strength import js_parts
from riskmodels.models.binning.woe import iv_parts, woe, woe_error

Z95 = float(norm.ppf(0.975))


@dataclass(frozen=True)
class _Binned:
    """Bins with figures by code up to missing; the last of the figures, which goes on to unseen, is the worth."""

    name: str
    bins: Cuts | Groups
    figures: ClassVar[tuple[str, ...]]

    @property
    def worth(self) -> np.ndarray:
        """What a case of each code is worth: WoE, or the mean of the target."""
        return getattr(self, self.figures[-1])

    def transform(self, values: pd.Series) -> np.ndarray:
        """What each value is worth, by its bin."""
        return self.worth[self.bins.codes(values)]

    @property
    def trend(self) -> str:
        """How worth runs over the regular bins: ascending, descending, peak, valley, none, or constant for one bin."""
        return trend_of(self.worth[: len(self.bins)])

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same feature."""
        figures = {key: getattr(self, key).tolist() for key in self.figures}
        return {"name": self.name, **self.bins.to_state(), **figures}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """The feature `to_state` described."""
        figures = {key: np.array(state[key], dtype=float) for key in cls.figures}
        return cls(state["name"], bins_from_state(state), **figures)


@dataclass(frozen=True)
class BinnedFeature(_Binned):
    """A variable with its bins; good and bad cases by code up to missing, WoE by code (see `bins`)."""

    good: np.ndarray
    bad: np.ndarray
    woe: np.ndarray
    figures: ClassVar = ("good", "bad", "woe")

    @property
    def iv(self) -> float:
        """Information value over all bins, specials and missing included."""
        return float(self._iv_parts().sum())

    def table(self, total: bool = False) -> pd.DataFrame:
        """One row per bin, then specials and missing if there are any cases; with `total`, the whole sample's last.

        n, share, good, bad, bad rate, WoE, its 95 % interval (of the bin's counts, the totals' part taken off: the
        variance of ln(bad/B) - ln(good/G) is 1/bad - 1/B + 1/good - 1/G), IV and Jensen-Shannon divergence. The total
        holds their sums, and the WoE of the whole, which is 0 for sure.
        """
        n = self.good + self.bad
        spread = Z95 * woe_error(self.good, self.bad)
        columns = {
            _("bin"): self.bins.names()[:-1],
            _("n"): n,
            _("share"): n / n.sum(),
            _("good"): self.good,
            _("bad"): self.bad,
            _("bad rate"): np.divide(self.bad, n, out=np.full(len(n), np.nan), where=n > 0),
            _("WoE"): self.woe[:-1],
            _("WoE low"): self.woe[:-1] - spread,
            _("WoE high"): self.woe[:-1] + spread,
            _("IV"): self._iv_parts(),
            _("Jensen-Shannon"): js_parts(self.good, self.bad),
        }
        whole = {_("bad rate"): self.bad.sum() / n.sum(), _("WoE"): 0.0, _("WoE low"): 0.0, _("WoE high"): 0.0}
        return tabled(columns, shown(self.bins, n), whole if total else None)

    def _iv_parts(self) -> np.ndarray:
        return iv_parts(self.good, self.bad, self.good.sum(), self.bad.sum())


@dataclass(frozen=True)
class BinnedMean(_Binned):
    """A variable with its bins, and by code the weight n and spread of the target, up to missing, and its mean."""

    n: np.ndarray
    deviation: np.ndarray
    mean: np.ndarray
    figures: ClassVar = ("n", "deviation", "mean")

    @property
    def explained(self) -> float:
        """Share of the target's variance that lies between bins, 0 to 1."""
        between, within = self._variances()
        return between / (between + within) if between + within > 0 else 0.0

    def table(self, total: bool = False) -> pd.DataFrame:
        """One row per bin, then specials and missing if there are cases; with `total`, the whole sample's last.

        n, share, mean, its 95 % interval and the target's standard deviation.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = np.where(self.n > 0, Z95 * self.deviation / np.sqrt(self.n), np.nan)
        columns = {
            _("bin"): self.bins.names()[:-1],
            _("n"): self.n,
            _("share"): self.n / self.n.sum(),
            _("mean"): self.mean[:-1],
            _("low"): self.mean[:-1] - spread,
            _("high"): self.mean[:-1] + spread,
            _("standard deviation"): self.deviation,
        }
        return tabled(columns, shown(self.bins, self.n), self._whole() if total else None)

    def _variances(self) -> tuple[float, float]:
        """Variance of the target between bins, and within them."""
        share, mean = self.n / self.n.sum(), self.mean[:-1]
        return float(share @ (mean - share @ mean) ** 2), float(share @ self.deviation**2)

    def _whole(self) -> dict[str, float]:
        mean, deviation = float(self.mean[-1]), sum(self._variances()) ** 0.5
        spread = Z95 * deviation / float(self.n.sum()) ** 0.5
        ends = {_("low"): mean - spread, _("high"): mean + spread}
        return {_("mean"): mean, **ends, _("standard deviation"): deviation}


def binned(
    values: pd.Series, bins: Cuts | Groups, y: np.ndarray, weight: np.ndarray, min_expected: float
) -> BinnedFeature:
    """The variable with counts and WoE taken from a sample (y: 1 = bad; weight: one per row).

    Specials and missing values have bins of their own. One so small that fewer than `min_expected` bads or goods would
    be expected in it is drawn to the average, and not believed when it is better: its WoE is then 0, as is that of a
    category never seen in training.
    """
    codes = bins.codes(values)
    good, bad = (np.bincount(codes, weight * part, bins.size - 1)[: bins.size - 1] for part in (1 - y, y))
    goods, bads = good.sum(), bad.sum()
    expected = (good + bad) * min(goods, bads) / (goods + bads)
    doubtful = (np.arange(len(good)) >= len(bins)) & (expected < min_expected)
    worth = woe(good, bad, goods, bads, doubtful)
    worth[doubtful] = np.maximum(worth[doubtful], 0.0)
    return BinnedFeature(str(values.name), bins, good, bad, np.append(worth, 0.0))


def averaged(values: pd.Series, bins: Cuts | Groups, y: np.ndarray, weight: np.ndarray) -> BinnedMean:
    """The variable with weights, means and deviations of the target y; bins without a case have the mean of all."""
    codes = bins.codes(values)
    n, total, squares = (np.bincount(codes, weight * part, bins.size - 1)[: bins.size - 1] for part in (1, y, y * y))
    overall = total.sum() / n.sum()
    mean = np.divide(total, n, out=np.full(len(n), overall), where=n > 0)
    second = np.divide(squares, n, out=mean**2, where=n > 0)
    deviation = np.sqrt(np.maximum(second - mean**2, 0.0))
    return BinnedMean(str(values.name), bins, n, deviation, np.append(mean, overall))


ASCENDING, DESCENDING, PEAK, VALLEY = mark("ascending"), mark("descending"), mark("peak"), mark("valley")
NONE, CONSTANT = mark("none"), mark("constant")


def trend_of(levels: np.ndarray) -> str:
    """How levels run: ascending, descending, peak (rising, then falling), valley, none, or constant for one level."""
    steps = np.sign(np.diff(levels))
    if not len(steps):
        return CONSTANT
    turns = np.flatnonzero(np.diff(steps))
    if (steps == 0).any() or len(turns) > 1:
        return NONE
    if not len(turns):
        return ASCENDING if steps[0] > 0 else DESCENDING
    return PEAK if steps[0] > 0 else VALLEY


def tabled(columns: dict[str, Any], rows: np.ndarray, whole: dict[str, float] | None) -> pd.DataFrame:
    """Figures by code as a frame of some rows; with `whole`, a last row of it and of the sums of all else."""
    table = pd.DataFrame(columns)[rows].reset_index(drop=True)
    if whole is None:
        return table
    total = {**table.sum(numeric_only=True), _("bin"): _("total"), **whole}
    return pd.concat([table, pd.DataFrame([total])[table.columns]], ignore_index=True)


def shown(bins: Cuts | Groups, n: np.ndarray) -> np.ndarray:
    """Whether a code up to missing has a row in a table: regular bins always, the others when they hold cases."""
    return (np.arange(len(n)) < len(bins)) | (n > 0)
