"""Tests of an estimate on a report of its own: those that vote on page 1, all of them in their section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.numbers import DASH, interval
from riskmodels.core.text import gettext as _
from riskmodels.reporting.body import Column, Table
from riskmodels.reporting.front import Verdicts
from riskmodels.reporting.pages.page import joined
from riskmodels.reporting.words import detectable_text, limit_text, reason_text, value_text


def lights(checks: Sequence[CheckResult], previous: Mapping[str, float], currency: str) -> Verdicts:
    """Tests on page 1 with their limits."""
    note = _(
        "No evidence: within, but these cases could hide a deviation that matters. Neither this nor a test not run "
        "counts as within."
    )
    return Verdicts(tuple(checks), previous=previous, title=_("Tests and tolerances"), note=note, currency=currency)


def votes(checks: Sequence[CheckResult], previous: Mapping[str, float], currency: str) -> Verdicts:
    """The tests that vote on page 1, one for each question."""
    shown = lights([c for c in checks if c.primary], previous, currency)
    said = _("One test votes on each question; all of them stand in their section.")
    return replace(shown, note=joined(said, shown.note))


def tests_table(checks: Sequence[CheckResult], name: str, title: str, currency: str) -> Table:
    """Every test that ran: what it found on how many cases, its hypothesis, and what it could have missed."""
    rows = [
        {
            "check": c.title,
            "value": value_text(c, currency),
            "interval": interval(*c.interval, c.unit) if c.interval else DASH,
            "limit": limit_text(c.limits, c.unit, currency),
            "n": c.n,
            "h0": c.h0 or DASH,
            "p": c.p_value,
            "detectable": detectable_text(c),
            "verdict": str(c.verdict),
        }
        for c in checks
        if not c.reason
    ]
    columns = [
        Column("check", _("Test")),
        Column("value", _("Value"), right=True, judged=True),
        Column("interval", _("95% interval"), right=True, quiet=True),
        Column("limit", _("Limit"), right=True, quiet=True),
        Column("n", _("Cases"), "count"),
        Column("h0", _("H0"), quiet=True),
        Column("p", _("p"), "p"),
        Column("detectable", _("Detectable"), right=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    keys = [column.key for column in columns]
    return Table.of(name, pd.DataFrame(rows, columns=keys), columns, title=title, caption=_caption(checks))


def unrun_table(checks: Sequence[CheckResult], name: str) -> Table:
    """The tests that did not run, each with its reason."""
    rows = [{"check": c.title, "reason": reason_text(c)} for c in checks if c.reason]
    columns = [Column("check", _("Test")), Column("reason", _("Not run, because"), quiet=True)]
    return Table.of(name, pd.DataFrame(rows, columns=["check", "reason"]), columns, title=_("Tests not run"))


def _caption(checks: Sequence[CheckResult]) -> str:
    """What was done about cases that depend on each other, and what detectable means."""
    treated = next((c.dependence for c in checks if c.dependence), "")
    words = _("Detectable: the smallest deviation that the test finds with 80% power on these cases. {treated}.")
    return words.format(treated=treated[:1].upper() + treated[1:]) if treated else words.split(" {")[0]
