"""Coefficients of what is known of parties from outside the ledger: market, accounts, events, grades, checks.

`quality` below is a party's latent quality in standard units, larger is better; money is yuan, years are of 365 days.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Market:
    """Sentiment is 50 + `sentiment_slope` x the industry's part of quality `sentiment_lag` months before + noise.

    It is published some `published_days` after the month; a share is revised a month later by `revision_noise`. The
    input price of an industry drifts by `price_drift` a year and by `price_shock` for a unit of industry trouble.
    """

    sentiment_slope: float
    sentiment_lag: int
    sentiment_noise: float
    published_days: int
    revised_share: float
    revision_noise: float
    price_drift: float
    price_spread: float
    price_shock: float
    rate_cut_chance: float


@dataclass(frozen=True)
class Soft:
    """Soft information per unit of base quality, and its noise: founder score in points, logit of the largest
    shareholder's share, place in the industry (latent), agency rating (latent, for `rated_share` of the parties)."""

    founder: float
    founder_noise: float
    concentration: float
    concentration_noise: float
    position: float
    position_noise: float
    rating: float
    rating_noise: float
    rated_share: float


@dataclass(frozen=True)
class Financials:
    """Ratios of a statement: each a level, what a unit of quality adds, and noise (half a party's own, half new).

    Margin is EBIT / revenue, leverage liabilities / assets, liquidity log(current assets / current liabilities), cover
    operating cash flow of a year / current liabilities, cash the logit of its share in current assets other than
    receivables. Interest is the yearly rate on debt, clean audit the logit of a yearly statement signed without
    reservation; neither has noise of its own.

    Trade with the book is a share of the party's own trade: logit-normal around `book_share`. Publication takes
    1 / (1 + exp(-(delay + delay_quality x quality + noise))) of the time allowed. `error_rate` of statements are
    slightly overstated and corrected later.
    """

    margin: float
    margin_quality: float
    margin_noise: float
    leverage: float
    leverage_quality: float
    leverage_noise: float
    liquidity: float
    liquidity_quality: float
    liquidity_noise: float
    cover: float
    cover_quality: float
    cover_noise: float
    cash: float
    cash_quality: float
    cash_noise: float
    interest: float
    interest_quality: float
    clean_audit: float
    clean_audit_quality: float
    book_share: float
    book_share_spread: float
    delay: float
    delay_quality: float
    delay_noise: float
    error_rate: float


@dataclass(frozen=True)
class Distress:
    """In the `lead_days` before a party stops paying its figures slide, linearly up to the stop: as if quality were
    `depth` lower, other business down by `revenue_fall`, inflow by `inflow_fall`. `dressing_rate` of the clients that
    stop overstate revenue by `dressing` in that time; `dressing_found` of those statements are restated."""

    lead_days: float
    depth: float
    revenue_fall: float
    inflow_fall: float
    dressing_rate: float
    dressing: float
    dressing_found: float


@dataclass(frozen=True)
class BankFlows:
    """Monthly inflow is what was collected, with `noise`; log(outflow / inflow) is `spent_quality` x quality + noise,
    the lowest balance is (`balance` + `balance_quality` x quality + noise) x inflow. Flows are known for all clients
    and for `debtor_share` of the debtors."""

    noise: float
    spent_quality: float
    spent_noise: float
    balance: float
    balance_quality: float
    balance_noise: float
    debtor_share: float


@dataclass(frozen=True)
class Events:
    """The rate of events in general is multiplied by exp(-`quality` x quality); leads are gamma with `lead_shape`.

    Severity is 1 + binomial(4): logit `severity`, plus `severity_trouble` if the event comes of trouble.
    """

    quality: float
    lead_shape: float
    severity: float
    severity_trouble: float


@dataclass(frozen=True)
class PerKind:
    """One value per kind of event.

    Base rate: events per party and year at quality 0. Hit rate: share of stops with such an event of their own. Lead
    days: its mean time before the stop, negative for after it. False rate: events per party and year whatever its
    quality, that mean nothing.
    """

    litigation: float
    enforcement: float
    bankruptcy_rumour: float
    bankruptcy: float
    negative_news: float
    recall: float
    management_change: float
    tax: float
    equity_freeze: float
    safety: float
    policy: float


@dataclass(frozen=True)
class EventLag:
    """Mean days from an event to the day it could be read, by source; exponential."""

    court_register: float
    press: float
    company_register: float
    tax_authority: float
    market_regulator: float
    safety_authority: float
    ministry: float


@dataclass(frozen=True)
class Ratings:
    """The model sees quality with `noise`; its logit of default within a year is intercept less slope x that view.

    `override_rate` of the grades are changed by one notch, seldom two; `override_insight` is what one unit of the
    model's error adds to the logit of changing the grade the right way.
    """

    noise: float
    intercept: float
    slope: float
    override_rate: float
    override_insight: float


@dataclass(frozen=True)
class Scores:
    """The champion model: score = 600 + `points` x (quality + noise); default: intercept less slope x that."""

    noise: float
    points: float
    intercept: float
    slope: float


@dataclass(frozen=True)
class Kyc:
    """Checks: share overdue, mean days overdue, share failed, share incomplete (and done again)."""

    overdue_rate: float
    overdue_days: float
    failed_rate: float
    incomplete_rate: float
