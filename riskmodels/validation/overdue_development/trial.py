"""A trial: the same recipe on what was known some months before, judged on the invoices that were issued since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import invoice_outcomes
from riskmodels.core.errors import DataRefused
from riskmodels.models import overdue
from riskmodels.models.baselines import Forecast, fit_all, of_model
from riskmodels.models.inputs import columns_of
from riskmodels.validation.baselines import Observed, comparison, observed
from riskmodels.validation.baselines.scores import Scored, interval, mean
from riskmodels.validation.overdue_development.endings import cases, unsettled
from riskmodels.validation.overdue_development.young import young

BANDS = (0.5, 0.8, 0.95)
"""Levels of the bands of days whose coverage is counted."""
BEYOND = (0, 30, 60, 90)
"""Days past due at which expected and observed shares are told."""


@dataclass(frozen=True)
class Trial:
    """Models of a recipe trained at the close of `day`, the invoices they learnt from, and those issued until `until`.

    `book` is the book as it was known at `until`. `judged` are invoices issued since `day`, as known at `until`, with
    terms no longer than any the models saw; `longer` counts the others.
    """

    book: Book
    day: date
    until: date
    models: dict[str, Any]
    known: pd.DataFrame
    judged: pd.DataFrame
    longer: int

    @cached_property
    def seen(self) -> Observed:
        """What became of the judged invoices."""
        return observed(self.judged.rename(columns={"outcome": "late"}))

    @cached_property
    def parts(self) -> pd.DataFrame:
        """What became of every part of every invoice by `until`: see `cases`."""
        return cases(self.book, self.until)

    @cached_property
    def late(self) -> np.ndarray:
        """The share of each judged invoice's amount that was late (m,); NaN for those too young to say."""
        return np.where(np.isnan(self.seen.late), np.nan, unsettled(self.parts, self.judged["invoice_id"], 0))

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Champion, challenger and the seven baselines by measure: see `validation.baselines.comparison`.

        Forecasts are named `champion`, `challenger`, and as `models.baselines.TITLES` has them. All see what had been
        settled by each invoice's issue, and nothing more.
        """
        then = invoice_outcomes(self.book.as_of(self.day), self.day)
        known = then[then["issued_on"] < pd.Timestamp(self.day)]
        baselines = fit_all(known, invoice_outcomes(self.book, self.until))
        champion, challenger = (self._forecast(role) for role in ("champion", "challenger"))
        habits = [baseline.predict(self.judged, champion.days.tolist()) for baseline in baselines]
        return comparison(champion, [_on_days(challenger, champion.days), *habits], self.seen)

    def figure(self, forecast: str, measure: str) -> pd.Series:
        """The row of `compared` of one forecast and measure."""
        table = self.compared
        return table[(table["forecast"] == forecast) & (table["measure"] == measure)].iloc[0]

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Expected and observed share open beyond days past due: dpd, n, expected, observed, low, high.

        Shares of amounts, each invoice counting 1. Invoices whose state at the day can't be told yet count through
        censoring weights; a day nobody was watched at is left out. 95 % intervals follow debtors.
        """
        champion, rows = self.models["champion"], []
        X, terms = columns_of(champion, self.judged), self.judged["terms_days"]
        for day, weight in self.seen.told([k for k in BEYOND if k <= champion.grid_[-1]]).items():
            beyond = unsettled(self.parts, self.judged["invoice_id"], day)
            told = {"dpd": int(day), "n": int((weight > 0).sum()), "expected": champion.late(X, terms, day).mean()}
            rows.append({**told, **self._observed(beyond, weight)})
        return pd.DataFrame(rows, columns=["dpd", "n", "expected", "observed", "low", "high"])

    @cached_property
    def bands(self) -> pd.DataFrame:
        """Share of invoices settled inside the champion's bands of days: level, n, observed, low, high.

        The ends of a band are quantiles of the days to settlement, counted up to whole days; beyond the model's last
        day an end is open. Empty where no invoice was watched until the model's last day.
        """
        champion, last = self.models["champion"], float(self.models["champion"].grid_[-1])
        weight = self.seen.told([last]).get(last)
        if weight is None:
            return pd.DataFrame(columns=["level", "n", "observed", "low", "high"])
        X, terms = columns_of(champion, self.judged), self.judged["terms_days"]
        days, rows = self.seen.delay + self.seen.terms_days, []
        for level in BANDS:
            low, high = (champion.quantile_days(X, terms, (1 + sign * level) / 2) for sign in (-1, 1))
            inside = (days >= np.nan_to_num(low, nan=np.inf)) & (days <= np.ceil(np.nan_to_num(high, nan=np.inf)))
            rows.append({"level": level, "n": int((weight > 0).sum()), **self._observed(inside, weight)})
        return pd.DataFrame(rows)

    @cached_property
    def grades(self) -> pd.DataFrame:
        """Mature judged invoices by grade: grade, n, predicted, observed, low, high (95 %, follow debtors).

        Observed is the share of their amounts that was late, which is what is predicted.
        """
        rows = self.judged[self.judged["outcome"].notna()]
        late, grade = self.late, self.judged["grade"].to_numpy()
        told = []
        for name in [g for g in overdue.SCALE.grades if (rows["grade"] == g).any()]:
            weight = ((grade == name) & ~np.isnan(late)).astype(float)
            predicted = float(self.judged.loc[weight > 0, "probability"].mean())
            shown = {"grade": name, "n": int(weight.sum()), "predicted": predicted}
            told.append({**shown, **self._observed(np.nan_to_num(late), weight)})
        return pd.DataFrame(told, columns=["grade", "n", "predicted", "observed", "low", "high"])

    @cached_property
    def young(self) -> pd.DataFrame:
        """What was said at `day` of the invoices issued shortly before, and what became of them: see `young`."""
        return young(self.book, self.day, self.until, self.known)

    def _forecast(self, role: str) -> Forecast:
        model = self.models[role]
        return of_model(role, model, columns_of(model, self.judged), self.judged["terms_days"])

    def _observed(self, happened: np.ndarray, weight: np.ndarray) -> dict[str, float]:
        found: Scored = mean(np.asarray(happened, float), weight)
        low, high = interval(found, self.seen.obligor)
        return {"observed": found.value, "low": max(low, 0.0), "high": min(high, 1.0)}


def try_out(book: Book, day: date, until: date, seed: int) -> Trial:
    """The trial of the overdue recipe at a day before `until`; refused where the book has too little to learn from."""
    known = overdue.training_sample(book, day)
    models, _selection = overdue.train(known, seed)
    later = overdue.validation_sample(book, day, until)
    within = later["terms_days"].between(0, models["champion"].longest_terms_)
    judged = overdue.scored(models, later[within]).reset_index(drop=True)
    if not judged["outcome"].notna().any():
        raise DataRefused(f"{book.name}: no invoice issued since {day} was due by {until}; expected some to judge by")
    told = overdue.scored(models, known)
    return Trial(book.as_of(until), day, until, models, told, judged, int((~within).sum()))


def _on_days(forecast: Forecast, days: np.ndarray) -> Forecast:
    """A forecast on another's days, along its own curve; the engines' grids may end on different days."""
    if np.array_equal(forecast.days, days):
        return forecast
    told = np.array([np.interp(days, forecast.days, row) for row in forecast.open_at])
    return Forecast(forecast.name, days, told, forecast.expected_days)
