"""What is known of the parties of a synthetic book from outside its ledger: accounts, events, grades, checks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from riskmodels.book.synthetic.frames import words
from riskmodels.book.synthetic.history import History
from riskmodels.book.synthetic.outside.bank_flows import bank_flows_table
from riskmodels.book.synthetic.outside.business import business_of
from riskmodels.book.synthetic.outside.events import draw_events, event_truth, events_table
from riskmodels.book.synthetic.outside.financials import financials_table, statement_truth
from riskmodels.book.synthetic.outside.flows import flows_of
from riskmodels.book.synthetic.outside.kyc import kyc_table
from riskmodels.book.synthetic.outside.market import market_table
from riskmodels.book.synthetic.outside.periods import draw_statements, issues
from riskmodels.book.synthetic.outside.ratings import draw_ratings, rating_truth, ratings_table
from riskmodels.book.synthetic.outside.scores import scores_table
from riskmodels.book.synthetic.outside.soft import OWNERSHIP, draw_ownership, soft_information
from riskmodels.book.synthetic.outside.subjects import base_quality, subjects_of
from riskmodels.book.synthetic.people import Everyone

__all__ = ["of_parties", "tables", "truth"]


def tables(history: History) -> dict[str, pd.DataFrame]:
    """The tables market, financials, bank_flows, party_events, ratings, scores and kyc, as known by the last day."""
    world = history.world
    law, seed, clock = world.law, world.seed, world.clock
    subjects = subjects_of(world)
    flows = flows_of(history, subjects)
    business = business_of(law, seed, subjects, flows, clock)
    statements = draw_statements(law, seed, subjects, business, clock)
    versions = issues(seed, statements, subjects, clock.last)
    return {
        "market": market_table(law.market, seed, world.cycles.industry, clock),
        "financials": financials_table(law, seed, subjects, business, statements, versions),
        "bank_flows": bank_flows_table(law, seed, subjects, flows, business, clock),
        "party_events": events_table(draw_events(law, seed, subjects, clock), subjects, clock),
        "ratings": ratings_table(draw_ratings(law.ratings, seed, subjects, clock), seed, subjects),
        "scores": scores_table(law.scores, seed, subjects, clock),
        "kyc": kyc_table(law.kyc, seed, subjects, clock),
    }


def of_parties(history: History, people: Everyone) -> dict[str, Any]:
    """The columns of the parties table that are seen from outside: ownership and soft information."""
    world = history.world
    soft = soft_information(world.law.soft, world.seed, base_quality(world, people))
    return {"ownership": words(OWNERSHIP, draw_ownership(world.seed, people)), **soft}


def truth(history: History) -> dict[str, pd.DataFrame]:
    """What lies behind them: causes of events, statements that weren't true, qualities that were rated."""
    world = history.world
    law, seed, clock = world.law, world.seed, world.clock
    subjects = subjects_of(world)
    business = business_of(law, seed, subjects, flows_of(history, subjects), clock)
    statements = draw_statements(law, seed, subjects, business, clock)
    return {
        "event_truth": event_truth(draw_events(law, seed, subjects, clock), clock),
        "statement_truth": statement_truth(subjects, statements, issues(seed, statements, subjects, clock.last)),
        "rating_truth": rating_truth(draw_ratings(law.ratings, seed, subjects, clock), subjects),
    }
