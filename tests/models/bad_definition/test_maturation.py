"""Maturation: by hand, only ages reached, agreement with the portfolio's vintages, windows that aren't there."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.models.bad_definition.maturation import age_at, curve, maturation

ROWS = [
    ("good", "d1", 300.0, "2025-01-10", "2025-02-09"),
    ("bad", "d1", 100.0, "2025-01-20", "2025-02-19"),
    ("part", "d2", 200.0, "2025-02-03", "2025-03-05"),
    ("young", "d2", 400.0, "2025-06-30", "2025-07-30"),
]
PAID = [("good", "2025-02-20", 300.0), ("part", "2025-03-10", 150.0), ("bad", "2025-06-20", 100.0)]
END = date(2025, 6, 30)


def test_vintages_are_those_by_hand_at_ages_reached(make_ledger):
    table = maturation(make_ledger(ROWS, PAID), END, [30]).vintages
    # "bad" is more than 30 days late on 03-22, in its third month; "part" on 04-05 with 50 open, in its third.
    january = table[table["cohort"] == "2025-01-31"].set_index("age")
    assert january["share_amount"].to_dict() == {1: 0, 2: 0, 3: 0.25, 4: 0.25, 5: 0.25}
    assert january.loc[3, "share_number"] == 0.5
    february = table[table["cohort"] == "2025-02-28"].set_index("age")
    assert february["bad_amount"].to_dict() == {1: 0, 2: 0, 3: 50, 4: 50}
    assert not (table["cohort"] == "2025-06-30").any()


def test_vintages_at_zero_days_are_the_cumulative_late(make_ledger):
    table = maturation(make_ledger(ROWS, PAID), END, [0]).vintages.set_index(["cohort", "age"])
    # "good" was paid 11 days late, so all of January was late at its first month; "part" with all of its 200.
    assert table.loc[("2025-01-31", 1), ["bad_amount", "bad_number"]].tolist() == [400, 2]
    assert table.loc[("2025-02-28", 1), "share_amount"] == 0
    assert table.loc[("2025-02-28", 2), "share_amount"] == 1


def test_what_is_paid_after_it_went_bad_stays_bad(make_ledger):
    assert maturation(make_ledger(ROWS, PAID), END, [30]).vintages["bad_number"].max() == 1


def test_the_pooled_curve_chains_the_ages_of_unequal_cohorts():
    # 10 of 100 go bad at age 1; at age 2 only half are still followed, and 9 of the 45 left go bad.
    assert curve([10, 9], [100, 45]).tolist() == pytest.approx([0.1, 0.28])
    assert curve([0, 0], [0, 0]).tolist() == [0, 0]


def test_the_age_of_a_share_is_the_first_that_has_it():
    assert age_at([0.0, 0.5, 0.95, 1.0], 0.95) == 3
    assert age_at([[0.0, 0.0], [0.2, 0.2]], 0.95).tolist() == [0, 1]


def test_the_number_of_bad_is_the_count_of_each_invoice(make_ledger, any_ledger):
    rows, paid = any_ledger(5, 200, 500)
    until = pd.Timestamp("2025-12-31")
    table = maturation(make_ledger(rows, paid), until.date(), [30]).vintages
    last = table.groupby("cohort").last()
    for cohort, row in last.iterrows():
        own = [r for r in rows if r[3] + pd.offsets.MonthEnd(0) == cohort]
        lost = 0
        for name, _debtor, amount, issued, due in own:
            crossed = due + pd.Timedelta(days=31)
            left = amount - sum(a for i, d, a in paid if i == name and d <= crossed)
            lost += left > 0.001 and crossed <= issued + pd.DateOffset(months=int(row["age"]))
        assert row["bad_number"] == lost


def test_a_book_in_which_all_is_good_justifies_no_window(make_ledger):
    days = pd.date_range("2024-01-01", "2025-12-20", freq="5D")
    rows = [(f"i{k}", f"d{k % 9}", 10.0, d, d + pd.Timedelta(days=30)) for k, d in enumerate(days)]
    paid = [(r[0], r[4], 10.0) for r in rows if r[4] <= pd.Timestamp("2025-12-31")]
    found = maturation(make_ledger(rows, paid), date(2025, 12, 31))
    assert not found.windows["justified"].any()
    assert found.windows["months"].isna().all()
    assert (found.pooled["share"] == 0).all()


def test_a_book_of_two_months_has_no_pooled_curve(make_ledger):
    rows = [(f"i{k}", "d", 10.0, "2025-05-10", "2025-05-20") for k in range(5)]
    found = maturation(make_ledger(rows, [("i0", "2025-05-20", 10.0)]), date(2025, 6, 15))
    assert found.pooled.empty
    assert found.windows["last"].eq(0).all()
    assert not found.windows["justified"].any()


def test_the_same_seed_gives_the_same_bits_and_intervals_hold_the_curve(make_ledger, any_ledger):
    book = make_ledger(*any_ledger(2, 300, 500))
    one, two = (maturation(book, date(2025, 12, 31), seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.pooled, two.pooled, check_exact=True)
    last = one.pooled.groupby(["dpd", "measure"]).last()
    assert ((last["low"] <= last["share"]) & (last["share"] <= last["high"])).all()
    assert (np.diff(one.pooled[one.pooled["dpd"] == 30].query("measure == 'number'")["share"]) >= 0).all()
