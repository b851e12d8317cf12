"""Frauds of clients, and honest business that looks like them: who commits what, on which invoices, how it ends."""

from riskmodels.book.synthetic.frauds.commit import commit
from riskmodels.book.synthetic.frauds.ending import confirmed, ended, without_debt
from riskmodels.book.synthetic.frauds.scheme import KINDS, LOOK_ALIKES, Frauds

__all__ = ["KINDS", "LOOK_ALIKES", "Frauds", "commit", "confirmed", "ended", "without_debt"]
