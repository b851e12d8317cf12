"""When a promise to pay was kept: in full, in part or not at all, by the close of the promised day."""

from datetime import date

import pandas as pd
import pytest
from feature_books import book_of

from riskmodels.features import build
from riskmodels.features.catalogue.collections import COLLECTIONS

CALLED, PROMISED, DUE = (pd.Timestamp(2024, 3, d) for d in (4, 11, 1))
PROMISES = tuple(e for e in COLLECTIONS if "promise" in e.name)


def of_one_promise(paid, known=None, outcome="promise"):
    """The features of a debtor that promised on 4 March to pay 100 by the 11th, and what it paid when."""
    invoice = {"invoice_id": "I1", "client_id": "C1", "debtor_id": "D1", "currency": "CNY", "amount": 100.0}
    call = {"action_id": "K1", "invoice_id": "I1", "acted_on": CALLED, "outcome_on": CALLED, "outcome": outcome}
    payments = [
        {"payment_id": f"P{n}", "invoice_id": "I1", "amount": amount, "paid_on": day, "known_on": known or day}
        for n, (day, amount) in enumerate(paid)
    ]
    frames = {
        "invoices": [invoice | {"issued_on": DUE, "due_on": DUE, "known_on": DUE}],
        "actions": [call | {"promised_on": PROMISED, "rung": "phone", "known_on": CALLED}],
        "payments": payments,
    }
    book = book_of({name: pd.DataFrame(rows) for name, rows in frames.items()})
    return build(book, "debtor", [date(2024, 3, 10), date(2024, 3, 11), date(2024, 4, 30)], PROMISES).iloc[-1]


@pytest.mark.parametrize("day", [CALLED, PROMISED])
def test_a_promise_is_kept_when_the_invoice_is_covered_by_the_promised_day(day):
    found = of_one_promise([(day, 100.0)])
    assert found["debtor_kept_promise_share_365d"] == 1
    assert found["debtor_broken_promise_share_365d"] == 0


@pytest.mark.parametrize("day", [CALLED, PROMISED])
def test_a_promise_on_which_something_was_paid_since_the_call_is_neither_kept_nor_broken(day):
    found = of_one_promise([(day, 30.0)])
    assert found["debtor_kept_promise_share_365d"] == found["debtor_broken_promise_share_365d"] == 0
    assert found["debtor_broken_promise_balance_share_now"] == 0


@pytest.mark.parametrize(
    "paid",
    [
        [(DUE, 40.0)],
        [(PROMISED + pd.Timedelta(days=1), 50.0)],
        [(CALLED, 60.0), (PROMISED, -60.0)],
    ],
    ids=["paid before the call", "paid a day late", "paid and taken back"],
)
def test_a_promise_on_which_nothing_was_paid_in_time_is_broken(paid):
    found = of_one_promise(paid)
    assert found["debtor_broken_promise_share_365d"] == 1
    assert found["debtor_broken_promise_balance_share_now"] == 1


def test_a_payment_that_becomes_known_after_the_promised_day_does_not_mend_the_promise():
    found = of_one_promise([(PROMISED, 100.0)], known=PROMISED + pd.Timedelta(days=3))
    assert found["debtor_broken_promise_share_365d"] == 1
    assert pd.isna(found["debtor_broken_promise_balance_share_now"])


def test_a_day_named_with_a_refusal_is_no_promise():
    found = of_one_promise([(CALLED, 10.0)], outcome="refusal")
    assert found["debtor_promise_count_365d"] == 0
    assert pd.isna(found["debtor_kept_promise_share_365d"])
