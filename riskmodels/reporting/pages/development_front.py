"""Page 1 of a development: may the candidate go to validation, five key figures, the checks, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.front import Changes, Decision, Decisions, KeyFigure, KeyFigures, Masthead, Opinion, Verdicts
from riskmodels.reporting.pages.page import joined, listed

if TYPE_CHECKING:
    from riskmodels.reporting.pages.development import ScorecardDevelopment


def front(report: ScorecardDevelopment) -> Iterator[Block]:
    """Masthead, opinion, key figures, checks, changes and decisions."""
    checks, before = report.checks, report.before
    yield Masthead(_("Development of the rating of debtors"), _subtitle(report))
    yield Opinion.of(checks, candidate_sentence(checks), _reason(report))
    yield KeyFigures(_key_figures(report))
    note = _("Watch: beyond the warning line, inside the limit. A check not run never counts as within.")
    yield Verdicts(tuple(checks), previous=before.values, title=_("Checks and limits"), note=note)
    if before.as_of:
        yield Changes.between(checks, before.values, _("the report of {date}").format(date=before.as_of))
    yield Decisions(candidate_decisions(checks))


def _subtitle(report: ScorecardDevelopment) -> str:
    words = _("Book {book}, what was known on {date}; {n} drivers, sha256 {digest}")
    stored = report.stored
    return words.format(book=report.whole.name, date=report.as_of, n=len(stored.drivers), digest=stored.digest[:12])


def candidate_sentence(checks: list[CheckResult]) -> str:
    """Whether a candidate may go to validation, as its checks have it, in one sentence."""
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


def _reason(report: ScorecardDevelopment) -> str:
    made = report.made
    size = made.size
    words = _(
        "Made of {rows} debtor quarters of {obligors} debtors, {bad} of which defaulted within a year at least once."
    )
    said = words.format(rows=f"{size.rows:,}", obligors=f"{size.obligors:,}", bad=size.obligors_with_a_bad)
    if made.no_trial:
        return joined(said, _("The sample can't be parted, so nothing says how the model does on others."))
    ranked = _(
        "Developed on a part alone, it ranks other debtors with an AUC of {other}, and later quarters with {later}."
    )
    auc = {name: figure(found.value, "score") for name, found in made.ranking.items()}
    return joined(said, ranked.format(other=auc["hold-out"], later=auc["out-of-time"]))


def _key_figures(report: ScorecardDevelopment) -> tuple[KeyFigure, ...]:
    made = report.made
    later = next(c for c in report.checks if c.name == "development.rank.out_of_time")
    return (
        KeyFigure(_("Debtors"), made.size.obligors, "count"),
        KeyFigure(_("Debtors with a default"), made.size.obligors_with_a_bad, "count"),
        KeyFigure(_("Bad rate"), made.size.bads / made.size.rows, "rate"),
        KeyFigure(_("Drivers"), len(report.stored.drivers), "count"),
        KeyFigure(_("AUC out of time, 95% interval"), later.value, "score", interval=later.interval),
    )


def candidate_decisions(checks: list[CheckResult]) -> tuple[Decision, ...]:
    """What is asked of the committee, and of the model's owner for each check beyond its limit."""
    broken = [c for c in checks if c.verdict is Verdict.BREACH]
    plans = [_("{title} beyond its limit: remedy or reason to go on").format(title=c.title) for c in broken]
    asked = (
        _("Hand the candidate over to validation") if not broken else _("Hand over to validation, or develop further")
    )
    return (
        Decision(asked, _("Model committee, this meeting")),
        *(Decision(plan, _("Model owner, before validation")) for plan in plans[:4]),
    )
