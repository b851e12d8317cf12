"""How likely a party is still paying some months ahead, by the generator's own law: no simulation, sums over states.

The party's state moves by its chain (quality.step), and so does that of its core enterprise, independently. As long as
the core enterprise stands the party's monthly chance to stop is the calm one; from the month after it has stopped, the
raised one. Before that month a party has one past in which its core enterprise stands, weighted by the probability of
that, and the pasts in which it stopped in one month or another. All of the latter have the same chances from then on,
so that their weights can be added up: three laws of the state (see Branch) tell everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.chain import NOBODY
from riskmodels.book.synthetic.clock import Clock
from riskmodels.book.synthetic.failure import Failure
from riskmodels.book.synthetic.law import YEAR, Floats
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.quality import Quality

BLOCK = 64  # parties at a time, so that their arrays stay in the processor's cache


@dataclass(frozen=True)
class Branch:
    """For each party and month m (parties x months x states): `mass`, the probability not to have stopped in the months
    between m and m + ahead and to be in each state then; `stays`, that not to stop in month m + ahead itself."""

    mass: Floats
    stays: Floats

    @property
    def through(self) -> Floats:
        """Probability to get past month m + ahead, parties x months."""
        return np.einsum("pms,pms->pm", self.mass, self.stays)


@dataclass(frozen=True)
class Ahead:
    """What is likely `ahead` months after each month m of the book, whose state is known.

    `standing`: given that the core enterprise stands at the end of month m, the branches in which it stands through
    the months between, and in which it doesn't; `fallen`: given that it has stopped by then. Parties without a core
    enterprise have one standing branch and no fallen one.
    """

    ahead: int
    standing: tuple[Branch, ...]
    fallen: Branch | None


@dataclass(frozen=True)
class Anchors:
    """Of each core enterprise: `survival` (cores x months x ahead), P(not stopped through month m + ahead | it stands
    at the end of month m); `now` (cores x months), the probability that it stops in month m, its state known."""

    survival: Floats
    now: Floats


def anchors(failure: Failure, quality: Quality, cores: int, clock: Clock) -> Anchors:
    """The prospects of the core enterprises, the first debtors."""
    rows = np.arange(cores)
    survival = np.ones((cores, clock.months, YEAR + 1))
    for step in look_ahead(failure, quality, rows, None, clock, YEAR):
        survival[:, :, step.ahead] = step.standing[0].through
    now = failure.stays(quality, rows, False)[:, : clock.months]
    state = quality.state[rows, : clock.months, None]
    return Anchors(survival, 1.0 - np.take_along_axis(now, state, axis=2)[:, :, 0])


def blocks(failure: Failure) -> Iterator[Codes]:
    """The parties in blocks, each with a core enterprise throughout or without throughout."""
    for rows in (np.flatnonzero(failure.anchor == NOBODY), np.flatnonzero(failure.anchor != NOBODY)):
        yield from (rows[k : k + BLOCK] for k in range(0, rows.size, BLOCK))


def look_ahead(
    failure: Failure, quality: Quality, rows: Codes, cores: Anchors | None, clock: Clock, months: int
) -> Iterator[Ahead]:
    """One to `months` months ahead for the parties of a block; without `cores` as if they had no core enterprise."""
    calm = failure.stays(quality, rows, False)
    start = quality.step[quality.state[rows, : clock.months]]
    if cores is None or failure.anchor[rows[0]] == NOBODY:
        mass = start
        for ahead in range(1, months + 1):
            now = Branch(mass, calm[:, ahead : ahead + clock.months])
            yield Ahead(ahead, (now,), None)
            mass = _move(quality, mass * now.stays)
        return
    hit = failure.stays(quality, rows, True)
    gone = anchor_gone(failure, rows, clock)
    survival = cores.survival[failure.anchor[rows]]
    alone, after, fallen = start, np.zeros_like(start), start
    for ahead in range(1, months + 1):
        month = slice(ahead, ahead + clock.months)
        before = survival[:, :, ahead - 1, None]
        raised = failure.hit[rows, month] | ~gone
        stands = Branch(alone * before, calm[:, month])
        struck = Branch(after, hit[:, month])
        down = Branch(fallen, np.where(raised[:, :, None], hit[:, month], calm[:, month]))
        yield Ahead(ahead, (stands, struck), down)
        healthy = alone * calm[:, month]
        falls_now = before - survival[:, :, ahead, None]
        after = _move(quality, after * struck.stays + healthy * falls_now)
        alone, fallen = _move(quality, healthy), _move(quality, fallen * down.stays)


def anchor_gone(failure: Failure, rows: Codes, clock: Clock) -> NDArray[np.bool_]:
    """Whether the core enterprise of each party has stopped by each month's end."""
    return failure.anchor_stopped[rows, None] <= clock.ends[: clock.months]


def _move(quality: Quality, mass: Floats) -> Floats:
    return (mass.reshape(-1, quality.grid.size) @ quality.step).reshape(mass.shape)
