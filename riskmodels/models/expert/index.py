"""The risk index an elicited card gives: weights times risk units; and the line from it to log-odds of default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import logit
from scipy.stats import norm

from riskmodels.core.errors import Misuse
from riskmodels.models.expert.drivers import Driver, Form, form_from, form_of, form_state
from riskmodels.models.expert.weights import Pairs, order_pairs, stated_weights
from riskmodels.models.inputs import SampleError


@dataclass(frozen=True)
class Elicited:
    """What was elicited, ready to use: p drivers, their directions (1 or -1), forms and weights (p,).

    `held` says of each direction that no data may turn it; `pairs` (i, j): driver i weighs at least as much as j.
    """

    names: tuple[str, ...]
    directions: tuple[int, ...]
    held: tuple[bool, ...]
    forms: tuple[Form, ...]
    weights: np.ndarray
    pairs: Pairs

    def units(self, frame: pd.DataFrame) -> np.ndarray:
        """Risk units n x p, each driver turned so that more is worse."""
        columns = [d * form.units(frame[n]) for n, d, form in zip(self.names, self.directions, self.forms)]
        return np.column_stack(columns)

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same record."""
        plain = {key: list(getattr(self, key)) for key in ("names", "directions", "held")}
        forms = [form_state(form) for form in self.forms]
        return {**plain, "forms": forms, "weights": self.weights.tolist(), "pairs": [list(pair) for pair in self.pairs]}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Elicited:
        """The record `to_state` described."""
        plain = {key: tuple(state[key]) for key in ("names", "directions", "held")}
        pairs = tuple((int(a), int(b)) for a, b in state["pairs"])
        return cls(
            **plain, forms=tuple(map(form_from, state["forms"])), weights=np.array(state["weights"]), pairs=pairs
        )


@dataclass(frozen=True)
class Rows:
    """A sample an elicitation may lean on: frame, outcomes (n,), 1 = bad, and weights (n,)."""

    frame: pd.DataFrame
    y: np.ndarray
    weight: np.ndarray


def elicit(drivers: Sequence[Driver] | None, order: Sequence[str], rows: Rows | None) -> Elicited:
    """The elicited record; what was left open is taken from `rows`.

    No drivers: every column, in equal weights and the direction the sample shows (Dawes 1979, improper linear models).
    """
    given = _drivers(drivers, rows)
    names = [driver.name for driver in given]
    if len(set(names)) < len(names):
        raise Misuse(f"drivers: found {names}, expected each column once")
    if rows is not None and (missing := [name for name in names if name not in rows.frame]):
        raise SampleError(f"X: missing columns {missing}; it has {list(rows.frame.columns)}")
    pairs = order_pairs(order, names)
    weights = stated_weights([driver.weight for driver in given], pairs, names)
    forms = tuple(_form(driver, rows) for driver in given)
    directions = tuple(_direction(driver, form, rows) for driver, form in zip(given, forms))
    held = tuple(driver.sign is not None for driver in given)
    return Elicited(tuple(names), directions, held, forms, weights, pairs)


def _drivers(drivers: Sequence[Driver] | None, rows: Rows | None) -> list[Driver]:
    if drivers is None and rows is not None:
        return [Driver(str(name), sign=None) for name in rows.frame.columns]
    if not drivers:
        raise Misuse("drivers: found none, expected at least one when there is no sample")
    return list(drivers)


def _form(driver: Driver, rows: Rows | None) -> Form:
    if driver.form is not None:
        return driver.form
    if rows is None:
        raise Misuse(f"{driver.name}: found no form, expected Standard, Bins or Levels when there is no sample")
    return form_of(rows.frame[driver.name], rows.weight)


def _direction(driver: Driver, form: Form, rows: Rows | None) -> int:
    if driver.sign is not None:
        return driver.sign
    if rows is None:
        raise Misuse(f"{driver.name}: found no sign, expected 1 or -1 when there is no sample")
    units = form.units(rows.frame[driver.name])
    centred = rows.y - np.average(rows.y, weights=rows.weight)
    return 1 if rows.weight @ (units * centred) >= 0 else -1


Anchors = Sequence[tuple[float, float]]


def line_through(anchors: Anchors) -> tuple[float, float]:
    """Level and slope of log-odds over the index, through two (index, PD) anchors of which the worse is riskier."""
    pairs = [(float(index), float(pd_)) for index, pd_ in anchors]
    sound = len(pairs) == 2 and all(0 < pd_ < 1 for _index, pd_ in pairs)
    if not sound or (pairs[1][0] - pairs[0][0]) * (pairs[1][1] - pairs[0][1]) <= 0:
        raise Misuse(f"anchors: found {pairs}, expected two (index, PD), PD in (0, 1) and higher at the higher index")
    (x, p), (z, q) = pairs
    slope = (logit(q) - logit(p)) / (z - x)
    return float(logit(p) - slope * x), float(slope)


def slope_for_auc(index: np.ndarray, weight: np.ndarray, auc: float) -> float:
    """The slope at which an index spread like this one separates bads with an AUC of `auc`.

    Under few defaults and a normal index of deviation s, bads lie slope s^2 further: AUC = Phi(slope s / sqrt 2).
    """
    if not 0.5 < auc < 1:
        raise Misuse(f"expected_auc: found {auc}, expected between 0.5 and 1")
    spread = float(np.sqrt(np.average((index - np.average(index, weights=weight)) ** 2, weights=weight)))
    if spread < 1e-12:
        raise SampleError("X: found one risk index for all rows, expected drivers that vary, or anchors")
    return float(np.sqrt(2) * norm.ppf(auc) / spread)
