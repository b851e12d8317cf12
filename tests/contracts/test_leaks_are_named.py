"""A feature that sees the future is caught, and the error names the later rows and cells that it sees."""

import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "features"))

from feature_books import book_of

from riskmodels.book.later import Part
from riskmodels.features import Facts, Feature, Flow, assert_no_leak
from riskmodels.features.culprit import TOGETHER, named, smallest
from riskmodels.features.evidence import ROWS, Culprit, Evidence, LeakFound
from riskmodels.features.facts import DISPUTES, INVOICES
from riskmodels.features.feature import RAISES
from riskmodels.features.formulas import total
from riskmodels.features.views import moved_columns

DAY = date(2024, 3, 31)


def table(columns, *rows):
    """A frame of rows, its dates as dates."""
    frame = pd.DataFrame(rows, columns=columns.split())
    dates = [c for c in frame if c.endswith(("_on", "_from"))]
    return frame.assign(**{c: pd.to_datetime(frame[c]) for c in dates})


def frames(*names):
    """The invoices of two debtors, and some of what else there is.

    Known after DAY: payments P3 and P4, the end of dispute X2, a version of D1.
    """
    every = {
        "invoices": table(
            "invoice_id client_id debtor_id currency amount issued_on due_on known_on",
            ("I1", "C1", "D1", "CNY", 100.0, "2024-01-01", "2024-02-20", "2024-01-01"),
            ("I2", "C1", "D2", "CNY", 100.0, "2024-01-05", "2024-02-20", "2024-01-05"),
        ),
        "payments": table(
            "payment_id invoice_id paid_on amount known_on",
            ("P1", "I1", "2024-02-10", 20.0, "2024-02-10"),
            ("P2", "I2", "2024-02-15", 20.0, "2024-02-15"),
            ("P3", "I1", "2024-04-10", 20.0, "2024-04-12"),
            ("P4", "I1", "2024-05-10", 20.0, "2024-05-10"),
        ),
        "disputes": table(
            "dispute_id invoice_id opened_on closed_on outcome known_on",
            ("X1", "I2", "2024-02-01", "2024-03-01", "client", "2024-02-01"),
            ("X2", "I2", "2024-02-02", "2024-05-01", "debtor", "2024-02-02"),
        ),
        "parties": table(
            "party_id valid_from registered_capital known_on",
            ("D1", "2024-01-01", 5.0, "2024-01-01"),
            ("D1", "2024-06-01", 7.0, "2024-06-02"),
        ),
    }
    return {name: every[name] for name in ("invoices", *names)}


def leak_of(rows, value, given):
    """What the proof says of a feature that sums a value over facts of the test."""
    measure = Flow(Facts("facts of the test", ("invoices",), rows), value)
    leaky = Feature("leaky_ever", "A feature of the test", "count", RAISES, total, (measure,), ("debtor",))
    with pytest.raises(LeakFound) as caught:
        assert_no_leak((leaky,), book_of(given), DAY)
    return caught.value


def with_payments(**columns):
    """Invoices with something of all their payments, later ones too: smuggled in by a group."""

    def rows(t):
        found = t["payments"].group_by("invoice_id").agg(**columns)
        return INVOICES.rows(t).join(found, "invoice_id", how="left").drop("invoice_id_right")

    return rows


COUNTED = with_payments(n=lambda p: p.count())
"""Invoices with the number of their payments, later ones too."""


def test_a_feature_that_reads_a_later_row_is_caught_with_the_row_and_its_column():
    leak = leak_of(
        with_payments(final_on=lambda p: p.paid_on.max()), lambda r: r.final_on.epoch_days(), frames("payments")
    )
    (found,) = leak.evidence
    assert (found.feature, found.ids, found.as_of) == ("debtor_leaky_ever", {"debtor_id": "D1"}, DAY)
    assert found.before == date(2024, 5, 10).toordinal() - date(1970, 1, 1).toordinal()
    (culprit,) = found.culprits
    assert culprit == Culprit("payments", {"payment_id": "P4"}, ("paid_on",), date(2024, 5, 10), date(2024, 5, 10))
    assert str(leak) == (
        f"debtor_leaky_ever as of 2024-03-31 sees the future: 1 of 2 values move. debtor D1: 19853 becomes "
        f"{found.after:.0f} with payments payment_id P4 (paid_on, known on 2024-05-10)."
    )


