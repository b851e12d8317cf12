"""The generator's parameters and the law by which a healthy debtor pays."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.laws import dealings, deceit, desk, outside, papers, trade
from riskmodels.core.errors import Misuse

Floats = NDArray[np.float64]

VERSION = "2"
EARLIEST = 15  # a payment comes at the earliest this many days before the due date, less one
LATEST = 80  # and, unless the debtor has stopped paying, at most this many days after it, moved to a business day
YEAR = 12  # months; the truth looks no further ahead, and a core enterprise's stop weighs at least as long
DEFAULT_DPD = 91  # a debtor is in default on the first day with more than 90 days past due


@dataclass(frozen=True)
class Law:
    """Every coefficient of the generator, by subject.

    A party's quality is its base, plus the cycles of its industry and region, plus a monthly autoregression. A debtor's
    moves both the payment day (log-logistic in time since `EARLIEST` days before due) and the monthly probability to
    stop paying, a client's the probability to fail.
    """

    debtors: trade.Debtors
    drift: trade.Drift
    shock: trade.Shock
    structural_break: trade.StructuralBreak
    stopping: trade.Stopping
    payment: trade.Payment
    disputes: trade.Disputes
    recovery: trade.Recovery
    clients: dealings.Clients
    chain: dealings.Chain
    facilities: dealings.Facilities
    business: dealings.Business
    accounts: dealings.Accounts
    collecting: dealings.Collecting
    market: outside.Market
    soft: outside.Soft
    financials: outside.Financials
    distress: outside.Distress
    bank_flows: outside.BankFlows
    events: outside.Events
    event_base_rate: outside.PerKind
    event_hit_rate: outside.PerKind
    event_lead_days: outside.PerKind
    event_false_rate: outside.PerKind
    event_lag: outside.EventLag
    ratings: outside.Ratings
    scores: outside.Scores
    kyc: outside.Kyc
    receipts: desk.Receipts
    repayments: desk.Repayments
    actions: desk.Actions
    write_offs: desk.WriteOffs
    amendments: desk.Amendments
    treasury: desk.Treasury
    applications: desk.Applications
    process: desk.Process
    frauds: deceit.Frauds
    look_alikes: deceit.LookAlikes
    false_papers: deceit.FalsePapers
    documents: papers.Documents
    register: papers.Register
    guarantees: papers.Guarantees


def demo_law(**changes: float | str) -> Law:
    """The law of the demo book, some coefficients changed: `demo_law(**{"payment.quality": -0.6})`."""
    values = demo_values()
    for name, value in changes.items():
        subject, _, word = name.partition(".")
        if word not in values.get(subject, {}):
            raise Misuse(unknown(name, coefficients(values)))
        values[subject][word] = _fitting(name, value, type(values[subject][word]))
    for subject, span in ORDERED:
        first, last = (values[subject][f"{span}_{end}"] for end in ("from", "to"))
        if first > last:
            raise Misuse(f"law: {subject}.{span}_from: found {first} after {subject}.{span}_to {last}")
    return Law(**{f.name: SUBJECTS[f.name](**values[f.name]) for f in fields(Law)})


def demo_values() -> dict[str, dict[str, Any]]:
    """The coefficients of the demo book by subject and name."""
    return tomllib.loads((files("riskmodels.book.synthetic") / "demo_truth.toml").read_text(encoding="utf-8"))


def unknown(name: str, known: Iterable[str]) -> str:
    """What to tell who names a coefficient there isn't."""
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    hint = f"expected one of {', '.join(near)}" if near else "expected a name such as payment.quality"
    return f"law: found {name!r}, {hint}; demo_truth.toml lists all"


