"""Fitting a payment model: its engine chosen, then a hazard for each cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodels.models.hazards import BoostedHazard, LogitHazard, fit_boosted, fit_logit
from riskmodels.models.inputs import SampleError
from riskmodels.models.payment_choice import SIMPLE, Cases, Choice, chosen
from riskmodels.models.payment_parts import LOST, PAID
from riskmodels.models.person_period import Periods, periods, reached

Hazard = LogitHazard | BoostedHazard
ENGINES: dict[str, Any] = {"logit": LogitHazard, "lightgbm": BoostedHazard}
AUTO = "auto"


@dataclass(frozen=True)
class Asked:
    """How to fit: grid of days past due, sign of each column (+1 delays payment), ridge, trees' settings."""

    grid: np.ndarray
    signs: tuple[int, ...]
    ridge: float
    trees: dict[str, Any]


def choice(engine: str, asked: Asked, cases: Cases, dated: bool) -> Choice:
    """The engine asked for, or with `auto` the one that is better on later invoices; `dated` when days are known."""
    if engine != AUTO:
        return Choice(engine, "asked for")
    if not dated:
        return Choice(SIMPLE, "no days of issue were given to compare engines by")

    def fit(name: str, some: Cases) -> tuple[Hazard, np.ndarray]:
        grid = reached(asked.grid, some.terms, some.parts)
        return _payment(name, asked, some, periods(grid, some.terms, some.parts), grid), grid

    return chosen(ENGINES, cases, fit)


def fitted(engine: str, asked: Asked, cases: Cases) -> tuple[list[Hazard], np.ndarray, int]:
    """The hazard of each cause, payment first; the grid; and the number of rows payment was fitted on."""
    grid = reached(asked.grid, cases.terms, cases.parts)
    rows = periods(grid, cases.terms, cases.parts)
    _check_rows(rows)
    found, size = [_payment(engine, asked, cases, rows, grid)], len(rows.invoice)
    for place in range(1, len(cases.parts.causes)):
        rows = periods(grid, cases.terms, cases.parts, place)
        signs = _signs(asked, cases, cases.parts.causes[place])
        found.append(fit_logit(cases.frame, rows, grid, asked.ridge, cases.obligor, signs))
    return found, grid, size


def _signs(asked: Asked, cases: Cases, cause: str) -> dict[str, int]:
    """The sign of each column's effect on the hazard of a cause: what delays settlement slows all that settles.

    It hastens what ends an invoice without settling it. Then P(not settled by a day) has the sign in each column.
    """
    way = 1 if cause in LOST else -1
    return {name: way * sign for name, sign in zip(cases.frame.columns, asked.signs) if sign}


def _payment(engine: str, asked: Asked, cases: Cases, rows: Periods, grid: np.ndarray) -> Hazard:
    signs = _signs(asked, cases, PAID)
    if engine == "logit":
        return fit_logit(cases.frame, rows, grid, asked.ridge, cases.obligor, signs)
    return fit_boosted(cases.frame, rows, grid, cases.obligor, signs, asked.trees)


def _check_rows(rows: Periods) -> None:
    payments = float(rows.events.sum())
    if payments == 0 or (rows.events == rows.exposed).all():
        raise SampleError(
            f"paid: found {payments:g} payments in {len(rows.events)} intervals of the grid, "
            "expected some intervals with and some without"
        )
