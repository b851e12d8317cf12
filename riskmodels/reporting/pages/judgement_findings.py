"""The page of findings: the register, the conditions of use that follow from it, and who signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Section, Table
from riskmodels.reporting.closing import Findings, Signature, SignOff
from riskmodels.reporting.pages.judged_people import People
from riskmodels.reporting.pages.page import unrun
from riskmodels.validation.findings import Finding, State, register
from riskmodels.validation.opinion import KEY_CHECKS, OBSERVED_EXPECTED
from riskmodels.validation.suite import default_limits

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

_SHAPES = {"S1": Verdict.BREACH, "S2": Verdict.BREACH, "S3": Verdict.WATCH, "S4": Verdict.NOT_RUN}


def registered(judged: ModelValidation) -> tuple[Finding, ...]:
    """The register after this run: the last run's findings tested again, and those of this run's checks."""
    monthly = judged.monitoring.persistence if judged.monitoring else ()
    lines = {**default_limits(), **judged.limits}
    return register([*judged.checks, *monthly], judged.as_of, lines, judged.earlier, KEY_CHECKS)


def findings(judged: ModelValidation) -> Iterator[Block]:
    """The findings that stand or were closed now, conditions of use, and the signatures."""
    name = _("Findings")
    if judged.lacking:
        yield from unrun("14", name, judged.lacking)
        return
    cells = {r.name: r.title for r in judged.checks}
    cells |= {r.name: r.title for r in (judged.monitoring.persistence if judged.monitoring else ())}
    block = Findings(judged.findings, name, as_of=judged.as_of, cells=cells)
    standing = [f for f in block.shown if f.state is not State.CLOSED]
    shape = min((_SHAPES[f.severity] for f in standing), key=list(Verdict).index, default=Verdict.WITHIN)
    lead = _("A finding is carried until its check is within again at two dates, or people close it after the first.")
    yield Section("14", name, _sentence(judged, block), lead, shape)
    yield block
    if conditions := _conditions(standing, judged.checks):
        yield Table.of(
            "conditions",
            pd.DataFrame(conditions),
            [Column("id", ""), Column("condition", _("Condition")), Column("ends", _("Ends when"), quiet=True)],
            title=_("Conditions of use"),
        )
    yield sign_off(judged.people)


def sign_off(people: People) -> SignOff:
    """The lines to be signed: developer, validator and approver, and whether they are three persons."""
    roles = (
        (_("Developer"), people.developer),
        (_("Validator"), people.validator),
        (_("Approver"), people.approver),
    )
    lines = [Signature(role, name or _("not named"), _("signature awaited")) for role, name in roles]
    subtitle = _("developer, validator and approver are three persons")
    return SignOff((*lines, _independence([name for _role, name in roles])), subtitle)


def _independence(names: Sequence[str]) -> Signature:
    """Whether three different persons are named; only then the validation is independent."""
    told = [" ".join(name.split()).casefold() for name in names if name.strip()]
    role = _("Independence")
    if len(set(told)) < len(told):
        return Signature(role, _("not independent"), _("one person in two roles"))
    if len(told) < len(names):
        return Signature(role, _("not shown"), _("not everybody is named"))
    return Signature(role, _("three persons"), _("by their names"), signed=True)


def _sentence(judged: ModelValidation, block: Findings) -> str:
    """How many findings stand, are new, carried, overdue, and were closed now."""
    standing = [f for f in block.shown if f.state is not State.CLOSED]
    closed = len(block.shown) - len(standing)
    if not standing:
        words = ngettext("No finding stands; one was closed", "No finding stands; {n} were closed", closed)
        return words.format(n=closed) if closed else _("No finding is open")
    new = sum(f.opened_on == judged.as_of for f in standing)
    late = sum(f.overdue(judged.as_of) for f in standing)
    counted = [
        ngettext("one finding is new", "{n} findings are new", new).format(n=new),
        ngettext("one is carried over", "{n} are carried over", len(standing) - new).format(n=len(standing) - new),
        ngettext("one is overdue", "{n} are overdue", late).format(n=late),
        ngettext("one is closed", "{n} are closed", closed).format(n=closed),
    ]
    said = _(", ").join(t for t, n in zip(counted, (new, len(standing) - new, late, closed), strict=True) if n)
    return said[:1].upper() + said[1:]


def _conditions(standing: Sequence[Finding], checks: Sequence[CheckResult]) -> list[dict[str, str]]:
    """What each severe or high finding asks of the use of the model until it is closed."""
    by_name = {c.name: c for c in checks}
    grave = [f for f in standing if f.severity in ("S1", "S2")]
    return [
        {
            "id": f"C{n}",
            "condition": _condition(f, by_name.get(f.raised_by)),
            "ends": _("{id} is closed").format(id=f.id),
        }
        for n, f in enumerate(grave, 1)
    ]


def _condition(finding: Finding, check: CheckResult | None) -> str:
    group = finding.raised_by.split(".")[1] if finding.raised_by.count(".") > 1 else ""
    if finding.raised_by == OBSERVED_EXPECTED and check is not None and (check.value or 0) > 1:
        words = _("Probabilities count times {ratio} in prices, limits and expected loss")
        return words.format(ratio=figure(check.value))
    said = {
        "discrimination": _("No decision rests on the score alone"),
        "calibration": _("No price, limit or expected loss rests on the probabilities alone"),
        "stability": _("Cases unlike those of development are decided by a person"),
        "monitoring": _("The figure is reported every month"),
    }
    return said.get(group) or _("The use of the model is confirmed by the risk committee")
