"""The checks of page 1: how many features are beyond each line, against how many may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from riskmodels.core.checks import CheckResult, Limits, Verdict, not_run
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.validation.features.each import COPY, EMPTY, INFINITE, PREFIX

if TYPE_CHECKING:
    from riskmodels.validation.features.review import FeatureReview


def checks(review: FeatureReview, limits: Mapping[str, Limits]) -> list[CheckResult]:
    """All checks of a review, in the order a reader meets them."""
    return [make(review, limits) for make in _CHECKS]


def _switched_off(review: FeatureReview, limits: Mapping[str, Limits]) -> CheckResult:
    table = review.offered
    name, title = "features.catalogue.switched_off", _("Features switched off")
    if table.empty:
        return not_run(name, title, _("the catalogue has no such features"), unit="share", limits=limits[name])
    off = table[~table["available"]]
    detail = {"reasons": off.groupby("reason")["feature"].agg(list).to_dict()}
    return CheckResult(name, title, len(off) / len(table), limits[name], "share", len(table), detail=detail)


def _counted(group: str, fault: str, title: Callable[[Mapping[str, Limits]], str], needs: str = "") -> _Make:
    """A check that counts the features with a fault beyond its limit; `needs` is a part of the review it stands on."""

    def make(review: FeatureReview, limits: Mapping[str, Limits]) -> CheckResult:
        name = f"features.{group}.{fault}"
        reason = review.unjudged(needs)
        if reason:
            return not_run(name, title(limits), reason, unit="count", limits=limits[name])
        mine = review.faults[review.faults["fault"] == fault]
        hit = {v: mine.loc[mine["verdict"] == v, "feature"].tolist() for v in (Verdict.BREACH, Verdict.WATCH)}
        counted = hit[Verdict.BREACH] if f"{PREFIX}{fault}" in limits else mine["feature"].tolist()
        detail = {"features": counted, "watched": hit[Verdict.WATCH]}
        return CheckResult(
            name, title(limits), len(counted), limits[name], "count", review.tested(fault), detail=detail
        )

    return make


def _said(words: Callable[[], str]) -> Callable[[Mapping[str, Limits]], str]:
    return lambda _limits: words()


def _rarely(limits: Mapping[str, Limits]) -> str:
    least = figure(limits[f"{PREFIX}filled"].breach_low, "share")
    return _("Features filled in fewer than {share} of rows").format(share=least)


def _drifted(limits: Mapping[str, Limits]) -> str:
    most = figure(limits[f"{PREFIX}psi"].breach_high, "number")
    return _("Features that drifted, PSI above {limit}").format(limit=most)


def _bad(review: FeatureReview, limits: Mapping[str, Limits]) -> CheckResult:
    name = "features.power.bad"
    title = _("Obligors in default behind the tests")
    if review.outcome != "default":
        title = _("Obligors paying late behind the tests")
    if reason := review.unjudged("outcomes"):
        return not_run(name, title, reason, unit="count", limits=limits[name])
    sample = review.sample
    bad = sample.loc[sample["outcome"] == 1, "obligor"].nunique()
    return CheckResult(name, title, bad, limits[name], "count", len(sample))


def _telling(review: FeatureReview, limits: Mapping[str, Limits]) -> CheckResult:
    name, title = "features.power.telling", _("Features that tell bad from good")
    if reason := review.unjudged("power"):
        return not_run(name, title, reason, unit="count", limits=limits[name])
    found = review.power.loc[review.power["telling"], "feature"].tolist()
    return CheckResult(name, title, len(found), limits[name], "count", review.tested("auc"), detail={"features": found})


def _leak(review: FeatureReview, limits: Mapping[str, Limits]) -> CheckResult:
    name, title = "features.leak.moved", _("Features that later facts move")
    if reason := review.unjudged("leak"):
        return not_run(name, title, reason, unit="count", limits=limits[name])
    proof = review.proof
    detail = {"features": list(proof.moved), "untested": list(proof.untested), **proof.size}
    return CheckResult(name, title, len(proof.moved), limits[name], "count", len(proof.catalogue), detail=detail)


_Make = Callable[["FeatureReview", Mapping[str, Limits]], CheckResult]
_CHECKS: tuple[_Make, ...] = (
    _switched_off,
    _counted("coverage", EMPTY, _said(lambda: _("Features without any value")), "columns"),
    _counted("coverage", "filled", _rarely, "columns"),
    _counted("coverage", "fall", _said(lambda: _("Features that lost values lately")), "months"),
    _counted("coverage", "common", _said(lambda: _("Features that hardly vary")), "columns"),
    _counted("coverage", INFINITE, _said(lambda: _("Features with infinite values")), "columns"),
    _counted("stability", "psi", _drifted, "months"),
    _bad,
    _telling,
    _counted("power", "wrong_p", _said(lambda: _("Features against their expected direction")), "power"),
    _counted("power", "order_p", _said(lambda: _("Features without an order of the bad rate")), "power"),
    _counted("alike", COPY, _said(lambda: _("Copies of another feature")), "columns"),
    _leak,
)
