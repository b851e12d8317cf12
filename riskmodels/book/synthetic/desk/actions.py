"""Actions: the ladder of collection for invoices that are due, and what debtors answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from riskmodels.book.synthetic.clock import NEVER, Days, stream
from riskmodels.book.synthetic.desk.balances import Balances
from riskmodels.book.synthetic.failure import FAR
from riskmodels.book.synthetic.frames import days, ids, money, table, until, words
from riskmodels.book.synthetic.history import History, World
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import Codes

RUNGS = ("reminder", "phone", "letter", "visit", "legal")
REMINDER, PHONE, LETTER, VISIT, LEGAL = range(5)
OUTCOMES = ("promise", "refusal", "dispute", "no answer", "payment")
PROMISE, REFUSAL, DISPUTE, NO_ANSWER, PAYMENT = range(5)
ANSWER_DAYS = 6  # within which a written action is answered; a call or a visit is at once
PAID_AT_ONCE = 2  # an action answered by payment within this many days
KEPT_EARLY = 3  # a kept promise is for the day of payment or a few days later, at the most this many
LONGEST_PROMISE = 30  # days a promise that isn't kept asks for


@dataclass(frozen=True)
class Actions:
    """One entry per action: row of its invoice, day, rung, day of the answer, outcome, day promised (NEVER), whether
    the promise is kept."""

    invoice: Codes
    day: Days
    rung: Codes
    answered: Days
    outcome: Codes
    promised: Days
    kept: NDArray[np.bool_]


def draw_actions(history: History, left: Balances) -> Actions:
    """All actions up to the last day, by day; each invoice has every rung that it is still open for.

    The phone call is the one of `history.collected`; invoices whose debtor has stopped paying get it later if not then.
    """
    world = history.world
    rng = stream(world.seed, "actions")
    steps = [_reminders(rng, history), _phone(history), *_later(rng, history)]
    invoice = np.concatenate([rows for rows, _, _ in steps])
    day = np.concatenate([at for _, at, _ in steps])
    rung = np.concatenate([np.full(rows.size, step) for rows, _, step in steps])
    kept = (day > world.plan.known[invoice]) & (day < left.cleared[invoice]) & (day <= world.clock.last)
    order = np.flatnonzero(kept)
    order = order[np.argsort(day[order], kind="stable")]
    return _answered(rng, history, left, invoice[order], day[order], rung[order])


def actions_table(history: History, actions: Actions) -> pd.DataFrame:
    """The actions; one not answered by the last day has no outcome yet."""
    world, last = history.world, history.world.clock.last
    told = actions.answered <= last
    cells = {
        "action_id": ids("T", actions.day.size),
        "invoice_id": words(ids("I", world.plan.due.size), actions.invoice),
        "acted_on": days(actions.day),
        "rung": words(RUNGS, actions.rung),
        "cost": money(_costs(world, actions)),
        "outcome_on": until(actions.answered, last),
        "outcome": words(OUTCOMES, np.where(told, actions.outcome, -1)),
        "promised_on": days(np.where(told, actions.promised, NEVER)),
        "known_on": days(actions.day),
    }
    return table("actions", cells)


def actions_truth(actions: Actions, history: History) -> pd.DataFrame:
    """One row per action: whether it has an effect on payment, and whether a promise it brought is kept in the end."""
    frozen = history.outcome.frozen[actions.invoice]
    called = history.collected.treated[actions.invoice] & (history.collected.day[actions.invoice] == actions.day)
    return pd.DataFrame(
        {
            "action_id": ids("T", actions.day.size),
            "effective": called & (actions.rung == PHONE) & ~frozen,
            "stopped": frozen,
            "promised": actions.outcome == PROMISE,
            "kept": actions.kept,
        }
    )


def _costs(world: World, actions: Actions) -> Codes:
    """What each action costs, in minor units of its invoice's currency."""
    law = world.law.actions
    yuan = np.array([law.reminder_cost, law.phone_cost, law.letter_cost, law.visit_cost, law.legal_cost])
    foreign = world.facilities.currency[world.facility[actions.invoice]] > 0
    return np.round(100 * yuan[actions.rung] / np.where(foreign, world.law.clients.export_rate, 1.0)).astype(np.int64)


