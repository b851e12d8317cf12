"""Who trades with whom: debtors, clients, the relations between them and the facilities they are financed under."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.law import Floats, Law

Codes = NDArray[np.int64]

INDUSTRIES = ("machinery", "electronics", "textiles", "chemicals", "food", "building materials", "logistics", "medical")
REGIONS = ("Beijing", "Shanghai", "Guangdong", "Jiangsu", "Zhejiang", "Shandong", "Sichuan", "Hubei")
TERMS = np.array([30, 60, 90, 120])
TERM_SHARES = (0.17, 0.38, 0.32, 0.13)
VOLUME_SPREAD = 2.0
INSTRUMENTS = ("cash", "bank acceptance", "commercial acceptance", "e-voucher")
CURRENCIES = ("CNY", "USD")  # the book's own first


@dataclass(frozen=True)
class Debtors:
    """One entry per debtor: relative volume of business, base quality, industry, region, first month of
    business, whether it pays early as a rule, the instrument it pays with (a code of INSTRUMENTS)."""

    volume: Floats
    base: Floats
    industry: Codes
    region: Codes
    joins: Codes
    early: NDArray[np.bool_]
    instrument: Codes


@dataclass(frozen=True)
class Clients:
    """One entry per client: base quality, industry, region, first day of its facility, whether it exports
    and so invoices in a foreign currency."""

    quality: Floats
    industry: Codes
    region: Codes
    joins: Days
    exports: NDArray[np.bool_]


@dataclass(frozen=True)
class Relations:
    """One entry per pair that trades, sorted by debtor: terms in days, slowness, share of the debtor's invoices."""

    debtor: Codes
    client: Codes
    terms: Codes
    slowness: Floats
    share: Floats


def cores(law: Law, debtors: int) -> int:
    """How many debtors, the largest ones, are core enterprises."""
    return max(1, round(law.debtors.core_share * debtors))


def draw_debtors(law: Law, seed: int, n: int, clock: Clock) -> Debtors:
    """Debtors of skewed size, the largest first; larger ones are better on average, three in ten join later."""
    rng = stream(seed, "debtors")
    # quantiles rather than draws: a book's concentration shouldn't hang on its seed
    size = norm.isf((np.arange(n) + 0.5) / n)
    base = law.debtors.base_spread * rng.normal(size=n) + law.debtors.size_lifts_quality * size
    base[: cores(law, n)] += law.debtors.core_premium
    late = rng.random(n) < 0.3
    joins = np.where(late, rng.integers(0, max(1, clock.months * 2 // 3), n), 0)
    joins[: min(n, 10)] = 0
    industry, region = rng.integers(0, len(INDUSTRIES), n), rng.integers(0, len(REGIONS), n)
    early = rng.random(n) < law.debtors.early_share
    return Debtors(np.exp(VOLUME_SPREAD * size), base, industry, region, joins, early, _instruments(law, rng, base))


def _instruments(law: Law, rng: np.random.Generator, base: Floats) -> Codes:
    """Cash for most debtors; of those that pay by bill only the better half by a commercial acceptance of their own."""
    by_bill = rng.random(base.size) < law.debtors.bill_share
    kind = rng.choice([1, 3], base.size, p=(0.6, 0.4))
    own = by_bill & (base > np.median(base)) & (rng.random(base.size) < 0.5)
    return np.where(own, INSTRUMENTS.index("commercial acceptance"), np.where(by_bill, kind, 0))


def draw_clients(law: Law, seed: int, n: int, clock: Clock) -> Clients:
    """Clients, all with a facility before the first invoice."""
    rng = stream(seed, "clients")
    joins = clock.calendar.last(clock.starts[0] - rng.integers(30, 700, n))
    base = law.clients.base_spread * rng.normal(size=n)
    exports = rng.random(n) < law.clients.export_share
    return Clients(base, rng.integers(0, len(INDUSTRIES), n), rng.integers(0, len(REGIONS), n), joins, exports)


def draw_relations(law: Law, seed: int, debtors: Debtors, clients: int) -> Relations:
    """Each debtor buys from one to some ten clients, the larger ones from more."""
    rng = stream(seed, "relations")
    sellers = 1 + rng.poisson(0.8 + 1.2 * np.log1p(debtors.volume))
    debtor = np.repeat(np.arange(debtors.volume.size), sellers)
    pair = np.unique(debtor * clients + rng.integers(0, clients, debtor.size))
    debtor, client = pair // clients, pair % clients
    weight = rng.gamma(1.0, size=pair.size) + 0.05
    return Relations(
        debtor,
        client,
        terms=rng.choice(TERMS, pair.size, p=TERM_SHARES),
        slowness=law.payment.relation_spread * rng.normal(size=pair.size),
        share=weight / np.bincount(debtor, weight)[debtor],
    )
