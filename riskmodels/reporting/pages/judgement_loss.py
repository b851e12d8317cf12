"""The page of losses: does what probability, LGD and amount foretell come, and is the LGD itself right?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Section, Table
from riskmodels.reporting.pages.page import unrun
from riskmodels.reporting.pages.tested import table_of_tests, unrun_table
from riskmodels.validation.checks.loss import REALISED, losses, lost
from riskmodels.validation.losses.cases import LossCases
from riskmodels.validation.losses.segments import segment_names
from riskmodels.validation.losses.shortfall import shortfalls

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def loss(judged: ModelValidation) -> Iterator[Block]:
    """Expected against realised loss, by grade where there are grades, and the LGD by segment."""
    name, checks = _("Loss"), judged.of_group("loss")
    ran = [c for c in checks if not c.reason]
    if judged.lacking or not ran:
        reason = judged.lacking or next((c.reason for c in checks), _("the model gives no loss"))
        yield from unrun("9", name, reason)
        return
    yield Section.of("9", name, _finding(judged, ran), _lead(judged), ran)
    title = _("Estimated losses against what was lost")
    yield table_of_tests(ran, "loss_tests", title, judged.currency)
    if "grade" in judged.case.mature:
        yield _by_grade(judged)
    if any(c.name == "validation.loss.level" for c in ran):
        yield _by_segment(judged)
    if len(ran) < len(checks):
        yield unrun_table(checks, "loss_not_run")


def _finding(judged: ModelValidation, ran: list[CheckResult]) -> str:
    ratio = next((c for c in ran if c.name == "validation.loss.realised_expected"), None)
    if ratio is None:
        level = next((c for c in ran if c.name == "validation.loss.level"), ran[0])
        words = _("{title}: {value}")
        return words.format(title=level.title, value=figure(level.value, level.unit))
    unit = "number" if judged.case.weight is None else "money"
    came, expected = (figure(ratio.detail[key], unit, judged.currency) for key in ("realised", "expected"))
    words = _("{came} was lost where {expected} was expected, {ratio} of it")
    return words.format(came=came, expected=expected, ratio=figure(ratio.value, "share"))


def _lead(judged: ModelValidation) -> str:
    words = _(
        "Expected is probability x LGD x amount, realised what bad cases lost of their amount. {known} of {bad} bad "
        "cases have a realised LGD; the others count with the estimated one."
    )
    once = judged.case.cohorts
    bad = once.mature[once.outcome == 1]
    known = int(bad[REALISED].notna().sum()) if REALISED in bad else 0
    return words.format(known=f"{known:,}", bad=f"{len(bad):,}")


def _by_grade(judged: ModelValidation) -> Table:
    once = judged.case.cohorts
    expected, came = losses(once)
    rows = once.mature.assign(expected=expected, came=came, cases=1)
    table = rows.groupby("grade", observed=True)[["cases", "outcome", "expected", "came"]].sum().reset_index()
    total = table[["cases", "outcome", "expected", "came"]].sum().to_frame().T.assign(grade=_("All"))
    both = (t.assign(ratio=t["came"] / t["expected"].where(t["expected"] > 0)) for t in (table, total))
    unit = "number" if judged.case.weight is None else "money"
    columns = [
        Column("grade", _("Grade")),
        Column("cases", _("Cases"), "count"),
        Column("outcome", judged.words.bad, "count"),
        Column("expected", _("Expected loss"), unit),
        Column("came", _("Realised loss"), unit),
        Column("ratio", _("Realised over expected"), "number"),
    ]
    title = _("Expected and realised loss by grade")
    first, last = both
    return Table.of("loss_by_grade", first, columns, title=title, totals=last, currency=judged.currency)


def _by_segment(judged: ModelValidation) -> Table:
    """The LGD of bad cases in the twelve segments of the estimate, those that anyone is in."""
    pair = LossCases(lost(judged.case)).loss
    names = segment_names(pair.estimated)
    table = shortfalls(pair.gap, names.astype(str), None, pair.clusters)
    values = pd.DataFrame({"estimated": pair.estimated, "realised": pair.realised})
    means = values.groupby(names.to_numpy(), observed=True).mean()
    order = {name: place for place, name in enumerate(names.cat.categories)}
    rows = table.join(means, on="group").sort_values("group", key=lambda g: g.map(order))
    columns = [
        Column("group", _("Estimated LGD")),
        Column("n", _("Bad cases"), "count"),
        Column("estimated", _("Estimated"), "share"),
        Column("realised", _("Realised"), "share"),
        Column("gap", _("Gap"), "share"),
        Column("low", _("95% from"), "share", quiet=True),
        Column("high", _("to"), "share", quiet=True),
        Column("statistic", _("T"), "number"),
        Column("p_value", _("p"), "p"),
        Column("holm_p", _("Holm p"), "p"),
    ]
    caption = _("A segment of too few independent cases has no interval and no p.")
    return Table.of("lgd_segments", rows, columns, title=_("LGD by segment of the estimate"), caption=caption)
