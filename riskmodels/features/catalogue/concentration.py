"""Concentration: how far what was invoiced hangs on few counterparties (a debtor's clients, a client's debtors)."""

from __future__ import annotations

from dataclasses import replace

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount
from riskmodels.features.facts import INVOICES
from riskmodels.features.feature import LOWERS, RAISES, over
from riskmodels.features.formulas import total
from riskmodels.features.measures import Spread

HHI = Spread(INVOICES, amount)
TOP = replace(HHI, how="top")
PARTNERS = replace(HHI, how="count")
SIDES = ("debtor", "client")

# fmt: off
CONCENTRATION = (
    *over((90, 365), "concentration", _("Herfindahl index of the amount invoiced over counterparties"),
          "index", RAISES, total, HHI, subjects=SIDES),
    *over((90, 365), "top_partner_share", _("Share of the largest counterparty in the amount invoiced"),
          "share", RAISES, total, TOP, subjects=SIDES),
    *over((90, 365, None), "partner_count", _("Number of counterparties invoiced"),
          "count", LOWERS, total, PARTNERS, subjects=SIDES),
)
# fmt: on
