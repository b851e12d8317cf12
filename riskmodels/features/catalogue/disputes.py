"""Disputes: what the debtor contests, why, for how long, with what outcome, and how much hangs on it now."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one, whole_face
from riskmodels.features.facts import DISPUTED as DISPUTED_BALANCE
from riskmodels.features.facts import DISPUTES as RAISED_DISPUTES
from riskmodels.features.facts import INVOICES, LEDGER
from riskmodels.features.feature import RAISES, Feature, over
from riskmodels.features.formulas import less, money, ratio, ratio_change, total
from riskmodels.features.measures import Flow, Stock


def of_reason(reason: str) -> Flow:
    """The number of disputes of a reason."""
    return Flow(RAISED_DISPUTES, one, where=lambda r: r.reason == reason)


def is_closed(r: Any) -> Any:
    """Whether a dispute was closed."""
    return r.closed_on.notnull()


DISPUTED = Flow(RAISED_DISPUTES, one)
DISPUTED_FACE = Flow(RAISED_DISPUTES, whole_face)
INVOICED = Flow(INVOICES, amount)
INVOICES_ISSUED = Flow(INVOICES, one)
RAISED = Stock(RAISED_DISPUTES, one)
CLOSED = Stock(RAISED_DISPUTES, one, where=is_closed)
CLOSINGS = Flow(RAISED_DISPUTES, one, where=is_closed)
DAYS_OPEN = Flow(RAISED_DISPUTES, lambda r: r.closed_on.epoch_days() - r.opened_on.epoch_days())
DECIDED = Flow(RAISED_DISPUTES, one, where=lambda r: r.outcome.notnull())
LOST = Flow(RAISED_DISPUTES, one, where=lambda r: r.outcome == "debtor")
IN_DISPUTE = Stock(DISPUTED_BALANCE, amount)
BALANCE = Stock(LEDGER, amount)
NOW = (DISPUTED.over(365), INVOICES_ISSUED.over(365))

# fmt: off
DISPUTES = (
    *over((90, 365), "dispute_count", _("Number of disputes raised"), "count", RAISES, total, DISPUTED),
    *over((365, None), "disputed_share", _("Disputes raised per invoice"),
          "multiple", RAISES, ratio, DISPUTED, INVOICES_ISSUED),
    Feature("disputed_share_year_change_365d", _("Disputes raised per invoice, less those of a year before"),
            "multiple", RAISES, ratio_change, (*NOW, *(m.before(365) for m in NOW))),
    *over((365,), "disputed_amount_share", _("Amount of invoices disputed as a share of the amount invoiced"),
          "share", RAISES, ratio, DISPUTED_FACE, INVOICED),
    *over((365,), "quality_dispute_share", _("Disputes about quality per invoice"),
          "multiple", RAISES, ratio, of_reason("quality"), INVOICES_ISSUED),
    *over((365,), "quantity_dispute_share", _("Disputes about quantity per invoice"),
          "multiple", RAISES, ratio, of_reason("quantity"), INVOICES_ISSUED),
    *over((365,), "price_dispute_share", _("Disputes about the price per invoice"),
          "multiple", RAISES, ratio, of_reason("price"), INVOICES_ISSUED),
    *over((365,), "delivery_dispute_share", _("Disputes about delivery per invoice"),
          "multiple", RAISES, ratio, of_reason("delivery"), INVOICES_ISSUED),
    *over((365, None), "lost_dispute_share", _("Share of decided disputes that the debtor won"),
          "share", RAISES, ratio, LOST, DECIDED),
    *over((365,), "dispute_days", _("Mean days from raising a dispute to its end, of disputes that ended"),
          "days", RAISES, ratio, DAYS_OPEN, CLOSINGS),
    Feature("open_dispute_count_now", _("Number of open disputes"), "count", RAISES, less, (RAISED, CLOSED)),
    Feature("disputed_balance_now", _("Amount owed on invoices in dispute"), "money", RAISES, money, (IN_DISPUTE,)),
    Feature("disputed_balance_share_now", _("Share of the amount owed that is in dispute"),
            "share", RAISES, ratio, (IN_DISPUTE, BALANCE)),
)
# fmt: on
