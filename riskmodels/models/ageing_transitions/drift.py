"""Rates whose level wanders: how likely balances of a group of states are to stand open a month on, by month."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from riskmodels.models.ageing_transitions.levels import Levels, levels
from riskmodels.models.ageing_transitions.states import ORIGINS, STATES

GROUP = np.array([0 if s < 0 or s not in STATES else 1 if s == 0 else 2 if s <= 3 else 3 for s in ORIGINS])
"""Of each origin: 0 not due for a month yet, or new; 1 falling due; 2 to 90 days past due; 3 later."""
GROUPS = 4
LEAST = 0.01
"""Open shares are told apart from 0 and 1 by as much."""
THIN = 0.25
"""A month with less than this share of a group's median balance says nothing of its rates."""


def series(tallies: np.ndarray, pooled: np.ndarray) -> np.ndarray:
    """How the log-odds of standing open differ from those of the pooled rates: (groups, months), the last month first.

    `tallies` (months, *SHAPE), `pooled` (*SHAPE). What stood open of a group's balance, against what pooled rates would
    have left open; nan where there was little.
    """
    base, found = tallies.sum(axis=2), tallies[:, :, : len(STATES)].sum(axis=2)
    foreseen = base * pooled[:, : len(STATES)].sum(axis=1)
    member = np.equal.outer(np.arange(GROUPS), GROUP).astype(float)
    base, found, foreseen = (member @ part.T for part in (base, found, foreseen))
    thin = base <= THIN * np.median(base, axis=1, keepdims=True)
    share = [np.clip(part / np.where(thin, 1.0, base), LEAST, 1 - LEAST) for part in (found, foreseen)]
    return np.where(thin, np.nan, logit(share[0]) - logit(share[1]))


def wandering(tallies: np.ndarray, pooled: np.ndarray, ahead: int) -> list[Levels]:
    """The levels of each group's log-odds in past months, oldest first, and ahead."""
    return [levels(own[::-1], ahead) for own in series(tallies, pooled)]


def shifted(rates: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Rates (..., *SHAPE) with the log-odds of standing open raised by (..., groups)."""
    opened = rates[..., : len(STATES)].sum(axis=-1, keepdims=True)
    inside = (opened > 0) & (opened < 1)
    safe = np.where(inside, opened, 0.5)
    moved = expit(logit(safe) + by[..., GROUP, None])
    factor = np.where(inside, moved / safe, 1.0), np.where(inside, (1 - moved) / (1 - safe), 1.0)
    return np.concatenate([rates[..., : len(STATES)] * factor[0], rates[..., len(STATES) :] * factor[1]], axis=-1)
