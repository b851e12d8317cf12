"""The true probability of each invoice to be late, as of its issue, by the generator's own law."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import NEVER, Clock
from riskmodels.book.synthetic.failure import Failure
from riskmodels.book.synthetic.history import World
from riskmodels.book.synthetic.lateness import Lateness, lateness
from riskmodels.book.synthetic.law import DEFAULT_DPD, YEAR, Floats
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.pace import Pace
from riskmodels.book.synthetic.plan import Plan
from riskmodels.book.synthetic.prospects import Ahead, Anchors, Branch, anchor_gone, anchors, blocks, look_ahead
from riskmodels.book.synthetic.quality import Quality

COLUMNS = ("late", "late_30", "late_90", "expected_days_late")


class InvoiceOdds:
    """For each invoice P(late), P(> 30 days late), P(> 90 days late), and expected days late counted from 0 to 91.

    Given at issue: the debtor's quality that month and its core enterprise's, whether either has stopped paying, and
    what is fixed by then. The sum over the debtor's state in the due month of P(state, not stopped) x P(late | state),
    plus P(stopped). Filled block by block of debtors, as the look ahead goes.
    """

    def __init__(
        self, plan: Plan, lateness: Lateness, failure: Failure, quality: Quality, cores: Anchors, clock: Clock
    ) -> None:
        self.plan, self.lateness, self.failure, self.quality, self.cores = plan, lateness, failure, quality, cores
        self.clock = clock
        self.issue, self.due = clock.month(plan.issued), clock.month(plan.due)
        self.by_debtor = np.argsort(plan.debtor, kind="stable")
        self.ends = np.concatenate([[0], np.cumsum(np.bincount(plan.debtor, minlength=failure.stopped.size))])
        self.values = np.empty((plan.issued.size, len(COLUMNS)))

    @property
    def frame(self) -> pd.DataFrame:
        """The odds, one row per invoice."""
        self.values[self.failure.stopped[self.plan.debtor] <= self.plan.issued] = [1.0, 1.0, 1.0, DEFAULT_DPD]
        return pd.DataFrame(self.values, columns=COLUMNS)

    def rows_of(self, debtors: Codes) -> tuple[Codes, Codes]:
        """The invoices of a block's debtors, and the place of each one's debtor in the block."""
        number = self.ends[debtors + 1] - self.ends[debtors]
        starts = np.repeat(self.ends[debtors] - np.cumsum(number) + number, number)
        rows = self.by_debtor[starts + np.arange(number.sum())]
        return rows, np.repeat(np.arange(debtors.size), number)

    def due_at_once(self, rows: Codes) -> None:
        """Fill in those of the invoices in `rows` that fall due in the month of issue."""
        rows = rows[self.issue[rows] == self.due[rows]]
        debtor, month = self.plan.debtor[rows], self.issue[rows]
        reach = np.eye(self.quality.grid.size)[self.quality.state[debtor, month]]
        stays = self.failure.stays_in(self.quality, debtor, month)
        self._fill(rows, reach * np.where(self._may_stop_by_due(rows), stays, 1.0)[:, None])

    def due_ahead(self, step: Ahead, rows: Codes, place: Codes) -> None:
        """Fill in those of the invoices in `rows` that fall due as many months after issue as the step looks ahead."""
        chosen = np.flatnonzero(self.due[rows] - self.issue[rows] == step.ahead)
        rows, place = rows[chosen], place[chosen]
        month, may_stop = self.issue[rows], self._may_stop_by_due(rows)

        def reach(branches: tuple[Branch, ...]) -> Floats:
            """Probability of reaching the due day by one of the branches: rows x states."""
            laws = [b.mass[place, month] * np.where(may_stop[:, None], b.stays[place, month], 1.0) for b in branches]
            return np.sum(laws, axis=0)

        mass = reach(step.standing)
        if step.fallen is not None:
            stands = self._anchor_stands(rows)[:, None]
            mass = stands * mass + (1.0 - stands) * reach((step.fallen,))
        self._fill(rows, mass * self._past_issue_month(rows)[:, None])

    def _anchor_stands(self, rows: Codes) -> Floats:
        """Probability that the debtor's core enterprise stands at the end of the month of issue, known at issue."""
        anchor, month = self.failure.anchor[self.plan.debtor[rows]], self.issue[rows]
        to_come = self.failure.day[anchor, month] > self.plan.issued[rows]
        stands = 1.0 - np.where(to_come, self.cores.now[anchor, month], 0.0)
        return np.where(self.failure.stopped[anchor] <= self.plan.issued[rows], 0.0, stands)

    def _past_issue_month(self, rows: Codes) -> Floats:
        """Probability that the debtor doesn't stop in what is left of the month of issue."""
        debtor, month = self.plan.debtor[rows], self.issue[rows]
        stays = self.failure.stays_in(self.quality, debtor, month)
        return np.where(self.failure.day[debtor, month] > self.plan.issued[rows], stays, 1.0)

    def _may_stop_by_due(self, rows: Codes) -> np.ndarray:
        """Whether a stop in the due month would come after issue and no later than the due day."""
        day = self.failure.day[self.plan.debtor[rows], self.due[rows]]
        return (day > self.plan.issued[rows]) & (day <= self.plan.due[rows]) & (day != NEVER)

    def _fill(self, rows: Codes, reach: Floats) -> None:
        stopped = 1.0 - reach.sum(axis=1)
        healthy = self.lateness.of(rows, self.plan.due[rows], reach)
        self.values[rows, :2] = healthy[:, :2] + stopped[:, None]
        self.values[rows, 2] = stopped
        self.values[rows, 3] = healthy[:, 2] + stopped * DEFAULT_DPD


