"""Delivery and acknowledgement: when goods were accepted, invoices assigned, registered, notified and confirmed."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.expressions import days_between, days_squared, stated
from riskmodels.features.catalogue.papers import in_time
from riskmodels.features.catalogue.values import amount, one
from riskmodels.features.facts import INVOICES
from riskmodels.features.feature import LOWERS, RAISES, Feature, over
from riskmodels.features.formulas import deviation, ratio, ratio_change
from riskmodels.features.measures import Flow, minor


def _mean_days(start: str, end: str) -> tuple[Flow, Flow]:
    """The days from one date to another, and the number of invoices that have both."""
    both = Flow(INVOICES, one, where=lambda r: stated(start)(r) & stated(end)(r))
    return Flow(INVOICES, days_between(start, end)), both


def _short(r: Any) -> Any:
    return minor(r.amount) - minor(r.confirmed_amount)


ACCEPTED = _mean_days("issued_on", "accepted_on")
ACCEPTED_SQUARED = Flow(INVOICES, days_squared("issued_on", "accepted_on"))
NOT_ACCEPTED = in_time("issued_on", "accepted_on", 30)
CONFIRMED_FACE = Flow(INVOICES, amount, where=stated("confirmed_amount"))
CONFIRMED = Flow(INVOICES, one, where=stated("confirmed_amount"))
CONFIRMED_SHORT = Flow(INVOICES, one, where=lambda r: r.confirmed_amount < r.amount)
REGISTERED = Flow(INVOICES, one, where=lambda r: r.registered_on.notnull() & r.assigned_on.notnull())
REGISTERED_AFTER = Flow(INVOICES, one, where=lambda r: r.registered_on > r.assigned_on)

# fmt: off
DELIVERY = (
    *over((90, 365), "accepted_share", _("Share of invoices whose goods were accepted within 30 days of issue"),
          "share", LOWERS, ratio, *NOT_ACCEPTED),
    *over((90, 365), "mean_days_to_accept", _("Mean days from issue to acceptance of the goods"),
          "days", RAISES, ratio, *ACCEPTED),
    *over((365,), "days_to_accept_deviation", _("Standard deviation of the days from issue to acceptance"),
          "days", RAISES, deviation, ACCEPTED[1], ACCEPTED[0], ACCEPTED_SQUARED),
    Feature("mean_days_to_accept_change_90d",
            _("Mean days from issue to acceptance in 90 days less that in 365 days"), "days", RAISES, ratio_change,
            (*(m.over(90) for m in ACCEPTED), *(m.over(365) for m in ACCEPTED))),
    *over((365,), "mean_days_to_assign", _("Mean days from issue to assignment"),
          "days", RAISES, ratio, *_mean_days("issued_on", "assigned_on")),
    *over((365,), "mean_days_to_book", _("Mean days from issue until the invoice was known"),
          "days", RAISES, ratio, Flow(INVOICES, days_between("issued_on", "known_on")), Flow(INVOICES, one)),
    *over((90, 365), "confirmed_share", _("Share of invoices that the debtor confirmed within 30 days of issue"),
          "share", LOWERS, ratio, *in_time("issued_on", "confirmed_on", 30)),
    *over((365,), "mean_days_to_confirm", _("Mean days from issue to confirmation"),
          "days", RAISES, ratio, *_mean_days("issued_on", "confirmed_on")),
    *over((365,), "confirmed_short_share", _("Share of confirmed invoices confirmed for less than their amount"),
          "share", RAISES, ratio, CONFIRMED_SHORT, CONFIRMED),
    *over((365,), "unconfirmed_amount_share", _("Share of confirmed invoices' amount that wasn't confirmed"),
          "share", RAISES, ratio, Flow(INVOICES, _short), CONFIRMED_FACE),
    *over((365,), "registered_share", _("Share of assigned invoices registered within 30 days of assignment"),
          "share", LOWERS, ratio, *in_time("assigned_on", "registered_on", 30)),
    *over((365,), "registered_after_share", _("Share of registered invoices registered later than assigned"),
          "share", RAISES, ratio, REGISTERED_AFTER, REGISTERED),
    *over((365,), "mean_days_to_register", _("Mean days from assignment to registration"),
          "days", RAISES, ratio, *_mean_days("assigned_on", "registered_on")),
    *over((365,), "notified_share", _("Share of assigned invoices of which the debtor was told within 30 days"),
          "share", LOWERS, ratio, *in_time("assigned_on", "notified_on", 30)),
    *over((365,), "mean_days_to_notify", _("Mean days from assignment until the debtor was told"),
          "days", RAISES, ratio, *_mean_days("assigned_on", "notified_on")),
)
# fmt: on
