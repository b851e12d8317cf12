"""Other futures of a book: changed, taken away or added to, what was revealed by the day stays as it is."""

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from schema_books import schema_book

from riskmodels.book.garble import FAR, crowded, garbled, without
from riskmodels.book.later import Part, every_row, joined, revealed_after

DAY = date(2024, 9, 15)


@pytest.fixture(scope="module")
def book():
    return schema_book(11)


def same(book, other):
    """Whether two books tell the same, table by table."""
    for name in book.schema:
        pd.testing.assert_frame_equal(book.frame(name), other.frame(name))


def test_without_what_is_revealed_later_a_book_is_its_cut(book):
    same(without(book, revealed_after(book, DAY)), book.as_of(DAY))


def test_a_book_with_further_rows_known_later_has_the_same_cut(book):
    more = crowded(book, DAY)
    assert all(len(more.frame(n)) == 2 * len(book.frame(n)) for n in book.schema)
    same(more.as_of(DAY), book.as_of(DAY))


def test_the_further_rows_have_keys_of_their_own(book):
    more = crowded(book, DAY)
    for name, table in book.schema.items():
        assert not more.frame(name).duplicated(list(table.key)).any(), name


def test_nothing_is_revealed_after_the_last_day_but_what_never_is(book):
    for part in revealed_after(book, date(2100, 1, 1)):
        dates = {book.schema[part.table][c].revealed_by for c in part.columns}
        assert book.frame(part.table).iloc[part.rows][list(dates)].isna().all(axis=None)


def test_garbage_becomes_known_the_next_day_within_years_and_in_another_age(book):
    other = garbled(book, DAY)
    known = pd.concat([other.frame(n)["known_on"] for n in book.schema])
    later = known[known > pd.Timestamp(DAY)]
    assert (later == pd.Timestamp(DAY + timedelta(1))).mean() > 0.2
    assert (later > pd.Timestamp(DAY + timedelta(FAR))).mean() > 0.2
    assert (later < pd.Timestamp(DAY + timedelta(1000))).mean() > 0.5


def test_the_cells_of_a_part_are_garbled_and_no_others(book):
    place = np.flatnonzero(book.frame("payments")["known_on"] > pd.Timestamp(DAY))[:2]
    found = garbled(book, DAY, parts=[Part("payments", place, ("amount",))])
    whole, other = book.frame("payments"), found.frame("payments")
    assert (whole.loc[place, "amount"] != other.loc[place, "amount"]).all()
    other.loc[place, "amount"] = whole.loc[place, "amount"]
    pd.testing.assert_frame_equal(whole, other)


def test_garbage_of_a_row_is_the_same_whichever_rows_are_garbled_with_it(book):
    place = np.flatnonzero(book.frame("payments")["known_on"] > pd.Timestamp(DAY))
    one, all_ = (garbled(book, DAY, parts=[Part("payments", p)]).frame("payments") for p in (place[:1], place))
    pd.testing.assert_frame_equal(one.iloc[place[:1]], all_.iloc[place[:1]])


def test_a_part_cut_to_pieces_and_joined_is_the_part(book):
    (part,) = (p for p in every_row(book) if p.table == "invoices")
    (whole,) = joined(part.pieces)
    assert len(part.pieces) > 1
    np.testing.assert_array_equal(whole.rows, part.rows)


def test_what_a_book_holds_and_in_which_currency_is_not_for_the_future_to_say(book):
    bare = without(book, every_row(book))
    assert bare.tables == book.tables
    assert bare.currency == book.currency
