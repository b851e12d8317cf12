"""What the pages of tests share: checks as a small table, the cases with an outcome, and why none can be used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.text import gettext as _
from riskmodels.reporting.body import Column, Table
from riskmodels.reporting.words import detectable_text, limit_text, value_text

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def measures(checks: Sequence[CheckResult], name: str, title: str) -> Table:
    """Checks as a small table: measure, value, limit, result."""
    rows = [
        {
            "measure": c.title,
            "value": value_text(c),
            "limit": limit_text(c.limits, c.unit),
            "verdict": str(c.verdict),
        }
        for c in checks
    ]
    columns = [
        Column("measure", _("Measure")),
        Column("value", _("Value"), right=True, judged=True),
        Column("limit", _("Limit"), right=True, quiet=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    return Table.of(name, pd.DataFrame(rows), columns, title=title)


def challenged(checks: Sequence[CheckResult], name: str, title: str) -> Table:
    """The tests among the checks as one who challenges a p-value reads them: H0, cases, dependence, what they miss."""
    rows = [
        {
            "check": c.title,
            "h0": c.h0,
            "n": c.n,
            "p": c.p_value,
            "adjusted": c.adjusted_p,
            "dependence": c.dependence,
            "detectable": detectable_text(c),
            "verdict": str(c.verdict),
        }
        for c in checks
        if c.h0 and not c.reason
    ]
    columns = [
        Column("check", _("Test")),
        Column("h0", _("H0"), quiet=True),
        Column("n", _("Cases"), "count"),
        Column("p", _("p"), "p"),
        Column("adjusted", _("Holm p"), "p", judged=True),
        Column("dependence", _("Dependence"), quiet=True),
        Column("detectable", _("Detectable"), right=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    return Table.of(name, pd.DataFrame(rows, columns=[c.key for c in columns]), columns, title=title)


def mature(judged: ModelValidation) -> pd.DataFrame:
    """The later cases with an outcome and a usable score."""
    return judged.case.mature


def unjudged(judged: ModelValidation) -> str:
    """Why outcomes can't be used; empty when they can."""
    if judged.lacking:
        return judged.lacking
    outcomes = mature(judged)["outcome"]
    if outcomes.empty:
        return _("no later case has an outcome yet: all are too young")
    if outcomes.nunique() < 2:
        return _("all later cases ended alike, so nothing can be told apart")
    return ""
