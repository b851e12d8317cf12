"""The catalogue: every feature of the house, by subject."""

from itertools import chain

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.ageing import AGEING, AGEING_CHANGES
from riskmodels.features.catalogue.amounts import AMOUNTS
from riskmodels.features.catalogue.bank import BANK
from riskmodels.features.catalogue.chains import CHAINS
from riskmodels.features.catalogue.collections import COLLECTIONS
from riskmodels.features.catalogue.concentration import CONCENTRATION
from riskmodels.features.catalogue.core_enterprise import CORE_ENTERPRISE
from riskmodels.features.catalogue.delivery import DELIVERY
from riskmodels.features.catalogue.dilution import DILUTION
from riskmodels.features.catalogue.disputes import DISPUTES
from riskmodels.features.catalogue.events import EVENT
from riskmodels.features.catalogue.financial import FINANCIAL
from riskmodels.features.catalogue.funds import FUNDS_USED
from riskmodels.features.catalogue.industry import INDUSTRY_AND_MARKET
from riskmodels.features.catalogue.issue import ISSUE
from riskmodels.features.catalogue.limits import LIMITS
from riskmodels.features.catalogue.means import MEANS
from riskmodels.features.catalogue.papers import PAPERS
from riskmodels.features.catalogue.paydex import PAYDEX
from riskmodels.features.catalogue.payment import HABITS, PAYMENT
from riskmodels.features.catalogue.rhythm import RHYTHM
from riskmodels.features.catalogue.security import SECURITY
from riskmodels.features.catalogue.soft import SOFT
from riskmodels.features.catalogue.turnover import TURNOVER
from riskmodels.features.feature import Catalogue

PARTS: dict[str, Catalogue] = {
    _("Payment behaviour"): (*PAYMENT, *PAYDEX),
    _("Habits of payment"): HABITS,
    _("Means of payment"): MEANS,
    _("Balances and ageing"): (*AGEING, *AGEING_CHANGES),
    _("Turnover"): TURNOVER,
    _("Concentration"): CONCENTRATION,
    _("Dilution"): DILUTION,
    _("Disputes"): DISPUTES,
    _("Collection"): COLLECTIONS,
    _("Trading rhythm"): RHYTHM,
    _("Limits and headroom"): LIMITS,
    _("Funds in use"): FUNDS_USED,
    _("Guarantees, amendments and claims"): SECURITY,
    _("Papers"): PAPERS,
    _("Delivery and confirmation"): DELIVERY,
    _("Amounts and terms"): AMOUNTS,
    _("Supply chain"): (*CHAINS, *CORE_ENTERPRISE),
    _("Financial statements"): FINANCIAL,
    _("Bank flow"): BANK,
    _("Events"): EVENT,
    _("Soft information and opinions"): SOFT,
    _("Industry and market"): INDUSTRY_AND_MARKET,
    _("The invoice at its issue"): ISSUE,
}

CATALOGUE: Catalogue = tuple(chain.from_iterable(PARTS.values()))
