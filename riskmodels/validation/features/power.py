"""What each feature alone says of the outcome: information value, AUC, its direction, and whether chance explains it.

Cases of one obligor depend on each other (origins overlap), so errors are clustered by obligor and events are counted
by obligor. All p-values are adjusted by Holm over the features tested: of noise alone, one report in twenty names any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from riskmodels.models.binning.binner import Binner, feature
from riskmodels.validation.discrimination import auc_interval
from riskmodels.validation.features.order import disorder_p
from riskmodels.validation.grades import holm

Floats = NDArray[np.float64]
MIN_EVENTS = 10
"""Fewest obligors with an event, and without one, that a feature is judged on."""
LEVEL = 0.05
AGREES, CONTRADICTS, OPEN, NOT_RUN, NEITHER = "agrees", "contradicts", "open", "not_run", "neither"
"""What was found of a feature's direction; `open`: it is not contradicted, as chance explains what was found."""
MEASURES = ("iv", "auc", "low", "high", "p_value", "wrong_p", "order_p")


@dataclass(frozen=True)
class Known:
    """One feature where it is known: values, outcomes (1 bad), obligor codes, and obligors with and without event."""

    values: Floats
    outcome: Floats
    cluster: NDArray[np.int64]

    @property
    def bad(self) -> int:
        """Obligors with an event."""
        return len(np.unique(self.cluster[self.outcome == 1]))

    @property
    def good(self) -> int:
        """Obligors with a case that had no event."""
        return len(np.unique(self.cluster[self.outcome == 0]))

    @property
    def judged(self) -> bool:
        """Whether there are events enough, and two values at least."""
        return min(self.bad, self.good) >= MIN_EVENTS and len(np.unique(self.values)) > 1


def power(
    sample: pd.DataFrame, signs: Mapping[str, int], outcome: str, obligor: str, shared: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """One row per feature of `signs` (+1 raises risk, -1 lowers it, 0 neither), strongest first.

    `sample` holds the features, `outcome` (1 bad, 0 good, none missing) and `obligor`; `shared` names another column in
    its place for features that several obligors share, such as their chain's. Columns: feature, sign, n (cases
    with a value), bad (obligors with an event among them), iv (own bins, monotone either way, missing its own bin), auc
    (of larger values being worse) with 95 % interval, p_value (H0: 0.5), wrong_p (H0: the direction is the expected
    one), order_p (H0: the bad rate runs one way), all three after Holm, `telling` (p below 5 % and IV of 0.02), and
    `direction` (see above). Measures of a feature that can't be judged are NaN.
    """
    y, of = sample[outcome].to_numpy(float), shared or {}
    codes = {c: pd.factorize(sample[c])[0] for c in {obligor, *of.values()}}
    rows = [_row(sample[n].to_numpy(float), y, codes[of.get(n, obligor)], sign) for n, sign in signs.items()]
    table = pd.DataFrame(rows, columns=["n", "bad", *MEASURES[1:]], index=list(signs)).rename_axis("feature")
    table.insert(2, "iv", _information(sample, y, table.index[table["auc"].notna()].tolist()).reindex(table.index))
    for p in ("p_value", "wrong_p", "order_p"):
        table[p] = _adjusted(table[p])
    table["sign"] = pd.Series(signs)
    table["direction"] = [
        _direction(*row) for row in zip(table["sign"], table["auc"], table["wrong_p"], table["p_value"])
    ]
    table["telling"] = (table["p_value"] < LEVEL) & (table["iv"] >= LEAST_IV)
    return table.sort_values("iv", ascending=False, kind="stable", na_position="last").reset_index()


LEAST_IV = 0.02
"""Below it a feature says nothing, by the usual reading (Siddiqi 2006)."""


def _row(values: Floats, outcome: Floats, cluster: NDArray[np.int64], sign: int) -> tuple[float, ...]:
    known = ~np.isnan(values) & (cluster >= 0)
    found = Known(values[known], outcome[known], cluster[known])
    facts = len(found.values), found.bad
    if not found.judged:
        return *facts, *([np.nan] * 6)
    auc = auc_interval(found.outcome, found.values, found.cluster)
    # Where a rare value has met no event yet, the sample's own error is far too small: that of no relation is not.
    se = float(np.fmax(auc.se, null_se(found.values, found.outcome, found.cluster)))
    z, half = (auc.value - 0.5) / se, float(norm.ppf(0.975)) * se
    wrong = float(norm.cdf(sign * z)) if sign else np.nan
    order = disorder_p(found.values, found.outcome, found.cluster)
    return (
        *facts,
        auc.value,
        max(auc.value - half, 0.0),
        min(auc.value + half, 1.0),
        float(2 * norm.sf(abs(z))),
        wrong,
        order,
    )


def null_se(values: Floats, outcome: Floats, cluster: NDArray[np.int64]) -> float:
    """Standard error of the AUC if values said nothing of the outcome, however few events each of them met.

    With m the centred ranks (n,), the AUC less 0.5 is n / (n1 n0) sum(y m), and under H0 var(sum(y m)) =
    p (1 - p) ((1 - r) sum(m^2) + r sum over obligors of (sum of m)^2), r the correlation of an obligor's outcomes.
    """
    n, p = len(outcome), float(outcome.mean())
    ranks = rankdata(values) - (n + 1) / 2
    alone, together = float(ranks @ ranks), np.bincount(cluster, ranks)
    r = _within(outcome - p, cluster) if p * (1 - p) else 0.0
    variance = p * (1 - p) * ((1 - r) * alone + r * float(together @ together))
    return float(np.sqrt(variance)) / (n * p * (1 - p) * n)


def _within(residual: Floats, cluster: NDArray[np.int64]) -> float:
    """Correlation of the outcomes of one obligor, 0 to 1."""
    size, total = np.bincount(cluster).astype(float), np.bincount(cluster, residual)
    pairs = float(size @ size) - len(residual)
    excess = float(total @ total) / float(residual @ residual) - 1
    return float(np.clip(excess * len(residual) / pairs, 0, 1)) if pairs > 0 else 0.0


def _information(sample: pd.DataFrame, outcome: Floats, names: Sequence[str]) -> pd.Series:
    """Information value by feature; bins as small as one in fifty, since a rare sign may be a strong one."""
    if not len(names):
        return pd.Series(dtype=float)
    binner = Binner(trends="auto", min_share=0.02, prebins=50).fit(sample[list(names)], outcome)
    return pd.Series({name: feature(binner, name).iv for name in names})


def _adjusted(p: pd.Series) -> pd.Series:
    ran = p.dropna()
    return pd.Series(holm(ran), index=ran.index, dtype=float).reindex(p.index)


def _direction(sign: int, auc: float, wrong_p: float, p_value: float) -> str:
    if np.isnan(auc):
        return NOT_RUN
    if not sign:
        return NEITHER
    if wrong_p < LEVEL:
        return CONTRADICTS
    return AGREES if p_value < LEVEL and sign * (auc - 0.5) > 0 else OPEN
