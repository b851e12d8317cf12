"""What becomes of each 30-day bucket: how much rolls on within a month, is settled, and is settled before it is lost.

The share that rolls is the roll rate of `bad_definition.roll_rates`, of the very same invoices, but for what is written
off: there it stays in the ledger as the loss that is looked for, here it leaves.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.models.ageing_transitions.draws import shares, summed
from riskmodels.models.ageing_transitions.flows import PARTS, Flows
from riskmodels.models.ageing_transitions.states import LAST
from riskmodels.models.bad_definition.roll_rates import bucket_name
from riskmodels.models.transitions.estimated import BOOTSTRAP, Interval
from riskmodels.models.transitions.intervals import once


def bucket_cures(
    flows: Flows, measure: str = "amount", confidence: float = 0.95, replicates: int = 500, seed: int = 0
) -> pd.DataFrame:
    """One row per bucket: falling due, 1-30, ..., 331-360, over 360.

    Columns: bucket, name, base (summed over months), then shares of it a month on: rolled (open, a bucket further),
    cured (paid or credited), written_off; and cured_in_time, the share settled before it is more than 360 days past due
    or written off if the shares stay as they are: cured + rolled x that of the next bucket. Both kinds of cure have an
    interval (_low, _high) by drawing whole debtors. 1 - cured_in_time of what falls due is the net flow to loss. NaN
    where the bucket, or one on the way, was never reached.
    """
    asked, debtors = Interval(BOOTSTRAP, confidence, replicates, seed), flows.debtors()[1]
    asked.check((BOOTSTRAP,))
    sums = summed(flows, _group(flows), (LAST + 1, len(PARTS)), measure)
    found = once(sums, debtors)
    table = pd.DataFrame({"bucket": range(LAST + 1), "name": [bucket_name(k) for k in range(LAST + 1)]})
    table["base"] = found.sum(axis=1)
    table["rolled"], _paid, _credited, table["written_off"] = shares(found).T
    value, spread = _cures(found[None])[0], asked.drawn(lambda weights: _cures(sums(weights)), debtors)
    for place, name in enumerate(("cured", "cured_in_time")):
        table[name], table[f"{name}_low"], table[f"{name}_high"] = value[place], spread[0][place], spread[1][place]
    return table


def _group(flows: Flows) -> np.ndarray:
    """Bucket and part: what stood in 1-30 at the end fell due in the month, whether it was issued in it or before."""
    origin, state = flows.cells["origin"].to_numpy(), flows.cells["state"].to_numpy()
    bucket = np.where(origin == LAST, LAST, state - 1)
    part = np.arange(len(PARTS))[:, None]
    return np.where(bucket < 0, -1, bucket * len(PARTS) + part)


def _cures(sums: np.ndarray) -> np.ndarray:
    """Cured within a month, and in time, of sums (b, buckets, parts): (b, 2, buckets)."""
    rolled, paid, credited, _lost = np.moveaxis(shares(sums), 2, 0)
    cured = paid + credited
    in_time = np.full(cured.shape, np.nan)
    later = np.zeros(len(cured))
    for k in range(LAST - 1, -1, -1):
        in_time[:, k] = cured[:, k] + np.where(rolled[:, k] == 0, 0.0, rolled[:, k] * later)
        later = in_time[:, k]
    return np.stack([cured, in_time], axis=1)
