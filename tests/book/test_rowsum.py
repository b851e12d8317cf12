"""The sum that identifies a book's rows: order and batches don't matter, everything else does."""

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.book.rowsum import rowsum
from riskmodels.book.schema.contract import KINDS

CELLS = {
    "text": st.text(max_size=20),
    "date": st.dates(),
    "stamp": st.datetimes(),
    "money": st.decimals(-(10**15), 10**15, places=2),
    "rate": st.floats(allow_nan=False),
    "count": st.integers(-(2**31), 2**31 - 1),
    "flag": st.booleans(),
}
TYPES = {
    "text": pa.string(),
    "date": pa.date32(),
    "stamp": pa.timestamp("us"),
    "money": pa.decimal128(18, 2),
    "rate": pa.float64(),
    "count": pa.int32(),
    "flag": pa.bool_(),
}
ROWS = st.lists(st.tuples(*(st.none() | CELLS[k] for k in KINDS)), max_size=12)


def table(rows, kinds=tuple(KINDS)):
    return pa.table({k + str(i): pa.array([r[i] for r in rows], TYPES[k]) for i, k in enumerate(kinds)})


def summed(rows, kinds=tuple(KINDS), size=None):
    return rowsum(table(rows, kinds).to_batches(size), kinds)


@settings(deadline=None)  # the first example compiles
@given(ROWS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_and_batches_do_not_matter(rows, random, size):
    shuffled = random.sample(rows, len(rows))
    assert summed(rows) == summed(shuffled, size=size)


@settings(deadline=None)
@given(ROWS, ROWS)
def test_other_rows_have_another_sum(rows, others):
    same = sorted(map(repr, rows)) == sorted(map(repr, others))
    # Two zeros of a rate are one value written in two ways.
    if "-0.0" not in repr((rows, others)):
        assert (summed(rows) == summed(others)) == same


@pytest.mark.parametrize(("kinds", "one", "other"), [
    (("text", "text"), ("ab", "c"), ("a", "bc")),
    (("text", "text"), ("", None), (None, "")),
    (("text",), ("",), (None,)),
    (("text",), ("x" * 8,), ("x" * 8 + "\0",)),
    (("count", "count"), (1, 2), (2, 1)),
    (("count",), (0,), (None,)),
    (("rate", "text"), (None, None), (0.0, None)),
])  # fmt: skip
def test_cells_that_look_alike_are_told_apart(kinds, one, other):
    assert summed([one], kinds) != summed([other], kinds)


def test_values_that_move_between_rows_are_noticed():
    kinds = ("text", "money")
    a, b = Decimal("1.00"), Decimal("2.00")
    assert summed([("x", a), ("y", b)], kinds) != summed([("x", b), ("y", a)], kinds)
    assert summed([("x", a), ("x", a)], kinds) != summed([("x", a)], kinds)


def test_two_zeros_are_one():
    assert summed([(-0.0,)], ("rate",)) == summed([(0.0,)], ("rate",))


def test_no_rows_have_no_sum():
    assert summed([]) == (0, 0)


def test_the_sum_stays_what_it_is():
    """Stored reports and models name it: another number here would make each of them a stranger to its book."""
    row = ("发票 1", date(2025, 3, 31), datetime(2025, 3, 31, 12), Decimal("1234.56"), 0.05, 7, True)
    assert summed([row, (None,) * 7]) == (2, 7947328190291361788)
