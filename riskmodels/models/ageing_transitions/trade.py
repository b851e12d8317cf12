"""New business of the months to come: as it is given, or going on at the level it has come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskmodels.core.errors import Misuse
from riskmodels.models.ageing_transitions.levels import Levels, levels


@dataclass(frozen=True)
class Trade:
    """What will be issued: `expected` (months,); unless that is given, what was `issued` (last first) and its `walk`.

    The walk is of the logarithm of what was issued. It goes on from where it has come to; growth is not extrapolated.
    """

    expected: np.ndarray
    issued: np.ndarray
    walk: Levels | None

    def drawn(self, rng: np.random.Generator, path: np.ndarray) -> np.ndarray:
        """New business drawn: that of each month of `path` (b, months), from its level then to that to come."""
        if self.walk is None:
            return np.broadcast_to(self.expected, path.shape)
        past, ahead = self.walk.parted(self.walk.drawn(rng, len(path)), path.shape[1])
        return self.issued[path] * np.exp(ahead - np.take_along_axis(past, path, axis=1))


def trade(new: float | Sequence[float] | None, issued: np.ndarray, months: int) -> Trade:
    """The new business of so many months: `new`, one value or one for each, or by what was `issued`, last first."""
    if new is not None:
        return Trade(_given(new, months), issued, None)
    walk = levels(np.log(np.where(issued > 0, issued, np.nan))[::-1], months)
    past, ahead = walk.parted(walk.expected()[None], months)
    return Trade(np.exp(ahead[0]) * np.mean(issued / np.exp(past[0])), issued, walk)


def _given(new: float | Sequence[float], months: int) -> np.ndarray:
    given = np.asarray(new, float)
    if given.shape not in ((), (months,)) or not (given >= 0).all():
        raise Misuse(f"new: found {new}, expected an amount of zero or more, one or {months} of them")
    return np.array(np.broadcast_to(given, months), float)
