"""Payment behaviour: how many invoices were settled, how late, and whether that is getting worse."""

from __future__ import annotations

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import (
    days_late,
    early,
    face,
    face_days_late,
    held_days_late,
    late_by,
    settled,
    sign,
    signed_days_late,
    signed_square_late,
)
from riskmodels.features.facts import SETTLEMENTS
from riskmodels.features.feature import LOWERS, RAISES, Feature, over
from riskmodels.features.formulas import deviation, mean_with_four_zeros, plus_four, ratio, ratio_change, total
from riskmodels.features.measures import Flow, Last, Peak

SETTLED = Flow(SETTLEMENTS, sign)
EARLY = Flow(SETTLEMENTS, sign, where=early)
DAYS_EARLY = Flow(SETTLEMENTS, lambda r: -signed_days_late(r), where=early)
LATE = Flow(SETTLEMENTS, sign, where=late_by(0))
LATE_30 = Flow(SETTLEMENTS, sign, where=late_by(30))
LATE_60 = Flow(SETTLEMENTS, sign, where=late_by(60))
LATE_90 = Flow(SETTLEMENTS, sign, where=late_by(90))
DAYS_LATE = Flow(SETTLEMENTS, signed_days_late)
HELD_DAYS_LATE = Flow(SETTLEMENTS, held_days_late)
SQUARE_LATE = Flow(SETTLEMENTS, signed_square_late)
FACE = Flow(SETTLEMENTS, face)
LATE_FACE = Flow(SETTLEMENTS, face, where=late_by(0))
FACE_DAYS_LATE = Flow(SETTLEMENTS, face_days_late)
WORST = Peak(SETTLEMENTS, days_late, where=settled)
NEWEST = Last(SETTLEMENTS, days_late, where=settled)
SHARE, MEAN = (LATE.over(90), SETTLED.over(90)), (DAYS_LATE.over(90), SETTLED.over(90))

# fmt: off
PAYMENT = (
    *over((90, 180, 365, None), "settled_count", _("Number of invoices settled"),
          "count", LOWERS, total, SETTLED),
    *over((90, 180, 365, None), "late_share", _("Share of settled invoices that were late"),
          "share", RAISES, ratio, LATE, SETTLED),
    *over((365, None), "late_share_estimate",
          _("Share of late settlements, as if two late and two punctual ones had been seen besides"),
          "share", RAISES, plus_four, LATE, SETTLED),
    *over((365, None), "late_amount_share", _("Share of the settled amount that was late"),
          "share", RAISES, ratio, LATE_FACE, FACE),
    *over((90, 365, None), "late_over_30_share", _("Share of settled invoices more than 30 days late"),
          "share", RAISES, ratio, LATE_30, SETTLED),
    *over((365, None), "late_over_60_share", _("Share of settled invoices more than 60 days late"),
          "share", RAISES, ratio, LATE_60, SETTLED),
    *over((365,), "late_over_90_share", _("Share of settled invoices more than 90 days late"),
          "share", RAISES, ratio, LATE_90, SETTLED),
    *over((365,), "early_share", _("Share of settled invoices that were settled before they were due"),
          "share", LOWERS, ratio, EARLY, SETTLED),
    *over((365,), "mean_days_early", _("Mean days before the due date of invoices settled early"),
          "days", LOWERS, ratio, DAYS_EARLY, EARLY),
    *over((90, 180, 365, None), "mean_days_late", _("Mean days late of settled invoices, early ones negative"),
          "days", RAISES, ratio, DAYS_LATE, SETTLED),
    *over((365,), "days_late_deviation", _("Standard deviation of the days late of settled invoices"),
          "days", RAISES, deviation, SETTLED, DAYS_LATE, SQUARE_LATE),
    *over((90, 365, None), "weighted_days_late", _("Days late of settled invoices, weighted by amount"),
          "days", RAISES, ratio, FACE_DAYS_LATE, FACE),
    *over((90, 365, None), "worst_days_late", _("Most days late of a settled invoice"),
          "days", RAISES, total, WORST),
    Feature("last_days_late_now", _("Days late of the invoice settled last"),
            "days", RAISES, total, (NEWEST,)),
    Feature("late_share_change_90d", _("Share of late settlements in 90 days less that in 365 days"),
            "share", RAISES, ratio_change, (*SHARE, LATE.over(365), SETTLED.over(365))),
    Feature("late_share_year_change_90d",
            _("Share of late settlements in 90 days less that in the same days a year before"),
            "share", RAISES, ratio_change, (*SHARE, *(m.before(365) for m in SHARE))),
    Feature("mean_days_late_change_90d", _("Mean days late of 90 days less that of 365 days"),
            "days", RAISES, ratio_change, (*MEAN, DAYS_LATE.over(365), SETTLED.over(365))),
    Feature("mean_days_late_quarter_change_90d", _("Mean days late of 90 days less that of the 90 days before"),
            "days", RAISES, ratio_change, (*MEAN, *(m.before(90) for m in MEAN))),
    Feature("mean_days_late_year_change_90d",
            _("Mean days late of 90 days less that of the same days a year before"),
            "days", RAISES, ratio_change, (*MEAN, *(m.before(365) for m in MEAN))),
)
HABITS = (
    # Drawn: as if four invoices had been settled on their due date besides.
    *over((90, 180, 365, 730), "typical_days_late",
          _("Usual days late, held to 15 either way and drawn to the due date"),
          "days", RAISES, mean_with_four_zeros, HELD_DAYS_LATE, SETTLED),
)
# fmt: on
