"""The study says what it recommends and why, in both languages, and what it could not run."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.book.outcomes import Default
from riskmodels.models.bad_definition import study
from riskmodels.models.bad_definition.study import justified_window

END = date(2025, 12, 31)


@pytest.fixture(scope="module")
def short(make_ledger, any_ledger):
    return make_ledger(*any_ledger(7, 80, 200))


def test_without_payments_it_is_not_run_because(make_ledger):
    found = study(make_ledger([("a", "d", 1.0, "2025-01-01", "2025-02-01")]), END)
    assert found.evidence is None
    assert found.threshold is found.window is None
    assert found.reasons[0].startswith("Not run, because the book has no payments")


def test_a_book_shorter_than_a_year_justifies_nothing_and_says_so(short):
    found = study(short, date(2024, 8, 31))
    assert found.threshold is found.window is None
    text = " ".join(found.reasons)
    assert "No days past due can be justified" in text
    assert "Worst against worst status was not run" in text
    assert "No window can be justified" in text


def test_the_study_does_not_see_what_came_later(make_ledger, any_ledger):
    rows, paid = any_ledger(8, 120, 300)
    day = pd.Timestamp("2024-12-31")
    cut = make_ledger([r for r in rows if r[3] <= day], [p for p in paid if p[1] <= day])
    whole = make_ledger(rows, paid)
    one, two = (study(book, day.date()).evidence for book in (cut, whole))
    pd.testing.assert_frame_equal(one.rolls.months, two.rolls.months)
    pd.testing.assert_frame_equal(one.cures, two.cures)
    pd.testing.assert_frame_equal(one.maturation.pooled, two.maturation.pooled)


def test_a_window_needs_both_measures():
    rows = {"dpd": 90, "measure": ["amount", "number"], "months": [5, 7], "justified": [True, True]}
    assert justified_window(pd.DataFrame(rows), 90) == 7
    assert justified_window(pd.DataFrame({**rows, "justified": [True, False]}), 90) is None
    assert justified_window(pd.DataFrame(rows), 60) is None


def test_it_takes_clients_and_another_rule(short):
    found = study(short, END, "client_id", Default(dpd=45, months=3))
    assert {30, 45, 60, 90} == set(found.evidence.maturation.pooled["dpd"])
    assert found.evidence.forward["n"].sum() > 0


def test_a_book_in_which_nothing_is_due_yet_is_studied_without_a_finding(make_ledger):
    book = make_ledger([("a", "d", 100.0, "2025-12-01", "2026-03-01")], [("a", "2025-12-20", 10.0)])
    found = study(book, END)
    assert found.evidence.rolls.months.empty
    assert found.evidence.rolls.rates["rate"].isna().all()
    assert found.evidence.cures["episodes"].eq(0).all()
    assert found.threshold is found.window is None
    assert any("No net flow to loss" in line for line in found.reasons)


def test_an_unpaid_book_has_cash_but_never_a_cure(make_ledger):
    days = pd.date_range("2022-01-01", "2025-12-01", freq="7D")
    rows = [(f"i{k}", f"d{k}", 10.0, d, d + pd.Timedelta(days=30)) for k, d in enumerate(days)]
    found = study(make_ledger(rows, [("i0", "2025-12-20", 1.0)]), END)
    assert found.threshold == 30
    assert found.evidence.cures["low"].min() > 0.95
    assert any("The rule in use waits longer: at its 90 days 100.0%" in line for line in found.reasons)


def test_a_book_that_fell_silent_is_told_to_its_last_day(short):
    found = study(short, date(2030, 1, 31))
    assert found.until == short.last_day
    assert found.evidence.rolls.months["to_on"].max() == pd.Timestamp(short.last_day)
