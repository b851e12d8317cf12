"""The transition matrix of a month: where the balance of each bucket stands 30 days on."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from riskmodels.core.buckets import EDGES
from riskmodels.models.ageing_transitions.draws import shares, summed
from riskmodels.models.ageing_transitions.flows import Flows
from riskmodels.models.ageing_transitions.states import EXITS, NEW, STATES, bucket_of, exit_names, state_names
from riskmodels.models.bad_definition.roll_rates import MONTH
from riskmodels.models.transitions.estimated import BOOTSTRAP, Interval
from riskmodels.models.transitions.histories import YEAR
from riskmodels.models.transitions.intervals import framed, once, with_empty
from riskmodels.models.transitions.matrix import TransitionMatrix

BUCKETS = len(EDGES) + 1
SIZE = BUCKETS + len(EXITS)


def ageing_matrix(
    flows: Flows, measure: str = "amount", confidence: float = 0.95, replicates: int = 500, seed: int = 0
) -> TransitionMatrix:
    """The matrix over a month from bucket to bucket or exit, pooled over months: p_ij = N_ij / N_i.

    N_i is the balance (or number) in bucket i at the beginning of each month, N_ij what of it stood in j at its end. An
    open invoice only ages: a cure is an exit, and what can't be reached within 30 days is 0 for sure. Intervals by
    drawing whole debtors; where p is 0 or 1 Jeffreys' on the number of debtors. `counts` are flows summed over months.
    """
    asked, debtors = Interval(BOOTSTRAP, confidence, replicates, seed), flows.debtors()[1]
    asked.check((BOOTSTRAP,))
    sums = summed(flows, _group(flows), (BUCKETS, SIZE), measure)
    counts = np.vstack([once(sums, debtors), np.zeros((len(EXITS), SIZE))])
    p = _with_exits(shares(counts[None, :BUCKETS]))[0]
    spread = asked.drawn(lambda weights: _with_exits(shares(sums(weights))), debtors)
    bounds = framed(p, with_empty(p, spread, _debtors_at_risk(flows)[:, None], confidence), _held())
    low, high = (np.where(_possible() | np.isnan(p), side, p) for side in bounds)
    known = {"withdrawn": np.zeros(SIZE), "obligors": debtors, "interval": BOOTSTRAP, "confidence": confidence}
    window = {"first": flows.until - timedelta(days=MONTH * flows.months), "last": flows.until}
    told = {"counts": counts, "at_risk": counts.sum(axis=1), **known, **window}
    return TransitionMatrix("ageing", tuple(state_names()), tuple(exit_names()), MONTH / YEAR, p, low, high, **told)


def _group(flows: Flows) -> np.ndarray:
    """Origin bucket and bucket or exit of each part of each cell; what was issued in the month has no origin."""
    origin, to = flows.cells["origin"].to_numpy(), flows.destinations()
    ends = np.concatenate([bucket_of(np.array(STATES)), BUCKETS + np.arange(len(EXITS))])
    return np.where(origin == NEW, -1, bucket_of(origin) * SIZE + ends[to])


def _with_exits(p: np.ndarray) -> np.ndarray:
    """The rows of buckets (b, BUCKETS, SIZE) with those of the exits, that nobody leaves, below them."""
    exits = np.eye(SIZE)[BUCKETS:]
    return np.concatenate([p, np.broadcast_to(exits, (len(p), *exits.shape))], axis=1)


def _held() -> np.ndarray:
    return np.arange(SIZE) >= BUCKETS


def _possible() -> np.ndarray:
    """Which states can be reached from which within a month: (SIZE, SIZE)."""
    table = np.eye(SIZE, dtype=bool)
    table[:BUCKETS] = np.arange(SIZE) >= BUCKETS
    states = np.array(STATES)
    table[bucket_of(states), bucket_of(np.minimum(states + 1, STATES[-1]))] = True
    # Before the due date there is always a month longer to go.
    table[0, 0] = True
    return table


def _debtors_at_risk(flows: Flows) -> np.ndarray:
    """How many debtors ever began a month with something in each bucket; 0 for exits."""
    old = flows.cells[(flows.cells["origin"] != NEW) & (flows.cells["base_number"] > 0)]
    pairs = old.assign(bucket=bucket_of(old["origin"].to_numpy()))[["debtor_id", "bucket"]].drop_duplicates()
    return np.bincount(pairs["bucket"], minlength=SIZE).astype(float)
