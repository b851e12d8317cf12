"""Financial statements of clients and debtors as they were published, and which of them weren't true."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd
from scipy.special import expit

from riskmodels.book.synthetic.clock import stream
from riskmodels.book.synthetic.frames import days, table, words
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.laws.outside import Financials
from riskmodels.book.synthetic.outside.business import Business
from riskmodels.book.synthetic.outside.figures import draw_ratios, figures_of, overstate
from riskmodels.book.synthetic.outside.periods import Issues, Statements
from riskmodels.book.synthetic.outside.subjects import Subjects


def financials_table(
    law: Law, seed: int, subjects: Subjects, business: Business, statements: Statements, issues: Issues
) -> pd.DataFrame:
    """All published versions of all statements; amounts are whole fen and the balance sheet balances to the fen."""
    ratios = draw_ratios(law.financials, seed, subjects.size, statements)
    true = figures_of(business, statements, ratios)
    told = overstate(true.take(issues.statement), issues.overstated)
    fen = {name: np.round(amount * 100) for name, amount in asdict(told).items()}
    fen["equity"] = fen["total_assets"] - fen["total_liabilities"]
    row = issues.statement
    cells = {
        "party_id": subjects.names(statements.party[row]),
        "period_end": days(statements.end[row]),
        "published_on": days(issues.published),
        "months": statements.covers[row],
        "audited": _audited(law.financials, seed, statements)[row],
        "currency": words(("CNY",), np.zeros(row.size, dtype=np.int64)),
        **{name: amount / 100 for name, amount in fen.items()},
        "known_on": days(issues.published),
    }
    return table("financials", cells)


def statement_truth(subjects: Subjects, statements: Statements, issues: Issues) -> pd.DataFrame:
    """Behind each version of a statement: quality as its figures show it, how near the stop is (0 to 1, mean over the
    months it covers), by what share of revenue it is overstated, and whether on purpose (dressed)."""
    row = issues.statement
    return pd.DataFrame(
        {
            "party_id": subjects.names(statements.party[row]),
            "period_end": days(statements.end[row]),
            "published_on": days(issues.published),
            "quality": statements.quality[row],
            "trouble": statements.trouble[row],
            "overstated": issues.overstated,
            "dressed": statements.dressed[row] & (issues.overstated > 0),
        }
    )


def _audited(law: Financials, seed: int, statements: Statements) -> np.ndarray:
    """Whether an auditor signed without reservation: of the yearly ones most, of weak parties fewer."""
    rng = stream(seed, "audits")
    clean = rng.random(statements.party.size) < expit(law.clean_audit + law.clean_audit_quality * statements.quality)
    return (statements.covers == 12) & clean
