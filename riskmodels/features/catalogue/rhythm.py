"""Recency and rhythm: how often and how much is invoiced, how long ago, and since when one knows each other."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one
from riskmodels.features.facts import INVOICES, MONTHS, PAYMENTS, VISITS
from riskmodels.features.feature import LOWERS, NEITHER, RAISES, Feature, over
from riskmodels.features.formulas import Pace, deviation, mean_money, mean_step, money, ratio, silence, total
from riskmodels.features.measures import Age, Flow, Last, Peak, Since

WINDOW_DRESSING_DAYS = 5


def gap(r: Any) -> Any:
    """Days since the day of the invoice before."""
    return r.gap


def at_quarter_end(r: Any) -> Any:
    """Whether an invoice was issued in the last five days of a calendar quarter."""
    return r.issued_on.quarter() != (r.issued_on + _days(WINDOW_DRESSING_DAYS)).quarter()


def _days(n: int) -> Any:
    import ibis

    return ibis.interval(days=n)


COUNT = Flow(INVOICES, one)
INVOICED = Flow(INVOICES, amount)
COUNTED = Flow(INVOICES, one, where=lambda r: r.amount.notnull())
"""Invoices whose amounts are summed: a condition on amounts keeps to the currency they are summed in."""
LARGEST = Peak(INVOICES, amount)
NEWEST = Last(INVOICES, amount)
SINCE, FIRST = Since(INVOICES, one), Age(INVOICES, one)
GAPS = Flow(VISITS, one, where=lambda r: r.gap.notnull())
GAP_DAYS = Flow(VISITS, gap)
GAP_SQUARES = Flow(VISITS, lambda r: r.gap * r.gap)
AT_QUARTER_END = Flow(INVOICES, amount, where=at_quarter_end)

# fmt: off
RHYTHM = (
    *over((30, 90, 180, 365, None), "invoice_count", _("Number of invoices"), "count", LOWERS, total, COUNT),
    *over((30, 90, 180, 365), "invoiced", _("Amount invoiced"), "money", NEITHER, money, INVOICED),
    *over((90, 365, None), "mean_invoice", _("Mean amount of an invoice"),
          "money", NEITHER, mean_money, INVOICED, COUNTED),
    *over((365,), "largest_invoice", _("Largest invoice"), "money", NEITHER, money, LARGEST),
    Feature("last_invoice_now", _("Amount of the latest invoice"), "money", NEITHER, money, (NEWEST,)),
    Feature("invoice_pace_90d", _("Invoices a day in 90 days as a multiple of those in 365"),
            "multiple", NEITHER, Pace(90, 365), (COUNT.over(90), COUNT.over(365))),
    Feature("invoiced_pace_90d", _("Amount invoiced a day in 90 days as a multiple of that in 365"),
            "multiple", NEITHER, Pace(90, 365), (INVOICED.over(90), INVOICED.over(365))),
    *over((365,), "active_months", _("Number of calendar months with an invoice"),
          "count", LOWERS, total, Flow(MONTHS, one)),
    *over((365,), "days_between_invoices", _("Mean days from one invoice to the next"),
          "days", NEITHER, mean_step, FIRST, SINCE, COUNT),
    *over((365,), "silence",
          _("Days since the latest invoice as a multiple of the mean days from one invoice to the next"),
          "multiple", RAISES, silence, FIRST, SINCE, COUNT),
    *over((365,), "mean_gap", _("Mean days between the days on which a client invoiced the same debtor"),
          "days", NEITHER, ratio, GAP_DAYS, GAPS),
    *over((365,), "gap_deviation",
          _("Standard deviation of the days between the days on which a client invoiced the same debtor"),
          "days", RAISES, deviation, GAPS, GAP_DAYS, GAP_SQUARES),
    *over((365,), "quarter_end_share",
          _("Share of the amount invoiced that was issued in the last five days of a quarter"),
          "share", RAISES, ratio, AT_QUARTER_END, INVOICED),
    Feature("days_since_invoice_now", _("Days since the latest invoice"), "days", RAISES, total, (SINCE,)),
    Feature("days_since_payment_now", _("Days since the latest payment"),
            "days", RAISES, total, (Since(PAYMENTS, one, where=lambda r: r.made),)),
    Feature("relation_age_now", _("Days since the first invoice became known"), "days", LOWERS, total, (FIRST,)),
)
# fmt: on
