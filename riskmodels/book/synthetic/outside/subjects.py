"""The parties as the world outside sees them: who they are to the factor, how they fare, when they begin and stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.chain import NOBODY
from riskmodels.book.synthetic.clock import Days
from riskmodels.book.synthetic.frames import words
from riskmodels.book.synthetic.history import World
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.outside.soft import LISTED, draw_ownership
from riskmodels.book.synthetic.people import Everyone, everyone


@dataclass(frozen=True)
class Subjects:
    """One entry per party, as in `everyone`: its code among clients and debtors (NOBODY), the part of its quality that
    doesn't move, its quality in each month of the clock, its first day of business, the days it stops and defaults
    (failure.FAR or later for never)."""

    ids: Any
    client: Codes
    debtor: Codes
    listed: NDArray[np.bool_]
    base: Floats
    quality: Floats
    joins: Days
    stopped: Days
    default: Days

    @property
    def size(self) -> int:
        """How many parties there are."""
        return len(self.ids)

    @property
    def is_client(self) -> NDArray[np.bool_]:
        """Whether each party sells invoices to the factor."""
        return self.client != NOBODY

    @property
    def is_debtor(self) -> NDArray[np.bool_]:
        """Whether each party owes invoices."""
        return self.debtor != NOBODY

    @property
    def of_client(self) -> Codes:
        """The row of each client's party."""
        return _rows(self.client)

    @property
    def of_debtor(self) -> Codes:
        """The row of each debtor's party."""
        return _rows(self.debtor)

    def names(self, rows: Codes) -> Any:
        """The party_id of each row, as a column of text."""
        return words(self.ids, rows)

    def in_business(self, day: Days) -> NDArray[np.bool_]:
        """Whether each party (rows) has begun and isn't in default on each day (columns)."""
        return (self.joins[:, None] <= day) & (day < self.default[:, None])

    def trouble(self, day: Days, lead: float) -> Floats:
        """How near each party's stop is on each day: 0 until `lead` days before, rising to 1 at the stop and after."""
        return np.clip(1.0 - (self.stopped[:, None] - day) / lead, 0.0, 1.0)


def subjects_of(world: World) -> Subjects:
    """The parties of a world."""
    people = everyone(world)
    begun = np.where(
        people.debtor == NOBODY, np.iinfo(np.int64).max, world.clock.starts[world.debtors.joins][people.debtor]
    )
    signed = np.where(people.client == NOBODY, begun, world.clients.joins[people.client])
    return Subjects(
        people.ids,
        people.client,
        people.debtor,
        draw_ownership(world.seed, people) == LISTED,
        base_quality(world, people),
        people.quality,
        np.minimum(begun, signed),
        people.stopped,
        people.default,
    )


def base_quality(world: World, people: Everyone) -> Floats:
    """The part of each party's quality that doesn't move."""
    return np.where(people.debtor == NOBODY, world.clients.quality[people.client], world.debtors.base[people.debtor])


def _rows(codes: Codes) -> Codes:
    rows = np.flatnonzero(codes != NOBODY)
    return rows[np.argsort(codes[rows])]
