"""Facilities: one for the whole turnover of each client, and for some a reverse one around its largest debtor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import Days, stream
from riskmodels.book.synthetic.law import Floats, Law
from riskmodels.book.synthetic.network import CURRENCIES, Clients, Codes, Relations


@dataclass(frozen=True)
class Facilities:
    """One entry per facility: its client, its debtor (-1 for whole turnover), its terms.

    `limit_months` is the limit in months of business, `debtor_share` that of one debtor in it (NaN: no limit of its
    own); `margin_rate` and `insured_share` are NaN where there is none. `currency` is a code of `currencies`.
    `of_relation` has one entry per relation: the facility it is financed under.
    """

    client: Codes
    debtor: Codes
    opened: Days
    recourse: NDArray[np.bool_]
    disclosed: NDArray[np.bool_]
    advance_rate: Floats
    annual_rate: Floats
    fee_rate: Floats
    margin_rate: Floats
    insured_share: Floats
    limit_months: Floats
    debtor_share: Floats
    currency: Codes
    of_relation: Codes
    currencies: tuple[str, ...] = CURRENCIES


def draw_facilities(law: Law, seed: int, clients: Clients, relations: Relations) -> Facilities:
    """Facilities; better clients have a higher advance rate and a lower price, reverse ones are without recourse.

    A client fares in one currency. With recourse one in two pays in a cash margin; without, some are insured.
    """
    rng, words = stream(seed, "facilities"), law.facilities
    client, debtor, of_relation = _parties(rng.random(clients.quality.size) < words.reverse_share, relations)
    reverse = debtor >= 0
    recourse = ~reverse & (rng.random(client.size) < words.recourse_share)
    price = 0.095 - 0.008 * clients.quality[client] - 0.02 * reverse + 0.006 * rng.normal(size=client.size)

    def some(share: float, of: NDArray[np.bool_], low: float, high: float, digits: int) -> Floats:
        """A term between low and high for a share of some facilities, NaN for the others."""
        drawn = np.round(rng.uniform(low, high, client.size), digits)
        return np.where(of & (rng.random(client.size) < share), drawn, np.nan)

    return Facilities(
        client,
        debtor,
        clients.joins[client],
        recourse,
        reverse | (rng.random(client.size) < words.disclosed_share),
        np.round(np.clip(0.8 + 0.03 * clients.quality[client] + 0.05 * reverse, 0.6, 0.9), 2),
        np.round(price.clip(0.045, 0.15), 4),
        np.round(rng.uniform(0.001, 0.005, client.size), 4),
        margin_rate=some(0.5, recourse, 0.05, 0.1, 3),
        insured_share=some(words.insured_share, ~recourse, 0.8, 0.95, 2),
        limit_months=rng.uniform(words.limit_from, words.limit_to, client.size),
        debtor_share=some(0.5, ~reverse, 0.4, 0.8, 2),
        currency=clients.exports[client].astype(np.int64),
        of_relation=of_relation,
    )


def _parties(has_reverse: NDArray[np.bool_], relations: Relations) -> tuple[Codes, Codes, Codes]:
    """Client and debtor of each facility, those of whole turnover first, and the facility of each relation."""
    n, first = has_reverse.size, _first_relation(relations, has_reverse.size)
    chosen = np.flatnonzero(has_reverse & (first >= 0))
    of_relation = relations.client.copy()
    of_relation[first[chosen]] = n + np.arange(chosen.size)
    debtor = np.concatenate([np.full(n, -1), relations.debtor[first[chosen]]])
    return np.concatenate([np.arange(n), chosen]), debtor, of_relation


def _first_relation(relations: Relations, clients: int) -> Codes:
    """For each client the row of its relation with its largest debtor, -1 for a client that sells to nobody."""
    first = np.full(clients, -1)
    # relations are sorted by debtor, debtors from the largest on: assigned backwards, the largest debtor stays
    first[relations.client[::-1]] = np.arange(relations.client.size)[::-1]
    return first
