"""Dilution: what reduces invoices other than cash, and what is contested."""

from __future__ import annotations

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one
from riskmodels.features.facts import CREDIT_NOTES, DISPUTES, INVOICES
from riskmodels.features.feature import RAISES, Feature, over
from riskmodels.features.formulas import less, ratio, total
from riskmodels.features.measures import Flow, Stock

CREDITED = Flow(CREDIT_NOTES, amount)
NOTES = Flow(CREDIT_NOTES, one)
INVOICED = Flow(INVOICES, amount)
INVOICES_ISSUED = Flow(INVOICES, one)
DISPUTED = Flow(DISPUTES, one)
RAISED = Stock(DISPUTES, one)
CLOSED = Stock(DISPUTES, one, where=lambda r: r.closed_on.notnull())
DECIDED = Flow(DISPUTES, one, where=lambda r: r.outcome.notnull())
LOST = Flow(DISPUTES, one, where=lambda r: r.outcome == "debtor")

# fmt: off
DILUTION = (
    *over((90, 365, None), "dilution", _("Credit notes as a share of the amount invoiced"),
          "share", RAISES, ratio, CREDITED, INVOICED),
    *over((90, 365), "credit_note_count", _("Number of credit notes"), "count", RAISES, total, NOTES),
    *over((90, 365), "dispute_count", _("Number of disputes raised"), "count", RAISES, total, DISPUTED),
    *over((365, None), "disputed_share", _("Disputes raised per invoice"),
          "share", RAISES, ratio, DISPUTED, INVOICES_ISSUED),
    *over((365, None), "lost_dispute_share", _("Share of decided disputes that the debtor won"),
          "share", RAISES, ratio, LOST, DECIDED),
    Feature("open_dispute_count_now", _("Number of open disputes"), "count", RAISES, less, (RAISED, CLOSED)),
)
# fmt: on