class PartyOdds:
    """Probability at each month end of the book (parties x months) to stop in the next month, and to be in default
    within twelve months.

    Given the party's quality then and its core enterprise's, and that the party hasn't stopped; 1 for one that has.
    """

    def __init__(self, failure: Failure, clock: Clock) -> None:
        self.failure, self.clock = failure, clock
        shape = (failure.stopped.size, clock.months)
        self.stop_1m, self.default_12m = np.zeros(shape), np.zeros(shape)

    def see(self, step: Ahead, block: Codes) -> None:
        """Take in one step of the look ahead of a block's parties."""
        failure, clock = self.failure, self.clock
        month = slice(step.ahead, step.ahead + clock.months)
        through = np.sum([b.through for b in step.standing], axis=0)
        if step.fallen is not None:
            through = np.where(anchor_gone(failure, block, clock), step.fallen.through, through)
        deadline = clock.ends[12 : 12 + clock.months] - DEFAULT_DPD
        counts = (failure.day[block, month] <= deadline) & (failure.day[block, month] != NEVER)
        self.default_12m[block] = np.where(counts, 1.0 - through, self.default_12m[block])
        if step.ahead == 1:
            self.stop_1m[block] = 1.0 - through

    @property
    def has_stopped(self) -> np.ndarray:
        """Whether each party has stopped by each month end."""
        return self.failure.stopped[:, None] <= self.clock.ends[: self.clock.months]


def debtor_odds(world: World, pace: Pace) -> tuple[pd.DataFrame, PartyOdds]:
    """The odds of the invoices and of the debtors, in one look ahead."""
    failure, quality, clock = world.failure, world.quality, world.clock
    cores = anchors(failure, quality, world.chains.cores, clock)
    law_of_delay = lateness(world.law, pace, world.plan.due, clock)
    invoices = InvoiceOdds(world.plan, law_of_delay, failure, quality, cores, clock)
    parties = PartyOdds(failure, clock)
    for block in blocks(failure):
        rows, place = invoices.rows_of(block)
        invoices.due_at_once(rows)
        for step in look_ahead(failure, quality, block, cores, clock, YEAR):
            parties.see(step, block)
            invoices.due_ahead(step, rows, place)
    return invoices.frame, parties


def client_odds(world: World) -> PartyOdds:
    """The odds of the clients."""
    cores = anchors(world.failure, world.quality, world.chains.cores, world.clock)
    parties = PartyOdds(world.client_failure, world.clock)
    for block in blocks(world.client_failure):
        for step in look_ahead(world.client_failure, world.client_quality, block, cores, world.clock, YEAR):
            parties.see(step, block)
    return parties
