"""A model month by month: the key figures of the suite, each judged as the suite does, and what persists.

Figures of scores are of the month's own cases, figures of outcomes of the twelve months to it, as far as those cases
are old enough. A month beyond its limit may be chance, two of three are a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from riskmodels.core.checks import CheckResult, Limits, Verdict, not_run, worst
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.checks import CHECKS, Check, run_all
from riskmodels.validation.checks.check import Measured
from riskmodels.validation.months import Months, by_month, month_of
from riskmodels.validation.opinion import AUC, AUC_FALL, OBSERVED_EXPECTED
from riskmodels.validation.suite import default_limits

RECENT = 3
"""Months the rule of persistence looks at, those last judged."""
TREND = 8
RULE = "validation.monitoring."
BEYOND, WATCHED_FOR, TOO_YOUNG = (RULE + name for name in ("months_beyond", "months_on_watch", "too_young"))


@dataclass(frozen=True)
class Watched:
    """A key figure: its column, its check of the suite, its short title (marked).

    It is of outcomes or of the month's own scores, and may be compared with a reference.
    """

    key: str
    check: Check
    title: str
    of_outcomes: bool = False
    compared: bool = False


@dataclass(frozen=True)
class Monitoring:
    """The key figures of a model month by month.

    `table` has one row per month that has cases: month (its last day), n, young (share without an outcome yet),
    probability (mean), cases and events (of the year to it), and a column per figure. `results` are the figures' checks
    (by key, one per month), `persistence` the rule's, one per figure.
    """

    table: pd.DataFrame
    results: Mapping[str, tuple[CheckResult, ...]]
    persistence: tuple[CheckResult, ...]

    @property
    def last(self) -> dict[str, CheckResult]:
        """The last result of each figure that could be judged, by key."""
        return {key: judged[-1] for key, found in self.results.items() if (judged := _judged(found))}

    @property
    def judged(self) -> pd.DataFrame:
        """The table with the result of each figure beside it: a column of verdicts named <figure>_result."""
        said = {f"{key}_result": [str(r.verdict) for r in found] for key, found in self.results.items()}
        return self.table.assign(**said)

    @property
    def trends(self) -> dict[str, tuple[float | None, ...]]:
        """The last values of each figure by the name of its check, oldest first, up to its last judged month."""
        found = {r[0].name: _until_judged(r)[-TREND:] for r in self.results.values()}
        return {name: tuple(r.value for r in results) for name, results in found.items() if len(results) > 1}

    @property
    def verdict(self) -> Verdict:
        """A breach if one persists, a watch if the last month alone is beyond a line, else the worst of the months."""
        if worst(self.persistence) is Verdict.BREACH:
            return Verdict.BREACH
        found = worst([*self.persistence, *self.last.values()])
        return Verdict.WATCH if found is Verdict.BREACH else found


def override_rate(case: Case) -> Measured:
    """Share of the cases whose grade was changed by hand, of those that say whether it was."""
    told = case.sample["override"].dropna().astype(float)
    return Measured(float(told.mean()), len(told))


def _overrides_told(case: Case) -> str:
    """A column that says of each case whether its grade was changed by hand."""
    told = "override" in case.sample and case.sample["override"].notna().any()
    return "" if told else _("no column says which grades were changed by hand")


_BY_NAME = {check.name: check for check in CHECKS}
OVERRIDES = Check(RULE + "override_rate", mark("Grades changed by hand"), "share", override_rate, (_overrides_told,))
WATCHED = (
    Watched("auc", _BY_NAME[AUC], mark("AUC"), of_outcomes=True),
    Watched("auc_fall", _BY_NAME[AUC_FALL], mark("AUC change"), of_outcomes=True, compared=True),
    Watched("observed_expected", _BY_NAME[OBSERVED_EXPECTED], mark("Observed / expected"), of_outcomes=True),
    Watched("psi", _BY_NAME["validation.stability.psi.score"], mark("Score PSI"), compared=True),
    Watched(
        "concentration",
        _BY_NAME["validation.grades.concentration.p"],
        mark("Concentration, p"),
        compared=True,
    ),
    Watched("overrides", OVERRIDES, mark("Overrides")),
)
"""The figures watched, in the order a reader meets them."""


def monitor(
    sample: pd.DataFrame,
    reference: pd.DataFrame | None = None,
    limits: Mapping[str, Limits] | None = None,
    horizon: int = 0,
) -> Monitoring:
    """The key figures month by month of a sample with columns as `validate` takes them, `period` among them.

    `override` (1, 0 or missing) may tell whose grade was changed by hand. Without a `reference` the first quarter of
    the months, twelve at most, stands for it, and they aren't compared with themselves. A month's outcomes count when
    no more than the share `validation.monitoring.too_young` of its cases is without one.
    """
    lines = {**default_limits(), **(limits or {})}
    months = by_month(sample, lines[TOO_YOUNG].breach_high or 0.0)
    learned = 0 if reference is not None else min(12, max(1, len(months.ends) // 4))
    start = Case(months.to(learned) if reference is None else reference, horizon=horizon)
    years = [Case(months.year(place), start, horizon=horizon) for place in range(len(months.ends))]
    own = [Case(months.own(place), start) for place in range(len(months.ends))]
    results = {w.key: _series(w, years if w.of_outcomes else own, months, learned, lines) for w in WATCHED}
    persistence = tuple(_persistence(w, results[w.key], lines) for w in WATCHED)
    return Monitoring(_table(months, own, years, results), results, persistence)


def _series(
    watched: Watched, cases: Sequence[Case], months: Months, learned: int, lines: Mapping[str, Limits]
) -> tuple[CheckResult, ...]:
    """A figure month by month, judged as the suite does; not run where it is too young or can't be compared."""
    check, limits = watched.check, lines.get(watched.check.name)
    found = []
    for place, case in enumerate(cases):
        reason = _unfit(watched, months, place, learned)
        unfit = not_run(check.name, _(check.title), reason, unit=check.unit, limits=limits)
        result = unfit if reason else run_all((check,), case, lines)[0]
        found.append(replace(result, subject=f"{month_of(months.ends[place]):%Y-%m}"))
    return tuple(found)


