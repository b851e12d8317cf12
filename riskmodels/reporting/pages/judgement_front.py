"""The verdict page of a validation: opinion, key figures, the checks that vote, what changed, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.checks import CheckResult, Verdict, counts, not_run, worst
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.reporting.block import Block
from riskmodels.reporting.front import (
    Changes,
    Decision,
    Decisions,
    KeyFigure,
    KeyFigures,
    Masthead,
    Opinion,
    Verdicts,
)
from riskmodels.reporting.pages.judgement_closing import closing
from riskmodels.reporting.pages.page import joined
from riskmodels.reporting.words import opinion_word
from riskmodels.validation.case import PROBABILITY
from riskmodels.validation.materiality import materiality
from riskmodels.validation.opinion import AUC, OBSERVED_EXPECTED
from riskmodels.validation.override import Given
from riskmodels.validation.suite import default_limits

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def front(judged: ModelValidation) -> Iterator[Block]:
    """Masthead, opinion, key figures, the checks that vote, changes and decisions."""
    votes = [c for c in judged.checks if c.primary]
    yield Masthead(_("Model validation") if judged.lacking else judged.words.title, _about(judged))
    yield _opinion(judged, votes)
    if not judged.lacking:
        yield KeyFigures(_key_figures(judged))
    yield Verdicts(
        tuple(votes),
        previous=judged.before.values,
        trends=judged.monitoring.trends if judged.monitoring else {},
        trend_title=_("By month") if judged.monitoring else "",
        title=_("Tests and tolerances"),
        note=_(
            "One test votes on each question; all tests stand in the appendix. Watch: beyond the warning line, inside "
            "the limit. No evidence: within, but these cases could hide a deviation that matters. Neither this nor a "
            "test not run counts as within."
        ),
        currency=judged.currency,
        others=tuple(c for c in judged.checks if not c.primary),
    )
    if judged.before.as_of:
        since = _("the report of {date}").format(date=judged.before.as_of)
        yield Changes.between(votes, judged.before.values, since)
    if asked := _decisions(judged):
        yield Decisions(asked)
    if not judged.lacking:
        yield from closing(judged)


def _about(judged: ModelValidation) -> str:
    """What is judged, and how much hangs on it."""
    exposure = None if judged.lacking else judged.source.exposure
    if exposure is None:
        return judged.source.about
    level = materiality(exposure, judged.model.purpose if judged.stored else "")
    words = _("{about}; {level}, {exposure} at stake")
    amount = figure(exposure, "money", judged.currency)
    return words.format(about=judged.source.about, level=_(_LEVELS[level]), exposure=amount)


_LEVELS = {"low": mark("low materiality"), "medium": mark("medium materiality"), "high": mark("high materiality")}


def unrun_checks(judged: ModelValidation) -> list[CheckResult]:
    """The key checks where nothing can be judged: none can be run, and why."""
    titles = {
        AUC: _("AUC on later data"),
        OBSERVED_EXPECTED: _("Observed over expected"),
        "validation.stability.psi.score": _("Score PSI"),
    }
    lines = default_limits()
    return [not_run(name, title, judged.lacking, limits=lines[name], primary=True) for name, title in titles.items()]


def _opinion(judged: ModelValidation, votes: list[CheckResult]) -> Opinion:
    if judged.lacking:
        return Opinion.of(votes, _("Not run: there is no model to judge"), judged.lacking)
    given = judged.given
    grade, said = given.grade, joined(_facts(judged), given.sentence, _override(given))
    if grade is None:
        # Greens beside a key question that these cases can't answer must not colour the answer
        found = min(worst(votes), Verdict.NO_EVIDENCE, key=list(Verdict).index)
        return Opinion(_("No opinion: the cases show too little"), said, found, counts(votes))
    return Opinion.of(votes, _SENTENCES[grade](), said, grade, given.computed)


def _override(given: Given) -> str:
    """What the validator said of the computed opinion; empty where nobody did."""
    if not given.reason:
        return ""
    told = {"reason": given.reason, "computed": opinion_word(given.computed) if given.computed else _("no opinion")}
    if not given.overridden:
        return _("The validator confirms the computed opinion: {reason}.").format(**told)
    return _("The validator's opinion, in place of the computed one ({computed}): {reason}.").format(**told)


_SENTENCES = {
    1: lambda: _("Fit for use"),
    2: lambda: _("Fit for use, with minor deficiencies"),
    3: lambda: _("Use only under conditions: major deficiencies"),
    4: lambda: _("Not fit for use: severe deficiencies"),
}


def _facts(judged: ModelValidation) -> str:
    found = {c.name: c for c in judged.checks}
    auc, ratio = found[AUC], found[OBSERVED_EXPECTED]
    if auc.value is None or ratio.value is None:
        return ""
    case = judged.case.cohorts
    told = {"auc": figure(auc.value, "score"), "observed": f"{case.events:,}", "months": case.horizon}
    told["expected"] = _expected(case.probability.sum())
    if case.n == judged.case.n:
        words = _(
            "On later data it ranks with an AUC of {auc}, and {observed} bad cases came where it expected {expected}."
        )
    else:
        words = _(
            "On later data it ranks with an AUC of {auc}, and {observed} bad cases came where it expected {expected}, "
            "counted once per obligor and {months} months."
        )
    return words.format(**told)


def _expected(cases: float) -> str:
    """Expected cases: whole ones from a hundred on, where a decimal says nothing."""
    return figure(cases, "count") if cases >= 100 else f"{cases:,.1f}"


def _key_figures(judged: ModelValidation) -> tuple[KeyFigure, ...]:
    case, auc = judged.case, next(c for c in judged.checks if c.name == AUC)
    level = case.cohorts
    expected = level.mature["probability"].mean() if case.score == PROBABILITY and case.n else None
    once = level.n < case.n
    return (
        KeyFigure(judged.words.judged, case.n, "count"),
        KeyFigure(judged.words.bad, case.events, "count"),
        KeyFigure(_once(_("Observed rate"), once), level.events / level.n if level.n else None, "rate"),
        KeyFigure(_once(_("Expected rate"), once), expected, "rate"),
        KeyFigure(_("AUC, 95% interval"), auc.value, "score", interval=auc.interval),
    )


def _once(label: str, once: bool) -> str:
    """The label of a rate, and that outcomes count once in it where the counts beside it repeat them."""
    return _("{rate}, counted once").format(rate=label) if once else label


def _decisions(judged: ModelValidation) -> tuple[Decision, ...]:
    if judged.lacking:
        return ()
    grade = judged.given.grade
    told = opinion_word(grade) if grade else _("no opinion")
    use = _("Use of the model until the next validation: {opinion}").format(opinion=told)
    broken = [c for c in judged.checks if c.primary and c.verdict is Verdict.BREACH]
    plans = [_("{title} beyond its limit: remedy or condition of use").format(title=c.title) for c in broken]
    return (
        Decision(use, _("Risk committee, this meeting")),
        *(Decision(plan, _("Model owner, next meeting")) for plan in plans[:4]),
    )
