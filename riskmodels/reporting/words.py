"""The words and figures of results: verdicts, groups, limits and the four opinions."""

from __future__ import annotations

import math
import re
from dataclasses import astuple

from riskmodels.core.checks import CheckResult, Limits, Verdict
from riskmodels.core.numbers import DASH, MINUS, NBSP, figure, interval
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark, ngettext
from riskmodels.validation.findings import Finding, Retest, State

VERDICTS = {
    Verdict.BREACH: mark("Breach"),
    Verdict.WATCH: mark("Watch"),
    Verdict.NO_EVIDENCE: mark("No evidence"),
    Verdict.WITHIN: mark("Within"),
    Verdict.NOT_RUN: mark("Not run"),
}
OPINIONS = {
    1: mark("Adequate"),
    2: mark("Minor deficiencies"),
    3: mark("Major deficiencies"),
    4: mark("Severe deficiencies"),
}
SEVERITIES = {
    "S1": (Verdict.BREACH, mark("S1 Severe")),
    "S2": (Verdict.BREACH, mark("S2 High")),
    "S3": (Verdict.WATCH, mark("S3 Medium")),
    "S4": (Verdict.NOT_RUN, mark("S4 Note")),
}
STATES = {
    State.OPEN: mark("Open"),
    State.PROPOSED: mark("Proposed for closing"),
    State.CLOSED: mark("Closed"),
}
RETESTS = {
    Retest.NONE: "",
    Retest.FAILED: mark("re-test failed"),
    Retest.PASSED: mark("re-test passed"),
    Retest.NOT_RUN: mark("re-test not run"),
}
GROUPS = {
    "discrimination": mark("Discrimination"),
    "calibration": mark("Calibration"),
    "stability": mark("Stability"),
    "coherence": mark("Coherence"),
    "grades": mark("Grades"),
    "data": mark("Data"),
    "concept": mark("Conceptual soundness"),
    "loss": mark("Loss"),
    "timing": mark("Time to payment"),
    "robustness": mark("Robustness"),
    "business": mark("Business"),
    "monitoring": mark("Monitoring"),
    "timeliness": mark("Timeliness"),
    "process": mark("Process"),
    "ageing": mark("Ageing"),
    "concentration": mark("Concentration"),
    "turnover": mark("Turnover"),
    "cohorts": mark("Vintages"),
    "regulation": mark("Regulation"),
    "asset_quality": mark("Asset quality"),
    "receivable_quality": mark("Receivable quality"),
    "liquidity": mark("Liquidity"),
    "completeness": mark("Completeness"),
    "uniqueness": mark("Uniqueness"),
    "integrity": mark("References"),
    "range": mark("Values"),
    "codes": mark("Codes"),
    "dates": mark("Dates"),
    "versions": mark("Versions"),
    "reconciliation": mark("Reconciliation"),
    "shifts": mark("Sudden shifts"),
    "catalogue": mark("Catalogue"),
    "coverage": mark("Coverage"),
    "power": mark("Predictive power"),
    "alike": mark("Redundancy"),
    "leak": mark("Leakage"),
    "sample": mark("Sample"),
    "definition": mark("Definition of bad"),
    "drivers": mark("Drivers"),
    "rank": mark("Ranking"),
    "bands": mark("Score bands"),
    "days": mark("Days to payment"),
    "level": mark("Level and uncertainty"),
    "points": mark("Points"),
    "explained": mark("Explanations"),
    "cash": mark("Cash forecast"),
}


REPORTS = {
    "data_quality": mark("Data quality"),
    "feature_review": mark("Feature review"),
    "loss_and_dilution": mark("Loss and dilution"),
    "model_validation": mark("Model validation"),
    "overdue_development": mark("Overdue development"),
    "portfolio_review": mark("Portfolio review"),
    "scorecard_development": mark("Scorecard development"),
}


def report_word(name: str) -> str:
    """The name of a report as a reader sees it."""
    return _(REPORTS[name]) if name in REPORTS else name.replace("_", " ").capitalize()


def verdict_word(verdict: Verdict) -> str:
    """The verdict as a reader sees it: Breach, Watch, No evidence, Within or Not run."""
    return _(VERDICTS[Verdict(verdict)])


