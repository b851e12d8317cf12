"""Concentration: how far trade and what is owed hang on few counterparties, and which come and go.

A debtor's counterparties are its clients, a client's its debtors, a chain's the clients that sell to it.
"""

from __future__ import annotations

from dataclasses import replace

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one, past_due, sign
from riskmodels.features.facts import INVOICES, LEDGER, RELATIONS
from riskmodels.features.feature import LOWERS, NEITHER, RAISES, Feature, over
from riskmodels.features.formulas import less, share_of_active, total
from riskmodels.features.measures import Flow, Spread, Stock

HHI = Spread(INVOICES, amount)
TOP = replace(HHI, how="top")
PARTNERS = replace(HHI, how="count")
OWED = Spread(LEDGER, amount)
LATE = Spread(LEDGER, amount, not_before=past_due(0))
NEW = Flow(RELATIONS, one, where=lambda r: r.first)
CAME = Flow(RELATIONS, one, where=lambda r: r.sign > 0)
LOST = Flow(RELATIONS, one, where=lambda r: r.sign < 0)
ACTIVE = Stock(RELATIONS, sign)
SIDES = ("debtor", "client", "chain")

# fmt: off
CONCENTRATION = (
    *over((90, 365), "concentration", _("Herfindahl index of the amount invoiced over counterparties"),
          "index", RAISES, total, HHI, subjects=SIDES),
    Feature("concentration_year_change_365d",
            _("Herfindahl index of the amount invoiced over counterparties, less that of a year before"),
            "index", RAISES, less, (HHI.over(365), HHI.over(365).before(365)), SIDES),
    *over((90, 365), "top_partner_share", _("Share of the largest counterparty in the amount invoiced"),
          "share", RAISES, total, TOP, subjects=SIDES),
    *over((90, 365, None), "partner_count", _("Number of counterparties invoiced"),
          "count", LOWERS, total, PARTNERS, subjects=SIDES),
    Feature("owing_concentration_now", _("Herfindahl index of the amount owed over counterparties"),
            "index", RAISES, total, (OWED,), SIDES),
    Feature("owing_top_share_now", _("Share of the largest counterparty in the amount owed"),
            "share", RAISES, total, (replace(OWED, how="top"),), SIDES),
    Feature("owing_partner_count_now", _("Number of counterparties with an amount owed"),
            "count", LOWERS, total, (replace(OWED, how="count"),), SIDES),
    Feature("late_partner_count_now", _("Number of counterparties with an amount past due"),
            "count", RAISES, total, (replace(LATE, how="count"),), SIDES),
    Feature("active_partner_count_now", _("Number of counterparties with an invoice in the last 180 days"),
            "count", LOWERS, total, (ACTIVE,), SIDES),
    *over((365,), "new_partner_count", _("Number of counterparties invoiced for the first time"),
          "count", NEITHER, total, NEW, subjects=SIDES),
    *over((365,), "lost_partner_count", _("Number of counterparties that fell silent: no new invoice for 180 days"),
          "count", RAISES, total, LOST, subjects=SIDES),
    Feature("lost_partner_share_365d", _("Share of active counterparties that fell silent"),
            "share", RAISES, share_of_active, (LOST.over(365), ACTIVE.before(365), CAME.over(365)), SIDES),
    Feature("new_partner_share_365d", _("Share of active counterparties invoiced for the first time"),
            "share", NEITHER, share_of_active, (NEW.over(365), ACTIVE.before(365), CAME.over(365)), SIDES),
)
# fmt: on
