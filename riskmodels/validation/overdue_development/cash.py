"""What cash forecasts at past dates were worth, by a model that knew nothing later, and the forecast from today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.errors import DataRefused
from riskmodels.core.limits import packaged_limits
from riskmodels.core.text import gettext as _
from riskmodels.models.cash.backtest import backtest, coverage, measures
from riskmodels.models.cash.forecast import BANDS, CashForecast, forecast, panel_of
from riskmodels.models.cash.periods import horizon
from riskmodels.models.cash.residuals import strengths_at
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.recipes import StoredModel
from riskmodels.validation.overdue_development.tried import tried

WEEKS = 13
PERIODS, DAYS = f"{WEEKS}w", 7 * WEEKS
ORIGINS = 4
"""Most past forecasts that are tried: the last ones, a horizon apart."""
FEWEST = 2
"""Fewest of them that anything is concluded from."""
AHEAD = ((1, 4), (5, 8), (9, 13))
"""First and last weeks ahead that are told together."""


@dataclass(frozen=True)
class CashEvidence:
    """Past forecasts of cash beside what came, and the forecast of the weeks to come, in one currency.

    tested : a row per origin and week, then the horizon: the columns of `CashBacktest.frame`, and `ahead`, the number
        of the week, less the weeks that were to bring nothing for sure and did: those tell nothing. Empty where nothing
        could be tried, for the reason `no_test`.
    forecast : of all currencies; None for the reason `no_forecast`.
    """

    currency: str
    tested: pd.DataFrame
    no_test: str
    forecast: CashForecast | None
    no_forecast: str
    limits: Mapping[str, Limits]

    @classmethod
    def of(
        cls,
        book: Book,
        as_of: date,
        stored: StoredModel,
        trial_models: Mapping[str, PaymentTime],
        trial_day: date,
    ) -> CashEvidence:
        """The evidence at the close of `as_of`: back-test by the trial's champion, forecast by the stored one.

        The trial's models know nothing after `trial_day`, from which on forecasts are made a horizon apart.
        """
        seen, seed, limits = book.as_of(as_of), int(stored.card["seed"]), packaged_limits(__package__)
        panel, refused = tried(lambda: panel_of(seen, as_of))
        past = past_forecasts(seen, as_of, trial_models.get("champion"), trial_day, panel, seed)
        if panel is None:
            return cls(book.currency, past[0], past[1] or refused, None, refused, limits)
        found, no_forecast = tried(lambda: _ahead(seen, as_of, stored.models["champion"], panel, seed))
        return cls(book.currency, *past, found, no_forecast, limits)

    @cached_property
    def spans(self) -> pd.DataFrame:
        """One row per weeks ahead ("1-4", ...), then every week ("week") and their sum ("horizon").

        Columns: span, n, bias (forecast over actual, less 1), wape, held_50, held_80, held_95 (shares).
        """
        weeks = self.tested[self.tested["span"] == "week"]
        parts = [weeks[weeks["ahead"].between(*ends)].assign(span="{}-{}".format(*ends)) for ends in AHEAD]
        frame = pd.concat([*parts, self.tested], ignore_index=True)
        shares = coverage(frame).pivot(index="span", columns="band", values="share").add_prefix("held_")
        order = list(dict.fromkeys(frame["span"]))
        return measures(frame).set_index("span").join(shares).loc[order].reset_index()

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """How often each band held, of weeks and of their sums, with Kupiec's test: as `CashBacktest.coverage`."""
        return coverage(self.tested).sort_values(["span", "band"], ascending=[False, True], ignore_index=True)

    @cached_property
    def checks(self) -> list[CheckResult]:
        """Whether bands of weeks held as often as they say, and whether forecasts were too high or low in all."""
        return [self._covered(80), self._covered(95), self._bias()]

    def _covered(self, band: int) -> CheckResult:
        name, title = f"overdue.cash.coverage_{band}", _("Weeks of cash within their {band}% band").format(band=band)
        if self.no_test:
            return not_run(name, title, self.no_test, unit="share", limits=self.limits[name])
        found = self.coverage.query("span == 'week' and band == @band").iloc[0]
        told: dict[str, Any] = {"p_value": float(found["p_value"]), "reference": "Kupiec (1995)"}
        return CheckResult(name, title, float(found["share"]), self.limits[name], "share", int(found["n"]), **told)

    def _bias(self) -> CheckResult:
        name, title = "overdue.cash.bias", _("Cash of 13 weeks: forecast over actual, less 1")
        if self.no_test:
            return not_run(name, title, self.no_test, unit="share", limits=self.limits[name])
        found = self.spans.query("span == 'horizon'").iloc[0]
        return CheckResult(name, title, float(found["bias"]), self.limits[name], "share", int(found["n"]))


def past_forecasts(
    seen: Book, as_of: date, model: PaymentTime | None, first: date, panel: pd.DataFrame | None, seed: int
) -> tuple[pd.DataFrame, str]:
    """Forecasts since `first` by a model that knew nothing later, as `CashEvidence.tested`, or none and why.

    `seen` is the book as known at `as_of`, `panel` its `panel_of`, made here where there is none yet.
    """
    days, found = origins(first, as_of), None
    reason = _untestable(model, first, len(days))
    if model is not None and not reason:
        models = dict.fromkeys(days, model)
        found, reason = tried(
            lambda: backtest(seen, models, panel_of(seen, as_of) if panel is None else panel, PERIODS, seed).frame
        )
    return _in(seen.currency, found, reason)


def origins(first: date, as_of: date) -> list[date]:
    """The last ORIGINS days from `first` on, a horizon apart, whose horizons are over by `as_of`."""
    whole = (as_of - first).days // DAYS
    return [first + timedelta(days=DAYS * k) for k in range(max(whole - ORIGINS, 0), whole)]


def _untestable(model: PaymentTime | None, first: date, n: int) -> str:
    if model is None:
        return _("there is no model trained on earlier days alone")
    if n < FEWEST:
        words = _("forecasts of {weeks} weeks that are over since {day}: {n}, {least} needed")
        return words.format(n=n, weeks=WEEKS, day=first, least=FEWEST)
    return ""


def _ahead(book: Book, as_of: date, model: PaymentTime, panel: pd.DataFrame, seed: int) -> CashForecast:
    ahead = horizon(PERIODS, as_of)
    found = forecast(book, model, panel, ahead, strengths_at(panel, model, as_of, ahead.learnt_days), seed=seed)
    if book.currency not in set(found.table["currency"]):
        raise DataRefused(f"{book.name}: found nothing open in {book.currency} at {as_of}, expected some invoice")
    return found


def telling(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a back-test less those that were to bring nothing for sure, and did."""
    return frame[(frame["high_95"] > 0) | (frame["actual"] > 0)]


def _in(currency: str, frame: pd.DataFrame | None, reason: str) -> tuple[pd.DataFrame, str]:
    """The rows of a currency with the number of their week ahead; none with the reason."""
    columns = ["origin", "currency", "span", "begins_on", "ends_on", "expected", "actual"]
    bands = [f"{side}_{band}" for band in BANDS for side in ("low", "high")]
    if frame is None or reason:
        return pd.DataFrame(columns=[*columns, *bands, "ahead"]), reason
    own = telling(frame[frame["currency"] == currency])
    weeks = (own["ends_on"] - own["origin"]).dt.days // 7
    own = own.assign(ahead=weeks.where(own["span"] == "week")).reset_index(drop=True)
    return own, "" if own["actual"].sum() > 0 else _("no cash came in {currency}").format(currency=currency)
