"""The verdict page of a validation: opinion, key figures, every check, what changed, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.checks import CheckResult, Verdict, not_run
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
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
from riskmodels.reporting.pages.judgement_words import words_of
from riskmodels.reporting.pages.page import joined
from riskmodels.reporting.words import opinion_word
from riskmodels.validation.opinion import opinion
from riskmodels.validation.suite import default_limits

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

AUC = "validation.discrimination.auc.out_of_time"
OBSERVED_EXPECTED = "validation.calibration.observed_expected"


def front(judged: ModelValidation) -> Iterator[Block]:
    """Masthead, opinion, key figures, checks, changes and decisions."""
    yield Masthead(_title(judged), _subtitle(judged))
    yield _opinion(judged)
    if judged.stored:
        yield KeyFigures(_key_figures(judged))
    yield Verdicts(
        tuple(judged.checks),
        previous=judged.before.values,
        title=_("Tests and tolerances"),
        note=_(
            "Watch: beyond the warning line, inside the limit. A test not run never counts as within. "
            "Sources: appendix."
        ),
        currency=judged.book.currency,
    )
    if judged.before.as_of:
        since = _("the report of {date}").format(date=judged.before.as_of)
        yield Changes.between(judged.checks, judged.before.values, since)
    if asked := _decisions(judged):
        yield Decisions(asked)


def unrun_checks(judged: ModelValidation) -> list[CheckResult]:
    """The checks of a book without a model: none can be run, and why."""
    reason = _("the book has no model yet")
    if not judged.book.has("payments"):
        reason = _("the book has no payments, so there are no outcomes to train or judge a model on")
    titles = {
        AUC: _("AUC on later data"),
        OBSERVED_EXPECTED: _("Observed over expected"),
        "validation.stability.psi.score": _("Score PSI"),
    }
    return [not_run(name, title, reason, limits=default_limits().get(name)) for name, title in titles.items()]


def _title(judged: ModelValidation) -> str:
    return words_of(judged.stored).title if judged.stored else _("Model validation")


def _subtitle(judged: ModelValidation) -> str:
    if judged.stored is None:
        return _("Book {book}, close of {date}; no model").format(book=judged.whole.name, date=judged.as_of)
    words = _(
        "Validation on book {book}, close of {date}; trained on what was known on {trained}, {n} drivers, "
        "sha256 {digest}"
    )
    return words.format(
        book=judged.whole.name,
        date=judged.as_of,
        trained=judged.model.trained,
        n=len(judged.model.drivers),
        digest=judged.model.digest[:12],
    )


def _opinion(judged: ModelValidation) -> Opinion:
    if judged.stored is None:
        return Opinion.of(judged.checks, _("Not run: there is no model to judge"), judged.checks[0].reason)
    grade, why = opinion(judged.checks)
    return Opinion.of(judged.checks, _SENTENCES[grade](), joined(_facts(judged), why), grade)


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
    mature = judged.sample[judged.sample["outcome"].notna()]
    words = _(
        "On later data it ranks with an AUC of {auc}, and {observed} bad cases came where it expected {expected}."
    )
    return words.format(
        auc=figure(auc.value, "score"),
        observed=figure(mature["outcome"].sum(), "count"),
        expected=_expected(mature["probability"].sum()),
    )


def _expected(cases: float) -> str:
    """Expected cases: whole ones from a hundred on, where a decimal says nothing."""
    return figure(cases, "count") if cases >= 100 else f"{cases:,.1f}"


def _key_figures(judged: ModelValidation) -> tuple[KeyFigure, ...]:
    sample, found = judged.sample, {c.name: c for c in judged.checks}
    mature = sample[sample["outcome"].notna()]
    auc, words = found[AUC], words_of(judged.model)
    return (
        KeyFigure(words.judged, len(mature), "count"),
        KeyFigure(words.bad, float(mature["outcome"].sum()), "count"),
        KeyFigure(_("Observed rate"), mature["outcome"].mean() if len(mature) else None, "rate"),
        KeyFigure(_("Expected rate"), mature["probability"].mean() if len(mature) else None, "rate"),
        KeyFigure(_("AUC, 95% interval"), auc.value, "score", interval=auc.interval),
    )


def _decisions(judged: ModelValidation) -> tuple[Decision, ...]:
    if judged.stored is None:
        return ()
    grade, _why = opinion(judged.checks)
    use = _("Use of the model until the next validation: {opinion}").format(opinion=opinion_word(grade))
    broken = [c for c in judged.checks if c.verdict is Verdict.BREACH]
    plans = [_("{title} beyond its limit: remedy or condition of use").format(title=c.title) for c in broken]
    return (
        Decision(use, _("Risk committee, this meeting")),
        *(Decision(plan, _("Model owner, next meeting")) for plan in plans[:4]),
    )
