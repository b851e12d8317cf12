"""Section 10, time to payment: are invoices, weeks of cash and balances as late as was foretold, and as sure?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.payment_time import PaymentTime
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import payments as figures
from riskmodels.reporting.pages.judgement_timing_tables import (
    ageing_table,
    bands_table,
    cash_figure,
    habits_table,
    levels_table,
)
from riskmodels.reporting.pages.page import joined, unrun
from riskmodels.reporting.pages.tested import table_of_tests, unrun_table
from riskmodels.validation.overdue_development.tried import tried
from riskmodels.validation.timing.case import Timing
from riskmodels.validation.timing.curve import CurveGap
from riskmodels.validation.timing.frame import SEEN

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

GAP, LATE = "validation.timing.curve.gap", "validation.timing.observed_expected.0"
BAND = "validation.timing.band.coverage"
NAMED = {"probability": "late", "weight": "amount"}
"""Columns of a scored sample, as a frame of payments calls them."""


def timing_of(judged: ModelValidation) -> tuple[Timing | None, str]:
    """What is foretold of payment times and what came of it, or None and why it can't be judged."""
    if judged.lacking:
        return None, judged.lacking
    stored, sample = judged.stored, judged.sample
    if stored and isinstance(stored.models["champion"], PaymentTime):
        return tried(lambda: Timing.of_model(stored, sample, judged.book, judged.as_of))
    if not stored and {"probability", *SEEN} <= set(sample):
        return tried(lambda: Timing.of_frame(sample.rename(columns=NAMED)))
    return None, _("the model tells whether, not when, so there is no time to judge")


def timing(judged: ModelValidation) -> Iterator[Block]:
    """Curve, level and order by days past due, habits, bands, cash and balances, and every test."""
    name, (case, reason) = _("Time to payment"), judged.paid
    if case is None:
        yield from unrun("10", name, reason)
        return
    checks = judged.of_group("timing")
    by_name = {c.name: c for c in checks}
    yield Section.of("10", name, _finding(case, by_name), _lead(case), checks)
    if case.curve is not None:
        yield _curve(case.curve)
    if case.levels:
        yield levels_table(case, by_name)
    if case.payments.habits:
        yield habits_table(case)
    yield from _forecasts(case, judged.currency)
    yield table_of_tests(checks, "timing_tests", _("Tests of payment time"), judged.currency)
    if any(c.reason for c in checks):
        yield unrun_table(checks, "timing_not_run")


def _forecasts(case: Timing, currency: str) -> Iterator[Block]:
    """Bands of invoices, weeks and balances; weeks of cash and balances by age beside what came."""
    if case.coverage is not None or len(case.cash) or len(case.ageing):
        yield bands_table(case)
    if len(case.cash):
        yield cash_figure(case.cash, currency)
    elif case.payments.habits:
        yield NotRun(_("Back-test of the cash forecast"), case.no_cash)
    if len(case.ageing):
        yield ageing_table(case, currency)
    elif case.payments.habits:
        yield NotRun(_("Back-test of the forecast of balances"), case.no_ageing)


def _finding(case: Timing, by_name: dict[str, CheckResult]) -> str:
    """Whether the whole curve was met, and the bands of days, or the level past due."""
    gap, late = by_name[GAP], by_name[LATE]
    if gap.value is None:
        return _("Payment times can't be judged on these invoices")
    told = figure(gap.value, "share")
    if gap.verdict in (Verdict.BREACH, Verdict.WATCH):
        words = _("Invoices are not paid when foretold: {gap} are on the other side of day {day}")
        head = words.format(gap=told, day=f"{gap.detail['day']:g}")
    elif gap.verdict is Verdict.NO_EVIDENCE:
        head = _("The curve of payment is met to {gap}, but the invoices are too few to rely on that").format(gap=told)
    else:
        head = _("Invoices are paid when foretold, to {gap} of them on any day").format(gap=told)
    band = by_name[BAND]
    if band.verdict in (Verdict.BREACH, Verdict.WATCH) and band.value is not None:
        words = _("{head}; bands of days that say {stated} held {held}")
        return words.format(head=head, stated=figure(band.detail["stated"], "share"), held=figure(band.value, "share"))
    if late.value is None:
        return head
    shares = {key: figure(late.detail[key], "share") for key in ("expected", "observed")}
    return _("{head}; {expected} were expected past due, {observed} were").format(head=head, **shares)


def _lead(case: Timing) -> str:
    words = _(
        "Seen from the day before issue. Open invoices count by censoring weights, or as open so far in the curve of "
        "Kaplan and Meier; errors are {dependence}."
    )
    longer = _("The curve counts parts of invoices, as they were settled.") if case.payments.habits else ""
    return joined(words.format(dependence=case.payments.dependence), longer)


def _curve(curve: CurveGap) -> Figure:
    days = [d for d in (-30, -10, 0, 10, 20, 30, 60, 90) if d in curve.days]
    rows = curve.table[curve.table["day"].isin(days)]
    side = Table.of(
        "payment_curve_side",
        rows.assign(gap=rows["observed"] - rows["expected"]),
        [
            Column("day", _("Day past due"), "count"),
            Column("expected", _("Expected"), "share"),
            Column("observed", _("Came"), "share"),
            Column("gap", _("Gap"), "share", quiet=True),
        ],
        title=_("Share still open"),
    )
    caption = _(
        "The band holds a whole curve in 95 of 100 cases. Its half-width is {half}; a gap of {found} would be found "
        "with 80% power."
    )
    told = {"half": curve.largest.critical(), "found": curve.largest.detect(0.05)}
    return Figure.of(
        "payment_curve",
        figures.payment_curve,
        curve.table,
        title=_("Invoices still open, as foretold and as it came"),
        height=96,
        caption=caption.format(**{key: figure(value, "share") for key, value in told.items()}),
        side=side,
    )
