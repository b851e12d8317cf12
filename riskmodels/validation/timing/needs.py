"""What checks of payment time need, each answering with the reason a reader is given when it isn't there."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.validation.baselines.scores import FEWEST
from riskmodels.validation.timing.case import Timing


def any_day(case: Timing) -> str:
    """A day past due that forecasts and invoices can both tell of."""
    return "" if case.payments.weights else _("no day past due can be told: every invoice was read before its due date")


def amounts(case: Timing) -> str:
    """Amounts."""
    amount = case.payments.amount
    return "" if amount is not None and amount.sum() > 0 else _("no amounts in the sample")


def beyond(dpd: int, sides: bool) -> Callable[[Timing], str]:
    """A state so many days past due that can be told, with enough invoices beyond it, or on both sides."""

    def need(case: Timing) -> str:
        """Why a day past due can't be judged; empty when it can."""
        if not case.payments.told(dpd):
            return _("more than {dpd} days past due can't be told of these invoices, or wasn't foretold").format(
                dpd=dpd
            )
        known = case.payments.weights[float(dpd)] > 0
        beyond = int((known & case.payments.open_beyond(dpd)).sum())
        expected = float(case.payments.forecast.beyond(dpd)[known].sum())
        least = min(beyond, int(known.sum()) - beyond) if sides else max(beyond, expected)
        words = _("too few: {beyond} of {n} invoices are more than {dpd} days past due, at least {least} are needed")
        return "" if least >= FEWEST else words.format(beyond=beyond, n=int(known.sum()), dpd=dpd, least=FEWEST)

    return need


def expected(case: Timing) -> str:
    """Expected days, and an invoice watched until the last of them."""
    if not pd.notna(case.payments.forecast.expected_days).all():
        return _("no expected days were foretold")
    last = case.payments.forecast.days[-1]
    return "" if case.payments.told(last) else _("no invoice was watched until the last day foretold")


def habits(case: Timing) -> str:
    """Forecasts from habit."""
    return "" if case.payments.habits else _("the sample is no book, so it tells of no habits to compare with")


def bands(case: Timing) -> str:
    """Bands of days."""
    return "" if case.payments.bands is not None else _("no bands of days were foretold")


def cash(case: Timing) -> str:
    """Past forecasts of cash."""
    return case.no_cash


def ageing(case: Timing) -> str:
    """Past forecasts of balances."""
    return case.no_ageing
