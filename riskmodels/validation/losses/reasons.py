"""Why a check of losses can't be run: each need answers with the reason a reader is given, empty when it can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.lgd.comparison import segments
from riskmodels.validation.losses.cases import PAIRS, LossCases, Pair
from riskmodels.validation.losses.shortfall import FEWEST, shortfall, shortfalls

Need = Callable[[LossCases], str]
UNTOLD = {
    "loss": mark("no estimated and realised losses among the cases"),
    "months": mark("no estimated and realised months of workout among the cases"),
    "recovery": mark("no estimated and realised recovery rates among the cases"),
    "dilution": mark("no estimated and realised dilution rates among the cases"),
}


def known(subject: str) -> Need:
    """Enough independent cases of which both what was estimated and what came is known."""

    def need(cases: LossCases) -> str:
        """Why the subject can't be tested."""
        if not cases.has(subject):
            return _(UNTOLD[subject])
        pair = cases.pair(subject)
        if not pair.n:
            return _("of {n} cases none is over, so nothing is known to have come").format(n=len(cases.frame))
        return _too_few(pair, None)

    return need


def weighed(subject: str) -> Need:
    """Amounts, not so uneven that a few cases decide all."""

    def need(cases: LossCases) -> str:
        """Why the subject can't be tested by amount."""
        pair = cases.pair(subject)
        return _("no amounts among the cases") if pair.weight is None else _too_few(pair, pair.weight)

    return need


def with_column(column: str, reason: str) -> Need:
    """An optional column; `reason` is marked text."""

    def need(cases: LossCases) -> str:
        """That the column isn't there."""
        rows = cases.loss.rows
        return "" if column in rows and rows[column].notna().any() else _(reason)

    return need


def in_groups(subject: str, group: Callable[[Pair], Any]) -> Need:
    """One group at least with enough independent cases."""

    def need(cases: LossCases) -> str:
        """That every group is too small."""
        pair = cases.pair(subject)
        table = shortfalls(pair.gap, group(pair), None, pair.clusters)
        words = _("none of {n} groups has {least} independent cases that differ")
        return "" if table["holm_p"].notna().any() else words.format(n=len(table), least=FEWEST)

    return need


def told_apart(cases: LossCases) -> str:
    """Estimates in more than one segment."""
    alike = len(np.unique(segments(cases.loss.estimated))) < 2
    return _("all cases are estimated in one segment, so they have no order") if alike else ""


def ordered_at_start(cases: LossCases) -> str:
    """The cases the estimate was made on, with an order."""
    if cases.initial is None or not set(PAIRS["loss"]) <= set(cases.initial.frame):
        return _("no cases of the start were given")
    return known("loss")(cases.initial) or told_apart(cases.initial)


def _too_few(pair: Pair, weight: np.ndarray | None) -> str:
    independent = shortfall(pair.gap, weight, pair.clusters).independent
    if independent >= FEWEST:
        return ""
    words = _("{n} cases tell as much as {k} independent ones of equal size, at least {least} are needed")
    return words.format(n=pair.n, k=f"{independent:.1f}", least=FEWEST)
