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
    others = tuple(c for c in checks if not c.primary)
    return replace(shown, note=joined(said, shown.note), others=others)


FOUND = ("check", "value", "interval", "limit", "n", "h0", "p", "detectable", "verdict")
"""What tests found, and what they could have missed."""
CHALLENGED = ("check", "value", "limit", "h0", "n", "p", "adjusted", "dependence", "detectable", "verdict")
"""What one who challenges a p-value asks of a test, and why what has not run has not."""
EVERY = ("check", "votes", "h0", "n", "value", "statistic", "p", "adjusted", "dependence", "detectable", "verdict")
"""All that is known of a test."""


def table_of_tests(
    checks: Sequence[CheckResult], name: str, title: str, currency: str, show: Sequence[str] = FOUND
) -> Table:
    """A row per test: its hypothesis, cases, value, p and what it could have missed; `show` names the columns.

    Those that were not run are left out, unless a reason stands in the place of their hypothesis.
    """
    told = [c for c in checks if show is not FOUND or not c.reason]
    columns = [column for column in _columns() if column.key in show]
    columns.sort(key=lambda column: show.index(column.key))
    rows = pd.DataFrame([_row(c, currency) for c in told], columns=[column.key for column in _columns()])
    return Table.of(name, rows, columns, title=title, caption=_caption(checks, show))


def _row(check: CheckResult, currency: str) -> dict[str, object]:
    return {
        "check": check.title,
        "votes": _("yes") if check.primary else "",
        "value": value_text(check, currency),
        "interval": interval(*check.interval, check.unit) if check.interval else DASH,
        "limit": limit_text(check.limits, check.unit, currency),
        "n": check.n,
        "h0": _("not run: {reason}").format(reason=check.reason) if check.reason else check.h0 or DASH,
        "statistic": check.statistic,
        "p": check.p_value,
        "adjusted": check.adjusted_p,
        "dependence": check.dependence or DASH,
        "detectable": detectable_text(check),
        "verdict": str(check.verdict),
    }


def _columns() -> list[Column]:
    return [
        Column("check", _("Test")),
        Column("votes", _("Votes"), quiet=True),
        Column("value", _("Value"), right=True, judged=True),
        Column("interval", _("95% interval"), right=True, quiet=True),
        Column("limit", _("Limit"), right=True, quiet=True),
        Column("n", _("Cases"), "count"),
        Column("h0", _("H0"), quiet=True),
        Column("statistic", _("Statistic"), "number", quiet=True),
        Column("p", _("p"), "p"),
        Column("adjusted", _("Holm p"), "p"),
        Column("dependence", _("Dependence"), quiet=True),
        Column("detectable", _("Detectable"), right=True),
        Column("verdict", _("Result"), "verdict"),
    ]


def unrun_table(checks: Sequence[CheckResult], name: str) -> Table:
    """The tests that did not run, each with its reason."""
    rows = [{"check": c.title, "reason": reason_text(c)} for c in checks if c.reason]
    columns = [Column("check", _("Test")), Column("reason", _("Not run, because"), quiet=True)]
    return Table.of(name, pd.DataFrame(rows, columns=["check", "reason"]), columns, title=_("Tests not run"))


def _caption(checks: Sequence[CheckResult], show: Sequence[str]) -> str:
    """What detectable and the adjustment mean, and what was done about dependence where no column says it."""
    found = _(
        "Detectable: the smallest deviation that the test finds with 80% power on these cases, at 5% shared among the "
        "tests of its family."
    )
    if "adjusted" in show:
        return joined(found, _("Holm p: adjusted over that family."))
    treated = next((c.dependence for c in checks if c.dependence), "")
    return joined(found, _("{treated}.").format(treated=treated[:1].upper() + treated[1:])) if treated else found