def outcome_of_the_invoice(t):
    """Disputes with the outcomes of all disputes of their invoice: each carries a reveal date, but only its own."""
    seen = t["disputes"].group_by("invoice_id").agg(result=lambda d: d.outcome.count())
    return DISPUTES.rows(t).join(seen, "invoice_id")


def test_a_cell_revealed_later_is_caught_though_another_rows_reveal_date_was_kept():
    leak = leak_of(outcome_of_the_invoice, lambda r: r.result, frames("disputes"))
    (found,) = leak.evidence
    (culprit,) = found.culprits
    assert culprit == Culprit("disputes", {"dispute_id": "X2"}, ("outcome",), date(2024, 2, 2), date(2024, 5, 1))
    assert str(leak).endswith("2 becomes 1 without disputes dispute_id X2 (outcome, revealed on 2024-05-01).")


def test_a_feature_that_counts_later_rows_is_caught_by_their_absence():
    leak = leak_of(COUNTED, lambda r: r.n, frames("payments"))
    assert str(leak).endswith("debtor D1: 3 becomes 2 without payments payment_id P3 (known on 2024-04-12).")


def newest_capital(t):
    """Invoices with the capital of their debtor's newest version."""
    newest = t["parties"].group_by("party_id").agg(capital=lambda p: p.registered_capital.argmax(p.valid_from))
    rows = INVOICES.rows(t)
    return rows.join(newest, rows.debtor_id == newest.party_id).drop("party_id")


def test_a_feature_that_reads_a_later_version_of_a_party_is_caught_with_the_version():
    leak = leak_of(newest_capital, lambda r: r.capital, frames("parties"))
    (culprit,) = leak.evidence[0].culprits
    assert culprit.key == {"party_id": "D1", "valid_from": "2024-06-01"}
    assert (culprit.table, culprit.columns, culprit.known_on) == ("parties", ("registered_capital",), date(2024, 6, 2))


def test_a_feature_that_would_read_a_later_row_is_caught_in_a_book_that_has_none():
    known = {name: rows[rows["known_on"] <= pd.Timestamp(DAY)] for name, rows in frames("payments").items()}
    leak = leak_of(COUNTED, lambda r: r.n, known)
    assert "debtor D1: 1 becomes 2 with a later row like payments payment_id P1 (known on 2024-02-10)" in str(leak)


def a_day_early(t):
    """Invoices that say they were known the day before."""
    import ibis

    return INVOICES.rows(t).mutate(known_on=lambda r: r.known_on - ibis.interval(days=1))


def test_a_feature_that_counts_a_day_early_is_caught():
    given = frames()
    given["invoices"].loc[1, ["issued_on", "known_on"]] = pd.Timestamp("2024-04-01")
    given["invoices"].loc[1, "debtor_id"] = "D1"
    leak = leak_of(a_day_early, lambda r: 1, given)
    assert {c.key["invoice_id"] for c in leak.evidence[0].culprits} == {"I2"}


def test_two_rows_that_only_act_together_are_named_together():
    leak = leak_of(COUNTED, lambda r: r.n >= 2, frames("payments"))
    assert str(leak).endswith(
        "debtor D1: 1 becomes 0 without payments payment_id P3 (known on 2024-04-12) "
        "and payments payment_id P4 (known on 2024-05-10)."
    )


def test_of_too_many_rows_that_only_act_together_the_first_is_named_with_their_number():
    book = book_of(frames("payments", "disputes"))
    later = [Part("payments", np.arange(2, 4)), Part("disputes", np.arange(1, 2), ("closed_on", "outcome"))]
    row, cell = named(book, later, DAY)
    assert str(row) == "payments payment_id P3 (known on 2024-04-12) and 1 more rows of payments together"
    assert str(cell) == "disputes dispute_id X2 (closed_on, outcome, revealed on 2024-05-01)"


