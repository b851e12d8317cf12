"""No feature of the catalogue can see the future, and a feature that does is caught."""

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "features"))

from feature_books import book_of, month_ends, random_frames

from riskmodels.core.errors import Misuse
from riskmodels.features import CATALOGUE, Facts, Feature, Flow, assert_no_leak, build
from riskmodels.features.facts import DISPUTES, INVOICES
from riskmodels.features.feature import RAISES
from riskmodels.features.formulas import total


@pytest.fixture(scope="module")
def book():
    return book_of(random_frames(5))


def feature(name, measure):
    return Feature(name, "A feature of the test", "count", RAISES, total, (measure,))


def test_a_feature_cannot_see_the_future(book):
    assert_no_leak(CATALOGUE, book)


def test_a_feature_of_a_book_in_several_currencies_cannot_see_the_future():
    assert_no_leak(CATALOGUE, book_of(random_frames(6, currencies=("CNY", "USD"))), date(2024, 12, 31))


def test_a_later_row_does_not_matter_to_a_frame_any_more_than_its_absence(book):
    day = month_ends()[9]
    for key in ("debtor", "client", "pair"):
        whole, cut = build(book, key, day), build(book.as_of(day), key, day)
        assert whole.equals(cut)


def test_a_value_counts_from_the_day_its_column_is_revealed_however_it_is_written(book):
    careless = feature("lost_ever", Flow(DISPUTES, lambda r: (r.outcome.upper() == "DEBTOR").ifelse(1, 0)))
    renamed = Facts("renamed", ("disputes",), lambda t: DISPUTES.rows(t).mutate(hidden=lambda r: r.outcome))
    hidden = feature("hidden_ever", Flow(renamed, lambda r: r.hidden == "debtor"))
    assert_no_leak((careless, hidden), book, date(2024, 12, 31))


def last_payment_ever(t):
    """Invoices with their last payment: a fact of later rows, smuggled in by a group."""
    last = t["payments"].group_by("invoice_id").agg(final_on=lambda p: p.paid_on.max())
    return INVOICES.rows(t).join(last, "invoice_id", how="left").drop("invoice_id_right")


def test_a_feature_that_reads_later_rows_is_caught_and_named(book):
    smuggled = Facts("smuggled", ("payments",), last_payment_ever)
    leaky = feature("paid_late_ever", Flow(smuggled, lambda r: r.final_on > r.due_on))
    with pytest.raises(AssertionError, match="debtor_paid_late_ever as of 2024-12-31: sees the future"):
        assert_no_leak((leaky,), book, date(2024, 12, 31))


def outcome_as_known_with_the_dispute(t):
    """Disputes whose outcome is passed through a group, as if it were known when the dispute was."""
    seen = t["disputes"].group_by("dispute_id").agg(result=lambda d: d.outcome.max())
    return DISPUTES.rows(t).join(seen, "dispute_id").drop("closed_on", "outcome")


def test_an_outcome_cannot_be_read_without_the_date_that_reveals_it(book):
    bare = Facts("bare", ("disputes",), outcome_as_known_with_the_dispute)
    with pytest.raises(
        Misuse, match=r"bare: reads a column revealed by disputes.closed_on, which its facts don't carry"
    ):
        build(book, "debtor", date(2024, 12, 31), (feature("won_ever", Flow(bare, lambda r: r.result == "debtor")),))


def test_rows_cannot_be_chosen_by_what_is_revealed_later(book):
    chosen = Facts("chosen", ("disputes",), lambda t: DISPUTES.rows(t).filter(lambda r: r.outcome == "debtor"))
    with pytest.raises(Misuse, match=r"chosen: rows are chosen by disputes\.outcome, which is revealed later"):
        build(book, "debtor", date(2024, 12, 31), (feature("won_ever", Flow(chosen, lambda r: 1)),))


def test_a_value_cannot_look_at_other_rows(book):
    with pytest.raises(Misuse, match="invoices: found Sum, expected a value"):
        build(book, "debtor", date(2024, 12, 31), (feature("share_ever", Flow(INVOICES, lambda r: r.amount.sum())),))
