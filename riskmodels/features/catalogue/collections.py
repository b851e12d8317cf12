"""Collection: what had to be done to be paid, what was promised and kept, what it cost, and what was given up."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, change_of_count, one, past_due
from riskmodels.features.facts import ACTIONS, IN_COURT, INVOICES, LEDGER, LET_DOWN, PAYMENTS, PROMISES, WRITE_OFFS
from riskmodels.features.feature import LOWERS, RAISES, Feature, over
from riskmodels.features.formulas import money, ratio, total
from riskmodels.features.measures import Flow, Peak, Since, Stock, Value

RUNGS = ("reminder", "phone", "letter", "visit", "legal")


def on(name: str) -> Value:
    """Whether an action was of a rung."""
    return lambda r: r.rung == name


def rung_number(r: Any) -> Any:
    """1 for a reminder up to 5 for legal action."""
    import ibis

    return ibis.cases(*((r.rung == name, number) for number, name in enumerate(RUNGS, 1)), else_=None)


def came_to(outcome: str) -> Value:
    """Whether an action had an outcome."""
    return lambda r: r.outcome == outcome


def promised(r: Any) -> Any:
    """Whether payment by a day was promised."""
    return (r.outcome == "promise") & r.promised_on.notnull()


def fell_past_due(r: Any) -> Any:
    """Whether a change of open invoices is one still open on the due date, or one that opened after it."""
    return (r.known_on <= r.due_on) | r.opens


ACTED = Flow(ACTIONS, one)
COST = Flow(ACTIONS, lambda r: r.cost)
ANSWERS = Flow(ACTIONS, one, where=lambda r: r.outcome.notnull())
ANSWER_DAYS = Flow(
    ACTIONS, lambda r: r.outcome_on.epoch_days() - r.acted_on.epoch_days(), where=lambda r: r.outcome.notnull()
)
HIGHEST = Peak(ACTIONS, rung_number)
FELL_PAST_DUE = Flow(LEDGER, change_of_count, where=fell_past_due, not_before=past_due(0))
PAID_LATE = Flow(PAYMENTS, amount, where=lambda r: r.paid_on > r.due_on)
PROMISED = Flow(PROMISES, one, where=promised)
KEPT = Flow(PROMISES, one, where=lambda r: promised(r) & r.kept)
BROKEN = Flow(PROMISES, one, where=lambda r: promised(r) & r.broken)
BROKEN_BALANCE = Stock(LET_DOWN, amount)
COURT_BALANCE = Stock(IN_COURT, amount)
BALANCE = Stock(LEDGER, amount)
INVOICED = Flow(INVOICES, amount)
WRITTEN_OFF = Flow(WRITE_OFFS, amount)

# fmt: off
COLLECTIONS = (
    *over((90, 365), "action_count", _("Number of collection actions"), "count", RAISES, total, ACTED),
    *over((365,), "reminder_count", _("Number of reminders"), "count", RAISES, total,
          Flow(ACTIONS, one, where=on("reminder"))),
    *over((365,), "phone_count", _("Number of collection calls"), "count", RAISES, total,
          Flow(ACTIONS, one, where=on("phone"))),
    *over((365,), "letter_count", _("Number of collection letters"), "count", RAISES, total,
          Flow(ACTIONS, one, where=on("letter"))),
    *over((365,), "visit_count", _("Number of collection visits"), "count", RAISES, total,
          Flow(ACTIONS, one, where=on("visit"))),
    *over((None,), "legal_count", _("Number of legal actions"), "count", RAISES, total,
          Flow(ACTIONS, one, where=on("legal"))),
    *over((365,), "highest_rung",
          _("Highest rung of collection: 1 reminder, 2 call, 3 letter, 4 visit, 5 legal action"),
          "number", RAISES, total, HIGHEST),
    *over((365,), "actions_per_late", _("Collection actions per invoice that fell past due"),
          "multiple", RAISES, ratio, ACTED, FELL_PAST_DUE),
    *over((365,), "no_answer_share", _("Share of collection actions with a known outcome that nobody answered"),
          "share", RAISES, ratio, Flow(ACTIONS, one, where=came_to("no answer")), ANSWERS),
    *over((365,), "refusal_share", _("Share of collection actions with a known outcome that met a refusal"),
          "share", RAISES, ratio, Flow(ACTIONS, one, where=came_to("refusal")), ANSWERS),
    *over((365,), "answer_days", _("Mean days from a collection action to its outcome"),
          "days", RAISES, ratio, ANSWER_DAYS, ANSWERS),
    *over((365,), "collection_cost_share", _("Cost of collection as a share of what was paid after the due date"),
          "share", RAISES, ratio, COST, PAID_LATE),
    Feature("days_since_action_now", _("Days since the latest collection action"),
            "days", LOWERS, total, (Since(ACTIONS, one),)),
    Feature("court_balance_share_now", _("Share of the amount owed on which legal action was taken"),
            "share", RAISES, ratio, (COURT_BALANCE, BALANCE)),
    *over((365,), "promise_count", _("Number of promises to pay that came due"), "count", RAISES, total, PROMISED),
    *over((365,), "kept_promise_share", _("Share of promises to pay that were kept in full by the promised day"),
          "share", LOWERS, ratio, KEPT, PROMISED),
    *over((365,), "broken_promise_share", _("Share of promises to pay on which nothing was paid by the promised day"),
          "share", RAISES, ratio, BROKEN, PROMISED),
    Feature("broken_promise_balance_share_now", _("Share of the amount owed on which a promise to pay was broken"),
            "share", RAISES, ratio, (BROKEN_BALANCE, BALANCE)),
    *over((None,), "written_off", _("Amount written off"), "money", RAISES, money, WRITTEN_OFF),
    *over((None,), "write_off_share", _("Amount written off as a share of the amount invoiced"),
          "share", RAISES, ratio, WRITTEN_OFF, INVOICED),
)
# fmt: on
