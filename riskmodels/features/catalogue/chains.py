"""The supply chain: how a core enterprise's suppliers do as a whole, and what a party's place in the chain is."""

from __future__ import annotations

from dataclasses import replace

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.ageing import AGEING
from riskmodels.features.catalogue.funds import FUNDS_USED
from riskmodels.features.catalogue.payment import PAYMENT
from riskmodels.features.catalogue.values import amount, one, sign
from riskmodels.features.facts import HEADS, INVOICES, MEMBERS, PARTIES
from riskmodels.features.feature import LOWERS, NEITHER, RAISES, Catalogue, Feature, Linked, over
from riskmodels.features.formulas import so_far_in, total
from riskmodels.features.measures import Flow, Last, Since, Spread, Stock

CHAIN = ("chain",)
BOTH = ("debtor", "client")
SUPPLIERS = Spread(INVOICES, amount, how="count")
JOINED = Flow(MEMBERS, one, where=lambda r: r.sign > 0)
LEFT = Flow(MEMBERS, one, where=lambda r: r.sign < 0)

# fmt: off
OF_CHAIN = (
    Feature("member_count_now", _("Number of parties in the core enterprise's chain"),
            "count", NEITHER, total, (Stock(MEMBERS, sign),), CHAIN),
    *over((365,), "new_member_count", _("Number of parties that joined the core enterprise's chain"),
          "count", NEITHER, total, JOINED, subjects=CHAIN),
    *over((365,), "left_member_count", _("Number of parties that left the core enterprise's chain"),
          "count", RAISES, total, LEFT, subjects=CHAIN),
    *over((365,), "supplier_count", _("Number of clients that invoiced in the chain"),
          "count", LOWERS, total, SUPPLIERS, subjects=CHAIN),
    *over((365,), "supplier_concentration", _("Herfindahl index of the amount invoiced in the chain over clients"),
          "index", RAISES, total, replace(SUPPLIERS, how="hhi"), subjects=CHAIN),
    *over((365,), "top_supplier_share", _("Share of the largest client in the amount invoiced in the chain"),
          "share", RAISES, total, replace(SUPPLIERS, how="top"), subjects=CHAIN),
)
SHOWN = (
    "past_due_share_now", "balance_now", "funds_in_use_now", "overdue_funds_share_now", "late_share_90d",
    "late_share_365d", "member_count_now", "new_member_count_365d", "supplier_count_365d",
    "supplier_concentration_365d",
)

CHAINS: Catalogue = (
    *OF_CHAIN,
    *(Linked("chain", f, (*BOTH, "invoice")) for f in (*AGEING, *FUNDS_USED, *PAYMENT, *OF_CHAIN) if f.name in SHOWN),
    Feature("tier_now", _("Tier in the supply chain, 1 supplies the core enterprise directly, 0 for none"),
            "number", NEITHER, total, (Last(PARTIES, lambda r: r.tier.fill_null(0)),), BOTH),
    Feature("heads_chain_now", _("Whether the party is the core enterprise of a chain"),
            "number", LOWERS, total, (Stock(HEADS, one),), BOTH),
    Feature("days_in_chain_now", _("Days since the party joined its core enterprise's chain"),
            "days", LOWERS, so_far_in, (Last(MEMBERS, sign), Since(MEMBERS, one)), BOTH),
)
# fmt: on
