"""Payment behaviour: how many invoices were settled, how late, and whether that is getting worse."""

from __future__ import annotations

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import (
    amount,
    days_late,
    face,
    face_days_late,
    late_by,
    settled,
    sign,
    signed_days_late,
)
from riskmodels.features.facts import PAYMENTS, SETTLEMENTS
from riskmodels.features.feature import LOWERS, RAISES, Feature, over
from riskmodels.features.formulas import money, ratio, ratio_change, total
from riskmodels.features.measures import Flow, Last, Peak

SETTLED = Flow(SETTLEMENTS, sign)
LATE = Flow(SETTLEMENTS, sign, where=late_by(0))
LATE_30 = Flow(SETTLEMENTS, sign, where=late_by(30))
LATE_60 = Flow(SETTLEMENTS, sign, where=late_by(60))
DAYS_LATE = Flow(SETTLEMENTS, signed_days_late)
FACE = Flow(SETTLEMENTS, face)
LATE_FACE = Flow(SETTLEMENTS, face, where=late_by(0))
FACE_DAYS_LATE = Flow(SETTLEMENTS, face_days_late)
WORST = Peak(SETTLEMENTS, days_late, where=settled)
NEWEST = Last(SETTLEMENTS, days_late, where=settled)
PAID = Flow(PAYMENTS, amount)
PAID_BY_OTHERS = Flow(PAYMENTS, amount, where=lambda r: r.payer != "debtor")

# fmt: off
PAYMENT = (
    *over((90, 180, 365, None), "settled_count", _("Number of invoices settled"),
          "count", LOWERS, total, SETTLED),
    *over((30, 90, 365), "paid_amount", _("Amount paid"), "money", LOWERS, money, PAID),
    *over((90, 180, 365, None), "late_share", _("Share of settled invoices that were late"),
          "share", RAISES, ratio, LATE, SETTLED),
    *over((365, None), "late_amount_share", _("Share of the settled amount that was late"),
          "share", RAISES, ratio, LATE_FACE, FACE),
    *over((90, 365, None), "late_over_30_share", _("Share of settled invoices more than 30 days late"),
          "share", RAISES, ratio, LATE_30, SETTLED),
    *over((365, None), "late_over_60_share", _("Share of settled invoices more than 60 days late"),
          "share", RAISES, ratio, LATE_60, SETTLED),
    *over((90, 180, 365, None), "mean_days_late", _("Mean days late of settled invoices, early ones negative"),
          "days", RAISES, ratio, DAYS_LATE, SETTLED),
    *over((90, 365, None), "weighted_days_late", _("Days late of settled invoices, weighted by amount"),
          "days", RAISES, ratio, FACE_DAYS_LATE, FACE),
    *over((90, 365, None), "worst_days_late", _("Most days late of a settled invoice"),
          "days", RAISES, total, WORST),
    Feature("last_days_late_now", _("Days late of the invoice settled last"),
            "days", RAISES, total, (NEWEST,)),
    Feature(
        "late_share_change_90d",
        _("Share of late settlements in 90 days less that in 365 days"),
        "share",
        RAISES,
        ratio_change,
        (LATE.over(90), SETTLED.over(90), LATE.over(365), SETTLED.over(365)),
    ),
    Feature(
        "mean_days_late_change_90d",
        _("Mean days late of 90 days less that of 365 days"),
        "days",
        RAISES,
        ratio_change,
        (DAYS_LATE.over(90), SETTLED.over(90), DAYS_LATE.over(365), SETTLED.over(365)),
    ),
    *over((365,), "paid_by_others_share", _("Share of payments made by somebody else than the debtor"),
          "share", RAISES, ratio, PAID_BY_OTHERS, PAID),
)
# fmt: on
