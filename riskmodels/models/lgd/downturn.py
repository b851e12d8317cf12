"""How much more is lost in bad times: from the worst quarters of default, or a stated add-on where there are none.

EBA/GL/2019/03 knows three ways: the impact observed in a downturn, one estimated from other data, and, where neither
can be had, the long-run average and 15 percentage points, at most 105 %. Its reference value, the mean of the two years
that lost most, stands beside as a challenger and decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from riskmodels.core.errors import DataRefused
from riskmodels.core.text import gettext as _

OBSERVED, WORST, STATED = "observed", "worst quarters", "stated add-on"


@dataclass(frozen=True)
class DownturnRule:
    """When quarters tell of a downturn, and what is added when they don't.

    Quarters with fewer than `least_claims` defaults don't count. With `least_quarters` or more of the others the worst
    `share` of them is the downturn; else `add_on`. `cap`: no downturn LGD above it. Source of the last two:
    EBA/GL/2019/03, type 3; the rest are house rules.
    """

    share: float = 0.25
    least_claims: int = 20
    least_quarters: int = 8
    add_on: float = 0.15
    cap: float = 1.05


@dataclass(frozen=True)
class Downturn:
    """The add-on to an LGD, how it was found (`method`) and why (`reason`, in the language of the run).

    `long_run` is the mean LGD of all defaults, each counting once. `reference` is the mean of the two worst years (nan
    with fewer). `quarters`: quarter, n, mean, noise (variance of the mean), shrunken (drawn to the long run by its
    noise), downturn (bool).
    """

    long_run: float
    add_on: float
    method: str
    reason: str
    reference: float
    quarters: pd.DataFrame
    rule: DownturnRule = field(default_factory=DownturnRule)

    def apply(self, lgd: ArrayLike) -> NDArray[np.float64]:
        """The LGD with the add-on, at most the cap; one above the cap stays."""
        values = np.asarray(lgd, dtype=float)
        return np.minimum(values + self.add_on, np.maximum(values, self.rule.cap))


def downturn(
    lgd: ArrayLike, default_on: ArrayLike, stressed: Sequence[str] = (), rule: DownturnRule | None = None
) -> Downturn:
    """The downturn add-on of realised losses (n) by day of default (n).

    `stressed` names quarters of a downturn known from elsewhere, such as 2022Q4: the add-on is then what they lost
    above the long run. Without, the worst quarters by shrunken mean are taken, and their common mean is drawn to the
    long run by its noise: of many quarters some are bad by chance. An add-on is never below 0.
    """
    rule = rule or DownturnRule()
    frame = _sample(lgd, default_on)
    quarters = by_quarter(frame, rule.least_claims)
    long_run = float(frame["lgd"].mean())
    if stressed:
        return _found(frame, quarters, quarters["quarter"].isin(_known(stressed, quarters)), OBSERVED, rule)
    reason = _cannot(quarters, rule)
    if reason:
        none = quarters.assign(downturn=False)
        return Downturn(long_run, rule.add_on, STATED, reason, _reference(frame), none, rule)
    number = int(np.ceil(rule.share * len(quarters)))
    worst = quarters["shrunken"].rank(ascending=False, method="first") <= number
    return _found(frame, quarters, worst, WORST, rule)


def by_quarter(frame: pd.DataFrame, least: int) -> pd.DataFrame:
    """Quarters of default with `least` claims or more: quarter, n, mean, noise, shrunken.

    Shrunken = long run + B (mean - long run), B = tau^2 / (tau^2 + s^2 / n): tau^2 is the variance between quarters
    beyond chance (DerSimonian and Laird 1986), s^2 that of single losses inside them.
    """
    groups = frame.groupby("quarter")["lgd"]
    table = pd.DataFrame({"n": groups.size(), "mean": groups.mean(), "squares": groups.var(ddof=0) * groups.size()})
    table = table[table["n"] >= least].reset_index()
    freedom = (table["n"] - 1).sum()
    inside = table["squares"].sum() / freedom if freedom > 0 else 0.0
    noise = inside / table["n"]
    middle = np.average(table["mean"], weights=table["n"]) if len(table) else 0.0
    between = between_variance(table["mean"].to_numpy(), noise.to_numpy())
    drawn = between / (between + noise) if between > 0 else 0.0 * noise
    table["noise"], table["shrunken"] = noise, middle + drawn * (table["mean"] - middle)
    return table[["quarter", "n", "mean", "noise", "shrunken"]]


def between_variance(means: NDArray[np.float64], noise: NDArray[np.float64]) -> float:
    """Variance of true means beyond the noise of each (variances), by DerSimonian and Laird; 0 at least."""
    if len(means) < 2:
        return 0.0
    if (noise <= 0).any():
        return float(np.var(means, ddof=1))
    weight = 1 / noise
    excess = weight @ (means - np.average(means, weights=weight)) ** 2 - (len(means) - 1)
    return float(max(0.0, excess / (weight.sum() - (weight**2).sum() / weight.sum())))


def _sample(lgd: ArrayLike, default_on: ArrayLike) -> pd.DataFrame:
    values, days = np.asarray(lgd, dtype=float), pd.Series(pd.to_datetime(np.asarray(default_on)))
    if len(values) != len(days) or not len(values):
        raise DataRefused(f"downturn: found {len(values)} losses and {len(days)} days, expected one day per loss")
    if not np.isfinite(values).all() or days.isna().any():
        raise DataRefused("downturn: found missing losses or days, expected finished workouts only")
    quarter = days.dt.year.astype("str") + "Q" + days.dt.quarter.astype("str")
    return pd.DataFrame({"lgd": values, "quarter": quarter, "year": days.dt.year})


def _known(stressed: Sequence[str], quarters: pd.DataFrame) -> list[str]:
    if missing := sorted(set(stressed) - set(quarters["quarter"])):
        raise DataRefused(
            f"stressed: found {missing}, expected quarters with enough claims: {list(quarters['quarter'])}"
        )
    return list(stressed)


def _cannot(quarters: pd.DataFrame, rule: DownturnRule) -> str:
    """Why no downturn can be read from the quarters; empty when one can."""
    if len(quarters) < rule.least_quarters:
        words = _("{n} quarters have {claims} defaults or more; {needed} are needed")
        return words.format(n=len(quarters), claims=rule.least_claims, needed=rule.least_quarters)
    if np.ptp(quarters["shrunken"]) == 0:
        return _("the loss doesn't differ between quarters beyond chance: no downturn has been seen")
    return ""


def _found(frame: pd.DataFrame, quarters: pd.DataFrame, bad: pd.Series, method: str, rule: DownturnRule) -> Downturn:
    long_run = float(frame["lgd"].mean())
    worst = quarters[bad]
    trust = _trust(quarters, worst) if method == WORST else 1.0
    lost = long_run + trust * (float(np.average(worst["mean"], weights=worst["n"])) - long_run)
    words = _("{quarters}: mean loss {lost:.1%} against {long:.1%} in the long run")
    reason = words.format(quarters=", ".join(worst["quarter"]), lost=lost, long=long_run)
    marked = quarters.assign(downturn=bad.to_numpy())
    return Downturn(long_run, max(0.0, lost - long_run), method, reason, _reference(frame), marked, rule)


def _trust(quarters: pd.DataFrame, worst: pd.DataFrame) -> float:
    """Share of what sets the worst quarters' common mean apart that isn't noise."""
    between = between_variance(quarters["mean"].to_numpy(), quarters["noise"].to_numpy())
    noise = float((worst["n"] ** 2 * worst["noise"]).sum() / worst["n"].sum() ** 2)
    return between / (between + noise) if between > 0 else 0.0


def _reference(frame: pd.DataFrame) -> float:
    """Mean of the mean LGD of the two years that lost most."""
    years = frame.groupby("year")["lgd"].mean().nlargest(2)
    return float(years.mean()) if len(years) == 2 else float("nan")
