"""Page 1 of a model's development: may the candidate go to validation, the checks, what is asked of whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.front import Changes, Decision, Decisions, KeyFigure, KeyFigures, Masthead, Opinion, Verdicts
from riskmodels.reporting.pages.page import Before, listed


class Candidate(Protocol):
    """A report on a candidate model."""

    @property
    def checks(self) -> list[CheckResult]:
        """All its checks."""

    @property
    def before(self) -> Before:
        """The run it is compared with."""


def front_page(
    report: Candidate, title: str, subtitle: str, reason: str, figures: tuple[KeyFigure, ...]
) -> Iterator[Block]:
    """Masthead, opinion with its reason, key figures, checks, changes and decisions."""
    checks, before = report.checks, report.before
    yield Masthead(title, subtitle)
    yield Opinion.of(checks, _sentence(checks), reason)
    yield KeyFigures(figures)
    note = _("Watch: beyond the warning line, inside the limit. A check not run never counts as within.")
    yield Verdicts(tuple(checks), previous=before.values, title=_("Checks and limits"), note=note)
    if before.as_of:
        yield Changes.between(checks, before.values, _("the report of {date}").format(date=before.as_of))
    yield Decisions(_decisions(checks))


def _sentence(checks: list[CheckResult]) -> str:
    broken, watched = ([c.title for c in checks if c.verdict is v] for v in (Verdict.BREACH, Verdict.WATCH))
    if broken:
        head = ngettext("A candidate with one check failed", "A candidate with {n} checks failed", len(broken))
        return _("{head}: {names}").format(head=head.format(n=len(broken)), names=listed(broken, 2))
    if watched:
        head = ngettext(
            "A candidate for validation, one figure on watch",
            "A candidate for validation, {n} figures on watch",
            len(watched),
        )
        return _("{head}: {names}").format(head=head.format(n=len(watched)), names=listed(watched, 2))
    return _("A candidate for validation: every check that ran is within its limit")


def _decisions(checks: list[CheckResult]) -> tuple[Decision, ...]:
    broken = [c for c in checks if c.verdict is Verdict.BREACH]
    plans = [_("{title} beyond its limit: remedy or reason to go on").format(title=c.title) for c in broken]
    asked = (
        _("Hand the candidate over to validation") if not broken else _("Hand over to validation, or develop further")
    )
    return (
        Decision(asked, _("Model committee, this meeting")),
        *(Decision(plan, _("Model owner, before validation")) for plan in plans[:4]),
    )
