"""The page of process: scored again, exported, judged against the validator's own rival, overridden by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.policy.override_outcomes import review_overrides
from riskmodels.policy.override_review import DIRECTIONS
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, NotRun, Section, Table
from riskmodels.reporting.pages.judgement_shared import measures
from riskmodels.reporting.pages.page import unrun
from riskmodels.validation.calibration import observed_expected
from riskmodels.validation.case import PROBABILITY
from riskmodels.validation.discrimination import auc

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

RIVAL = "validation.process.rival.delta"
REDONE = ("validation.process.", "validation.data.rebuilt", "validation.data.training_data_changed")


def process(judged: ModelValidation) -> Iterator[Block]:
    """Independent re-performance, the rival beside the model, and what became of overrides."""
    name = _("Process verification")
    if judged.lacking:
        yield from unrun("4", name, judged.lacking)
        return
    checks = [c for c in judged.checks if c.name.startswith(REDONE)]
    rival = next(c for c in checks if c.name == RIVAL)
    yield Section.of("4", name, _finding(checks, rival), _lead(judged), checks)
    yield _redone(checks)
    yield NotRun(_("The validator's rival"), rival.reason) if rival.reason else _beside(judged, rival)
    yield _overrides(judged)


def _finding(checks: list[CheckResult], rival: CheckResult) -> str:
    twice = [c for c in checks if c.name != RIVAL and not c.reason]
    broken = [c.title for c in twice if c.verdict is Verdict.BREACH]
    if broken:
        return _("Independent re-performance gives other figures: {checks}").format(checks=_(", ").join(broken))
    against = _against(rival)
    if not twice:
        return against or _("There is no stored model to score again, and no rival could be fitted")
    same = _("Independent re-performance gives the same figures")
    return _("{same}; {against}").format(same=same, against=against[:1].lower() + against[1:]) if against else same


def _against(rival: CheckResult) -> str:
    if rival.value is None:
        return ""
    told = {"gap": figure(abs(rival.value), "score")}
    if rival.verdict in (Verdict.BREACH, Verdict.WATCH):
        return _("The validator's simple rival ranks better by {gap}").format(**told)
    if rival.value < 0:
        return _("The validator's simple rival ranks no better beyond chance ({gap})").format(**told)
    return _("The model ranks better than the validator's simple rival by {gap}").format(**told)


def _lead(judged: ModelValidation) -> str:
    if judged.stored is None:
        return _("Without a stored model nothing can be scored again; the rival needs only the samples.")
    return _(
        "Stored development cases were scored again, the exported SQL was run in DuckDB and the exported Python "
        "function by the interpreter on later cases, and the drivers of the newest origin were rebuilt from the ledger."
    )


def _redone(checks: list[CheckResult]) -> Table:
    return measures(checks, "process_measures", _("Independent re-performance"))


def _beside(judged: ModelValidation, rival: CheckResult) -> Table:
    """AUC and level of the model, the challenger and the rival on the same later cases."""
    case, once = judged.case, judged.case.cohorts
    level = observed_expected(once.outcome, once.probability).ratio if case.score == PROBABILITY else None
    rows = [{"model": _("The model"), "auc": auc(case.outcome, case.risk), "ratio": level}]
    if "challenger" in case.mature and case.mature["challenger"].notna().all():
        other = case.mature["challenger"].to_numpy(float)
        ratio = observed_expected(once.outcome, other[case.counted]).ratio
        rows.append({"model": _("Its challenger"), "auc": auc(case.outcome, other), "ratio": ratio})
    own = {"auc": rival.detail["rival"], "ratio": rival.detail["rival_observed_expected"]}
    rows.append({"model": _("The validator's rival"), **own})
    columns = [
        Column("model", ""),
        Column("auc", _("AUC on later data"), "score"),
        Column("ratio", _("Observed over expected"), "multiple"),
    ]
    caption = _("The rival is a logit on the ranks of the same drivers, fitted on development alone. n = {n}.")
    title = _("The model beside simpler answers")
    return Table.of(
        "rival", pd.DataFrame(rows), columns, title=title, caption=caption.format(n=f"{case.n:,}"), half=True
    )


def _overrides(judged: ModelValidation) -> Block:
    """How grades changed by hand fared; not run without a book that has ratings."""
    name = _("Overrides")
    if judged.stored is None or judged.model.purpose != "rating":
        return NotRun(name, _("grades are overridden where parties are rated"))
    if not judged.book.has("ratings"):
        return NotRun(name, _("the book has no ratings, so no grade was changed in it by hand"))
    found = review_overrides(judged.book, judged.as_of, key=judged.model.recipe.ID, scale=judged.model.recipe.SCALE)
    if not found.review.rated:
        return NotRun(name, _("no rating of the book is on the model's scale"))
    words = _("{share} of {n} ratings were changed by hand, {unexplained} without a reason.")
    review = found.review
    told = words.format(share=figure(review.rate, "share"), n=f"{review.rated:,}", unexplained=review.unexplained)
    rows = review.by.assign(direction=[_(DIRECTIONS[d]) for d in review.by.index])
    columns = [
        Column("direction", _("Final grade against the model's")),
        Column("ratings", _("Ratings"), "count"),
        Column("share", _("Share"), "share"),
        Column("notches", _("Mean notches, worse positive"), "number"),
        Column("known", _("Outcome known"), "count", quiet=True),
        Column("defaults", _("Defaults"), "count"),
        Column("rate", _("Default rate"), "rate"),
        Column("low", _("95% from"), "rate", quiet=True),
        Column("high", _("to"), "rate", quiet=True),
    ]
    return Table.of("overrides", rows, columns, title=name, caption=told)
