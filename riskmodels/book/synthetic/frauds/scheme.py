"""What is known of each invoice's honesty, and the invoices that frauds and their look-alikes add to the plan."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from riskmodels.book.synthetic.clock import Days, by_day
from riskmodels.book.synthetic.failure import FAR
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.plan import Plan

KINDS = ("none", "double financing", "pledged elsewhere", "fresh air", "pre-invoicing", "circular trade")
LOOK_ALIKES = ("none", "equal twin", "slow acceptance", "true cycle", "services")
NONE = -1


@dataclass(frozen=True)
class Frauds:
    """One entry per invoice: its fraud (code of KINDS, 0 for none), what it only looks like (code of LOOK_ALIKES).

    `paper` is the row whose papers it shows, its own but for a second presentation; `copy_of` the row of the invoice
    that it presents again (NONE), which a copy under another number has too; `ring` numbers the cycle of trade it is
    part of (NONE); `found` is the day on which its fraud is found out (FAR for none).
    """

    kind: Codes
    look_alike: Codes
    paper: Codes
    copy_of: Codes
    ring: Codes
    found: Days

    def is_kind(self, *names: str) -> np.ndarray:
        """Whether each invoice is a fraud of one of the kinds."""
        return np.isin(self.kind, [KINDS.index(n) for n in names])

    @property
    def presented_again(self) -> np.ndarray:
        """Whether each invoice is the second presentation of another."""
        return self.copy_of != NONE

    @property
    def staged(self) -> np.ndarray:
        """Whether each invoice has no debtor who owes it: invented, circular, or presented a second time."""
        return self.presented_again | self.is_kind("fresh air", "circular trade")


def honest(n: int) -> Frauds:
    """Nothing wrong with any of n invoices."""
    nothing = np.full(n, NONE)
    return Frauds(np.zeros(n, np.int64), np.zeros(n, np.int64), np.arange(n), nothing, nothing, np.full(n, FAR))


@dataclass(frozen=True)
class Batch:
    """Invoices to add to a plan, with what is wrong with them; rows they name are of the plan they're added to."""

    plan: Plan
    frauds: Frauds


def added(rng: np.random.Generator, plan: Plan, frauds: Frauds, batches: list[Batch]) -> tuple[Plan, Frauds, Codes]:
    """The plan with the batches, by day of issue again, and the place in it of each row as it was given."""
    plans, labels = [plan, *(b.plan for b in batches)], [frauds, *(b.frauds for b in batches)]
    whole = Plan(*(np.concatenate([getattr(p, f.name) for p in plans]) for f in fields(Plan)))
    marks = Frauds(*(np.concatenate([getattr(m, f.name) for m in labels]) for f in fields(Frauds)))
    n, own = plan.issued.size, np.arange(whole.issued.size)
    # what is added shows papers of its own unless it names another's
    marks = replace(marks, paper=np.where((own >= n) & (marks.paper == NONE), own, marks.paper))
    return chosen(whole, marks, by_day(rng, whole.issued))


def chosen(plan: Plan, frauds: Frauds, rows: Codes) -> tuple[Plan, Frauds, Codes]:
    """The invoices in the given rows, what refers to rows renumbered, and each old row's new place (NONE if gone)."""
    place = np.full(plan.issued.size + 1, NONE)
    place[rows] = np.arange(rows.size)
    marks = Frauds(*(getattr(frauds, f.name)[rows] for f in fields(Frauds)))
    return plan.take(rows), replace(marks, paper=place[marks.paper], copy_of=place[marks.copy_of]), place[:-1]
