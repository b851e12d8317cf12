"""A synthetic book and the truth behind it, from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.book.synthetic import desk, ledger, outside, papers
from riskmodels.book.synthetic.clock import clock
from riskmodels.book.synthetic.contracts import facilities_table
from riskmodels.book.synthetic.history import History, draw_history, draw_world
from riskmodels.book.synthetic.law import VERSION, demo_law
from riskmodels.book.synthetic.parties import parties_table
from riskmodels.book.synthetic.people import Everyone, everyone
from riskmodels.book.synthetic.truth import truth_frames
from riskmodels.core.errors import Misuse

# Satellites add one line each where they have something to tell.
# Tables of their own, by name:
SATELLITES: tuple[Callable[[History], dict[str, pd.DataFrame]], ...] = (outside.tables, desk.tables, papers.tables)
# Columns of the parties table: one cell for each of `everyone(world)`:
OF_PARTIES: tuple[Callable[[History, Everyone], dict[str, Any]], ...] = (outside.of_parties,)
# Further parties, that trade in no invoice of the book:
MORE_PARTIES: tuple[Callable[[History], pd.DataFrame], ...] = (desk.applicants,)
# Columns of the invoices table: one cell for each invoice of `world.plan`:
OF_INVOICES: tuple[Callable[[History], dict[str, Any]], ...] = (papers.of_invoices,)
# Frames of what no model may see, by name:
TRUTHS: tuple[Callable[[History], dict[str, pd.DataFrame]], ...] = (outside.truth, desk.truth, papers.truth)


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
    **changes: float | str,
) -> Synthetic:
    """A book of that many invoices over `months` months up to `last`; the same arguments give the same content.

    Unless said otherwise one debtor for each 100 invoices and one client for each 400, relatively more in small books.
    Nothing in `tables` was known later than `last`; `truth` also holds what comes after. A book of few debtors may hold
    fewer invoices than asked when a large one's business ends with its default. `changes` are coefficients that differ
    from those of demo_truth.toml: `**{"payment.quality": -0.6}`.
    """
    sellers = clients or max(invoices // 400, min(20, invoices // 20))
    buyers = debtors or max(invoices // 100, min(60, invoices // 10))
    _check(invoices, months, buyers)
    history = draw_history(draw_world(demo_law(**changes), seed, clock(last, months), invoices, sellers, buyers))
    tables = _tables(history)
    return Synthetic(tables, _truth(history), _meta(seed, len(tables["invoices"]), last, months))


def _check(invoices: int, months: int, debtors: int) -> None:
    if invoices < 100 or months < 6 or debtors * 3 > invoices:
        raise Misuse(
            f"synthetic book: found {invoices} invoices, {months} months, {debtors} debtors; "
            "expected at least 100 invoices, 6 months and 3 invoices for each debtor"
        )


def _tables(history: History) -> dict[str, pd.DataFrame]:
    world, people = history.world, everyone(history.world)
    of_parties = {name: cells for fill in OF_PARTIES for name, cells in fill(history, people).items()}
    of_invoices = {name: cells for fill in OF_INVOICES for name, cells in fill(history).items()}
    tables = {
        "parties": pd.concat(
            [parties_table(world.seed, people, world.clock, of_parties), *(more(history) for more in MORE_PARTIES)],
            ignore_index=True,
        ),
        "facilities": facilities_table(world),
        "invoices": ledger.invoices_table(history, of_invoices),
        "payments": ledger.payments_table(history),
        "credit_notes": ledger.notes_table(history),
        "disputes": ledger.disputes_table(history),
        "advances": ledger.advances_table(history),
    }
    for satellite in SATELLITES:
        tables |= satellite(history)
    return tables


def _truth(history: History) -> dict[str, pd.DataFrame]:
    truth = truth_frames(history)
    for tell in TRUTHS:
        truth |= tell(history)
    return truth


def _meta(seed: int, invoices: int, last: date, months: int) -> dict[str, str]:
    return {
        "source": "synthetic",
        "generator": VERSION,
        "seed": str(seed),
        "invoices": str(invoices),
        "months": str(months),
        "as_of": last.isoformat(),
    }
