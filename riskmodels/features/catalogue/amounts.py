"""Amounts and days of issue: their usual size and spread, round and repeated amounts, first digits, days off."""

from __future__ import annotations

from functools import cache
from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.expressions import days_between, days_squared, scaled
from riskmodels.features.catalogue.papers import flagged
from riskmodels.features.catalogue.values import one
from riskmodels.features.facts import INVOICES
from riskmodels.features.feature import NEITHER, RAISES, over
from riskmodels.features.formulas import Deviation, FirstDigits, Mean, deviation, ratio, total
from riskmodels.features.measures import Flow, Value, minor

DEALERS = ("debtor", "client", "pair")
ROUND = 1_000_000
"""Minor units of which a round amount is a multiple: 10,000 units of currency."""
YEARS = range(2006, 2027)
"""Years whose holidays and swapped workdays were published; in others only weekends are off."""
THOUSAND = 1_000
LEAST_DIGITS = 50


def log_amount(r: Any) -> Any:
    """The natural logarithm of an amount in thousandths, a whole number."""
    return scaled(r.amount.cast("float64").ln(), THOUSAND)


def is_round(r: Any) -> Any:
    """Whether an amount is a multiple of 10,000."""
    return minor(r.amount) % ROUND == 0


def is_off(r: Any) -> Any:
    """Whether an invoice was issued on a day off in China, a weekend or holiday, swapped workdays aside."""
    off, swapped = _exceptions()
    weekend = (r.issued_on.day_of_week.index() >= 5) & r.issued_on.notin(swapped)
    return weekend | r.issued_on.isin(off)


def days_off_before_due(r: Any) -> Any:
    """Days from the last business day in China to an invoice's due date; 0 when it is one."""
    import ibis

    weekday = r.due_on.day_of_week.index()
    usual = ibis.greatest(weekday - 4, 0)
    return ibis.cases(*((r.due_on.isin(days), n) for n, days in _unusual_waits()), else_=usual)


def is_month_end(r: Any) -> Any:
    """Whether an invoice was issued on one of the last three days of a month."""
    import ibis

    return (r.issued_on + ibis.interval(days=3)).month() != r.issued_on.month()


@cache
def _exceptions() -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Holidays that fall on weekdays, and weekends that are worked for them."""
    from datetime import date, timedelta

    import holidays

    known = holidays.country_holidays("CN", years=YEARS)
    days = [date(YEARS[0], 1, 1) + timedelta(n) for n in range((date(YEARS[-1] + 1, 1, 1) - date(YEARS[0], 1, 1)).days)]
    off = tuple(d for d in days if d.weekday() < 5 and not known.is_working_day(d))
    return off, tuple(d for d in days if d.weekday() >= 5 and known.is_working_day(d))


@cache
def _unusual_waits() -> tuple[tuple[int, tuple[Any, ...]], ...]:
    """By days since the last business day, the dates that are so many after it other than by the weekday alone."""
    from datetime import date, timedelta

    off, swapped = map(set, _exceptions())
    days = [date(YEARS[0], 1, 1) + timedelta(n) for n in range((date(YEARS[-1] + 1, 1, 1) - date(YEARS[0], 1, 1)).days)]
    waits: dict[int, list[Any]] = {}
    wait = 0
    for day in days:
        wait = wait + 1 if day in off or (day.weekday() >= 5 and day not in swapped) else 0
        if wait != max(day.weekday() - 4, 0):
            waits.setdefault(wait, []).append(day)
    return tuple((wait, tuple(found)) for wait, found in sorted(waits.items()))


def _squared(r: Any) -> Any:
    return log_amount(r) * log_amount(r)


def _begins_with(digit: int) -> Value:
    return lambda r: minor(r.amount).cast("string").substr(0, 1) == str(digit)


COUNT = Flow(INVOICES, one)
PRICED = Flow(INVOICES, one, where=lambda r: r.amount.notnull())
LOG_AMOUNT = Flow(INVOICES, log_amount)
LOG_SQUARED = Flow(INVOICES, _squared)
TERMS = Flow(INVOICES, days_between("issued_on", "due_on"))
TERMS_SQUARED = Flow(INVOICES, days_squared("issued_on", "due_on"))
DIGITS = tuple(Flow(INVOICES, one, where=_begins_with(d)) for d in range(1, 10))

# fmt: off
AMOUNTS = (
    *over((365,), "mean_log_amount", _("Mean of the natural logarithm of invoice amounts"),
          "number", NEITHER, Mean(THOUSAND), LOG_AMOUNT, PRICED, subjects=DEALERS),
    *over((365,), "log_amount_deviation", _("Standard deviation of the natural logarithm of invoice amounts"),
          "number", RAISES, Deviation(THOUSAND), PRICED, LOG_AMOUNT, LOG_SQUARED, subjects=DEALERS),
    *over((90, 365, None), "round_amount_share", _("Share of invoices whose amount is a multiple of 10,000"),
          "share", RAISES, ratio, Flow(INVOICES, one, where=is_round), PRICED),
    *over((90, 365), "repeated_amount_count",
          _("Number of invoices equal in amount to one of the same client on the same debtor that came "
            "in the 30 days before"),
          "count", RAISES, total, flagged("same_amount")),
    *over((365,), "repeated_amount_share",
          _("Share of invoices equal in amount to one of the same client on the same debtor that came "
            "in the 30 days before"),
          "share", RAISES, ratio, flagged("same_amount"), COUNT),
    *over((365,), "first_digit_departure",
          _("Mean distance of the shares of first digits of amounts from those of Benford's law"),
          "share", RAISES, FirstDigits(LEAST_DIGITS), *DIGITS, subjects=("client",)),
    *over((365,), "mean_terms", _("Mean days from issue to the due date"),
          "days", RAISES, ratio, TERMS, COUNT),
    *over((365,), "terms_deviation", _("Standard deviation of the days from issue to the due date"),
          "days", RAISES, deviation, COUNT, TERMS, TERMS_SQUARED, subjects=DEALERS),
    *over((365,), "month_end_share", _("Share of invoices issued on the last three days of a month"),
          "share", RAISES, ratio, Flow(INVOICES, one, where=is_month_end), COUNT),
    *over((365,), "day_off_share", _("Share of invoices issued on a weekend or holiday"),
          "share", RAISES, ratio, Flow(INVOICES, one, where=is_off), COUNT),
)
# fmt: on
