"""Ageing: balances by hand, edges of the buckets, currencies apart."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.core.buckets import NAMES
from riskmodels.core.errors import Misuse
from riskmodels.portfolio.ageing import ageing, compare
from riskmodels.portfolio.balances import past_days

CUT = date(2025, 6, 30)


def by_bucket(table, currency="CNY", column="balance"):
    return table[table["currency"] == currency].set_index("bucket")[column]


def test_balances_are_amounts_less_payments_and_credit_notes_by_original_due_date(hand):
    # part 150 (121 days), late 300 (130 days), noted 160 (due today), new 500 (not due); paid is gone, future unknown.
    balance = by_bucket(ageing(hand.as_of(CUT)))
    assert balance.to_dict() == {0: 660.0, 1: 0, 2: 0, 3: 0, 4: 450.0, 5: 0, 6: 0}


def test_what_is_written_off_is_no_longer_open(make_book):
    row = {"invoice_id": "i", "client_id": "c", "debtor_id": "d", "currency": "CNY", "amount": 100.0}
    invoices = pd.DataFrame([{**row, "issued_on": pd.Timestamp("2024-01-01"), "due_on": pd.Timestamp("2024-02-01")}])
    given_up = {"invoice_id": "i", "written_off_on": pd.Timestamp("2025-06-30"), "amount": 70.0}
    book = make_book(invoices=invoices, write_offs=pd.DataFrame([given_up]))
    assert by_bucket(ageing(book.as_of(date(2025, 6, 29)))).sum() == 100
    assert by_bucket(ageing(book.as_of(CUT))).sum() == 30


def test_currencies_are_never_mixed(hand):
    table = ageing(hand.as_of(CUT))
    assert by_bucket(table, "USD").to_dict() == {0: 0, 1: 900.0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0}
    assert table.groupby("currency")["share"].sum().tolist() == pytest.approx([1, 1])


@pytest.mark.parametrize(
    ("late", "bucket"),
    [
        (-1, 0),
        (0, 0),
        (1, 1),
        (30, 1),
        (31, 2),
        (60, 2),
        (61, 3),
        (90, 3),
        (91, 4),
        (180, 4),
        (181, 5),
        (360, 5),
        (361, 6),
    ],
)
def test_a_bucket_ends_on_its_last_day(make_book, late, bucket):
    due = pd.Timestamp(CUT) - pd.Timedelta(days=late)
    row = {"invoice_id": "i", "client_id": "c", "debtor_id": "d", "currency": "CNY", "amount": 1.0}
    book = make_book(invoices=pd.DataFrame([{**row, "issued_on": pd.Timestamp("2024-01-01"), "due_on": due}]))
    assert by_bucket(ageing(book.as_of(CUT)), column="invoices")[bucket] == 1


def test_the_parts_by_debtor_add_up_to_the_whole(hand):
    book = hand.as_of(CUT)
    parts = ageing(book, by=["debtor_id", "client_id"])
    whole = ageing(book)
    sums = parts.groupby(["currency", "bucket"])[["invoices", "balance"]].sum()
    assert sums.to_numpy().tolist() == whole[["invoices", "balance"]].to_numpy().tolist()


def test_two_dates_stand_beside_each_other(hand):
    table = compare(hand.as_of(CUT), date(2025, 3, 31)).query("currency == 'CNY'")
    assert table["balance_before"].tolist() == [0, 400, 300, 0, 0, 0, 0]
    assert table["change"].sum() == (660 + 450) - 700
    assert table["name"].tolist() == list(NAMES)


def test_a_whole_book_has_no_ageing(hand):
    with pytest.raises(Misuse, match="found the whole book, expected one cut at a date"):
        ageing(hand)


def test_a_day_after_the_cut_is_refused(hand):
    with pytest.raises(Misuse, match="found day 2025-07-31, expected none after the cut 2025-06-30"):
        ageing(hand.as_of(CUT), days=[date(2025, 7, 31)])


def test_an_unknown_key_is_refused(hand):
    with pytest.raises(Misuse, match="expected some of client_id, debtor_id"):
        ageing(hand.as_of(CUT), by=["name"])


def test_past_days_begin_with_the_book_and_end_at_the_cut(hand):
    assert past_days(hand.as_of(CUT)) == [date(2025, 3, 31), CUT]
