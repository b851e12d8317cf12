"""Does the model hold everywhere: in each segment, for new obligors, in both halves of time, without the largest?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import LEVEL, Check, Measured, Need
from riskmodels.validation.checks.told import rows
from riskmodels.validation.dependence import treatment
from riskmodels.validation.leaving_out import LeftOut, later_half, without_largest
from riskmodels.validation.sampling import unseen
from riskmodels.validation.slices import apart, chance_se, comparable, slice_table, slices_of

POWER = 0.8
Mask = NDArray[np.bool_]


def segments(case: Case) -> pd.DataFrame:
    """The slices of the mature cases against their rest: see `slice_table`."""
    return slice_table(case.outcome, case.risk, slices_of(case.mature, case.drivers), case.clusters or None)


def worst_segment(case: Case) -> Measured:
    """AUC of the weakest segment less that of the rest, beyond what the weakest of so many reaches by chance."""
    every = segments(case)
    table = _compared(every)
    worst = table.iloc[0]
    spread = float(table["se"].max())
    return Measured(
        float(worst["gap"]),
        int(worst["n"]),
        p_value=float(table["p_value"].min()),
        critical=lambda level: float(norm.isf(level / len(table)) * worst["se"]),
        dependence=treatment(case.parties),
        detail=_named(worst) | {"segments": len(table)} | rows(every),
        detect=lambda level: _smallest(level / len(table), spread),
    )


def inverted_segments(case: Case) -> Measured:
    """Number of segments in which the safer cases go bad more often, by more than chance explains."""
    table = _compared(segments(case))
    turned = table[(table["inverted_p"] < LEVEL) & (table["auc"] < 0.5)]
    spread = max(chance_se(row["events"], row["n"] - row["events"]) for row in table.to_dict("records"))
    return Measured(
        len(turned),
        len(table),
        p_value=float(table["inverted_p"].min()),
        dependence=treatment(case.parties),
        detail={"segments": [_named(row) for row in turned.to_dict("records")]},
        detect=lambda level: _smallest(level / len(table), spread),
    )


def part_against_rest(case: Case, part: Callable[[Case], Mask]) -> Measured:
    """AUC of a part of the cases less that of the rest; worse counts only beyond chance, one-sided at 5 %."""
    inside, rest, se = apart(case.outcome, case.risk, part(case), case.clusters or None)
    p = float(norm.cdf((inside - rest) / se)) if se > 0 else float("nan")
    return Measured(
        inside - rest,
        case.n,
        p_value=p,
        critical=lambda level: float(norm.isf(level) * se),
        dependence=treatment(case.parties),
        detail={"part": inside, "rest": rest, "cases": int(part(case).sum())},
        detect=partial(_smallest, se=se),
    )


def new_obligors(case: Case) -> Mask:
    """The mature cases of obligors that development never had."""
    return unseen(case.development.sample, case.mature).to_numpy(bool)


def last_half(case: Case) -> Mask:
    """The mature cases of the later half of the time."""
    return later_half(case.mature["period"])


def left_out(case: Case, party: str = "obligor") -> LeftOut:
    """The case whole and without its largest party."""
    probability = case.probability if case.score == PROBABILITY else None
    return without_largest(case.mature[party], case.outcome, case.risk, probability, case.weight)


def largest_in_ranking(case: Case) -> Measured:
    """How far the AUC moves without the largest obligor."""
    found = left_out(case)
    return Measured(abs(found.auc_change), case.n, detail=_told(found))


def largest_in_level(case: Case) -> Measured:
    """Observed over expected by amount without the largest obligor, over the same with it."""
    found = left_out(case)
    return Measured(found.without.amount_ratio / found.whole.amount_ratio, case.n, detail=_told(found))


def sliced(case: Case) -> str:
    """A segment or slice that can be compared with its rest."""
    slices = slices_of(case.mature, case.drivers)
    if not slices:
        return _("no segments, amounts or text drivers to slice the sample by")
    if any(comparable(case.outcome, s.mask) for s in slices):
        return ""
    return _("no segment has enough bad and good cases, inside and outside")


def parted(part: Callable[[Case], Mask], column: str, absent: str) -> Need:
    """Enough bad and good cases inside and outside a part that a column tells; `absent` (marked) if it isn't there."""

    def need(case: Case) -> str:
        """Why the parts can't be compared; empty when they can."""
        if column not in case.mature or case.mature[column].isna().all():
            return _(absent)
        few = _("too few bad or good cases in one of the two parts")
        return "" if comparable(case.outcome, part(case)) else few

    return need


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["gap"].notna()]


def _named(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in ("slicing", "level", "auc", "rest")}


def _told(found: LeftOut) -> dict[str, Any]:
    share = 1 - found.without.amount / found.whole.amount if found.whole.amount > 0 else None
    return {"name": found.name, "cases": found.whole.n - found.without.n, "share": share}


def _smallest(level: float, se: float) -> float:
    """The smallest one-sided difference found with 80 % power."""
    return float((norm.isf(level) + norm.ppf(POWER)) * se)


NO_OBLIGORS = mark("no obligors in the sample")
NO_DATES = mark("no dates in the sample")
NO_AMOUNTS = mark("no amounts in the sample")

ROBUSTNESS: tuple[Check, ...] = (
    Check(
        "validation.robustness.segments.worst",
        mark("AUC of the weakest segment less the rest's"),
        "score",
        worst_segment,
        (needs.enough_events, needs.scores_differ, sliced),
        "Obuchowski 1997, difference of independent parts; Holm over the segments",
        mark("no segment ranks worse than the rest"),
        primary=True,
        deviation="score",
    ),
    Check(
        "validation.robustness.segments.inverted",
        mark("Segments ranked the wrong way round"),
        "count",
        inverted_segments,
        (needs.enough_events, needs.scores_differ, sliced),
        "Mann, Whitney 1947; Holm over the segments",
        mark("the AUC of every segment is at least 0.5"),
        deviation="score",
    ),
    Check(
        "validation.robustness.unseen.delta",
        mark("AUC of new obligors less that of known ones"),
        "score",
        partial(part_against_rest, part=new_obligors),
        (needs.enough_events, needs.scores_differ, needs.reference, parted(new_obligors, "obligor", NO_OBLIGORS)),
        "Obuchowski 1997",
        mark("new obligors are ranked no worse"),
        deviation="score",
    ),
    Check(
        "validation.robustness.last_half.delta",
        mark("AUC of the last half of the time less that of the first"),
        "score",
        partial(part_against_rest, part=last_half),
        (needs.enough_events, needs.scores_differ, parted(last_half, "period", NO_DATES)),
        "Obuchowski 1997",
        mark("the last half is ranked no worse"),
        deviation="score",
    ),
    Check(
        "validation.robustness.largest.auc",
        mark("Change of the AUC without the largest obligor"),
        "score",
        largest_in_ranking,
        (needs.enough_events, needs.column("obligor", NO_OBLIGORS)),
    ),
    Check(
        "validation.robustness.largest.level",
        mark("Observed over expected amount without the largest obligor, over that with it"),
        "multiple",
        largest_in_level,
        (
            needs.enough_events,
            needs.probabilities,
            needs.column("obligor", NO_OBLIGORS),
            needs.column("weight", NO_AMOUNTS),
        ),
    ),
)
