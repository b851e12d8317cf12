"""Page 1 of the feature review: may the features go into a model, five key figures, the checks, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.checks import CheckResult, Verdict, counts
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark, ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.front import Changes, Decision, Decisions, KeyFigure, KeyFigures, Masthead, Opinion, Verdicts
from riskmodels.reporting.pages.features_words import fault_words, key_word, named, part_word
from riskmodels.reporting.pages.page import joined, listed

if TYPE_CHECKING:
    from riskmodels.reporting.pages.features import FeatureReport

MOST_NAMED = 3


def front(report: FeatureReport) -> Iterator[Block]:
    """Masthead, opinion, key figures, checks, changes and decisions."""
    checks, before = report.review.checks, report.before
    yield Masthead(_("Review of the features of {keys}").format(keys=key_word(report.key)), _subtitle(report))
    yield Opinion.of(checks, _sentence(report), _reason(report))
    yield KeyFigures(_key_figures(report))
    yield Verdicts(tuple(checks), previous=before.values, title=_("Checks and limits"), note=_note())
    if before.as_of:
        yield Changes.between(checks, before.values, _("the report of {date}").format(date=before.as_of))
    if asked := _decisions(report):
        yield Decisions(asked)


def held_back(report: FeatureReport) -> list[str]:
    """The features beyond a line of their own."""
    table = report.review.features
    return table.loc[table["verdict"] == Verdict.BREACH, "feature"].tolist()


def _subtitle(report: FeatureReport) -> str:
    review = report.review
    words = _("Book {book}, close of {date}; {months} month ends from {first} on, {n} rows of {keys}")
    said = words.format(
        book=report.whole.name,
        date=report.as_of,
        months=len(review.days),
        first=review.days[0],
        n=f"{len(review.frame):,}" if review.columns else 0,
        keys=key_word(report.key),
    )
    return said if not report.part else _("{said}; {part} only").format(said=said, part=part_word(report.part))


def _sentence(report: FeatureReport) -> str:
    review = report.review
    if not review.columns:
        return _("No feature could be built on this book")
    broken = [c.title for c in review.checks if c.verdict is Verdict.BREACH]
    if broken:
        head = ngettext(
            "The features can't go into a model yet, one check fails",
            "The features can't go into a model yet, {n} checks fail",
            len(broken),
        ).format(n=len(broken))
        return _("{head}: {names}").format(head=head, names=listed(broken, 2))
    held = len(held_back(report))
    if not held:
        return _("All {n} features may go into a model").format(n=len(review.columns))
    words = ngettext(
        "{left} of {all} features may go into a model, one is held back",
        "{left} of {all} features may go into a model, {n} are held back",
        held,
    )
    return words.format(left=len(review.columns) - held, all=len(review.columns), n=held)


def _reason(report: FeatureReport) -> str:
    review = report.review
    return joined(_faults(report), _telling(report), _leak(report), _not_run(review.checks))


def _faults(report: FeatureReport) -> str:
    found = report.review.faults
    beyond = found[found["verdict"] == Verdict.BREACH].groupby("fault", sort=False)["feature"].nunique()
    said = [_("{n} {fault}").format(fault=fault_words([str(f)]), n=n) for f, n in beyond.items()]
    return _("Held back: {faults}.").format(faults=_(", ").join(said)) if said else ""


def _telling(report: FeatureReport) -> str:
    telling, bad = (_check(report, f"features.power.{n}") for n in ("telling", "bad"))
    if telling.value is None or bad.value is None:
        return ""
    words = _("{n} features tell bad from good beyond chance, on {bad} obligors with an event.")
    return words.format(n=figure(telling.value, "count"), bad=figure(bad.value, "count"))


def _leak(report: FeatureReport) -> str:
    check = _check(report, "features.leak.moved")
    if check.verdict is Verdict.WITHIN:
        return _("Making later facts others moved no value.")
    return "" if check.value is None else _("Later facts move values: a feature sees the future.")


def _not_run(checks: list[CheckResult]) -> str:
    n = counts(checks)[Verdict.NOT_RUN]
    return _("Not run: {n}, with the reason beside each.").format(n=n) if n else ""


def _check(report: FeatureReport, name: str) -> CheckResult:
    return next(c for c in report.review.checks if c.name == name)


def _key_figures(report: FeatureReport) -> tuple[KeyFigure, ...]:
    review = report.review
    watched = int((review.features["verdict"] == Verdict.WATCH).sum()) if review.columns else 0
    telling = _check(report, "features.power.telling").value
    shown = (
        (_("Features built"), len(review.columns)),
        (_("Switched off"), int((~review.offered["available"]).sum())),
        (_("Held back"), len(held_back(report)) if review.columns else 0),
        (_("On watch"), watched),
        (_("Tell bad from good"), telling),
    )
    return tuple(KeyFigure(label, value, "count") for label, value in shown)


def _note() -> str:
    return joined(
        _("Watch: beyond the warning line, inside the limit. A check not run never counts as within."),
        _("Counted are features beyond a line of their own, shown with its source in the appendix."),
    )


ASKED = {
    "empty": mark("Leave out what has no value: {names}"),
    "filled": mark("Leave out, or fill at the source, what is rarely filled: {names}"),
    "fall": mark("Mend the source of what lost values lately: {names}"),
    "common": mark("Leave out what hardly varies: {names}"),
    "infinite": mark("Correct the formula of what has infinite values: {names}"),
    "psi": mark("Leave out, or measure against a moving base, what drifted: {names}"),
    "wrong_p": mark("Explain, or leave out, what runs against the expected direction: {names}"),
    "order_p": mark("Free the trend of, or leave out, what has a bad rate that turns: {names}"),
    "leak": mark("Switch off what sees the future: {names}"),
}
"""What is asked when features are held back for a fault."""


def _decisions(report: FeatureReport) -> tuple[Decision, ...]:
    if not report.review.columns:
        return ()
    found = report.review.faults
    beyond = found[found["verdict"] == Verdict.BREACH].groupby("fault", sort=False)["feature"].agg(list)
    owner = _("Model owner, before development")
    return tuple(
        Decision(_(ASKED[str(fault)]).format(names=named(report, names, MOST_NAMED)), owner)
        for fault, names in beyond.items()
    )
