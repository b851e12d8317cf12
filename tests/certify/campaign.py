"""A campaign: one record per seed, and what the records together say of a claim."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """A number the records gave, what was claimed of it, and whether that holds; None: told, not claimed."""

    what: str
    value: str
    claim: str = ""
    holds: bool | None = None


@dataclass(frozen=True)
class Campaign:
    """`run` gives plain values for a seed, `summary` the figures of all; `seeds` in full, `quick` for a look."""

    name: str
    title: str
    run: Callable[[int], Record]
    summary: Callable[[list[Record]], list[Figure]]
    seeds: int
    quick: int


def none(what: str, found: int, of: int) -> Figure:
    """A count that must be zero."""
    return Figure(what, f"{found:,} of {of:,}", "none", found == 0)


def every(what: str, found: int, of: int) -> Figure:
    """A count that must be all of them."""
    return Figure(what, f"{found:,} of {of:,}", "all", found == of)


def share(what: str, hits: float, n: int, nominal: float, slack: float) -> Figure:
    """A share that must be within `slack` and three standard errors of its nominal value."""
    room = slack + 3 * math.sqrt(nominal * (1 - nominal) / n)
    claim = f"{nominal:.1%} ± {room:.1%}"
    return Figure(what, f"{hits / n:.2%} of {n:,}", claim, abs(hits / n - nominal) <= room)
