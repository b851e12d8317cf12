"""The desk's tables: cash matched and advances repaid, collection, write-offs, amendments, treasury, cases."""

from __future__ import annotations

import pandas as pd

from riskmodels.book.synthetic.desk.actions import actions_table, actions_truth, draw_actions
from riskmodels.book.synthetic.desk.amendments import amendments_table
from riskmodels.book.synthetic.desk.applications import applicants_table, applications_table, cases_truth
from riskmodels.book.synthetic.desk.balances import balances
from riskmodels.book.synthetic.desk.cases import draw_desk
from riskmodels.book.synthetic.desk.process import process_table, stages_truth
from riskmodels.book.synthetic.desk.receipts import draw_receipts, receipts_table, receipts_truth
from riskmodels.book.synthetic.desk.repayments import draw_repayments, repayments_table
from riskmodels.book.synthetic.desk.treasury import accounts_table, financing_balance, fundings_table
from riskmodels.book.synthetic.desk.write_offs import write_offs_table
from riskmodels.book.synthetic.history import History

__all__ = ["applicants", "tables", "truth"]


def tables(history: History) -> dict[str, pd.DataFrame]:
    """The desk's tables by name."""
    left, repaid, desk = balances(history), draw_repayments(history), draw_desk(history)
    world, lent = history.world, financing_balance(history, repaid)
    return {
        "receipts": receipts_table(history, draw_receipts(history)),
        "repayments": repayments_table(history, repaid),
        "actions": actions_table(history, draw_actions(history, left)),
        "write_offs": write_offs_table(history, left),
        "amendments": amendments_table(history, left),
        "fundings": fundings_table(world, lent),
        "factor_accounts": accounts_table(world, lent),
        "applications": applications_table(world, desk),
        "process_log": process_table(world, desk),
    }


def truth(history: History) -> dict[str, pd.DataFrame]:
    """What the desk's tables don't tell: who sent a receipt, which actions worked, what slowed a case."""
    desk = draw_desk(history)
    return {
        "receipt_truth": receipts_truth(history, draw_receipts(history)),
        "action_truth": actions_truth(draw_actions(history, balances(history)), history),
        "case_truth": cases_truth(history.world, desk),
        "stage_truth": stages_truth(history.world, desk),
    }


def applicants(history: History) -> pd.DataFrame:
    """The parties that applied and never became clients."""
    return applicants_table(history.world, draw_desk(history))
