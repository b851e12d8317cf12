"""The facilities table: the terms of each contract, version by version."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import stream
from riskmodels.book.synthetic.frames import days, ids, money, table, words
from riskmodels.book.synthetic.history import World
from riskmodels.book.synthetic.limits import limits_of

REPURCHASE_DAYS = 90
NOTICE = 5  # days after a client's failure, at most, until its contracts are closed


def facilities_table(world: World) -> pd.DataFrame:
    """The facilities; one in four is repriced once, those of a client that fails are closed."""
    first = _agreed(world)
    repriced = _repriced(world, first)
    closed = _closed(world, pd.concat([first, repriced]).groupby("facility_id", as_index=False).last())
    versions = pd.concat([first, repriced, closed], ignore_index=True)
    return versions.sort_values(["facility_id", "valid_from"], ignore_index=True)


def _agreed(world: World) -> pd.DataFrame:
    """The first version of each facility."""
    contracts, n = world.facilities, world.facilities.client.size
    limits = limits_of(contracts, world.plan, world.clock)
    own = contracts.debtor >= 0
    return table(
        "facilities",
        {
            "facility_id": ids("F", n),
            "valid_from": days(contracts.opened),
            "client_id": words(world.client_ids, contracts.client),
            "debtor_id": words(world.debtor_ids, contracts.debtor),
            "product": words(("whole turnover", "reverse factoring"), own.astype(np.int64)),
            "recourse": contracts.recourse,
            "disclosed": contracts.disclosed,
            "reverse": own,
            "currency": words(contracts.currencies, contracts.currency),
            "limit": money(limits.facility),
            "debtor_limit": np.where(limits.debtor < 0, np.nan, money(limits.debtor)),
            "advance_rate": contracts.advance_rate,
            "annual_rate": contracts.annual_rate,
            "fee_rate": contracts.fee_rate,
            "margin_rate": contracts.margin_rate,
            "insured_share": contracts.insured_share,
            "repurchase_days": pd.array(np.where(contracts.recourse, REPURCHASE_DAYS, np.nan), dtype="Int32"),
            "opened_on": days(contracts.opened),
            "known_on": days(contracts.opened),
        },
    )


def _repriced(world: World, first: pd.DataFrame) -> pd.DataFrame:
    """One facility in four, cheaper from some day on, before its client fails."""
    rng, clock = stream(world.seed, "repricing"), world.clock
    n = len(first)
    agreed = clock.calendar.next(rng.integers(clock.starts[0] + 30, clock.last - 25, n))
    known = clock.calendar.next(agreed + rng.integers(0, 6, n))
    rows = (rng.random(n) < 0.25) & (agreed < world.client_failure.stopped[world.facilities.client])
    later = first.assign(valid_from=days(agreed), known_on=days(known))[rows]
    return later.assign(annual_rate=(later["annual_rate"] - 0.005).round(4))


def _closed(world: World, newest: pd.DataFrame) -> pd.DataFrame:
    """The facilities of clients that failed, their limits 0, as known by the last day."""
    rng, clock = stream(world.seed, "closing"), world.clock
    stopped = np.minimum(world.client_failure.stopped[world.facilities.client], clock.starts[-1])
    closes = clock.calendar.next(stopped + rng.integers(0, NOTICE + 1, stopped.size))
    last = newest.assign(valid_from=days(closes), closes_on=days(closes), known_on=days(closes), limit=0.0)
    last["debtor_limit"] = last["debtor_limit"].where(last["debtor_limit"].isna(), 0.0)
    return last[closes <= clock.last]
