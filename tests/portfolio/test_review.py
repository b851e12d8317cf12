"""The review: what a book can't tell is not run, with a reason; what it tells of a day later facts don't change."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from riskmodels.core.checks import Limits, Verdict
from riskmodels.portfolio.measures import measures
from riskmodels.portfolio.review import FIGURES, default_limits, review

CUT, BEFORE = date(2025, 6, 30), date(2025, 3, 31)


def by_name(results, currency="CNY"):
    return {r.name.removeprefix("portfolio."): r for r in results if r.subject == currency}


def test_a_list_of_open_items_is_aged_but_says_nothing_of_collection(open_list):
    found = by_name(review(open_list.as_of(CUT)))
    assert found["asset_quality.over_90"].verdict is Verdict.BREACH
    assert "taken as open" in found["asset_quality.over_90"].detail["assumes"]
    for name in ("dso", "days_delinquent", "cei"):
        assert found[f"turnover.{name}"].reason == "no payments in the book, so nothing can be said of collection"


def test_absent_tables_are_named(open_list):
    found = by_name(review(open_list.as_of(CUT)))
    reasons = {name: r.reason for name, r in found.items() if name.startswith("receivable_quality")}
    assert reasons == {
        "receivable_quality.dilution_12m": "no credit notes in the book",
        "receivable_quality.disputed": "no disputes in the book",
        "receivable_quality.unconfirmed": "no confirmations in the book",
    }


def test_a_young_book_has_no_twelve_months(hand):
    found = by_name(review(hand.as_of(CUT)))["receivable_quality.dilution_12m"]
    assert found.reason == "the book begins on 2025-01-10, and 365 days before the cut are needed"


def test_a_book_with_nothing_open_is_not_within(make_book):
    row = {"invoice_id": "i", "client_id": "c", "debtor_id": "d", "currency": "CNY", "amount": 1.0}
    day = pd.Timestamp("2024-01-01")
    book = make_book(
        invoices=pd.DataFrame([{**row, "issued_on": day, "due_on": day}]),
        payments=pd.DataFrame([{"payment_id": "p", "invoice_id": "i", "paid_on": day, "amount": 1.0}]),
    )
    found = by_name(review(book.as_of(CUT)))
    assert {r.verdict for r in found.values()} == {Verdict.NOT_RUN}
    assert found["asset_quality.over_90"].reason == "nothing is open"
    assert found["turnover.dso"].reason == "no sales in the period"


def test_figures_by_hand(hand):
    # open: part 150 and late 300 more than 90 days late, noted 160 and new 500 not due; late is in dispute.
    found = by_name(review(hand.as_of(CUT)))
    assert found["asset_quality.over_90"].value == pytest.approx(450 / 1110)
    assert found["receivable_quality.disputed"].value == pytest.approx(300 / 1110)
    assert found["concentration.largest_debtor"].value == pytest.approx(500 / 1110)
    assert found["asset_quality.over_90"].n == 4


def test_each_currency_has_its_own_checks(hand):
    results = review(hand.as_of(CUT))
    assert {r.subject for r in results} == {"CNY", "USD"}
    assert by_name(results, "USD")["asset_quality.overdue"].value == 1.0


def test_the_previous_cut_and_the_trend_stand_beside_the_value(hand):
    found = by_name(review(hand.as_of(CUT), hand.as_of(BEFORE)))["asset_quality.over_30"]
    assert found.detail["previous"] == pytest.approx(300 / 700)
    assert found.detail["trend"] == {"2025-03-31": found.detail["previous"], "2025-06-30": found.value}


def test_limits_of_the_caller_replace_those_of_the_package(hand):
    name = "portfolio.asset_quality.over_90"
    found = by_name(review(hand.as_of(CUT), limits={name: Limits.at_most(0.9, source="committee")}))
    assert found["asset_quality.over_90"].verdict is Verdict.WITHIN


def test_every_figure_has_a_limit_with_a_source_and_every_limit_a_figure():
    assert set(default_limits()) == {f.name for f in FIGURES}
    assert all(limits.source for limits in default_limits().values())


def test_results_are_plain_values(hand):
    assert json.loads(json.dumps([r.as_dict() for r in review(hand.as_of(CUT), hand.as_of(BEFORE))]))


DAYS = st.integers(0, 500).map(lambda n: pd.Timestamp("2024-01-01") + pd.Timedelta(days=n))


@st.composite
def ledgers(draw):
    """Invoices in two currencies with payments, notes and disputes that became known on or after they happened."""
    n = draw(st.integers(1, 12))
    issued = [draw(DAYS) for _ in range(n)]
    days = st.integers(0, 120).map(lambda k: pd.Timedelta(days=k))
    invoices = pd.DataFrame(
        {
            "invoice_id": [f"i{k}" for k in range(n)],
            "client_id": [draw(st.sampled_from("ab")) for _ in range(n)],
            "debtor_id": [draw(st.sampled_from("xyz")) for _ in range(n)],
            "currency": [draw(st.sampled_from(["CNY", "USD"])) for _ in range(n)],
            "amount": [float(draw(st.integers(1, 1000))) for _ in range(n)],
            "issued_on": issued,
            "due_on": [d + draw(days) for d in issued],
            "confirmed_on": [d + draw(days) for d in issued],
            "known_on": [d + draw(days) / 10 for d in issued],
        }
    ).astype({"known_on": "datetime64[s]"})
    invoices["known_on"] = invoices["known_on"].dt.normalize()
    part = invoices[["invoice_id", "amount"]].assign(amount=invoices["amount"] * draw(st.sampled_from([0.25, 0.5, 1])))
    on = invoices["issued_on"] + pd.Timedelta(days=draw(st.integers(0, 200)))
    return {
        "invoices": invoices,
        "payments": part.assign(payment_id=part["invoice_id"], paid_on=on, known_on=on + draw(days)),
        "credit_notes": part.head(3).assign(note_id=part["invoice_id"].head(3), issued_on=on, known_on=on + draw(days)),
        "disputes": part[["invoice_id"]].assign(
            dispute_id=part["invoice_id"], opened_on=on, closed_on=on + draw(days), known_on=on
        ),
    }


@settings(max_examples=8, deadline=None)
@given(ledgers(), st.integers(0, 400))
def test_a_trend_read_from_a_later_cut_is_what_was_known_then(make_book, tables, back):
    book = make_book(**tables)
    later = date(2026, 1, 1)
    day = (pd.Timestamp(later) - pd.Timedelta(days=back)).date()
    assume(day >= book.first_day)
    then, now = measures(book.as_of(day)), measures(book.as_of(later), [day])
    now = now[now["currency"].isin(then["currency"])].reset_index(drop=True)
    told = [c for c in then if then[c].notna().any()]
    pd.testing.assert_frame_equal(then[told], now[told])


@settings(max_examples=8, deadline=None)
@given(ledgers())
def test_the_open_balance_is_what_a_plain_loop_finds(make_book, tables):
    day = pd.Timestamp("2025-01-31")
    invoices = tables["invoices"].query("known_on <= @day").set_index("invoice_id")
    balance = invoices["amount"].copy()
    for name in ("payments", "credit_notes"):
        for row in tables[name].query("known_on <= @day").itertuples():
            if row.invoice_id in balance.index:
                balance[row.invoice_id] -= row.amount
    assume(len(invoices))
    expected = balance[balance > 0].groupby(invoices["currency"]).sum()
    found = measures(make_book(**tables).as_of(day.date())).set_index("currency")["balance"]
    assert np.allclose(found.reindex(expected.index), expected)


@settings(max_examples=5, deadline=None)
@given(ledgers())
def test_the_order_of_rows_changes_not_one_bit(make_book, tables):
    shuffled = {name: frame.sample(frac=1, random_state=1) for name, frame in tables.items()}
    first, again = (measures(make_book(**t).as_of(date(2026, 1, 1))) for t in (tables, shuffled))
    pd.testing.assert_frame_equal(first, again, check_exact=True)
