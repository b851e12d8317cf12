"""What moves all parties of an industry or region alike: cycles, one shock, one structural break."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.book.synthetic.clock import Clock, stream
from riskmodels.book.synthetic.law import Floats, Law
from riskmodels.book.synthetic.network import INDUSTRIES, REGIONS, Codes
from riskmodels.core.errors import Misuse


@dataclass(frozen=True)
class Cycles:
    """Shift of quality by month (of `clock.total`) of each industry, shock included, and of each region.

    The shock strikes the industry `shocked` in the months from `shock_from` up to before `shock_to`; the structural
    break holds from month `breaks` on.
    """

    industry: Floats
    region: Floats
    shocked: int
    shock_from: int
    shock_to: int
    breaks: int

    def level(self, base: Floats, industry: Codes, region: Codes) -> Floats:
        """Quality known in advance, parties x months."""
        return base[:, None] + self.industry[industry] + self.region[region]


def draw_cycles(law: Law, seed: int, clock: Clock) -> Cycles:
    """The cycles of a world; shock and break come at the stated shares of the book's months."""
    rng = stream(seed, "cycles")
    industry = _waves(rng, law.drift.cycle_height, len(INDUSTRIES), clock.total)
    region = _waves(rng, law.drift.region_height, len(REGIONS), clock.total)
    if law.shock.industry not in INDUSTRIES:
        raise Misuse(f"law: shock.industry: found {law.shock.industry!r}, expected one of {', '.join(INDUSTRIES)}")
    shocked = INDUSTRIES.index(law.shock.industry)
    first = round(law.shock.begins * clock.months)
    ends = min(first + law.shock.months, clock.total)
    industry[shocked, first:ends] -= law.shock.drop
    breaks = round(law.structural_break.begins * clock.months)
    return Cycles(industry, region, shocked, first, ends, breaks)


def _waves(rng: np.random.Generator, height: float, n: int, months: int) -> Floats:
    period, phase = rng.uniform(30, 48, (n, 1)), rng.uniform(0, 1, (n, 1))
    return height * np.sin(2 * np.pi * (np.arange(months) / period + phase))
