"""Coefficients of debtors and of the way they pay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Debtors:
    """Base quality of a debtor in standard units: its spread, the lift per unit of log size, that of core enterprises;
    share of debtors, the largest, that are these, that are regular early payers, that pay by bill."""

    base_spread: float
    size_lifts_quality: float
    core_premium: float
    core_share: float
    early_share: float
    bill_share: float


@dataclass(frozen=True)
class Drift:
    """Movement of quality: a monthly autoregression (persistence, stationary spread), the height of the cycles of
    industries and of regions."""

    persistence: float
    spread: float
    cycle_height: float
    region_height: float


@dataclass(frozen=True)
class Shock:
    """An industry whose quality is lower by `drop` for `months` months; `begins` is a share of the book's months."""

    industry: str
    begins: float
    months: int
    drop: float


@dataclass(frozen=True)
class StructuralBreak:
    """For invoices due from a share `begins` of the book's months on: slower payment (log of the median time), and a
    change of the effect of debtor quality on it."""

    begins: float
    slower: float
    quality: float


@dataclass(frozen=True)
class Stopping:
    """Logit of the monthly probability that a debtor stops paying: intercept less slope x quality."""

    intercept: float
    slope: float


@dataclass(frozen=True)
class Payment:
    """Log of the median time to pay, in days since 15 before the due date; `shape` of its log-logistic law.

    Effects add: of a unit of debtor quality, client quality and size, of a regular early payer, of the relation
    (spread), of 30 days of terms beyond 60, of a dispute, of the season.
    """

    intercept: float
    quality: float
    client: float
    early: float
    relation_spread: float
    amount: float
    terms: float
    dispute: float
    year_end: float
    spring_festival: float
    shape: float


@dataclass(frozen=True)
class Disputes:
    """Share of invoices disputed, its log-effect of client quality, share of others with a credit note."""

    rate: float
    client: float
    note_rate: float


@dataclass(frozen=True)
class Recovery:
    """After a stop: share of invoices with recourse bought back, share of debtors that pay all in the end."""

    buy_back_rate: float
    full_rate: float
