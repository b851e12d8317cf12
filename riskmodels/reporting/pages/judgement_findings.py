"""The page of findings: the register; conditions and signatures stand on the verdict page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.checks import Verdict
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Section
from riskmodels.reporting.closing import Findings
from riskmodels.reporting.pages.page import unrun
from riskmodels.validation.findings import Finding, State, register
from riskmodels.validation.opinion import KEY_CHECKS
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
    """The findings that stand or were closed now."""
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
