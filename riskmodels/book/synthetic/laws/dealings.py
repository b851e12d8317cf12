"""Coefficients of clients, their chains and contracts, and of how money is paid and collected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clients:
    """Quality of a client: spread of its base; it drifts as a debtor's does. Share of clients that export, and the
    yuan that a unit of their currency is planned at. Logit of the monthly probability to fail: intercept less slope x
    quality."""

    base_spread: float
    export_share: float
    export_rate: float
    intercept: float
    slope: float


@dataclass(frozen=True)
class Chain:
    """Share of tier-1 clients that are debtors too, of other debtors that hang on a core enterprise; the logit jump of
    their monthly probability to stop in the `months` after the core enterprise stopped."""

    both_share: float
    dealer_share: float
    jump: float
    months: int


@dataclass(frozen=True)
class Accounts:
    """How invoices are paid. Share of those under disclosed facilities that is paid into the client's own account all
    the same (under undisclosed ones all are), days (from, to) after which the client passes them on, share paid by a
    third party, of disclosed invoices paid into a supervised account, of invoices paid in two and in three parts, and
    of those paid at once for which a payment was booked by mistake before and taken back."""

    astray: float
    pass_on_from: int
    pass_on_to: int
    third_party: float
    supervised: float
    two_parts_share: float
    three_parts_share: float
    reversed_share: float


@dataclass(frozen=True)
class Collecting:
    """At the close of `day` days past due (or the next business day) an open invoice is treated with probability
    `share`; then what remains of its delay shrinks to `factor` of it, unless its debtor has stopped paying."""

    day: int
    share: float
    factor: float


@dataclass(frozen=True)
class Facilities:
    """Share of clients with a reverse facility around their largest debtor; of others with recourse, disclosed, and, of
    those without recourse, insured; limits in months of business (from, to); share of invoices that are confirmed by
    the debtor, that an advance is asked for."""

    reverse_share: float
    recourse_share: float
    disclosed_share: float
    insured_share: float
    limit_from: float
    limit_to: float
    confirmed_share: float
    advanced_share: float


@dataclass(frozen=True)
class Business:
    """Growth of the number of invoices in a year; height of the industries' own seasons (share of the average)."""

    yearly_growth: float
    season_height: float
