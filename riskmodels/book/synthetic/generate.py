"""A synthetic book and the truth behind it, from a seed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from riskmodels.book.synthetic import ledger
from riskmodels.book.synthetic.clock import clock
from riskmodels.book.synthetic.facilities import facilities_table
from riskmodels.book.synthetic.frames import ids
from riskmodels.book.synthetic.history import History, draw_history, draw_world
from riskmodels.book.synthetic.law import VERSION, coefficients, demo_law
from riskmodels.book.synthetic.odds import invoice_odds
from riskmodels.book.synthetic.parties import parties_table
from riskmodels.book.synthetic.truth import debtor_months, defaults, invoice_truth, parameters
from riskmodels.core.errors import Misuse


@dataclass(frozen=True)
class Synthetic:
    """A generated book. `tables`: the book's, by the schema. `truth`: not for models. `meta`: how it was made."""

    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]
    meta: dict[str, str]


def synthesise(
    invoices: int = 60_000,
    seed: int = 20,
    last: date = date(2026, 6, 30),
    months: int = 48,
    clients: int | None = None,
    debtors: int | None = None,
) -> Synthetic:
    """A book of that many invoices over `months` months up to `last`; the same arguments give the same content.

    Unless said otherwise one debtor for each 100 invoices and one client for each 400, relatively more in small books.
    Nothing in `tables` was known later than `last`; `truth` also holds what comes after. A book of few debtors may hold
    fewer invoices than asked when a large one's business ends with its default.
    """
    sellers = clients or max(invoices // 400, min(20, invoices // 20))
    buyers = debtors or max(invoices // 100, min(60, invoices // 10))
    _check(invoices, months, buyers)
    history = draw_history(draw_world(demo_law(), seed, clock(last, months), invoices, sellers, buyers))
    tables = _tables(history)
    return Synthetic(tables, _truth(history), _meta(seed, len(tables["invoices"]), last, months))


def _check(invoices: int, months: int, debtors: int) -> None:
    if invoices < 100 or months < 6 or debtors * 3 > invoices:
        raise Misuse(
            f"synthetic book: found {invoices} invoices, {months} months, {debtors} debtors; "
            "expected at least 100 invoices, 6 months and 3 invoices for each debtor"
        )


def _tables(history: History) -> dict[str, pd.DataFrame]:
    world, last = history.world, history.world.clock.last
    seed, plan, time = world.seed, world.plan, world.clock
    n_clients, n_debtors = world.clients.quality.size, world.debtors.volume.size
    number = {"clients": n_clients, "debtors": n_debtors, "facilities": world.facilities.client.size}
    invoice_ids = ids("I", plan.amount.size)
    rate = world.facilities.advance_rate[world.facility]
    return {
        "parties": parties_table(seed, world.clients, world.debtors, world.relations, time),
        "facilities": facilities_table(seed, world.facilities, n_clients, n_debtors, plan, time),
        "invoices": ledger.invoices_table(plan, history.assignment, world.facility, number, last),
        "payments": ledger.payments_table(history.cash, history.outcome, invoice_ids, last),
        "credit_notes": ledger.notes_table(seed, history.notes, invoice_ids, last),
        "disputes": ledger.disputes_table(seed, history.disputes, invoice_ids, last),
        "advances": ledger.advances_table(seed, plan, history.assignment, rate, invoice_ids, last),
    }


def _truth(history: History) -> dict[str, pd.DataFrame]:
    world = history.world
    law, failure, quality, time = world.law, world.failure, world.quality, world.clock
    odds = invoice_odds(law, world.plan, history.pace, failure, quality, time)
    return {
        "debtor_months": debtor_months(failure, quality, world.debtors, time),
        "invoices": invoice_truth(odds, history.outcome, ids("I", len(odds))),
        "defaults": defaults(failure, time),
        "parameters": parameters(coefficients(asdict(law))),
    }


def _meta(seed: int, invoices: int, last: date, months: int) -> dict[str, str]:
    return {
        "source": "synthetic",
        "generator": VERSION,
        "seed": str(seed),
        "invoices": str(invoices),
        "months": str(months),
        "as_of": last.isoformat(),
    }
