"""Coefficients of frauds and of honest business that looks like them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Frauds:
    """Share of clients that commit one, the log-effect of client quality on who does, weights of the kinds a client
    may choose; months it goes on at most, days from its start (from, to) until it is found out if the client doesn't
    fail before.

    Share of a client's invoices presented twice (of which `altered` under another number), pledged elsewhere, issued
    before delivery (`early_from` to `early_to` days); invoices without any trade a month; rings of three parties for
    each hundred clients and rounds of trade in each.
    """

    clients: float
    quality: float
    double_financing: float
    pledged_elsewhere: float
    fresh_air: float
    pre_invoicing: float
    months: int
    found_from: int
    found_to: int
    doubled: float
    altered: float
    pledged: float
    early: float
    early_from: int
    early_to: int
    invented_a_month: float
    rings: float
    rounds: int


@dataclass(frozen=True)
class LookAlikes:
    """Honest business that looks like fraud: share of invoices with an equal twin, of invoices accepted late for good
    reason, of invoices for services (round amounts, nothing delivered), true cycles of trade for each hundred clients
    and rounds of trade in each."""

    twins: float
    slow_acceptance: float
    services: float
    cycles: float
    rounds: int


@dataclass(frozen=True)
class FalsePapers:
    """Of frauds without delivery (invented, circular): share whose papers show logistics and acceptance all the same,
    and share that the debtor seems to confirm."""

    logistics: float
    acceptance: float
    confirmed: float
