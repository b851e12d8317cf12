"""The whole business of each party by month, of which the book sees a share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from riskmodels.book.synthetic.clock import Clock, stream
from riskmodels.book.synthetic.law import Floats, Law
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.outside.flows import Flows
from riskmodels.book.synthetic.outside.subjects import Subjects

PAST = 24  # months before the book: a yearly statement may end a year before it
LEAST = 30_000.0  # yuan a month of trade outside the book
MARKUP = 1.25  # revenue for a yuan of goods bought
MONTHLY_NOISE = 0.06
COLLECTED_AFTER = 2  # months from a sale outside the book to its cash


@dataclass(frozen=True)
class Business:
    """Parties x (PAST + months of the book), in yuan: revenue, the part of it outside the book but for trouble, goods
    bought and invoices open in the book; quality as it looks from outside, how near the stop is (0 to 1)."""

    revenue: Floats
    other: Floats
    bought: Floats
    open: Floats
    quality: Floats
    trouble: Floats


def business_of(law: Law, seed: int, subjects: Subjects, flows: Flows, clock: Clock) -> Business:
    """Trade outside the book is smooth and grows; it falls, as quality seems to, while a party nears its stop."""
    rng = stream(seed, "business")
    months = np.arange(-PAST, clock.months)
    share = expit(logit(law.financials.book_share) + law.financials.book_share_spread * rng.normal(size=subjects.size))
    growth = (1 + law.business.yearly_growth) ** ((months - clock.months / 2) / 12)
    noise = np.exp(MONTHLY_NOISE * rng.normal(size=(subjects.size, months.size)))
    sold, bought = _with_past(flows.sold), _with_past(flows.bought)
    active = subjects.in_business(clock.ends[: clock.months]).sum(axis=1)
    goods = bought + _level(flows.bought, share, active)[:, None] * growth * noise
    sales = sold + np.where(subjects.is_client, _level(flows.sold, share, active), 0.0)[:, None] * growth * noise
    other = np.maximum(sales, np.where(subjects.is_debtor[:, None], MARKUP * goods, 0.0)) - sold
    trouble = subjects.trouble(_ends(clock), law.distress.lead_days)
    seen = subjects.quality[:, np.maximum(months, 0)] - law.distress.depth * trouble
    revenue = sold + other * (1 - law.distress.revenue_fall * trouble)
    return Business(revenue, other, bought, _with_past(flows.open), seen, trouble)


def _level(monthly: Floats, share: Floats, active: Codes) -> Floats:
    """Mean monthly trade outside the book, given that the book's own over its active months is `share` of the whole."""
    return np.maximum(monthly.sum(axis=1) / np.maximum(active, 1) * (1 / share - 1), LEAST)


def _with_past(monthly: Floats) -> Floats:
    """The months of the book, before them as much as in its first year's mean."""
    first = monthly[:, :12].mean(axis=1, keepdims=True)
    return np.concatenate([np.repeat(first, PAST, axis=1), monthly], axis=1)


def _ends(clock: Clock) -> np.ndarray:
    """Last day of each month, those before the book as if of 30 days."""
    past = clock.starts[0] - 1 - 30 * np.arange(PAST)[::-1]
    return np.concatenate([past, clock.ends[: clock.months]])
