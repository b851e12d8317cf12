"""What the suite of payment time judges: invoices, cash by week and balances by age, each there or not and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.text import gettext as _
from riskmodels.models.ageing_transitions import ageing_flows
from riskmodels.models.recipes import StoredModel
from riskmodels.validation.overdue_development.ageing import past_balances
from riskmodels.validation.overdue_development.cash import past_forecasts
from riskmodels.validation.overdue_development.tried import tried
from riskmodels.validation.timing.bands import Coverage, coverage_of
from riskmodels.validation.timing.book import payments_of_book
from riskmodels.validation.timing.curve import CurveGap, curve_gap
from riskmodels.validation.timing.frame import payments_of_frame
from riskmodels.validation.timing.levels import Level, Order, level_beyond, order_beyond
from riskmodels.validation.timing.payments import BEYOND, Payments


@dataclass(frozen=True)
class Timing:
    """Forecasts of payment beside what came.

    payments : invoices, one by one.
    cash, ageing : past forecasts of weeks and of buckets, as `CashEvidence.tested` and `AgeingEvidence.tested` have
        them; empty where there are none, for the reasons `no_cash` and `no_ageing`.
    """

    payments: Payments
    cash: pd.DataFrame
    no_cash: str
    ageing: pd.DataFrame
    no_ageing: str
    seed: int = 0

    @classmethod
    def of_frame(cls, frame: pd.DataFrame, seed: int = 0) -> Timing:
        """The case of a plain frame, as `payments_of_frame` reads it; it tells of no cash and no balances."""
        reason = _("the sample is no book, so it tells of no cash and no balances")
        return cls(payments_of_frame(frame), pd.DataFrame(), reason, pd.DataFrame(), reason, seed)

    @classmethod
    def of_model(cls, stored: StoredModel, sample: pd.DataFrame, book: Book, as_of: date) -> Timing:
        """The case of a stored overdue model on a book as known at `as_of`; `sample` is its scored later invoices."""
        seen, seed, model = book.as_of(as_of), int(stored.card["seed"]), stored.models["champion"]
        cash, no_cash = past_forecasts(seen, as_of, model, stored.trained, None, seed)
        flows, no_ageing = tried(lambda: ageing_flows(seen, as_of))
        ageing = pd.DataFrame()
        if flows is not None:
            ageing, no_ageing = past_balances(seen, flows, seed)
        payments = payments_of_book(model, sample, seen, stored.trained, as_of)
        return cls(payments, cash, no_cash, ageing, no_ageing, seed)

    @cached_property
    def curve(self) -> CurveGap | None:
        """The curve of what came beside the expected one, each invoice counting 1."""
        return curve_gap(self.payments, seed=self.seed)

    @cached_property
    def curve_by_amount(self) -> CurveGap | None:
        """The same, each invoice counting its amount."""
        return curve_gap(self.payments, by_amount=True, seed=self.seed)

    @cached_property
    def levels(self) -> Mapping[int, Level]:
        """Expected and observed shares by days past due, of those that can be told."""
        return {k: level_beyond(self.payments, k) for k in BEYOND if self.payments.told(k)}

    @cached_property
    def levels_by_amount(self) -> Mapping[int, Level]:
        """The same, each invoice counting its amount; empty without amounts."""
        return {} if self.payments.amount is None else {k: level_beyond(self.payments, k, True) for k in self.levels}

    @cached_property
    def orders(self) -> Mapping[int, Order]:
        """The order of all invoices by days past due, of those that can be told."""
        return {k: order_beyond(self.payments, k) for k in BEYOND if self.payments.told(k)}

    @cached_property
    def orders_of_late(self) -> Mapping[int, Order]:
        """The order of those open at the day before in BEYOND, by days past due."""
        told = [k for k in BEYOND[1:] if self.payments.told(k) and self.payments.told(BEYOND[BEYOND.index(k) - 1])]
        return {k: order_beyond(self.payments, k, incident=True) for k in told}

    @cached_property
    def coverage(self) -> Coverage | None:
        """How often bands of days held; None where the forecast tells none."""
        return None if self.payments.bands is None else coverage_of(self.payments, self.payments.bands)
