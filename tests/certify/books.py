"""Synthetic books of many seeds: no rule of the schema is broken, and the true probabilities are true."""

from __future__ import annotations

import math

import pandas as pd

from riskmodels.book.quality import check_book
from riskmodels.book.synthetic import Synthetic, synthesise
from tests.certify.campaign import Campaign, Figure, Record, none
from tests.features.feature_books import book_of

INVOICES = 2_000
RULES = (
    "book.uniqueness.duplicate_keys",
    "book.integrity.orphans",
    "book.range.broken_rules",
    "book.dates.known_before_event",
)
LATE = {"late": 0, "late_30": 30, "late_90": 90}


def run(seed: int) -> Record:
    """Rows that break a rule, and for each true probability the sum of surprises and its variance."""
    made = synthesise(INVOICES, seed)
    checks = {c.name: c.value for c in check_book(book_of(made.tables))}
    late = {column: _late(made, column, days) for column, days in LATE.items()}
    return {"broken": sum(checks[rule] for rule in RULES), **late, "default_12m": _default(made.truth["debtor_months"])}


def _late(made: Synthetic, column: str, days: int) -> tuple[float, float]:
    """Surprises summed by debtor, whose invoices share its fortune."""
    odds = made.truth["invoices"].merge(made.tables["invoices"][["invoice_id", "debtor_id"]], on="invoice_id")
    unsure = odds[odds[column] < 1]
    sums = ((unsure["days_late"] > days) - unsure[column]).groupby(unsure["debtor_id"]).sum()
    return float(sums.sum()), float(sums @ sums)


def _default(months: pd.DataFrame) -> tuple[float, float]:
    """Surprises of the cohorts of each June, whose years don't overlap."""
    cohort = months[(months["month_end"].dt.month == 6) & ~months["stopped"]]
    p = cohort["default_12m"]
    return float((cohort["defaulted_12m"] - p).sum()), float((p * (1 - p)).sum())


def summary(records: list[Record]) -> list[Figure]:
    """Broken rules, and the aggregate z of each probability."""
    broken = none("books with a row that breaks a rule", sum(r["broken"] > 0 for r in records), len(records))
    return [broken, *(_calibrated(records, column) for column in (*LATE, "default_12m"))]


def _calibrated(records: list[Record], column: str) -> Figure:
    surprise, variance = (sum(r[column][i] for r in records) for i in (0, 1))
    z = surprise / math.sqrt(variance)
    return Figure(f"z of {column} over all books", f"{z:+.2f}", "within ±3.5", abs(z) <= 3.5)


SYNTHETIC = Campaign("synthetic-book", "The synthetic book is what it says", run, summary, seeds=400, quick=6)
