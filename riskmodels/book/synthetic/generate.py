"""A synthetic book and the truth behind it, from a seed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.synthetic import contest, facilities, ledger, network
from riskmodels.book.synthetic.cash import draw_cash
from riskmodels.book.synthetic.clock import clock, stream
from riskmodels.book.synthetic.failure import Failure, draw_failure
from riskmodels.book.synthetic.frames import ids
from riskmodels.book.synthetic.law import VERSION, Law
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.odds import invoice_odds
from riskmodels.book.synthetic.pace import pace_of
from riskmodels.book.synthetic.parties import parties_table
from riskmodels.book.synthetic.plan import Plan, draw_plan, largest_due
from riskmodels.book.synthetic.quality import draw_quality
from riskmodels.book.synthetic.settle import draw_outcome
from riskmodels.book.synthetic.truth import debtor_months, defaults, invoice_truth, parameters
from riskmodels.core.errors import Misuse

SURPLUS = 1.25  # planned beyond what is asked: for business that ends with a default and invoices not yet known
BUSINESS_AFTER_STOP = (20, 70)  # days for which a debtor that has stopped paying is still invoiced


@dataclass(frozen=True)
class Synthetic:
    """A generated book. `tables`: the book's, by the schema. `truth`: not for models. `meta`: how it was made."""

    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]
    meta: dict[str, str]


def synthesise(
    invoices: int = 60_000,
    seed: int = 1,
    last: date = date(2026, 6, 30),
    months: int = 48,
    clients: int | None = None,
    debtors: int | None = None,
) -> Synthetic:
    """A book of that many invoices over `months` months up to `last`; the same arguments give the same content.

    One debtor for each 100 invoices and one client for each 400 unless said otherwise. Nothing in `tables` was known
    later than `last`; `truth` also holds what comes after.
    """
    n_debtors, n_clients = debtors or max(20, invoices // 100), clients or max(8, invoices // 400)
    _check(invoices, months, n_debtors)
    law, time = Law(), clock(last, months)
    buyers = network.draw_debtors(law, seed, n_debtors, time)
    sellers = network.draw_clients(seed, n_clients, time)
    relations = network.draw_relations(law, seed, buyers, n_clients)
    quality = draw_quality(law, seed, buyers.base, buyers.industry, time.total)
    planned = round(invoices * SURPLUS * time.planned / months)
    whole = draw_plan(seed, planned, buyers, relations, time)
    day, largest = largest_due(whole, n_debtors, time)
    failure = draw_failure(law, seed, quality, day)
    plan = whole.take(_written(seed, whole, failure, largest, invoices, time.last))

    pace = pace_of(law, plan, sellers, relations, quality, time)
    contracts = facilities.draw_facilities(seed, sellers, relations)
    facility = contracts.of_relation[plan.relation]
    state = quality.state[plan.debtor, time.month(plan.due)]
    outcome = draw_outcome(law, seed, plan, pace, failure, state, contracts.recourse[facility])
    disputes = contest.draw_disputes(seed, plan, outcome)
    notes = contest.draw_notes(law, seed, plan, outcome, disputes)
    noted = np.bincount(notes.invoice, notes.amount, minlength=plan.amount.size).astype(np.int64)
    cash = draw_cash(seed, plan, outcome, noted)
    assignment = ledger.draw_assignment(seed, plan)

    number = {"clients": n_clients, "debtors": n_debtors, "facilities": contracts.client.size}
    invoice_ids = ids("I", plan.amount.size)
    rate = contracts.advance_rate[facility]
    tables = {
        "parties": parties_table(seed, sellers, buyers, relations, time),
        "facilities": facilities.facilities_table(seed, contracts, n_clients, n_debtors, whole, time),
        "invoices": ledger.invoices_table(plan, assignment, facility, number, time.last),
        "payments": ledger.payments_table(cash, outcome, invoice_ids, time.last),
        "credit_notes": ledger.notes_table(seed, notes, invoice_ids, time.last),
        "disputes": ledger.disputes_table(seed, disputes, invoice_ids, time.last),
        "advances": ledger.advances_table(seed, plan, assignment, rate, invoice_ids, time.last),
    }
    truth = {
        "debtor_months": debtor_months(failure, quality, buyers, time),
        "invoices": invoice_truth(invoice_odds(law, plan, pace, failure, quality, time), outcome, invoice_ids),
        "defaults": defaults(failure, time),
        "parameters": parameters(asdict(law)),
    }
    return Synthetic(tables, truth, _meta(seed, plan.amount.size, last, months))


def _check(invoices: int, months: int, debtors: int) -> None:
    if invoices < 100 or months < 6 or debtors * 3 > invoices:
        raise Misuse(
            f"synthetic book: found {invoices} invoices, {months} months, {debtors} debtors; "
            "expected at least 100 invoices, 6 months and 3 invoices for each debtor"
        )


def _written(seed: int, plan: Plan, failure: Failure, largest: Codes, wanted: int, last: int) -> Codes:
    """Rows of the planned invoices that are written and known by `last`, thinned to the number wanted.

    Only invoices that aren't the largest due of a debtor's month are thinned: those decide nobody's default.
    """
    rng = stream(seed, "written")
    end = failure.stopped + rng.integers(*BUSINESS_AFTER_STOP, failure.stopped.size)
    rows = np.flatnonzero((plan.issued <= end[plan.debtor]) & (plan.known <= last))
    spare = rows[~np.isin(rows, largest)]
    surplus = min(max(0, rows.size - wanted), spare.size)
    return np.setdiff1d(rows, rng.choice(spare, surplus, replace=False))


def _meta(seed: int, invoices: int, last: date, months: int) -> dict[str, str]:
    return {
        "source": "synthetic",
        "generator": VERSION,
        "seed": str(seed),
        "invoices": str(invoices),
        "months": str(months),
        "as_of": last.isoformat(),
    }
