"""Coefficients of documents, of the public register and of guarantees."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Documents:
    """Shares of genuine invoices: assignment registered, documents checked; of those checked, each paper seen and
    assignment forbidden by contract; tax invoices voided, and red-flushed among invoices with a credit note; goods
    accepted, with the median days until then."""

    registered: float
    verified: float
    contract: float
    tax_invoice: float
    logistics: float
    acceptance: float
    forbidden: float
    voided: float
    red_flushed: float
    accepted: float
    acceptance_days: float


@dataclass(frozen=True)
class Register:
    """The public register: share of clients whose earlier lender's registration stands there, of invoices that a
    registration by another wrongly seems to cover, days until a search finds one."""

    earlier_lenders: float
    mistaken: float
    search_days: int


@dataclass(frozen=True)
class Guarantees:
    """Share of facilities with recourse that are secured; of these by collateral and by a pledge, else a guarantee."""

    share: float
    collateral: float
    pledge: float
