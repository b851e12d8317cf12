"""Each measure of payment time as a check takes it: value, test, interval, and what could have been missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.models.cash.backtest import measures as cash_measures
from riskmodels.validation.checks.check import Measured
from riskmodels.validation.dependence import clustered_se
from riskmodels.validation.overdue_development.ageing import reachable
from riskmodels.validation.power import level_ratio
from riskmodels.validation.timing.bands import Coverage, coverage_from
from riskmodels.validation.timing.case import Timing
from riskmodels.validation.timing.chance import Against, mean_against
from riskmodels.validation.timing.curve import CurveGap
from riskmodels.validation.timing.days import HABIT, days_off, gain_on

Measure = Callable[[Timing], Measured]


def gap(by_amount: bool) -> Measure:
    """The largest gap between what came and what was foretold, by number or by amount."""

    def measure(case: Timing) -> Measured:
        """The largest gap, its p-value over the whole curve and the day it stands at."""
        found = case.curve_by_amount if by_amount else case.curve
        return _unknown() if found is None else _gap(found, case)

    return measure


def _gap(found: CurveGap, case: Timing) -> Measured:
    largest = found.largest
    detail = {"day": float(found.days[largest.at]), "days": len(found.days), "seed": case.seed}
    return Measured(
        largest.value,
        case.payments.n,
        largest.p_value,
        statistic=largest.value,
        critical=largest.critical,
        detail=detail,
        dependence=case.payments.dependence,
        detect=largest.detect,
    )


def level(dpd: int) -> Measure:
    """Observed over expected share unsettled beyond a day past due."""

    def measure(case: Timing) -> Measured:
        """The ratio with its interval; what could be missed is a ratio too."""
        found = case.levels[dpd]
        detail = {"expected": found.expected, "observed": found.observed}
        error = found.ratio.se / np.sqrt(max(found.ratio.value, 1e-9))
        told = _tested(case, found.ratio, found.n, detail, lambda at: float(level_ratio(error, at)))
        return replace(told, interval=found.ratio.within(0, np.inf))

    return measure


def order(dpd: int) -> Measure:
    """The AUC of being open beyond a day past due."""

    def measure(case: Timing) -> Measured:
        """The AUC, tested against what the chances promise."""
        found = case.orders[dpd]
        against = found.against
        return Measured(
            against.value,
            found.n,
            against.p_below if against.varies else None,
            found.interval,
            {"promised": against.expected},
            statistic=_finite(against.statistic),
            dependence=case.payments.dependence,
            detect=against.detect_below,
        )

    return measure


def later(case: Timing) -> Measured:
    """Days by which invoices were later than foretold, on average, up to 90 days past due."""
    curve = case.curve
    if curve is None or len(curve.days) < 2:
        return _unknown()
    against = Against(curve.later, 0.0, clustered_se(curve.later_influence, case.payments.clusters))
    return _tested(case, against, case.payments.n, {"last_day": float(curve.days[-1])}, against.detect)


def error(case: Timing) -> Measured:
    """Mean absolute error of the expected days."""
    n, found = days_off(case.payments)
    return Measured(found.value, n, interval=found.interval, dependence=case.payments.dependence)


def gain(measure: str) -> Measure:
    """What the model gains on the debtor's own mean by a measure of `days.BETTER`."""

    def told(case: Timing) -> Measured:
        """The paired gain with its interval; a loss counts beyond what chance explains."""
        found = gain_on(case.payments, HABIT, measure)
        detail = {"own": found.own.value}
        return Measured(
            found.gain.value,
            found.n,
            interval=found.gain.interval,
            detail=detail,
            critical=found.gain.explained,
            dependence=case.payments.dependence,
        )

    return told


def bands(case: Timing) -> Measured:
    """How often bands of days held, beside what Kupiec says of invoices taken as independent."""
    found = case.coverage
    if found is None or not found.n:
        return _unknown()
    told = _tested(case, found.against, found.n, _kept(found), found.against.detect)
    return replace(told, interval=found.against.within(0, 1))


def _kept(found: Coverage) -> dict[str, float]:
    """What a band says it holds, and Kupiec's test of it."""
    kupiec = {"kupiec": found.kupiec, "kupiec_p": found.kupiec_p, "kupiec_finds": found.kupiec_finds}
    return {"stated": found.against.expected, **kupiec}


def cash_held(band: int, tested: bool) -> Measure:
    """How many weeks of cash lay within their band."""
    return partial(_held, rows=cash_weeks, band=band, tested=tested)


def ageing_held(band: int, tested: bool) -> Measure:
    """How many balances of buckets lay within their band."""
    return partial(_held, rows=lambda case: reachable(case.ageing), band=band, tested=tested)


def cash_weeks(case: Timing) -> pd.DataFrame:
    """The weeks of past forecasts of cash."""
    return case.cash[case.cash["span"] == "week"]


def held(rows: pd.DataFrame, band: int) -> Coverage:
    """How often past forecasts held what came within a band, each forecast (`origin`) a cluster.

    H0: as often as it says. Few forecasts leave few degrees of freedom, and a t law of so many.
    """
    inside = rows["actual"].between(rows[f"low_{band}"], rows[f"high_{band}"]).to_numpy(float)
    found = mean_against(inside, band / 100, pd.factorize(rows["origin"])[0])
    return coverage_from(len(inside), found)


def _held(case: Timing, rows: Callable[[Timing], pd.DataFrame], band: int, tested: bool) -> Measured:
    told = rows(case)
    if told.empty:
        return _unknown()
    kept = held(told, band)
    found, words = kept.against, _("clustered by forecast")
    detail = {**_kept(kept), "forecasts": told["origin"].nunique()}
    if not tested:
        return Measured(found.value, kept.n, interval=found.within(0, 1), detail=detail, dependence=words)
    return Measured(
        found.value,
        kept.n,
        _finite(found.p_value),
        found.within(0, 1),
        detail,
        found.explained,
        _finite(found.statistic),
        words,
        found.detect,
    )


def cash_bias(case: Timing) -> Measured:
    """Cash of 13 weeks, forecast over what came, less 1."""
    whole = case.cash[case.cash["span"] == "horizon"]
    if whole.empty:
        return _unknown()
    found = cash_measures(whole).iloc[0]
    return Measured(float(found["bias"]), len(whole), dependence=_("clustered by forecast"))


def _tested(
    case: Timing, against: Against, n: int, detail: dict[str, float], detect: Callable[[float], float]
) -> Measured:
    return Measured(
        against.value,
        n,
        _finite(against.p_value),
        against.interval,
        detail,
        against.explained if against.varies else None,
        _finite(against.statistic),
        case.payments.dependence,
        detect if against.varies else None,
    )


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _unknown() -> Measured:
    return Measured(float("nan"), 0)
