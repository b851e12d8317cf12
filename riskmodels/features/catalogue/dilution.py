"""Dilution: what reduces invoices other than cash: why, when in an invoice's life, and beyond its amount."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one
from riskmodels.features.facts import CREDIT_NOTES, INVOICES, LEDGER
from riskmodels.features.feature import NEITHER, RAISES, Feature, over
from riskmodels.features.formulas import money, ratio, ratio_change, total
from riskmodels.features.measures import Flow, Stock, Value

LATE_DAYS, AFTER_DUE_DAYS = 60, 15


def of_reason(reason: str) -> Flow:
    """The amount of credit notes of a reason."""
    return Flow(CREDIT_NOTES, amount, where=lambda r: r.reason == reason)


def days_after(day: str) -> Value:
    """Days from a day of the invoice to the note."""
    return lambda r: r.issued_on.epoch_days() - r[day].epoch_days()


def long_after_issue(r: Any) -> Any:
    """Whether the note came more than 60 days after the invoice."""
    return days_after("billed_on")(r) > LATE_DAYS


def just_after_due(r: Any) -> Any:
    """Whether the note came in the first 15 days after the due date, when it saves a late payment."""
    days = days_after("due_on")(r)
    return (days > 0) & (days <= AFTER_DUE_DAYS)


CREDITED = Flow(CREDIT_NOTES, amount)
NOTES = Flow(CREDIT_NOTES, one)
LATE_NOTES = Flow(CREDIT_NOTES, amount, where=long_after_issue)
AFTER_DUE = Flow(CREDIT_NOTES, amount, where=just_after_due)
INVOICED = Flow(INVOICES, amount)
INVOICES_ISSUED = Flow(INVOICES, one)
EXCESS = Stock(LEDGER, lambda r: r.excess)
NOW = (CREDITED.over(365), INVOICED.over(365))

# fmt: off
DILUTION = (
    *over((90, 365, None), "dilution", _("Credit notes as a share of the amount invoiced"),
          "share", RAISES, ratio, CREDITED, INVOICED),
    Feature("dilution_change_90d",
            _("Credit notes as a share of the amount invoiced in 90 days, less that in 365 days"),
            "share", RAISES, ratio_change, (CREDITED.over(90), INVOICED.over(90), *NOW)),
    Feature("dilution_year_change_365d",
            _("Credit notes as a share of the amount invoiced, less that of a year before"),
            "share", RAISES, ratio_change, (*NOW, *(m.before(365) for m in NOW))),
    *over((90, 365), "credit_note_count", _("Number of credit notes"), "count", RAISES, total, NOTES),
    *over((365,), "credit_note_share",
          _("Credit notes per invoice"), "multiple", RAISES, ratio, NOTES, INVOICES_ISSUED),
    *over((365,), "return_dilution", _("Credit notes for returns as a share of the amount invoiced"),
          "share", RAISES, ratio, of_reason("return"), INVOICED),
    *over((365,), "discount_dilution", _("Credit notes for discounts as a share of the amount invoiced"),
          "share", NEITHER, ratio, of_reason("discount"), INVOICED),
    *over((365,), "price_dilution", _("Credit notes for price corrections as a share of the amount invoiced"),
          "share", RAISES, ratio, of_reason("price"), INVOICED),
    *over((365,), "quality_dilution", _("Credit notes for quality as a share of the amount invoiced"),
          "share", RAISES, ratio, of_reason("quality"), INVOICED),
    *over((365,), "setoff_dilution", _("Credit notes for set-off as a share of the amount invoiced"),
          "share", RAISES, ratio, of_reason("set-off"), INVOICED),
    *over((365,), "error_dilution", _("Credit notes for errors as a share of the amount invoiced"),
          "share", RAISES, ratio, of_reason("error"), INVOICED),
    *over((365,), "late_note_share", _("Share of credit notes that came more than 60 days after the invoice"),
          "share", RAISES, ratio, LATE_NOTES, CREDITED),
    *over((365,), "after_due_note_share", _("Share of credit notes that came in the 15 days after the due date"),
          "share", RAISES, ratio, AFTER_DUE, CREDITED),
    Feature("excess_credit_now", _("Payments, credit notes and write-offs beyond the amounts of invoices"),
            "money", RAISES, money, (EXCESS,)),
)
# fmt: on
