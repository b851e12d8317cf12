"""What the pages of tests share: checks as a small table, the cases with an outcome, and why none can be used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.text import gettext as _
from riskmodels.reporting.body import Column, Table
from riskmodels.reporting.words import limit_text, value_text

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def measures(checks: Sequence[CheckResult], name: str, title: str) -> Table:
    """Checks as a small table: measure, value, limit, result, and why any of them has not run."""
    rows = [
        {
            "measure": c.title,
            "value": value_text(c),
            "limit": limit_text(c.limits, c.unit),
            "verdict": str(c.verdict),
            "reason": c.reason,
        }
        for c in checks
    ]
    columns = [
        Column("measure", _("Measure")),
        Column("value", _("Value"), right=True, judged=True),
        Column("limit", _("Limit"), right=True, quiet=True),
        Column("verdict", _("Result"), "verdict"),
        *([Column("reason", _("Not run, because"), quiet=True)] if any(c.reason for c in checks) else []),
    ]
    return Table.of(name, pd.DataFrame(rows), columns, title=title)


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
        return _("all later cases ended alike, so nothing can be distinguished")
    return ""
