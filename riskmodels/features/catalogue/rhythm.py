"""Recency and rhythm: how often and how much is invoiced, how long ago, and since when one knows each other."""

from __future__ import annotations

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one
from riskmodels.features.facts import INVOICES, PAYMENTS
from riskmodels.features.feature import LOWERS, NEITHER, RAISES, Feature, over
from riskmodels.features.formulas import Pace, mean_money, money, total
from riskmodels.features.measures import Age, Flow, Last, Peak, Since

COUNT = Flow(INVOICES, one)
INVOICED = Flow(INVOICES, amount)
COUNTED = Flow(INVOICES, one, where=lambda r: r.amount.notnull())
"""Invoices whose amounts are summed: a condition on amounts keeps to the currency they are summed in."""
LARGEST = Peak(INVOICES, amount)
NEWEST = Last(INVOICES, amount)

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
    Feature("days_since_invoice_now", _("Days since the latest invoice"),
            "days", RAISES, total, (Since(INVOICES, one),)),
    Feature("days_since_payment_now", _("Days since the latest payment"),
            "days", RAISES, total, (Since(PAYMENTS, one),)),
    Feature("relation_age_now", _("Days since the first invoice became known"),
            "days", LOWERS, total, (Age(INVOICES, one),)),
)
# fmt: on