def _unfit(watched: Watched, months: Months, place: int, learned: int) -> str:
    """Why a figure can't be told of a month; empty when it can."""
    if watched.of_outcomes and not months.ripe[place]:
        return _("{share} of the month's cases have no outcome yet").format(share=figure(months.young[place], "share"))
    if watched.compared and place < learned:
        return _("the first months are what later ones are compared with")
    return ""


def _persistence(watched: Watched, results: Sequence[CheckResult], lines: Mapping[str, Limits]) -> CheckResult:
    """The rule on one figure: how many of its last judged months were beyond the limit, or else on watch too."""
    name, recent = RULE + watched.key, _judged(results)[-RECENT:]
    if not recent:
        return not_run(name, _(watched.title), results[-1].reason, unit="count", limits=lines[BEYOND])
    red = sum(r.verdict is Verdict.BREACH for r in recent)
    amber = sum(r.verdict in (Verdict.BREACH, Verdict.WATCH) for r in recent)
    watching = lines[BEYOND].verdict(red) is Verdict.WITHIN and lines[WATCHED_FOR].verdict(amber) is not Verdict.WITHIN
    last = recent[-1]
    detail = {
        "check": watched.check.name,
        "figure": _(watched.title),
        "beyond": red,
        "on_watch": amber,
        "of": len(recent),
    }
    return CheckResult(
        name,
        _("{figure} by month").format(figure=_(watched.title)),
        float(amber if watching else red),
        lines[WATCHED_FOR if watching else BEYOND],
        "count",
        n=len(recent),
        detail={**detail, "month": last.subject, "last": last.value, "unit": last.unit},
    )


def _table(
    months: Months, own: Sequence[Case], years: Sequence[Case], results: Mapping[str, Sequence[CheckResult]]
) -> pd.DataFrame:
    cohorts = [case.cohorts if ripe else None for case, ripe in zip(years, months.ripe, strict=True)]
    told = {
        "month": [month_of(end) for end in months.ends],
        "n": [len(case.sample) for case in own],
        "young": months.young,
        "probability": [_mean_probability(case) for case in own],
        "cases": [case.n if case else np.nan for case in cohorts],
        "events": [case.events if case else np.nan for case in cohorts],
    }
    figures = {key: [np.nan if r.value is None else r.value for r in found] for key, found in results.items()}
    return pd.DataFrame({**told, **figures})


def _mean_probability(case: Case) -> float:
    return float(case.sample[case.score].mean()) if case.score == PROBABILITY else float("nan")


def _judged(results: Sequence[CheckResult]) -> list[CheckResult]:
    return [r for r in results if r.verdict is not Verdict.NOT_RUN]


def _until_judged(results: Sequence[CheckResult]) -> list[CheckResult]:
    """The results up to the last that was judged."""
    known = [place for place, r in enumerate(results) if r.verdict is not Verdict.NOT_RUN]
    return list(results[: known[-1] + 1]) if known else []
