"""The checks of payment time, in report order, and the suite of a plain frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.limits import packaged_limits
from riskmodels.core.text import mark
from riskmodels.validation.checks.check import Check, run_all
from riskmodels.validation.timing import measures, needs
from riskmodels.validation.timing.case import Timing
from riskmodels.validation.timing.payments import BEYOND

FAMILY = "timing"
LEVELS = {
    0: mark("Past due: observed over expected"),
    30: mark("More than 30 days past due: observed over expected"),
    60: mark("More than 60 days past due: observed over expected"),
    90: mark("More than 90 days past due: observed over expected"),
}
ORDERS = {
    0: mark("AUC of past due"),
    30: mark("AUC of more than 30 days past due"),
    60: mark("AUC of more than 60 days past due"),
    90: mark("AUC of more than 90 days past due"),
}


def validate_payments(
    frame: pd.DataFrame, limits: Mapping[str, Limits] | None = None, seed: int = 0
) -> list[CheckResult]:
    """All checks of payment time on a frame of one row per invoice, in report order.

    `frame` has late (chance to be past due), days_late (at settlement, or so far while open; negative when early) and
    settled; it may have over_30, over_60, over_90 (chances), expected_days_late, low_80_days_late and high_80_days_late
    (forecasts), amount, obligor and client. What it doesn't have is not run, with the reason. Invoices that are still
    open count by censoring weights. `limits` replace the package's own, by name.

    >>> validate_payments(frame[["late", "over_30", "days_late", "settled", "obligor"]])
    """
    return validate_timing(Timing.of_frame(frame, seed), limits)


def validate_timing(case: Timing, limits: Mapping[str, Limits] | None = None) -> list[CheckResult]:
    """All checks of payment time on a case, in report order; `limits` replace the package's own, by name."""
    return run_all(CHECKS, case, {**packaged_limits(__package__), **(limits or {})})


def _check(name: str, title: str, unit: str, measure: measures.Measure, *needed: Callable[[Timing], str]) -> Check:
    return Check(f"validation.timing.{name}", title, unit, measure, needed)


def _tested(check: Check, h0: str, method: str, deviation: str = "") -> Check:
    """The check as a test of the family."""
    return replace(check, h0=h0, method=method, family=FAMILY, deviation=deviation or check.unit)


def _curve(name: str, title: str, by_amount: bool, *needed: Callable[[Timing], str]) -> Check:
    check = _check(name, title, "share", measures.gap(by_amount), needs.any_day, *needed)
    return _tested(
        check, mark("the expected curve is that of what came, on every day"), "Williams 2000; Lin, Wei, Ying 1993"
    )


def _level(dpd: int) -> Check:
    check = _check(f"observed_expected.{dpd}", LEVELS[dpd], "number", measures.level(dpd), needs.beyond(dpd, False))
    return _tested(
        check, mark("as much is unsettled as was foretold"), "Uno et al. 2007, censoring weights", "multiple"
    )


def _order(dpd: int) -> Check:
    check = _check(f"auc.{dpd}", ORDERS[dpd], "score", measures.order(dpd), needs.beyond(dpd, True))
    method = "Uno et al. 2007; van Klaveren et al. 2016"
    return _tested(check, mark("the order is as good as the chances promise if they are right"), method)


def _held(name: str, title: str, measure: measures.Measure, *needed: Callable[[Timing], str]) -> Check:
    check = _check(name, title, "share", measure, *needed)
    return _tested(check, mark("the band holds as often as it says"), "Kupiec 1995, clustered")


CHECKS: tuple[Check, ...] = (
    _curve("curve.gap", mark("Largest gap of the curve of payment"), False),
    _curve("curve.gap_amount", mark("Largest gap of the curve, by amount"), True, needs.amounts),
    *(_level(dpd) for dpd in BEYOND),
    *(_order(dpd) for dpd in BEYOND),
    _check("auc.gain", mark("AUC gained on the debtor's own mean"), "score", measures.gain("auc_late"), needs.habits),
    _held("band.coverage", mark("Coverage of the 80% band of days"), measures.bands, needs.bands),
    _check("days.error", mark("Mean error of the days to payment"), "days", measures.error, needs.expected),
    _tested(
        _check("days.later", mark("Later than foretold, on average"), "days", measures.later, needs.any_day),
        mark("invoices are as late as was foretold, on average"),
        "area between the curves, up to 90 days past due",
    ),
    _check("days.gain", mark("Days gained on the debtor's own mean"), "days", measures.gain("mae_days"), needs.habits),
    _held("cash.coverage_80", mark("Weeks of cash within their 80% band"), measures.cash_held(80, True), needs.cash),
    _check(
        "cash.coverage_95",
        mark("Weeks of cash within their 95% band"),
        "share",
        measures.cash_held(95, False),
        needs.cash,
    ),
    _check(
        "cash.bias", mark("Cash of 13 weeks: forecast over actual, less 1"), "share", measures.cash_bias, needs.cash
    ),
    _held(
        "ageing.coverage_80",
        mark("Balances of buckets within their 80% band"),
        measures.ageing_held(80, True),
        needs.ageing,
    ),
    _check(
        "ageing.coverage_95",
        mark("Balances of buckets within their 95% band"),
        "share",
        measures.ageing_held(95, False),
        needs.ageing,
    ),
)
