"""What closes the verdict page: conditions of use, what the run was made of, and who signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.environment import environment_hash
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Table
from riskmodels.reporting.closing import Identity, Signature, SignOff
from riskmodels.reporting.pages.judged_people import People
from riskmodels.validation.findings import Finding, State
from riskmodels.validation.opinion import OBSERVED_EXPECTED

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def closing(judged: ModelValidation) -> Iterator[Block]:
    """Conditions of use where a finding asks for some, the identity of the run, the signatures."""
    standing = [f for f in judged.findings if f.state is not State.CLOSED]
    if conditions := _conditions(standing, judged.checks):
        columns = [Column("id", ""), Column("condition", _("Condition")), Column("ends", _("Ends when"), quiet=True)]
        yield Table.of("conditions", pd.DataFrame(conditions), columns, title=_("Conditions of use"), half=True)
    yield Identity(**judged.source.identity, environment=environment_hash()[:12])
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


def _conditions(standing: Sequence[Finding], checks: Sequence[CheckResult]) -> list[dict[str, str]]:
    """What each severe or high finding asks of the use of the model until it is closed."""
    by_name = {c.name: c for c in checks}
    grave = sorted((f for f in standing if f.severity in ("S1", "S2")), key=lambda f: (f.severity, f.id))
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
