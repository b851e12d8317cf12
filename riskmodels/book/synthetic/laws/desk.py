"""Coefficients of the desk: cash matching, collection, write-off, the factor's own accounts, applications, cases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Receipts:
    """Shares: of transfers with more than is owed (`overpaid_most`: by at most this share), of further ones that nobody
    can match, of names not written as registered, of references that list invoice numbers, of those that say little."""

    overpaid_share: float
    overpaid_most: float
    stray_share: float
    noisy_name_share: float
    numbered_share: float
    vague_share: float


@dataclass(frozen=True)
class Repayments:
    """Days, at the most, until a client makes up for a payment that credit notes left short of the advance."""

    shortfall_days: int


@dataclass(frozen=True)
class Actions:
    """The ladder of collection: days past due of each rung, its cost in yuan, what comes of it.

    `reminded_share`: invoices reminded before they are due. The logit of keeping a promise is `kept_intercept` +
    `kept_quality` x the debtor's quality; one that has stopped paying keeps none. `paid_at_once`: of the actions within
    two days before full payment, those that are answered by it. Only the phone call drawn by lot has an effect on
    payment (`collecting`): every other rung has none, and looks as if it had.
    """

    reminded_share: float
    reminder_days: int
    letter_days: int
    visit_days: int
    legal_days: int
    late_phone_days: int
    reminder_cost: float
    phone_cost: float
    letter_cost: float
    visit_cost: float
    legal_cost: float
    promise_rate: float
    stopped_promise_rate: float
    refusal_rate: float
    stopped_refusal_rate: float
    paid_at_once: float
    kept_intercept: float
    kept_quality: float


@dataclass(frozen=True)
class WriteOffs:
    """Days past due after which the rest is given up, and the days over which this spreads; longer than any recovery
    takes, so that a write-off tells nothing of what is still to come."""

    days: int
    spread: int


@dataclass(frozen=True)
class Amendments:
    """Logit of an extension for an invoice still open on the day of asking: intercept + quality x that of the debtor.

    `asked_days`: the asking falls within this many days of the due date. `advance_share`: of those on financed
    invoices that change the advance rather than the invoice.
    """

    intercept: float
    quality: float
    asked_days: int
    advance_share: float


@dataclass(frozen=True)
class Treasury:
    """The factor's accounts: share of the financing balance that is borrowed, mean margin over the policy rate, other
    risk assets as a share of the balance, leverage aimed at, reserve as a share of the balance, in how many months it
    is `thin`, and then how much."""

    borrowed_share: float
    margin: float
    other_assets: float
    leverage: float
    reserve: float
    thin_months: int
    thin_reserve: float


@dataclass(frozen=True)
class Applications:
    """Newcomers and what is decided: declined and withdrawn ones for each approved, how much worse the declined are.

    `early_share`: of the refusals, those at the first stage, by hard rules; the others come after due diligence.
    `review_share`: of the cases under known facilities, those that ask for a higher limit; the rest are drawings. Logit
    of declining them: `review_decline` + `review_quality` x the client's quality. One case for each
    `invoices_per_case` invoices, `most_cases` at the most, but as many under known facilities as for new ones.
    Score = `base` + `per_quality` x (quality + `noise` x e), e standard normal given on which side of `cutoff` it is:
    above for approvals, below for refusals, the other way round in a share `approved_override` or `declined_override`.
    """

    declined_per_approved: float
    withdrawn_per_approved: float
    declined_shift: float
    early_share: float
    base: float
    per_quality: float
    noise: float
    cutoff: float
    approved_override: float
    declined_override: float
    review_share: float
    review_decline: float
    review_quality: float
    invoices_per_case: int
    most_cases: int


@dataclass(frozen=True)
class Process:
    """Median working hours of each stage of a new facility, the log-spread of all, and what makes a stage slower.

    Limit reviews and drawings take `repeat_factor` of the time. Further factors: of due diligence in `slow_region`, of
    the contract stage begun in December, of every stage of officer number `slow_officer`. `rework`: share of stages
    returned and done again; `queue_hours`: mean wait between stages.
    """

    application: float
    due_diligence: float
    contract: float
    funding: float
    receivable_management: float
    term_management: float
    risk_monitoring: float
    settlement: float
    spread: float
    repeat_factor: float
    slow_region: str
    region_factor: float
    december_factor: float
    officer_factor: float
    slow_officer: int
    officers: int
    rework: float
    queue_hours: float