def test_three_examples_are_given_each_with_a_culprit_of_its_own_and_they_make_a_frame():
    given = frames("payments")
    for i in (2, 3, 4):
        given["invoices"].loc[i] = {**given["invoices"].loc[0], "invoice_id": f"I{i + 1}", "debtor_id": f"D{i + 1}"}
        given["payments"].loc[i + 2] = {
            **given["payments"].loc[3],
            "payment_id": f"P{i + 3}",
            "invoice_id": f"I{i + 1}",
        }
    leak = leak_of(COUNTED, lambda r: r.n, given)
    assert "4 of 5 values move" in str(leak)
    assert leak.features == ("debtor_leaky_ever",)
    assert leak.frame[["ids", "before", "after", "how", "table", "key"]].to_numpy().tolist() == [
        ["debtor_id D1", 3.0, 2.0, "without", "payments", "payment_id P3"],
        ["debtor_id D3", 1.0, 0.0, "without", "payments", "payment_id P5"],
        ["debtor_id D4", 1.0, 0.0, "without", "payments", "payment_id P6"],
    ]
    assert leak.frame["known_on"].to_list() == [date(2024, 4, 12), date(2024, 5, 10), date(2024, 5, 10)]


def test_a_leak_that_only_invoices_at_their_issue_show_is_named_by_the_invoice():
    given = frames("payments")
    given["invoices"]["debtor_id"] = "D1"
    measure = Flow(Facts("late", ("invoices",), COUNTED), lambda r: r.n, window=10)
    leaky = Feature("leaky_10d", "A feature of the test", "count", RAISES, total, (measure,), ("debtor",))
    with pytest.raises(LeakFound, match=r"debtor_leaky_10d at issue, known by 2024-03-31, sees the future") as caught:
        assert_no_leak((leaky,), book_of(given), DAY)
    (found,) = caught.value.evidence
    assert (found.ids, found.as_of) == ({"invoice_id": "I2"}, date(2024, 1, 4))


def parts(*sizes):
    return [Part(f"t{i}", np.arange(n), ("a", "b")) for i, n in enumerate(sizes)]


def cells(found):
    return {(p.table, int(row), c) for p in found for row in p.rows for c in p.columns}


@pytest.mark.parametrize(
    "wanted", [{("t1", 7, "b")}, {("t0", 0, "a"), ("t2", 999, "b")}, {("t1", 3, "a"), ("t1", 3, "b")}]
)
def test_the_search_finds_exactly_the_cells_that_act(wanted):
    trials = []

    def moves(some):
        trials.append(some)
        return wanted <= cells(some)

    assert cells(smallest(parts(5, 40, 1000), moves)) == wanted
    assert len(trials) < 60


def test_the_search_gives_up_where_too_many_rows_act_only_together():
    wanted = {("t0", row, "a") for row in range(0, 60, 60 // (TOGETHER + 1))}
    (found,) = smallest(parts(60, 100), lambda some: wanted <= cells(some))
    assert (found.table, len(found.rows)) == ("t0", 60)


def test_a_row_is_found_though_another_undoes_what_it_does():
    def moves(some):
        rows = {row for _, row, _ in cells(some)}
        return 90 in rows or (4 in rows and 5 not in rows)

    (found,) = {row for _, row, _ in cells(smallest(parts(100), moves))}
    assert found in (4, 90)


def test_a_row_that_comes_or_goes_is_a_leak_of_the_list_of_rows():
    there = pd.DataFrame({"debtor_id": ["D1", "D2"], "debtor_n_ever": [1.0, 2.0]})
    assert moved_columns(there, there.head(1)) == [ROWS]
    culprit = Culprit("parties", {"party_id": "D2"}, (), date(2024, 6, 1), date(2024, 6, 1))
    gone = Evidence(ROWS, {"debtor_id": "D2"}, DAY, 1.0, float("nan"), "without", (culprit,))
    assert str(LeakFound([ROWS], f"as of {DAY}", 1, 2, [gone])) == (
        "the list of rows as of 2024-03-31 sees the future: 1 of 2 values move. debtor D2: there becomes not there "
        "without parties party_id D2 (known on 2024-06-01)."
    )
