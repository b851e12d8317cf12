"""A card as Python source that needs nothing but the standard library: score(row) -> points, log-odds, probability.

Names and values from data stand in the source only as ASCII literals, so that nothing in them can become code. Sums run
in the order of `PointsCard`; the probability is 1 / (1 + exp(-log-odds)), the form scipy's `expit` takes.
"""

from __future__ import annotations

import re
from typing import Any

from riskmodels.models.binning.bins import Cuts
from riskmodels.models.cards.card import CardDriver, PointsCard

SCORER = '''\
"""A scorecard: score(row) gives points, log-odds of bad and probability of bad. Standard library only."""

from bisect import bisect_right
from math import exp

# name, inner edges of its bins (None for categories), bin of each listed value, points, log-odds and label by bin
DRIVERS = (
@DRIVERS@)
BASE = @BASE@
INTERCEPT = @INTERCEPT@
NOTES = @NOTES@
LARGEST = 709.782712893384  # exp of anything above it overflows


def score(row, reasons=0):
    """Points, log-odds and probability of bad of a row, a mapping of column to value; None or nan is missing.

    With `reasons` also at most so many drivers that lost points against their best bin, the costliest first. Log-odds
    and probability are None where the card tells points only. A value of the wrong kind raises ValueError.
    """
    points, log_odds, lost = BASE, 0.0, []
    for name, edges, listed, worth, odds, labels in DRIVERS:
        if name not in row:
            raise ValueError(f"{name}: not in the row, expected a value, or None where it is missing")
        code = _bin(name, row[name], edges, listed, len(worth))
        points += worth[code]
        if odds is not None:
            log_odds += odds[code]
        if reasons:
            lost.append((abs(@BEST@(worth) - worth[code]), name, labels[code]))
    result = {"points": points, "log_odds": None, "probability": None}
    if INTERCEPT is not None:
        log_odds += INTERCEPT
        result["log_odds"] = log_odds
        result["probability"] = 1.0 / (1.0 + exp(-log_odds)) if -log_odds <= LARGEST else 0.0
    if reasons:
        worst = sorted(lost, key=lambda each: -each[0])[:reasons]
        result["reasons"] = [{"driver": n, "bin": b, "points_lost": p} for p, n, b in worst if p > 0]
    return result


def _bin(name, value, edges, listed, size):
    if value is None or value != value:
        return size - 1 if edges is not None else size - 2
    if edges is None:
        if not isinstance(value, (str, bool)):
            raise ValueError(f"{name}: found {value!r}, expected text")
        return listed.get(str(value), size - 1)
    if isinstance(value, (str, bytes, bool)):
        raise ValueError(f"{name}: found {value!r}, expected a number")
    number = float(value)
    if number - number != 0.0:
        raise ValueError(f"{name}: found {value!r}, expected a finite number")
    return listed[number] if number in listed else bisect_right(edges, number)
'''


def python_source(model: Any) -> str:
    """Source of a module whose `score(row, reasons=0)` is the scorecard."""
    card = PointsCard.of(model)
    drivers = "".join(f"    {_driver(driver)},\n" for driver in card.drivers)
    facts = {
        "DRIVERS": drivers,
        "BASE": repr(card.base),
        "INTERCEPT": repr(card.intercept if card.intercept is None else float(card.intercept)),
        "NOTES": ascii(tuple(map(str, card.notes))),
        "BEST": "min" if card.more_is_worse else "max",
    }
    return re.sub("@([A-Z]+)@", lambda found: facts[found[1]], SCORER)  # once: a note may hold such words itself


def _driver(driver: CardDriver) -> str:
    bins = driver.bins
    groups = () if isinstance(bins, Cuts) else enumerate(bins.members)
    listed = ((len(bins) + i, values) for i, values in enumerate(bins.specials))
    places = {_plain(value): code for code, values in (*groups, *listed) for value in values}
    edges = tuple(map(_plain, bins.edges)) if isinstance(bins, Cuts) else None
    log_odds = None if driver.log_odds is None else tuple(map(_plain, driver.log_odds))
    return ascii((str(driver.name), edges, places, driver.points, log_odds, tuple(map(str, driver.labels))))


def _plain(value: Any) -> str | float:
    """The value as Python's own type, whose repr is a literal: numpy's would be a call."""
    return str(value) if isinstance(value, str) else float(value)
