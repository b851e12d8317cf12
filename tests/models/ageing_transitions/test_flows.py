"""Flows of balances: by hand, against a count of each invoice, and what is conserved."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.ageing_transitions.flows import PARTS, ageing_flows
from riskmodels.models.ageing_transitions.states import FIRST, LAST, NEW, bucket_of
from riskmodels.portfolio.ageing import ageing
from tests.models.ageing_transitions.books import any_book, book_of, by_chance

END = date(2025, 12, 31)
MONTH = 30
ROWS = [
    ("half", "d1", 100.0, "2025-10-15", "2025-11-30"),
    ("old", "d2", 80.0, "2025-06-01", "2025-09-30"),
    ("fresh", "d2", 60.0, "2025-12-20", "2026-01-20"),
]
PAID = [("half", "2025-12-10", 50.0)]
LOST = [("old", "2025-12-15", 80.0)]


def row(cells, origin, state):
    found = cells[(cells["month"] == 0) & (cells["origin"] == origin) & (cells["state"] == state)]
    return found[[f"{part}_amount" for part in ("base", *PARTS)]].sum().tolist()


def test_flows_of_a_small_ledger_are_those_by_hand():
    # The last month is (2025-12-01, 2025-12-31]. "half" was 1 day past due at its beginning, "old" 62; "fresh" is new.
    cells = ageing_flows(book_of(ROWS, PAID, lost=LOST), END).cells
    assert row(cells, 1, 2) == [100, 50, 50, 0, 0]
    assert row(cells, 3, 4) == [80, 0, 0, 0, 80]
    assert row(cells, NEW, 0) == [60, 60, 0, 0, 0]


def test_by_number_an_invoice_half_paid_stays_open():
    cells = ageing_flows(book_of(ROWS, PAID), END).cells.query("month == 0 and origin == 1")
    assert cells[["base_number", "open_number", "paid_number"]].values.tolist() == [[1, 1, 0]]


def counted(rows, events, until, months):
    """Base, open and exits by (month, origin, state), adding up each invoice at each month."""
    found = {}
    for name, _debtor, amount, issued, due in rows:
        own = sorted((max(d, issued), k, a) for k, part in enumerate(events) for i, d, a in part if i == name)
        for month in range(months):
            end = until - pd.Timedelta(days=MONTH * month)
            start = end - pd.Timedelta(days=MONTH)
            if issued > end:
                continue
            new = issued > start
            # A write-off comes last of its day as its name does in the alphabet: credited, paid, written off.
            order = sorted(own, key=lambda e: (e[0], ("paid", "credited", "written_off")[e[1]]))
            base, left, exits = (amount if new else None), amount, [0.0, 0.0, 0.0]
            credited = 0.0
            for day, kind, part in order:
                if day > end:
                    break
                before, credited = max(amount - credited, 0), round(credited + part, 2)
                left = max(amount - credited, 0)
                if day > start:
                    exits[kind] += before - left
            base = amount if new else left + sum(exits)
            state = -(-((end - due).days) // MONTH)
            key = month, NEW if new else min(max(state - 1, FIRST), LAST), min(max(state, FIRST), LAST)
            found[key] = np.add(found.get(key, np.zeros(5)), [base, left, *exits])
    return {k: v for k, v in found.items() if np.abs(v[:2]).sum() > 1e-9}


@pytest.mark.parametrize("seed", range(6))
def test_flows_agree_with_a_count_of_every_invoice(seed):
    rows, *events = by_chance(seed)
    until = pd.Timestamp("2025-06-30")
    flows = ageing_flows(book_of(rows, *events), until.date())
    found = flows.cells.groupby(["month", "origin", "state"])[[f"{p}_amount" for p in ("base", *PARTS)]].sum()
    found = found[found.iloc[:, :2].abs().sum(axis=1) > 1e-9]
    expected = counted(rows, events, until, flows.months)
    assert set(found.index) == set(expected)
    assert len(expected) > 30
    for key, values in expected.items():
        assert found.loc[key].tolist() == pytest.approx(values.tolist(), abs=1e-6)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_balances_and_new_business_are_next_balances_and_exits(seed):
    flows = ageing_flows(book_of(*by_chance(seed, invoices=30)), date(2025, 3, 31))
    for measure in ("amount", "number"):
        by_month = flows.cells.groupby("month")[[f"{p}_{measure}" for p in ("base", *PARTS)]].sum()
        assert by_month.iloc[:, 0].to_numpy() == pytest.approx(by_month.iloc[:, 1:].sum(axis=1).to_numpy(), abs=1e-6)
        for month in range(flows.months - 1):
            old = flows.cells.query("month == @month and origin != @NEW")
            before = flows.balances(measure, month + 1).sum()
            assert old[f"base_{measure}"].sum() == pytest.approx(before, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_balances_are_those_of_the_ageing(seed):
    book, day = any_book(seed), date(2025, 3, 31)
    flows, told = ageing_flows(book, day), ageing(book.as_of(day)).sort_values("bucket")
    buckets = bucket_of(np.arange(FIRST, LAST + 1))
    for measure, column in (("amount", "balance"), ("number", "invoices")):
        assert np.bincount(buckets, flows.balances(measure)) == pytest.approx(told[column].to_numpy(float), abs=1e-6)


def test_only_the_last_months_are_the_same_months():
    whole, few = (ageing_flows(any_book(1), date(2025, 3, 31), last) for last in (None, 3))
    kept = whole.cells[whole.cells["month"] < 3].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, few.cells)
    assert few.months == 3


def test_a_book_shorter_than_a_month_is_refused():
    young = book_of(ROWS, [("old", "2025-06-10", 1.0)])
    with pytest.raises(DataRefused, match="found 0 months"):
        ageing_flows(young, date(2025, 6, 13))


def test_a_book_without_payments_is_refused_in_one_line():
    with pytest.raises(DataRefused, match="no rows in table payments"):
        ageing_flows(book_of(ROWS), END)


def test_an_unknown_measure_is_refused():
    with pytest.raises(Misuse, match="measure: found 'money', expected amount or number"):
        ageing_flows(book_of(ROWS, PAID), END).balances("money")
