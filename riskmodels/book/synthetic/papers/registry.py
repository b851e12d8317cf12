"""Hits in the public register: earlier lenders of clients, and registrations that seem to cover an invoice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import Days, by_day, stream
from riskmodels.book.synthetic.frames import days, ids, table, words
from riskmodels.book.synthetic.history import History
from riskmodels.book.synthetic.network import Codes

REGISTRANTS = ("bank", "finance lease company", "factor", "small loan company", "guarantee company")
YEARS = (1, 2, 3, 5)
NONE = -1


def registry_table(history: History) -> pd.DataFrame:
    """Registrations by others, of clients and of invoices, that a search had found by the book's last day."""
    world = history.world
    rng = stream(world.seed, "register")
    client, on_client = _earlier_lenders(history, rng)
    parts = [(np.full(client.size, NONE), client, on_client), _mistaken(history, rng), _pledged(history, rng)]
    columns = [np.concatenate(column) for column in zip(*parts)]
    order = by_day(rng, columns[-1])
    return _table(history, rng, *(column[order] for column in columns))


def _earlier_lenders(history: History, rng: np.random.Generator) -> tuple[Codes, Days]:
    """Clients whose earlier lender registered all their receivables, and the day: before they came to this factor."""
    world = history.world
    n = world.clients.joins.size
    chosen = np.flatnonzero(rng.random(n) < world.law.register.earlier_lenders)
    return chosen, world.clients.joins[chosen] - rng.integers(100, 900, chosen.size)


def _mistaken(history: History, rng: np.random.Generator) -> tuple[Codes, Codes, Days]:
    """Invoices that a registration in vague words wrongly seems to cover, their clients, and its day: after ours."""
    world = history.world
    chosen = np.flatnonzero(rng.random(world.plan.issued.size) < world.law.register.mistaken)
    day = history.assignment.assigned[chosen] + rng.integers(5, 40, chosen.size)
    return chosen, world.plan.client[chosen], day


def _pledged(history: History, rng: np.random.Generator) -> tuple[Codes, Codes, Days]:
    """Invoices pledged elsewhere, their clients, and the day they were registered there: before they came here."""
    plan = history.world.plan
    chosen = np.flatnonzero(history.world.frauds.is_kind("pledged elsewhere"))
    return chosen, plan.client[chosen], plan.issued[chosen] - rng.integers(0, 3, chosen.size)


def _table(history: History, rng: np.random.Generator, invoice: Codes, client: Codes, registered: Days) -> pd.DataFrame:
    world, n = history.world, invoice.size
    joined = world.clients.joins[client]
    booked = np.where(invoice == NONE, joined, world.plan.known[invoice])
    found = np.maximum(registered, booked) + rng.integers(0, world.law.register.search_days, n)
    lapses = registered + 365 * rng.choice(YEARS, n)
    who, number = rng.integers(0, len(REGISTRANTS), n), rng.integers(1, 30, n)
    cells = {
        "hit_id": ids("H", n),
        "scope": np.where(invoice == NONE, "client", "invoice"),
        "invoice_id": words(ids("I", world.plan.issued.size), invoice),
        "client_id": words(world.client_ids, client),
        "registrant": [f"{REGISTRANTS[w]} {k:02d}" for w, k in zip(who, number)],
        "registered_on": days(registered),
        "expires_on": days(lapses),
        "known_on": days(found),
    }
    return table("registry_hits", cells, found <= world.clock.last)
