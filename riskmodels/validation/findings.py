"""The register of findings: raised by the cell of a check, owned, due, re-tested by every later run, closed for good.

A finding is carried from run to run until its check is within again; it is never raised twice while it stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from riskmodels.core.checks import CheckResult, Limits, Verdict
from riskmodels.core.text import gettext as _
from riskmodels.validation.findings_words import MONTHLY, sentence, severity_of

SEVERITIES = ("S1", "S2", "S3", "S4")
DAYS = "validation.findings.days_open."
"""The limits of how many days a finding may stay open are named so, with its severity: ...days_open.s1."""
_NUMBERED = re.compile(r"F-(\d+)")


class State(StrEnum):
    """Where a finding stands: open, proposed for closing (its re-test passed), closed."""

    OPEN = "open"
    PROPOSED = "proposed"
    CLOSED = "closed"


class Retest(StrEnum):
    """What this run made of the check again: beyond still, within again, not to be told; nothing in its first run."""

    NONE = ""
    FAILED = "failed"
    PASSED = "passed"
    NOT_RUN = "not_run"


@dataclass(frozen=True)
class Finding:
    """One finding; `raised_by` is the name of its check, or who raised it by hand.

    `severity` is S1 (worst) to S4, `carried` how many later dates it has been carried to. Owner, due, state and remark
    are people's to change.
    """

    id: str
    severity: str
    finding: str
    raised_by: str = ""
    owner: str = ""
    due: date | None = None
    state: State = State.OPEN
    opened_on: date | None = None
    closed_on: date | None = None
    retest: Retest = Retest.NONE
    carried: int = 0
    remark: str = ""

    def overdue(self, as_of: date) -> bool:
        """Whether it isn't closed and the day it was due is over."""
        return self.state is not State.CLOSED and self.due is not None and self.due < as_of


@dataclass(frozen=True)
class Earlier:
    """What the run before left: its date, its register with people's changes, its checks that were on watch."""

    as_of: date | None = None
    findings: tuple[Finding, ...] = ()
    watched: frozenset[str] = frozenset()


def register(
    results: Sequence[CheckResult],
    as_of: date,
    limits: Mapping[str, Limits],
    earlier: Earlier | None = None,
    key: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Every finding there ever was, after this run: those carried and re-tested, then those the results raise.

    A breach raises S1 for a `key` check of the opinion, S2 for another primary one or a monthly figure that persists,
    S3 for any other; a watch that stands for a second run, or persists by month, S3; a primary check without evidence
    or not run S4. What a check already has standing isn't raised again, nor by the monthly figure of the same check.
    """
    before = earlier or Earlier()
    severities = {r.name: severity_of(r, key, before.watched) for r in results}
    verdicts = {r.name: r.verdict for r in results}
    later = before.as_of is None or as_of > before.as_of
    carried = [
        f if f.closed_on else _tested(f, verdicts.get(f.raised_by), severities.get(f.raised_by, ""), later)
        for f in before.findings
    ]
    standing = {f.raised_by for f in carried if f.state is not State.CLOSED}
    told = standing | {r.name for r in results if severities[r.name] and r.group != MONTHLY}
    new = [
        Finding("", severities[r.name], sentence(r), r.name, _("Model owner"), opened_on=as_of)
        for r in results
        if severities[r.name] and r.name not in standing and r.detail.get("check") not in told
    ]
    return numbered(_dated(f, as_of, limits) for f in (*carried, *new))


def numbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, those without an id given the next free ones: F-01, F-02 and so on."""
    given = tuple(findings)
    taken = [int(found[1]) for f in given if (found := _NUMBERED.fullmatch(f.id))]
    free = (f"F-{n:02d}" for n in count(max(taken, default=0) + 1))
    return tuple(f if f.id else replace(f, id=next(free)) for f in given)


def due_on(severity: str, opened_on: date, limits: Mapping[str, Limits]) -> date | None:
    """The day a finding is due by the limit of how many days one of its severity may stay open; None without one."""
    days = limits.get(DAYS + severity.lower(), Limits()).breach_high
    return None if days is None else opened_on + timedelta(days=int(days))


def _tested(finding: Finding, verdict: Verdict | None, raises: str, later: bool) -> Finding:
    """A finding after its re-test; what is found now may be graver than what raised it, and is due anew then."""
    retest = _retest(finding, verdict, raises)
    worse = bool(raises) and raises < finding.severity
    return replace(
        finding,
        severity=raises if worse else finding.severity,
        due=None if worse else finding.due,
        state=_state(finding.state, retest, later),
        retest=retest,
        # One raised by hand since the last run hasn't been in a run yet
        carried=finding.carried + (later and finding.opened_on is not None),
    )


def _retest(finding: Finding, verdict: Verdict | None, raises: str) -> Retest:
    """Within has passed, beyond has failed; a check that can't tell has failed only if that was the finding."""
    if verdict is None:
        return Retest.NONE
    if verdict is Verdict.WITHIN:
        return Retest.PASSED
    beyond = verdict in (Verdict.BREACH, Verdict.WATCH)
    return Retest.FAILED if beyond or raises == finding.severity else Retest.NOT_RUN


def _state(state: State, retest: Retest, later: bool) -> State:
    """A failed test opens again what people closed; one passed at two dates closes, as people may after the first."""
    match retest:
        case Retest.FAILED:
            return State.OPEN
        case Retest.PASSED:
            closes = state is State.CLOSED or (state is State.PROPOSED and later)
            return State.CLOSED if closes else State.PROPOSED
    return state


def _dated(finding: Finding, as_of: date, limits: Mapping[str, Limits]) -> Finding:
    """A finding with the day it is due, where nobody set one, and the day it was closed."""
    if finding.closed_on:
        return finding
    due = finding.due or due_on(finding.severity, as_of, limits)
    closed = as_of if finding.state is State.CLOSED else None
    return replace(finding, opened_on=finding.opened_on or as_of, closed_on=closed, due=due)
