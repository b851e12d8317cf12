"""What any scorecard boils down to: drivers, their bins, and what each bin is worth in points and in log-odds of bad.

points = base + the points of each driver's bin, added in the order of the drivers;
log-odds of bad = the log-odds of each driver's bin added in the order of the drivers, then the intercept. Every export
adds in this order, so that all give the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from scipy.special import expit

from riskmodels.core.errors import Misuse, SampleError
from riskmodels.models.binning.bins import Cuts, Groups
from riskmodels.models.scorecard.points import Scale

BASE = "base"
FROM_SCALE = "log-odds are taken from the points through the scale"
LARGEST_WHOLE = 2**53


@dataclass(frozen=True)
class CardDriver:
    """A driver and what its bins are worth, by code: regular bins, specials, missing and, for categories, unseen.

    `log_odds` (of bad, to be added up) and `woe` are None where the card doesn't tell them; a single WoE may be too.
    """

    name: str
    bins: Cuts | Groups
    points: tuple[float, ...]
    log_odds: tuple[float, ...] | None = None
    woe: tuple[float | None, ...] | None = None
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        expected = codes_of(self.bins)
        for what in ("points", "log_odds", "woe", "labels"):
            given = getattr(self, what)
            if given and len(given) != expected:
                raise Misuse(f"{self.name}: {what}: found {len(given)} values, expected {expected}, one per bin")
        if not all(map(math.isfinite, (*self.points, *(self.log_odds or ())))):
            raise Misuse(f"{self.name}: found points that are not finite numbers")
        object.__setattr__(self, "points", tuple(map(tidy, self.points)))
        object.__setattr__(self, "labels", self.labels or tuple(self.bins.names()[:expected]))

    def codes(self, frame: pd.DataFrame) -> np.ndarray:
        """The bin of each row, as a place in `points`."""
        if self.name not in frame:
            raise SampleError(f"X: found no column {self.name!r}, which the card needs")
        values = frame[self.name]
        return self.bins.codes(_text(values) if isinstance(self.bins, Groups) else _numbers(values))


@dataclass(frozen=True)
class PointsCard:
    """A scorecard as points by bin. Without an `intercept` it gives points only, no probabilities.

    `scale` is known where points follow one; `more_is_worse` turns the usual sense of points round; `source` and
    `notes` say where the card comes from and what a reader of its results must know.
    """

    drivers: tuple[CardDriver, ...]
    base: float = 0
    intercept: float | None = None
    scale: Scale | None = None
    source: str = ""
    notes: tuple[str, ...] = ()
    more_is_worse: bool = False

    def __post_init__(self) -> None:
        names = [driver.name for driver in self.drivers]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise Misuse(f"card: found drivers twice: {twice}")
        if not names or BASE in names:
            raise Misuse(f"card: found drivers {names}, expected at least one, and none called {BASE!r}")
        linked_drivers = [driver.log_odds is not None for driver in self.drivers]
        if not all(known == (self.intercept is not None) for known in linked_drivers):
            raise Misuse("card: found log-odds for some of intercept and drivers, expected them for all or for none")
        object.__setattr__(self, "base", tidy(self.base))

    @classmethod
    def of(cls, model: Any) -> PointsCard:
        """The card of a fitted `Scorecard` or an `ImportedScorecard`; a card is its own."""
        if isinstance(model, PointsCard):
            return model
        if (card := getattr(model, "points_card", None)) is not None:
            return PointsCard.of(card)
        if not hasattr(model, "logit_"):
            raise Misuse(f"card: found a {type(model).__name__}, expected a fitted scorecard or a card of points")
        return _of_scorecard(model)

    @property
    def names(self) -> list[str]:
        """Names of the drivers, in the order their points are added."""
        return [driver.name for driver in self.drivers]

    @property
    def whole(self) -> bool:
        """Whether all points are whole numbers."""
        return all(isinstance(p, int) for driver in self.drivers for p in (self.base, *driver.points))

    def partial(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Points by driver, and `base`; a row's sum is its score."""
        return _by_driver(frame, {d.name: np.array(d.points)[d.codes(frame)] for d in self.drivers}, self.base)

    def points(self, frame: pd.DataFrame) -> np.ndarray:
        """The score of each row: whole numbers when all points are."""
        start = np.full(len(frame), self.base, dtype=np.int64 if self.whole else np.float64)
        return sum((np.array(d.points)[d.codes(frame)] for d in self.drivers), start)

    def contributions(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Log-odds of bad by driver, and `base`, the intercept; a row's sum is its log-odds."""
        intercept, tables = _log_odds_tables(self)
        return _by_driver(frame, {d.name: table[d.codes(frame)] for d, table in tables}, intercept)

    def log_odds(self, frame: pd.DataFrame) -> np.ndarray:
        """Log-odds of bad, one per row."""
        intercept, tables = _log_odds_tables(self)
        return sum((table[d.codes(frame)] for d, table in tables), np.zeros(len(frame))) + intercept

    def probability(self, frame: pd.DataFrame) -> np.ndarray:
        """Probability of bad, one per row."""
        return expit(self.log_odds(frame))


def linked(card: PointsCard, scale: Scale) -> PointsCard:
    """The card with log-odds of bad read from its points: (base score - points) / factor - ln(base odds).

    Where more points are worse, points - base score.
    """
    sense = (1 if card.more_is_worse else -1) / scale.factor
    drivers = [replace(d, log_odds=tuple(sense * p for p in d.points)) for d in card.drivers]
    intercept = sense * (card.base - scale.base_score) - math.log(scale.base_odds)
    return replace(card, drivers=tuple(drivers), intercept=intercept, scale=scale, notes=(*card.notes, FROM_SCALE))


def moved(card: PointsCard, shift: float, why: str) -> PointsCard:
    """The card with all log-odds of bad moved by `shift`, and a note that says why; points stay what they are."""
    if card.intercept is None:
        raise Misuse("card: it tells points only, so there are no log-odds to move")
    return replace(card, intercept=card.intercept + shift, notes=(*card.notes, why))


def codes_of(bins: Cuts | Groups) -> int:
    """Number of codes a value can have: a number is never unseen."""
    return bins.size if isinstance(bins, Groups) else bins.size - 1


def tidy(points: float) -> float:
    """The number, as an int when it is whole."""
    return int(points) if float(points).is_integer() and abs(points) < LARGEST_WHOLE else float(points)


def _of_scorecard(model: Any) -> PointsCard:
    points = model.card_points()
    intercept, *coefficients = map(float, model.logit_.estimates)
    features = {feature.name: feature for feature in model.binner_.features_}
    drivers = [_driver(features[d], b, points.drivers[d].of) for d, b in zip(model.logit_.drivers, coefficients)]
    return PointsCard(tuple(drivers), points.base, intercept, model.scale, "riskmodels")


def _driver(feature: Any, coefficient: float, points: Callable[[np.ndarray], np.ndarray]) -> CardDriver:
    woe = np.asarray(feature.woe, dtype=float)[: codes_of(feature.bins)]
    parts = (points(woe), coefficient * woe, woe)
    return CardDriver(feature.name, feature.bins, *(tuple(each.tolist()) for each in parts))


def _log_odds_tables(card: PointsCard) -> tuple[float, list[tuple[CardDriver, np.ndarray]]]:
    if card.intercept is None:
        raise Misuse("card: it tells points only; state its scale (base score, base odds, PDO) to have probabilities")
    return card.intercept, [(driver, np.array(driver.log_odds)) for driver in card.drivers]


def _by_driver(frame: pd.DataFrame, parts: dict[str, np.ndarray], base: float) -> pd.DataFrame:
    return pd.DataFrame(parts, index=frame.index).assign(**{BASE: base})


def _numbers(values: pd.Series) -> pd.Series:
    if (is_bool_dtype(values) or not is_numeric_dtype(values)) and values.notna().any():
        raise SampleError(f"{values.name}: found text, expected numbers as on the card")
    numbers = values.astype(np.float64)
    if np.isinf(numbers).any():
        raise SampleError(f"{values.name}: found infinite values, expected finite or missing")
    return numbers


def _text(values: pd.Series) -> pd.Series:
    if is_numeric_dtype(values) and not is_bool_dtype(values) and values.notna().any():
        raise SampleError(f"{values.name}: found numbers, expected text as on the card")
    say: Callable[[Any], str] = str
    return values.astype(object).map(say, na_action="ignore").astype("str")
