"""The page of use: who would be let in, what that earns, and what was lost against what was expected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import acceptance
from riskmodels.reporting.pages.judgement_shared import measures, unjudged
from riskmodels.reporting.pages.page import joined, unrun
from riskmodels.validation.acceptance import LGD, MARGIN, break_even, cut_off_curve
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.checks.told import table_of

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

SWAP = "validation.business.swap.bad"
APPROVALS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
MOST_POINTS = 300


def business(judged: ModelValidation) -> Iterator[Block]:
    """The swap set, the profit by share let in, cut-offs, and losses by amount."""
    name = _("Business")
    if reason := unjudged(judged):
        yield from unrun("12", name, reason)
        return
    checks = judged.of_group("business")
    swap = next(c for c in checks if c.name == SWAP)
    yield Section.of("12", name, _finding(swap), _lead(), checks)
    if judged.case.score != PROBABILITY:
        yield NotRun(_("Profit and losses"), _("a score that only ranks gives no expected loss"))
    else:
        once = judged.case.cohorts
        curve = cut_off_curve(once.outcome, once.probability, once.weight)
        yield _profit(curve, _whole(once), measures(checks, "business_measures", _("Measures of use")))
        yield _cut_offs(curve, judged)
        yield _losses(judged)
    yield NotRun(_("Swap set"), swap.reason) if swap.reason else _swaps(judged, swap)


def _finding(swap: CheckResult) -> str:
    if swap.value is None:
        return _("No other score to compare with; cut-offs are told for the model alone")
    spared = round(swap.detail["swapped_out"] - swap.detail["swapped_in"])
    told = {"share": f"{swap.detail['approved']:.0%}", "other": _other(swap), "n": abs(spared)}
    if spared == 0:
        return _("At {share} approved, as many bad cases are approved as by {other}").format(**told)
    words = (
        ngettext(
            "At {share} approved, one bad case fewer is approved than by {other}",
            "At {share} approved, {n} bad cases fewer are approved than by {other}",
            spared,
        )
        if spared > 0
        else ngettext(
            "At {share} approved, one bad case more is approved than by {other}",
            "At {share} approved, {n} bad cases more are approved than by {other}",
            -spared,
        )
    )
    return words.format(**told)


def _other(swap: CheckResult) -> str:
    return _("the challenger") if swap.detail["against"] == "challenger" else _("the validator's rival")


def _lead() -> str:
    words = _(
        "A good case earns {margin} of its amount, a bad one loses {lgd}: house defaults, to be replaced by the desk's "
        "own. A case then breaks even at a probability of {even}."
    )
    return words.format(margin=figure(MARGIN, "share"), lgd=figure(LGD, "share"), even=figure(break_even(), "rate"))


def _whole(case: Case) -> float:
    return case.n if case.weight is None else float(case.weight.sum())


def _profit(curve: pd.DataFrame, whole: float, side: Table) -> Figure:
    """Profit by share let in, as a share of all amounts: realised and expected."""
    kept = curve.iloc[np.unique(np.linspace(0, len(curve) - 1, min(len(curve), MOST_POINTS)).astype(int))]
    names = {"expected": _("expected"), "profit": _("realised")}
    parts = [
        pd.DataFrame({"series": name, "x": kept["share"], "y": kept[column] / whole}) for column, name in names.items()
    ]
    caption = _("All cases up to a probability are approved, the safest first; the mark is where a line is highest.")
    return Figure.of(
        "profit",
        acceptance.profit,
        pd.concat(parts, ignore_index=True),
        title=_("Profit by share of cases approved"),
        height=80,
        caption=caption,
        side=side,
    )


def _cut_offs(curve: pd.DataFrame, judged: ModelValidation) -> Table:
    """The curve at round shares of approval and at the break-even."""
    places = [int(np.searchsorted(curve["share"], share - 1e-12)) for share in APPROVALS]
    even = int(np.searchsorted(curve["cut_off"], break_even(), side="right")) - 1
    rows = curve.iloc[sorted({*places, *([even] if even >= 0 else [])})]
    unit = "money" if judged.case.weight is not None else "number"
    columns = [
        Column("share", _("Let in"), "share"),
        Column("cut_off", _("Probability up to"), "rate"),
        Column("rate", _("Bad rate"), "rate"),
        *([Column("amount", _("Amount"), unit, quiet=True)] if unit == "money" else []),
        Column("profit", _("Profit realised"), unit),
        Column("expected", _("Profit expected"), unit, quiet=True),
    ]
    return Table.of("cut_offs", rows, columns, title=_("What each cut-off comes to"), currency=judged.currency)


def _losses(judged: ModelValidation) -> Table:
    """Amounts, expected and realised losses at one LGD, by quarter where there are dates."""
    case = judged.case.cohorts
    weight = np.ones(case.n) if case.weight is None else case.weight
    frame = pd.DataFrame({"amount": weight, "expected": LGD * weight * case.probability})
    frame["realised"] = LGD * weight * case.outcome
    when = case.mature["period"].dt.to_period("Q").astype(str) if "period" in case.mature else pd.Series([""] * case.n)
    by = frame.groupby(when.to_numpy()).sum().rename_axis("quarter").reset_index()
    total = frame.sum().to_frame().T.assign(quarter=_("Total"))
    rows, below = (f.assign(ratio=f["realised"] / f["expected"]) for f in (by, total))
    unit = "money" if case.weight is not None else "number"
    columns = [
        Column("quarter", _("Quarter")),
        Column("amount", _("Amount"), unit, quiet=True),
        Column("expected", _("Loss expected"), unit),
        Column("realised", _("Loss realised"), unit),
        Column("ratio", _("Realised over expected"), "multiple"),
    ]
    caption = _("Bad cases lose {lgd} of their amount in both; section 9 judges that share where it is modelled.")
    title = _("Losses expected and realised")
    once = _("Amounts and outcomes count once per obligor and {months} months.").format(months=case.horizon)
    said = joined(caption.format(lgd=figure(LGD, "share")), once if case.n < judged.case.n else "")
    return Table.of(
        "losses", rows, columns, title=title, totals=below, caption=said, currency=judged.currency, half=True
    )


def _swaps(judged: ModelValidation, swap: CheckResult) -> Table:
    names = {
        "both": _("Let in by both"),
        "swapped_in": _("Swapped in"),
        "swapped_out": _("Swapped out"),
        "neither": _("Kept out by both"),
    }
    table = table_of(swap)
    rows = table.assign(name=table["kind"].map(names))
    amounts = [Column("amount", _("Amount"), "money", quiet=True), Column("bad_amount", _("Bad amount"), "money")]
    columns = [
        Column("name", ""),
        Column("n", _("Cases"), "count"),
        Column("events", _("Bad"), "count"),
        Column("rate", _("Bad rate"), "rate"),
        *(amounts if judged.case.weight is not None else []),
    ]
    words = _("Both approve {share} of the cases, the safest by the model and by {other}.")
    said = words.format(share=f"{swap.detail['approved']:.0%}", other=_other(swap))
    title = _("Who changes place: the model instead of {other}").format(other=_other(swap))
    return Table.of("swap_set", rows, columns, title=title, caption=said, currency=judged.currency, half=True)