KINDS = {float: "a number", int: "a whole number", str: "a word"}
RANGES = {
    "drift.persistence": (0.0, 0.999),
    "payment.shape": (0.5, 10.0),
    "collecting.day": (1, 60),
    "collecting.factor": (0.05, 1.0),
    "chain.months": (YEAR, 120),
    "shock.begins": (0.0, 1.0),
    "structural_break.begins": (0.0, 1.0),
    "shock.months": (0, 120),
    "clients.export_rate": (0.001, 1e6),
    "accounts.pass_on_from": (0, 60),
    "accounts.pass_on_to": (0, 60),
    "frauds.found_from": (1, 3000),
    "frauds.found_to": (1, 3000),
    "frauds.early_from": (0, 80),
    "frauds.early_to": (0, 80),
    "frauds.months": (1, 120),
    "frauds.rounds": (1, 100),
    "look_alikes.rounds": (1, 100),
    "register.search_days": (1, 1000),
    "documents.acceptance_days": (0.5, 60.0),
    "frauds.quality": (-10.0, 10.0),
    "events.lead_shape": (0.1, 50.0),
    "applications.invoices_per_case": (1, 1_000_000),
    "applications.most_cases": (1, 10_000_000),
    "applications.declined_per_approved": (0.0, 50.0),
    "applications.withdrawn_per_approved": (0.0, 50.0),
    "applications.per_quality": (1.0, 1e4),
    "process.officers": (1, 10_000),
    "process.queue_hours": (0.0, 1000.0),
    "facilities.limit_from": (0.1, 100.0),
    "facilities.limit_to": (0.1, 100.0),
    "write_offs.days": (1, 3000),
    "write_offs.spread": (1, 3000),
    "repayments.shortfall_days": (1, 1000),
    "amendments.asked_days": (1, 1000),
    "kyc.overdue_days": (1.0, 3000.0),
    **dict.fromkeys(("frauds.invented_a_month", "frauds.rings", "look_alikes.cycles"), (0.0, 100.0)),
}
RATES = {"event_base_rate": (0.0, 20.0), "event_false_rate": (0.0, 20.0), "event_hit_rate": (0.0, 1.0)}
"""Subjects whose coefficients are all rates a year, or shares."""
ORDERED = (("accounts", "pass_on"), ("facilities", "limit"), ("frauds", "found"), ("frauds", "early"))
"""Spans, given by two coefficients ending in _from and _to."""
SHARES = ("frauds", "look_alikes", "false_papers", "documents", "register", "guarantees")
"""Subjects whose other coefficients are all shares."""


def _fitting(name: str, value: float | str, kind: type) -> float | str:
    """The value, if it is of the coefficient's kind and within its range; a share is one of the whole."""
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise Misuse(f"law: {name}: found {value!r}, expected {KINDS[kind]}")
    if isinstance(value, str):
        return value
    low, high = _range(name)
    if not (low <= value <= high and math.isfinite(value)):
        among = f" from {low:g} to {high:g}" if math.isfinite(high - low) else ", a finite one"
        raise Misuse(f"law: {name}: found {value!r}, expected {KINDS[kind]}{among}")
    return value


def _range(name: str) -> tuple[float, float]:
    """The least and the greatest value of a coefficient."""
    subject = name.partition(".")[0]
    if name.endswith(("_share", ".share")) or (subject in SHARES and name not in RANGES):
        return 0.0, 1.0
    if name.endswith("_days") and name not in RANGES:
        return 0, 3000
    return RANGES.get(name, RATES.get(subject, (-math.inf, math.inf)))


def coefficients(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The values by their dotted names."""
    return {f"{subject}.{word}": value for subject, words in values.items() for word, value in words.items()}


SUBJECTS: dict[str, Any] = get_type_hints(Law)


def season(law: Law, calendar_month: NDArray[np.int64]) -> Floats:
    """How much slower invoices due in a calendar month (1 to 12) are paid: quicker at year end, then slower."""
    slower = np.zeros(13)
    slower[12] = law.payment.year_end
    slower[1:3] = law.payment.spring_festival
    return slower[calendar_month]


def beyond(days: float, pace: Floats, shape: float) -> Floats:
    """Probability that a healthy debtor pays more than `days` after the due date.

    T, the days since `EARLIEST` days before due, is log-logistic, P(T <= t) = 1 / (1 + (t / exp(pace))^-shape),
    given that T <= EARLIEST + LATEST.
    """
    if days >= LATEST:
        return np.zeros_like(pace)
    return 1.0 - _within(EARLIEST + days, pace, shape) / _within(EARLIEST + LATEST, pace, shape)


def draw_delay(rng: np.random.Generator, pace: Floats, shape: float) -> NDArray[np.int64]:
    """Days from due date to payment, negative when early, drawn by the law of `beyond`."""
    share = rng.random(pace.size) * _within(EARLIEST + LATEST, pace, shape)
    elapsed = np.exp(pace) * (share / (1.0 - share)) ** (1.0 / shape)
    return np.clip(np.ceil(elapsed), 1, EARLIEST + LATEST).astype(np.int64) - EARLIEST


def _within(elapsed: float, pace: Floats, shape: float) -> Floats:
    return 1.0 / (1.0 + np.exp(shape * (pace - np.log(elapsed))))
