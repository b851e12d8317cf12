"""Means of payment: how much came in, from whom, into which account, in cash or in bills, in how many parts."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one, sign
from riskmodels.features.facts import LEDGER, PAYMENTS, SETTLEMENTS
from riskmodels.features.feature import LOWERS, RAISES, Feature, over
from riskmodels.features.formulas import money, ratio, ratio_change, share_of_both
from riskmodels.features.measures import Flow, Stock, minor


def by_others(r: Any) -> Any:
    """Whether somebody else than the debtor paid."""
    return r.payer != "debtor"


def to_client(r: Any) -> Any:
    """Whether it was paid into the client's own account."""
    return r.received_account == "client"


def indirect(r: Any) -> Any:
    """Whether it didn't go from the debtor to the factor."""
    return by_others(r) | to_client(r)


def bill(r: Any) -> Any:
    """Whether it was paid with a bill."""
    return r.instrument != "cash"


def bill_days(r: Any) -> Any:
    """Amount times the days until the bill is paid."""
    return minor(r.amount) * (r.matures_on.epoch_days() - r.paid_on.epoch_days())


PAID = Flow(PAYMENTS, amount)
MADE = Flow(PAYMENTS, one, where=lambda r: r.reverses.isnull())
TAKEN_BACK = Flow(PAYMENTS, one, where=lambda r: r.reverses.notnull())
PAYMENT_COUNT = Flow(LEDGER, lambda r: r.payments)
PART_PAYMENTS = Flow(LEDGER, lambda r: r.part_payments)
SETTLED = Flow(SETTLEMENTS, sign)
BY_OTHERS, TO_CLIENT = (Flow(PAYMENTS, amount, where=w) for w in (by_others, to_client))
OTHERS_COUNT = Flow(PAYMENTS, one, where=lambda r: r.made & by_others(r))
TO_CLIENT_COUNT = Flow(PAYMENTS, one, where=lambda r: r.made & to_client(r))
COUNT = Flow(PAYMENTS, one, where=lambda r: r.made)
INDIRECT = Flow(PAYMENTS, amount, where=indirect)
BILLS = Flow(PAYMENTS, amount, where=bill)
COMMERCIAL = Flow(PAYMENTS, amount, where=lambda r: r.instrument == "commercial acceptance")
DATED_BILLS = Flow(PAYMENTS, amount, where=lambda r: r.matures_on.notnull())
BILL_DAYS = Flow(PAYMENTS, bill_days)
TAKEN = Stock(PAYMENTS, amount, where=lambda r: r.matures_on.notnull())
MATURED = Stock(PAYMENTS, amount, not_before=lambda r: r.matures_on)
BALANCE = Stock(LEDGER, amount)


def unmatured_share(taken: Any, matured: Any, balance: Any) -> Any:
    """Bills not yet paid as a share of them and what is owed."""
    return share_of_both(taken - matured, balance)


# fmt: off
MEANS = (
    *over((30, 90, 365), "paid_amount", _("Amount paid"), "money", LOWERS, money, PAID),
    *over((365,), "payments_per_settled", _("Payments made per invoice settled"),
          "multiple", RAISES, ratio, PAYMENT_COUNT, SETTLED),
    *over((365,), "part_payment_share", _("Share of payments that left their invoice open"),
          "share", RAISES, ratio, PART_PAYMENTS, PAYMENT_COUNT),
    *over((365,), "reversal_share", _("Payments taken back per payment made"),
          "share", RAISES, ratio, TAKEN_BACK, MADE),
    *over((365,), "paid_by_others_share", _("Share of the amount paid that came from somebody other than the debtor"),
          "share", RAISES, ratio, BY_OTHERS, PAID),
    *over((365,), "paid_by_others_count_share",
          _("Share of the number of payments made by somebody other than the debtor"),
          "share", RAISES, ratio, OTHERS_COUNT, COUNT),
    *over((365,), "client_account_share", _("Share of payments made into the client's own account"),
          "share", RAISES, ratio, TO_CLIENT, PAID),
    *over((365,), "client_account_count_share",
          _("Share of the number of payments made into the client's own account"),
          "share", RAISES, ratio, TO_CLIENT_COUNT, COUNT),
    *over((90, 365), "indirect_share", _("Share of payments that came by others or into the client's own account"),
          "share", RAISES, ratio, INDIRECT, PAID),
    Feature("indirect_share_change_90d", _("Share of indirect payments in 90 days less that in 365 days"),
            "share", RAISES, ratio_change, (INDIRECT.over(90), PAID.over(90), INDIRECT.over(365), PAID.over(365))),
    *over((365,), "bill_share", _("Share of payments made with bills rather than cash"),
          "share", RAISES, ratio, BILLS, PAID),
    *over((365,), "commercial_bill_share", _("Share of payments made with commercial acceptance bills"),
          "share", RAISES, ratio, COMMERCIAL, PAID),
    *over((365,), "bill_days", _("Days until the bills that were taken are paid, weighted by amount"),
          "days", RAISES, ratio, BILL_DAYS, DATED_BILLS),
    Feature("unmatured_bill_share_now", _("Bills not yet paid as a share of them and the amount owed"),
            "share", RAISES, unmatured_share, (TAKEN, MATURED, BALANCE)),
)
# fmt: on
