"""Facilities: one for the whole turnover of each client, and for some a reverse one around its largest debtor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.frames import days, ids, money, table, words
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import Clients, Codes, Relations
from riskmodels.book.synthetic.plan import Plan

REVERSE_SHARE = 0.3


@dataclass(frozen=True)
class Facilities:
    """One entry per facility: its client, its debtor (-1 for whole turnover), its terms.

    `of_relation` has one entry per relation: the facility it is financed under.
    """

    client: Codes
    debtor: Codes
    opened: Days
    recourse: NDArray[np.bool_]
    disclosed: NDArray[np.bool_]
    advance_rate: Floats
    annual_rate: Floats
    of_relation: Codes


def draw_facilities(seed: int, clients: Clients, relations: Relations) -> Facilities:
    """Facilities; better clients have a higher advance rate and a lower price, reverse ones are without recourse."""
    rng = stream(seed, "facilities")
    n = clients.quality.size
    chosen = np.flatnonzero(rng.random(n) < REVERSE_SHARE)
    first = _first_relation(relations, n)
    chosen = chosen[first[chosen] >= 0]
    client = np.concatenate([np.arange(n), chosen])
    reverse = np.arange(client.size) >= n
    of_relation = relations.client.copy()
    of_relation[first[chosen]] = n + np.arange(chosen.size)
    price = 0.095 - 0.008 * clients.quality[client] - 0.02 * reverse + 0.006 * rng.normal(size=client.size)
    return Facilities(
        client,
        np.concatenate([np.full(n, -1), relations.debtor[first[chosen]]]),
        clients.joins[client],
        ~reverse & (rng.random(client.size) < 0.8),
        reverse | (rng.random(client.size) < 0.7),
        np.round(np.clip(0.8 + 0.03 * clients.quality[client] + 0.05 * reverse, 0.6, 0.9), 2),
        np.round(np.clip(price, 0.045, 0.15), 4),
        of_relation,
    )


def facilities_table(
    seed: int, facilities: Facilities, clients: int, debtors: int, plan: Plan, clock: Clock
) -> pd.DataFrame:
    """The facilities; one in four is repriced once. Limits are four to seven months of business."""
    rng = stream(seed, "limits")
    n = facilities.client.size
    volume = np.bincount(facilities.of_relation[plan.relation], plan.amount, minlength=n) / clock.months
    limit = np.ceil(volume * rng.uniform(4, 7, n) / 100_000_00).astype(np.int64) * 100_000_00
    own = facilities.debtor >= 0
    first = table(
        "facilities",
        {
            "facility_id": ids("F", n),
            "valid_from": days(facilities.opened),
            "client_id": words(ids("C", clients), facilities.client),
            "debtor_id": words(ids("D", debtors), facilities.debtor),
            "product": np.where(own, "reverse factoring", "whole turnover"),
            "recourse": facilities.recourse,
            "disclosed": facilities.disclosed,
            "reverse": own,
            "currency": ["CNY"] * n,
            "limit": money(limit),
            "advance_rate": facilities.advance_rate,
            "annual_rate": facilities.annual_rate,
            "fee_rate": np.round(rng.uniform(0.001, 0.005, n), 4),
            "opened_on": days(facilities.opened),
            "known_on": days(facilities.opened),
        },
    )
    return _with_repricing(rng, first, clock)


def _first_relation(relations: Relations, clients: int) -> Codes:
    """For each client the row of its relation with its largest debtor, -1 for a client that sells to nobody."""
    first = np.full(clients, -1)
    # relations are sorted by debtor, debtors from the largest on: assigned backwards, the largest debtor stays
    first[relations.client[::-1]] = np.arange(relations.client.size)[::-1]
    return first


def _with_repricing(rng: np.random.Generator, first: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    later = first[rng.random(len(first)) < 0.25].reset_index(drop=True)
    agreed = rng.integers(clock.starts[0] + 30, clock.last - 5, len(later))
    later["valid_from"], later["known_on"] = days(agreed), days(agreed + rng.integers(0, 6, len(later)))
    later["annual_rate"] = (later["annual_rate"] - 0.005).round(4)
    return pd.concat([first, later], ignore_index=True).sort_values(["facility_id", "valid_from"], ignore_index=True)
