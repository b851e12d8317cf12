"""Security: guarantees for and by a party, due dates put off, and claims of others in the public register."""

from __future__ import annotations

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.expressions import days_between, signed
from riskmodels.features.catalogue.funds import FUNDS_IN_USE
from riskmodels.features.catalogue.values import one, sign
from riskmodels.features.facts import AMENDMENTS, CLAIMS, GUARANTEES, GUARANTEES_GIVEN, INVOICE_CLAIMS, INVOICES
from riskmodels.features.feature import LOWERS, PARTIES, RAISES, Feature, over
from riskmodels.features.formulas import less, money, ratio, total
from riskmodels.features.measures import Flow, Stock

CLIENT = ("client",)
COUNT = Flow(INVOICES, one)
GUARANTEE = Stock(GUARANTEES, sign)
PLEDGE = Stock(GUARANTEES, sign, where=lambda r: r.kind.isin(("collateral", "pledge")))
CAP = Stock(GUARANTEES, signed("cap"))
CAP_FOR_OTHERS = Stock(GUARANTEES_GIVEN, signed("cap"))
AMENDED = Flow(AMENDMENTS, one)
PUT_OFF = Flow(AMENDMENTS, days_between("old_due", "new_due"))
CLAIM = Flow(CLAIMS, one)
CLAIMED = Stock(CLAIMS, one)
LAPSED = Stock(CLAIMS, one, where=lambda r: r.expires_on.notnull(), not_before=lambda r: r.expires_on)
INVOICE_CLAIM = Flow(INVOICE_CLAIMS, one)
EARLIER_CLAIM = Flow(INVOICE_CLAIMS, one, where=lambda r: r.registered_on <= r.assigned_on)

# fmt: off
SECURITY = (
    Feature("guarantee_count_now", _("Number of guarantees, collateral and pledges in force"),
            "count", LOWERS, total, (GUARANTEE,), PARTIES),
    Feature("pledge_count_now", _("Number of items of collateral and of pledges in force"),
            "count", LOWERS, total, (PLEDGE,), PARTIES),
    Feature("guaranteed_now", _("Most that can be claimed under guarantees in force"),
            "money", LOWERS, money, (CAP,), PARTIES),
    Feature("guarantee_cover_now", _("Most that can be claimed under guarantees as a multiple of the funds in use"),
            "multiple", LOWERS, ratio, (CAP, FUNDS_IN_USE), CLIENT),
    Feature("guaranteed_for_others_now", _("Most that can be claimed from the party for debts of others"),
            "money", RAISES, money, (CAP_FOR_OTHERS,), PARTIES),
    *over((365, None), "amendment_count", _("Number of times that a due date was put off"),
          "count", RAISES, total, AMENDED),
    *over((365,), "amended_share", _("Due dates put off per invoice"), "multiple", RAISES, ratio, AMENDED, COUNT),
    *over((365,), "mean_days_put_off", _("Mean days by which a due date was put off"),
          "days", RAISES, ratio, PUT_OFF, AMENDED),
    *over((365, None), "registry_hit_count", _("Number of registrations by others of the client's receivables"),
          "count", RAISES, total, CLAIM, subjects=CLIENT),
    Feature("registry_hits_now", _("Number of registrations by others of the client's receivables that haven't lapsed"),
            "count", RAISES, less, (CLAIMED, LAPSED), CLIENT),
    *over((365,), "invoice_claim_share", _("Registrations by others of single invoices, per invoice"),
          "multiple", RAISES, ratio, INVOICE_CLAIM, COUNT),
    *over((365, None), "earlier_claim_count",
          _("Number of registrations by others made no later than the invoice was assigned here"),
          "count", RAISES, total, EARLIER_CLAIM),
)
# fmt: on