def _reminders(rng: np.random.Generator, history: History) -> tuple[Codes, Days, int]:
    """A share before the due date, the others some days after it."""
    law, plan = history.world.law.actions, history.world.plan
    calendar = history.world.clock.calendar
    early = rng.random(plan.due.size) < law.reminded_share
    day = np.where(early, calendar.last(plan.due - law.reminder_days), calendar.next(plan.due + law.reminder_days))
    return np.arange(plan.due.size), day, REMINDER


def _phone(history: History) -> tuple[Codes, Days, int]:
    """Where it was drawn by lot, and late where the debtor has stopped paying and nobody called."""
    plan, calendar = history.world.plan, history.world.clock.calendar
    called = history.collected.treated
    rows = np.flatnonzero(called | history.outcome.frozen)
    late = calendar.next(plan.due[rows] + history.world.law.actions.late_phone_days)
    return rows, np.where(called[rows], history.collected.day[rows], late), PHONE


def _later(rng: np.random.Generator, history: History) -> list[tuple[Codes, Days, int]]:
    """Letter, visit and suit some days past due, a few days sooner or later."""
    law, plan = history.world.law.actions, history.world.plan
    rows = np.flatnonzero(history.outcome.settled > plan.due + law.letter_days)
    steps = ((LETTER, law.letter_days), (VISIT, law.visit_days), (LEGAL, law.legal_days))
    next_open = history.world.clock.calendar.next
    return [(rows, next_open(plan.due[rows] + after + rng.integers(0, 5, rows.size)), rung) for rung, after in steps]


def _answered(
    rng: np.random.Generator, history: History, left: Balances, invoice: Codes, day: Days, rung: Codes
) -> Actions:
    """The actions with their answers, all of which come while the invoice is open, but that by payment."""
    n, cleared = day.size, left.cleared[invoice]
    written = (rung == REMINDER) | (rung == LETTER)
    answered = np.minimum(day + np.where(written, rng.integers(0, ANSWER_DAYS, n), 0), cleared - 1)
    outcome = _outcomes(rng, history, invoice, answered)
    owed = history.outcome.share[invoice] > 0
    paid = owed & (cleared - day <= PAID_AT_ONCE) & (rng.random(n) < history.world.law.actions.paid_at_once)
    answered = np.where(paid, cleared, answered)
    outcome = np.where(paid, PAYMENT, outcome)
    keeps = rng.random(n) < _keeping(history, invoice, day)
    before = np.minimum(cleared - 1, answered + LONGEST_PROMISE)
    broken = answered + (rng.random(n) * (before - answered + 1)).astype(np.int64)
    promised = np.where(keeps, cleared + rng.integers(0, KEPT_EARLY + 1, n), broken)
    made = outcome == PROMISE
    return Actions(invoice, day, rung, answered, outcome, np.where(made, promised, NEVER), made & keeps)


def _outcomes(rng: np.random.Generator, history: History, invoice: Codes, answered: Days) -> Codes:
    """A dispute where one is open, else by lot promise, refusal or none; debtors that have stopped promise less."""
    law, n = history.world.law.actions, invoice.size
    stopped = _hopeless(history, invoice)
    promise = np.where(stopped, law.stopped_promise_rate, law.promise_rate)
    refusal = np.where(stopped, law.stopped_refusal_rate, law.refusal_rate)
    u = rng.random(n)
    answer = np.where(u < promise, PROMISE, np.where(u < promise + refusal, REFUSAL, NO_ANSWER))
    opened, closed = (np.full(history.world.plan.due.size, FAR) for _ in range(2))
    opened[history.disputes.invoice], closed[history.disputes.invoice] = (
        history.disputes.opened,
        history.disputes.closed,
    )
    contested = (opened[invoice] <= answered) & (answered < closed[invoice])
    return np.where(contested, DISPUTE, answer)


def _keeping(history: History, invoice: Codes, day: Days) -> Floats:
    """The probability that a promise made on each invoice would be kept: none where nobody will pay."""
    world, law = history.world, history.world.law.actions
    quality = world.quality.value[world.plan.debtor[invoice], world.clock.month(day)]
    return np.where(_hopeless(history, invoice), 0.0, expit(law.kept_intercept + law.kept_quality * quality))


def _hopeless(history: History, invoice: Codes) -> NDArray[np.bool_]:
    """Whether each invoice's debtor has stopped paying, or owes nothing."""
    return history.outcome.frozen[invoice] | (history.outcome.share[invoice] == 0)
