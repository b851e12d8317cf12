"""Matching on the synthetic book: precision and recall against its truth, and the table a desk gets."""

from datetime import date

import pytest

from riskmodels.book.book import Book, in_memory
from riskmodels.book.synthetic import synthesise
from riskmodels.core.errors import DataRefused
from riskmodels.models.matching import accuracy, match_receipts, matched

LAST = date(2026, 6, 30)


@pytest.fixture(scope="module")
def book():
    made = synthesise(3000, 20, LAST)
    wanted = ("invoices", "payments", "receipts", "credit_notes", "write_offs", "parties")
    return Book("made", in_memory({name: made.tables[name] for name in wanted}))


@pytest.fixture(scope="module")
def links(book):
    return matched(book, LAST)


def test_what_is_booked_without_a_person_is_right_and_is_most_of_it(links):
    found = accuracy(*links)
    assert found.precision > 0.97
    assert found.recall > 0.8


def test_a_higher_score_is_more_often_right(links):
    shares = [accuracy(*links, score=score).precision for score in (0.0, 0.5, 0.8)]
    assert shares == sorted(shares)


def test_with_all_proposals_recall_only_grows(links):
    assert accuracy(*links, score=0.0).recall > accuracy(*links).recall


def test_no_receipt_is_given_out_twice(links):
    found, _true = links
    assert not found.duplicated(["receipt_id", "invoice_id"]).any()
    assert (found["amount"] > 0).all()


def test_a_desk_gets_the_unmatched_receipts_with_evidence_and_the_same_ones_again(book):
    table = match_receipts(book, date(2026, 3, 31))
    assert len(table) > 0
    assert (table.groupby("receipt_id")["allocated"].sum() >= 0).all()
    assert table["evidence"].str.len().min() > 0
    assert table.equals(match_receipts(book, date(2026, 3, 31)))


def test_a_book_without_receipts_is_refused(book):
    bare = Book("bare", in_memory({"invoices": book.frame("invoices")}))
    with pytest.raises(DataRefused, match="bare: no rows in table receipts"):
        match_receipts(bare, LAST)
