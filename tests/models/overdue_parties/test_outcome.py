"""Overdue in a window: the worst share of a balance, told only of windows that were over."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.outcomes import default_outcomes
from riskmodels.core.dates import add_months
from riskmodels.core.errors import Misuse
from riskmodels.models.overdue_parties import overdue_outcomes, rule_of
from tests.models.bad_definition.conftest import ledger_of, random_ledger

EARLY, ORIGIN, AS_OF = date(2024, 3, 31), date(2024, 6, 30), date(2025, 12, 31)


def brute(rows, paid, origin, end, dpd):
    """The worst share of each debtor's balance more than `dpd` days past due, close by close."""
    invoices = pd.DataFrame(rows, columns=["invoice_id", "debtor_id", "amount", "issued_on", "due_on"])
    cash = pd.DataFrame(paid, columns=["invoice_id", "paid_on", "amount"])
    worst = {}
    for day in pd.date_range(origin, end):
        known = invoices[pd.to_datetime(invoices["issued_on"]) <= day]
        got = cash[pd.to_datetime(cash["paid_on"]) <= day].groupby("invoice_id")["amount"].sum()
        left = known["amount"] - known["invoice_id"].map(got).fillna(0.0)
        old = (day - pd.to_datetime(known["due_on"])).dt.days > dpd
        for debtor, own in known.groupby("debtor_id"):
            owed, late = left[own.index].sum(), left[own.index][old[own.index]].sum()
            share = min(max(late / owed, 0.0), 1.0) if owed > 1e-9 else float(late > 1e-9)
            worst[debtor] = max(worst.get(debtor, 0.0), share)
    return worst


@pytest.mark.parametrize("seed", range(3))
def test_the_worst_share_is_that_of_the_worst_close(seed):
    rows, paid = random_ledger(seed, 30)
    rule = rule_of(30, 3)
    found = overdue_outcomes(ledger_of(rows, paid), "debtor_id", [EARLY], AS_OF, rule)
    worst = brute(rows, paid, EARLY, add_months(EARLY, 3), 30)
    assert len(found)
    assert found["worst_share"].tolist() == pytest.approx([worst[d] for d in found["debtor_id"]], abs=1e-9)
    assert (found["overdue"] == (found["worst_share"] >= rule.share)).all()


def test_beyond_ninety_days_in_a_year_is_the_default_of_that_rule():
    rows, paid = random_ledger(5, 200)
    book, rule = ledger_of(rows, paid), rule_of(90, 12)
    ours = overdue_outcomes(book, "debtor_id", [ORIGIN], AS_OF, rule)
    peer = default_outcomes(book, "debtor_id", [ORIGIN], AS_OF, rule)
    assert ours["overdue"].tolist() == peer["defaulted"].tolist()


def test_one_small_invoice_among_many_is_not_overdue():
    rows = [("a", "d", 96.0, "2024-06-01", "2024-12-31"), ("b", "d", 4.0, "2024-06-01", "2024-06-15")]
    book = ledger_of(rows, [("a", "2024-12-31", 96.0)])
    lax, strict = (
        overdue_outcomes(book, "debtor_id", [ORIGIN], AS_OF, rule_of(30, 3, share)).iloc[0] for share in (0.05, 0.01)
    )
    assert lax["worst_share"] == strict["worst_share"] == 0.04
    assert (lax["overdue"], strict["overdue"]) == (0.0, 1.0)
    assert strict["overdue_on"] == pd.Timestamp("2024-07-16")


def test_a_window_that_isn_t_over_is_no_outcome_even_for_the_bad():
    rows = [("a", "d", 100.0, "2024-06-01", "2024-06-10")]
    found = overdue_outcomes(ledger_of(rows), "debtor_id", [ORIGIN], date(2024, 8, 31), rule_of(30, 3)).iloc[0]
    assert np.isnan(found["overdue"])
    assert np.isnan(found["worst_share"])


def test_the_overdue_already_are_not_asked_about():
    rows = [("a", "d", 100.0, "2024-01-01", "2024-02-01"), ("b", "e", 100.0, "2024-06-01", "2024-07-01")]
    found = overdue_outcomes(ledger_of(rows), "debtor_id", [ORIGIN], AS_OF, rule_of(30, 3))
    assert found["debtor_id"].tolist() == ["e"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"dpd": 45}, "dpd: found 45, expected one of 30, 60, 90"),
        ({"months": 4}, "months: found 4, expected one of 3, 6, 12"),
        ({"share": 1.5}, "share, least: found 1.5"),
    ],
)
def test_a_rule_of_its_own_kind_only(facts, words):
    with pytest.raises(Misuse, match=words):
        rule_of(**facts)
