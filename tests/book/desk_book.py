"""A synthetic book's desk tables and the ledger they must agree with."""

from datetime import date

import pandas as pd

from riskmodels.book.synthetic import desk, papers
from riskmodels.book.synthetic.clock import clock
from riskmodels.book.synthetic.contracts import facilities_table
from riskmodels.book.synthetic.history import History, draw_history, draw_world
from riskmodels.book.synthetic.law import Law, demo_law
from riskmodels.book.synthetic.ledger import advances_table, invoices_table, notes_table, payments_table
from riskmodels.book.synthetic.outside.market import market_table

LAST = date(2026, 6, 30)
CLOSE = pd.Timestamp(LAST)
CLOCK = clock(LAST, 48)

Frames = dict[str, pd.DataFrame]


def draw(seed: int = 20, invoices: int = 30_000, law: Law | None = None) -> History:
    """Everything that happens to so many invoices of the demo's 48 months."""
    return draw_history(draw_world(law or demo_law(), seed, CLOCK, invoices, invoices // 400, invoices // 100))


def told(history: History) -> Frames:
    """The desk's tables, and those of the ledger and the market."""
    world = history.world
    return {
        **desk.tables(history),
        "invoices": invoices_table(history, papers.of_invoices(history)),
        "payments": payments_table(history),
        "credit_notes": notes_table(history),
        "advances": advances_table(history),
        "facilities": facilities_table(world),
        "market": market_table(world.law.market, world.seed, world.cycles.industry, CLOCK),
    }