def opinion_word(grade: int) -> str:
    """The opinion as a reader sees it, from Adequate to Severe deficiencies."""
    return _(OPINIONS[grade])


def group_word(group: str) -> str:
    """The heading of a group of checks; a group nobody named shows its key."""
    return _(GROUPS[group]) if group in GROUPS else group.replace("_", " ").capitalize()


def severity(level: str) -> tuple[Verdict, str]:
    """The shape and the word of a finding's severity."""
    verdict, word = SEVERITIES[level]
    return verdict, _(word)


def state_text(finding: Finding) -> str:
    """Where a finding stands: New; Open, carried twice, re-test failed; Closed, re-test passed."""
    if finding.state is State.OPEN and not finding.carried and finding.retest is Retest.NONE:
        return _("New")
    times = ngettext("carried once", "carried {n} times", finding.carried).format(n=finding.carried)
    tested = RETESTS[finding.retest]
    said = [_(STATES[finding.state]), times if finding.carried and finding.state is State.OPEN else ""]
    return _(", ").join(part for part in (*said, tested and _(tested)) if part)


def limit_text(limits: Limits | None, unit: str = "number", currency: str = "CNY") -> str:
    """The breach limit: ≥ 0.700, ≤ 8.0%, 0.75 - 1.25, or a dash when there is none."""
    return DASH if limits is None else _range(limits.breach_low, limits.breach_high, unit, currency)


def value_text(check: CheckResult, currency: str = "CNY") -> str:
    """The value of a check, with as many more decimals as tell it from a line it is beyond: −0.0204 for −0.020."""
    text = figure(check.value, check.unit, currency)
    if check.limits is None or check.verdict not in (Verdict.BREACH, Verdict.WATCH):
        return text
    lines = [line for line in astuple(check.limits)[:4] if line is not None]
    for more in range(4):
        text = figure(check.value, check.unit, currency, more)
        if text not in {figure(line, check.unit, currency, more) for line in lines}:
            break
    return text


def detectable_text(check: CheckResult) -> str:
    """The smallest deviation a check would have found, a dash where that isn't told, "none" where nothing is large
    enough.
    """
    if check.detectable is None:
        return DASH
    return _("none") if math.isinf(check.detectable) else figure(check.detectable, check.deviation)


def warning_text(limits: Limits | None, unit: str = "number", currency: str = "CNY") -> str:
    """The warning line with its word, empty when there is none."""
    if limits is None or (limits.watch_low is None and limits.watch_high is None):
        return ""
    line = _range(limits.watch_low, limits.watch_high, unit, currency)
    return _("Warning line {line}").format(line=line)


def _range(low: float | None, high: float | None, unit: str, currency: str) -> str:
    if low is not None and high is not None:
        return figure(low, unit, currency) if low == high else interval(low, high, unit)
    if low is not None:
        return f"≥{NBSP}{figure(low, unit, currency)}"
    return f"≤{NBSP}{figure(high, unit, currency)}" if high is not None else DASH


def reason_text(check: CheckResult) -> str:
    """Why a check has no verdict, in the words it gave or the plain fact."""
    if check.verdict is Verdict.NO_EVIDENCE and check.limits is not None:
        missed, matters = detectable_text(check), figure(check.limits.material, check.deviation)
        return _("could have missed {missed}; {matters} matters").format(missed=missed, matters=matters)
    return check.reason or (_("no value") if check.value is None else _("no limit is set"))


def number_parts(text: str) -> tuple[str, str, str]:
    """What stands before, in and after the number of a figure: ("CNY", "4.86", "bn")."""
    found = re.fullmatch(rf"([^\d{MINUS}]*)([{MINUS}\d][\d.,]*)(.*)", text)
    return tuple(part.strip() for part in found.groups()) if found else ("", text, "")  # type: ignore[return-value]


def fixed(value: float, decimals: int) -> str:
    """A number with its decimals, separators and a true minus."""
    text = f"{value:,.{decimals}f}"
    return text.replace("-", MINUS) if text.strip("-0.,") else text.lstrip("-")


def wide(text: str) -> int:
    """How many places of a fixed grid the text takes; a Han character takes two."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)
