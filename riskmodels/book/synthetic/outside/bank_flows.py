"""What went through the bank accounts of the clients, and of some debtors, by month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import Clock, stream
from riskmodels.book.synthetic.frames import days, table, words
from riskmodels.book.synthetic.law import Floats, Law
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.outside.business import COLLECTED_AFTER, PAST, Business
from riskmodels.book.synthetic.outside.flows import Flows
from riskmodels.book.synthetic.outside.subjects import Subjects

DELIVERED = (2, 10)  # days after the month


def bank_flows_table(
    law: Law, seed: int, subjects: Subjects, flows: Flows, business: Business, clock: Clock
) -> pd.DataFrame:
    """Monthly flows known by the last day, from a party's first day of business to its default.

    All that was collected on invoices of the book is part of the inflow, all that was paid on them of the outflow.
    """
    rng = stream(seed, "bank flows")
    told = subjects.is_client | (rng.random(subjects.size) < law.bank_flows.debtor_share)
    party, month = np.nonzero(told[:, None] & subjects.in_business(clock.ends[: clock.months]))
    inflow, spent, cover = _amounts(law, rng, flows, business, party, month)
    end = clock.ends[month]
    known = clock.calendar.next(end + rng.integers(*DELIVERED, party.size))
    cells = {
        "party_id": subjects.names(party),
        "month": days(end),
        "currency": words(("CNY",), np.zeros(party.size, dtype=np.int64)),
        "inflow": np.round(inflow, 2),
        "outflow": np.round(np.maximum(spent, flows.paid[party, month]), 2),
        "minimum_balance": np.round(cover * inflow, 2),
        "known_on": days(known),
    }
    return table("bank_flows", cells, known <= clock.last)


def _amounts(
    law: Law, rng: np.random.Generator, flows: Flows, business: Business, party: Codes, month: Codes
) -> tuple[Floats, Floats, Floats]:
    """Inflow, outflow but for what the book demands, and lowest balance as a share of inflow."""
    own, quality = law.bank_flows, business.quality[party, month + PAST]
    noise, thrift, reserve = rng.normal(size=(3, party.size))
    # the cash of a month comes of the sales some months before
    usual = business.other[party, month + PAST - COLLECTED_AFTER]
    fall = 1 - law.distress.inflow_fall * business.trouble[party, month + PAST]
    inflow = flows.collected[party, month] + usual * fall * np.exp(own.noise * noise)
    spent = inflow * np.exp(own.spent_quality * quality + own.spent_noise * thrift)
    return inflow, spent, own.balance + own.balance_quality * quality + own.balance_noise * reserve
