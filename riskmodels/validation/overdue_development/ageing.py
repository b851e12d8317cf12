"""How the balances of a book aged, where they are forecast to stand, and what such forecasts were worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.buckets import EDGES
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.errors import DataRefused
from riskmodels.core.limits import packaged_limits
from riskmodels.core.text import gettext as _
from riskmodels.models.ageing_transitions import (
    BucketForecast,
    Flows,
    ageing_flows,
    ageing_matrix,
    back_test,
    bucket_cures,
    coverage,
    forecast_buckets,
)
from riskmodels.models.ageing_transitions.forecast import into_rows
from riskmodels.models.bad_definition.maturation import Maturation, maturation
from riskmodels.models.bad_definition.roll_rates import MONTH, RollRates, roll_rates
from riskmodels.models.transitions import TransitionMatrix
from riskmodels.validation.overdue_development.tried import tried

MONTHS = 6
"""Months of 30 days that are forecast, and that past forecasts are apart."""
ORIGINS, FEWEST = 4, 2
"""Most past forecasts that are tried, and fewest that anything is concluded from."""
YEAR = 12
"""Months of flows that a past forecast has at least behind it."""
LATE = (0, 30, 60, 90)
"""Days past due of the vintages; those of a half-year of issue are told of `VINTAGE`."""
VINTAGE = 30
GROWN = 4
"""Fewest months that a half-year is told over: younger ones have nothing that could be so late."""
BUCKETS = len(EDGES) + 1
VALUES = ("expected", "low_80", "high_80", "low_95", "high_95", "actual")


@dataclass(frozen=True)
class AgeingHistory:
    """How balances aged in the months of 30 days that the book tells of: flows, roll rates, vintages."""

    flows: Flows
    rolls: RollRates
    late: Maturation
    seed: int

    @classmethod
    def of(cls, book: Book, as_of: date, seed: int) -> AgeingHistory:
        """The history as known at the close of `as_of`; refused without payments, a month, or a balance to age."""
        flows = ageing_flows(book, as_of)
        if flows.cells.empty:
            raise DataRefused(f"{book.name}: found no balance in {flows.currency} by {as_of}, expected some invoice")
        return cls(flows, roll_rates(book, as_of), maturation(book, as_of, LATE, seed=seed), seed)

    @cached_property
    def matrix(self) -> TransitionMatrix:
        """From bucket to bucket or exit over a month, by amount."""
        return ageing_matrix(self.flows, seed=self.seed)

    @cached_property
    def cures(self) -> pd.DataFrame:
        """What becomes of each 30-day bucket, by amount: as `bucket_cures`."""
        return bucket_cures(self.flows, seed=self.seed)

    @cached_property
    def net_flow(self) -> pd.Series:
        """The share of what falls due that ends in loss, by amount: flow, low, high, months."""
        flow = self.rolls.flow
        return flow[flow["measure"] == "amount"].iloc[0]

    def half_years(self) -> pd.DataFrame:
        """Vintages more than VINTAGE days late by half-year of issue: cohort (2025H1), age, value (share of amount).

        An age is told that all months of the half-year have reached.
        """
        rows = self.late.vintages.query("dpd == @VINTAGE")
        half = [f"{day.year}H{1 + (day.month > 6)}" for day in rows["cohort"]]
        sums = rows.assign(half=half).groupby(["half", "age"])
        found = sums.agg(n=("cohort", "size"), bad=("bad_amount", "sum"), amount=("amount", "sum")).reset_index()
        whole = found.groupby("half")["n"].transform("first")
        told = found[found["n"] == whole]
        told = told[told.groupby("half")["age"].transform("max") >= GROWN]
        return pd.DataFrame({"cohort": told["half"], "age": told["age"], "value": told["bad"] / told["amount"]})


@dataclass(frozen=True)
class AgeingEvidence:
    """How balances aged, will age, and how past forecasts of them did; what is None or empty has its reason beside.

    tested : as `back_test` gives it, forecasts of MONTHS months that don't overlap.
    """

    history: AgeingHistory | None
    no_history: str
    forecast: BucketForecast | None
    no_forecast: str
    tested: pd.DataFrame
    no_test: str
    limits: Mapping[str, Limits]

    @classmethod
    def of(cls, book: Book, as_of: date, seed: int = 0) -> AgeingEvidence:
        """The evidence of a book as known at the close of `as_of`."""
        seen, limits = book.as_of(as_of), packaged_limits(__package__)
        history, refused = tried(lambda: AgeingHistory.of(seen, as_of, seed))
        if history is None:
            return cls(None, refused, None, refused, pd.DataFrame(), refused, limits)
        ahead, no_forecast = tried(lambda: forecast_buckets(history.flows, MONTHS, seed=seed))
        return cls(history, "", ahead, no_forecast, *past_balances(seen, history.flows, seed), limits)

    @cached_property
    def held(self) -> pd.DataFrame:
        """By bucket, all past due and all open: n, covered_80, covered_95 and bias of past forecasts."""
        return coverage(self.tested)

    def past_due(self, flows: Flows, last: int) -> pd.DataFrame:
        """All that is past due by the last so many past forecasts: as in `tested`, what stood on their day before."""
        rows = self.tested[self.tested["bucket"] == BUCKETS]
        rows = rows[rows["origin"].isin(sorted(rows["origin"].unique())[-last:])]
        begins = rows[rows["month"] == 1].assign(month=0)
        months = [(flows.until - day.date()).days // MONTH for day in begins["origin"]]
        stood = [float(into_rows(flows.balances(month=month))[BUCKETS]) for month in months]
        begins = begins.assign(**dict.fromkeys(VALUES, stood))
        return pd.concat([begins, rows]).sort_values(["origin", "month"], ignore_index=True)

    @cached_property
    def checks(self) -> list[CheckResult]:
        """Whether the bands of balances held as often as they say, all buckets together."""
        return [self._covered(80), self._covered(95)]

    def _covered(self, band: int) -> CheckResult:
        name = f"overdue.ageing.coverage_{band}"
        title = _("Balances of buckets within their {band}% band").format(band=band)
        if self.no_test:
            return not_run(name, title, self.no_test, unit="share", limits=self.limits[name])
        told = reachable(self.tested)
        inside = told["actual"].between(told[f"low_{band}"], told[f"high_{band}"])
        return CheckResult(name, title, float(inside.mean()), self.limits[name], "share", len(told))


def past_balances(seen: Book, flows: Flows, seed: int) -> tuple[pd.DataFrame, str]:
    """Past forecasts of buckets beside what came, as `AgeingEvidence.tested`, or none and why."""
    # a book that ends the day before the close tells of no day after its last
    days, past = origins(min(flows.until, seen.last_day or flows.until), flows.months), None
    no_test = "" if len(days) >= FEWEST else _too_few(len(days))
    if not no_test:
        past, no_test = tried(lambda: back_test(seen, days, MONTHS, seed=seed))
    return pd.DataFrame() if past is None else past, no_test


def reachable(tested: pd.DataFrame) -> pd.DataFrame:
    """The buckets of past forecasts that tell something: one that nothing can reach holds for sure."""
    return tested[(tested["bucket"] < BUCKETS) & (tested["high_95"] > 0)]


def origins(until: date, months: int) -> list[date]:
    """The last ORIGINS days, MONTHS months of 30 days apart, with a year of flows before and MONTHS months after."""
    found = range(1, min(ORIGINS, (months - YEAR) // MONTHS) + 1)
    return [until - timedelta(days=MONTH * MONTHS * k) for k in reversed(found)]


def _too_few(n: int) -> str:
    words = _("forecasts of {months} months that are over, with a year of flows before: {n}, {least} needed")
    return words.format(months=MONTHS, n=n, least=FEWEST)
