"""No feature of the catalogue can see the future: not its values, not its rows, not that there are any."""

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "features"))

from feature_books import book_of, month_ends, random_frames

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.features import CATALOGUE, Facts, Feature, Flow, assert_no_leak, build
from riskmodels.features.facts import CREDIT_NOTES, DISPUTES, INVOICES, PAYMENTS
from riskmodels.features.feature import RAISES
from riskmodels.features.formulas import total

DAY = date(2024, 12, 31)


@pytest.fixture(scope="module")
def book():
    return book_of(random_frames(5))


def feature(name, measure):
    return Feature(name, "A feature of the test", "count", RAISES, total, (measure,))


def test_a_feature_cannot_see_the_future(book):
    assert_no_leak(CATALOGUE, book)


def test_a_feature_of_a_book_in_several_currencies_cannot_see_the_future():
    assert_no_leak(CATALOGUE, book_of(random_frames(6, currencies=("CNY", "USD"))), DAY)


def test_a_feature_of_ones_own_is_proved_alone(book):
    late = Feature(
        "paid_late_ever",
        "Payments after the due date",
        "count",
        RAISES,
        total,
        (Flow(PAYMENTS, lambda r: r.paid_on > r.due_on),),
    )
    assert_no_leak((late,), book, DAY)


def test_a_later_row_does_not_matter_to_a_frame_any_more_than_its_absence(book):
    day = month_ends()[9]
    for key in ("debtor", "client", "pair"):
        whole, cut = build(book, key, day), build(book.as_of(day), key, day)
        assert whole[list(cut)].equals(cut)


FACTS = {"invoices": INVOICES, "payments": PAYMENTS, "credit_notes": CREDIT_NOTES, "disputes": DISPUTES}


def known_days(frames, table, reveal=None):
    """The day from which each row may count: its own, its invoice's, and the one that reveals a cell."""
    rows = frames[table]
    if table != "invoices":
        rows = rows.merge(frames["invoices"][["invoice_id", "known_on"]], on="invoice_id", suffixes=("", "_of_invoice"))
    days = rows[[c for c in rows if c.startswith("known_on")] + ([reveal] if reveal else [])]
    return days.max(axis=1, skipna=False).dropna()


@pytest.mark.parametrize("table", FACTS)
def test_a_row_counts_on_the_day_it_is_known_and_not_on_the_day_before(table):
    frames = random_frames(8)
    counted = feature("rows_ever", Flow(FACTS[table], lambda r: 1))
    assert_each_counts_from(known_days(frames, table), frames, counted)


def test_a_cell_counts_on_the_day_it_is_revealed_and_not_on_the_day_before():
    frames = random_frames(8)
    decided = feature("rows_ever", Flow(DISPUTES, lambda r: 1, where=lambda r: r.outcome.notnull()))
    assert_each_counts_from(known_days(frames, "disputes", "closed_on"), frames, decided)


def assert_each_counts_from(days, frames, counted):
    """For every day on which something becomes known: what is counted at its close, and at the close before."""
    book = book_of(frames)
    dates = sorted({d for day in days for d in (day.date(), day.date() - timedelta(1)) if d >= book.first_day})
    found = build(book, "client", dates, (counted,)).groupby("as_of")["client_rows_ever"].sum()
    expected = np.searchsorted(np.sort(days.to_numpy()), found.index.to_numpy(), side="right")
    assert found.to_list() == expected.tolist()
    assert len(found) > 20


def test_a_value_counts_from_the_day_its_column_is_revealed_however_it_is_written(book):
    careless = feature("lost_ever", Flow(DISPUTES, lambda r: (r.outcome.upper() == "DEBTOR").ifelse(1, 0)))
    renamed = Facts("renamed", ("disputes",), lambda t: DISPUTES.rows(t).mutate(hidden=lambda r: r.outcome))
    hidden = feature("hidden_ever", Flow(renamed, lambda r: r.hidden == "debtor"))
    assert_no_leak((careless, hidden), book, DAY)


def test_a_party_is_not_in_a_frame_before_its_version_is_valid_though_it_was_known_sooner():
    frames = random_frames(5)
    ahead = {"party_id": "D8", "valid_from": pd.Timestamp("2025-06-01"), "known_on": pd.Timestamp("2024-06-01")}
    parties = pd.concat([frames["parties"], pd.DataFrame([{**ahead, "roles": "debtor"}])], ignore_index=True)
    assert_no_leak(CATALOGUE[:1], book_of({**frames, "parties": parties}), DAY)


def test_a_currency_that_only_later_invoices_are_in_does_not_matter():
    frames = random_frames(6)
    invoices = frames["invoices"]
    invoices["currency"] = np.where(invoices["known_on"] <= pd.Timestamp("2024-09-15"), "CNY", "USD")
    amounts = tuple(e for e in CATALOGUE if e.name.startswith("paid_amount"))
    assert_no_leak(amounts, book_of(frames), date(2024, 9, 15))


def test_an_invoice_announced_before_its_issue_may_show_what_became_known_until_then():
    frames = random_frames(7)
    frames["invoices"]["known_on"] = frames["invoices"]["issued_on"] - pd.Timedelta(days=40)
    assert_no_leak(CATALOGUE[:5], book_of(frames), DAY)


def test_nothing_is_proved_of_a_book_without_invoices():
    empty = {"invoices": random_frames(5)["invoices"].head(0)}
    with pytest.raises(DataRefused, match="no rows in table invoices"):
        assert_no_leak(CATALOGUE, book_of(empty))


def outcome_as_known_with_the_dispute(t):
    """Disputes whose outcome is passed through a group, as if it were known when the dispute was."""
    seen = t["disputes"].group_by("dispute_id").agg(result=lambda d: d.outcome.max())
    return DISPUTES.rows(t).join(seen, "dispute_id").drop("closed_on", "outcome")


def test_an_outcome_cannot_be_read_without_the_date_that_reveals_it(book):
    bare = Facts("bare", ("disputes",), outcome_as_known_with_the_dispute)
    with pytest.raises(
        Misuse, match=r"bare: reads a column revealed by disputes.closed_on, which its facts don't carry"
    ):
        build(book, "debtor", DAY, (feature("won_ever", Flow(bare, lambda r: r.result == "debtor")),))


def test_rows_cannot_be_chosen_by_what_is_revealed_later(book):
    chosen = Facts("chosen", ("disputes",), lambda t: DISPUTES.rows(t).filter(lambda r: r.outcome == "debtor"))
    with pytest.raises(Misuse, match=r"chosen: rows are chosen by disputes\.outcome, which is revealed later"):
        build(book, "debtor", DAY, (feature("won_ever", Flow(chosen, lambda r: 1)),))


def test_a_value_cannot_look_at_other_rows(book):
    with pytest.raises(Misuse, match="invoices: found Sum, expected a value"):
        build(book, "debtor", DAY, (feature("share_ever", Flow(INVOICES, lambda r: r.amount.sum())),))
