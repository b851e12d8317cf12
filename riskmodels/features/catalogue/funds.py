"""Funds in use: what was advanced and not yet repaid, how much of it is overdue, and who repays."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.ageing import BALANCE
from riskmodels.features.catalogue.expressions import after
from riskmodels.features.catalogue.values import amount
from riskmodels.features.facts import ADVANCES, FUNDS, REPAYMENTS
from riskmodels.features.feature import NEITHER, RAISES, Feature, over
from riskmodels.features.formulas import growth, money, ratio
from riskmodels.features.measures import Flow, Stock


def _grace_over(r: Any) -> Any:
    """The first day after the advance's days of grace, or after its due date where it has none."""
    import ibis

    return r.grace_until.coalesce(r.repay_on) + ibis.interval(days=1)


def _principal(r: Any) -> Any:
    return r.principal


FUNDS_IN_USE = Stock(FUNDS, amount)
OVERDUE = Stock(FUNDS, amount, not_before=after("repay_on", 1))
OVERDUE_GRACE = Stock(FUNDS, amount, not_before=_grace_over)
OVERDUE_90 = Stock(FUNDS, amount, not_before=after("repay_on", 90))
ADVANCED = Flow(ADVANCES, amount)
REPAID = Flow(REPAYMENTS, _principal)
REPAID_BY_CLIENT = Flow(REPAYMENTS, _principal, where=lambda r: r.payer == "client")
REPAID_BY_OTHERS = Flow(REPAYMENTS, _principal, where=lambda r: r.payer.isin(("guarantor", "insurer")))
REPAID_LATE = Flow(REPAYMENTS, _principal, where=lambda r: r.paid_on > r.repay_on)

# fmt: off
FUNDS_USED = (
    Feature("funds_in_use_now", _("Funds in use: advances less principal repaid"),
            "money", NEITHER, money, (FUNDS_IN_USE,)),
    Feature("funds_quarter_growth_now", _("Growth of the funds in use against 90 days before"),
            "share", RAISES, growth, (FUNDS_IN_USE, FUNDS_IN_USE.before(90))),
    Feature("financed_share_now", _("Funds in use as a share of the amount owed"),
            "share", RAISES, ratio, (FUNDS_IN_USE, BALANCE)),
    Feature("overdue_funds_now", _("Funds in use past the advance's own due date"),
            "money", RAISES, money, (OVERDUE,)),
    Feature("overdue_funds_share_now", _("Share of the funds in use past the advance's own due date"),
            "share", RAISES, ratio, (OVERDUE, FUNDS_IN_USE)),
    Feature("overdue_grace_share_now", _("Share of the funds in use past the advance's days of grace"),
            "share", RAISES, ratio, (OVERDUE_GRACE, FUNDS_IN_USE)),
    Feature("overdue_90_funds_share_now", _("Share of the funds in use overdue for 90 days or more"),
            "share", RAISES, ratio, (OVERDUE_90, FUNDS_IN_USE)),
    *over((90, 365), "advanced", _("Amount advanced"), "money", NEITHER, money, ADVANCED),
    *over((365,), "repaid_late_share", _("Share of the principal repaid that was repaid after its due date"),
          "share", RAISES, ratio, REPAID_LATE, REPAID),
    *over((365,), "repaid_by_client_share", _("Share of the principal repaid that the client paid"),
          "share", RAISES, ratio, REPAID_BY_CLIENT, REPAID),
    *over((365,), "repaid_by_guarantee_share", _("Share of the principal repaid that a guarantor or insurer paid"),
          "share", RAISES, ratio, REPAID_BY_OTHERS, REPAID),
)
# fmt: on
