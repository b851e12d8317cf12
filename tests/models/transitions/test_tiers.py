from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import TIERS as TIERS_SHOWN
from riskmodels.core.scale import RatingScale
from riskmodels.models.transitions import migration, moves, quarterly_moves
from riskmodels.models.transitions.tiers import tier_order

TIERS = {"1": "优质", "2": "优质", "3": "中质", "4": "低质"}
Q1, Q2, Q3 = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)


def book():
    rows = [
        ("a", Q1, "1", 10), ("a", Q2, "2", 11), ("a", Q3, "3", 12),
        ("b", Q1, "2", 20), ("b", Q2, "4", 21),
        ("c", Q1, "4", 30), ("c", Q2, "3", 31), ("c", Q3, "1", 32),
        ("d", Q2, "1", 41), ("d", Q3, "1", 42),
        ("e", Q1, "3", 50), ("e", Q2, None, 51), ("e", Q3, "3", 52),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["party_id", "as_of", "grade", "amount"])


def test_tiers_stand_from_best_to_worst():
    assert tier_order(TIERS) == ["优质", "中质", "低质"]


def test_each_party_is_told_from_where_to_where_worst_first():
    found = moves(book(), TIERS, Q1, Q2)
    assert found["party_id"].tolist() == ["b", "a", "c", "d", "e"]
    assert found["before"].fillna("").tolist() == ["优质", "优质", "低质", "", "中质"]
    assert found["after"].fillna("").tolist() == ["低质", "优质", "中质", "优质", ""]
    assert found["steps"].fillna(99).tolist() == [2, 0, -1, 99, 99]
    assert found["amount_before"].tolist() == [20, 10, 30, 0, 50]
    assert found["amount_after"].tolist() == [21, 11, 31, 41, 0]


def test_the_migration_table_has_every_pair_and_loses_nobody():
    found = moves(book(), TIERS, Q1, Q2)
    table = migration(found, TIERS).set_index(["from", "to"])
    assert len(table) == 4 * 4 - 1
    assert table["parties"].sum() == len(found)
    assert table["amount before"].sum() == found["amount_before"].sum()
    assert table["amount after"].sum() == found["amount_after"].sum()
    assert table.loc[("优质", "低质"), ["parties", "share", "amount before"]].tolist() == [1, 0.5, 20]
    assert table.loc[("not rated", "优质"), ["parties", "amount after"]].tolist() == [1, 41]
    assert table.loc[("中质", "not rated"), "share"] == 1


def test_tiers_of_a_rating_scale_are_shown_as_a_reader_calls_them():
    scale = RatingScale(("1", "2", "3", "4"), (0.01, 0.02, 0.05), ("prime", "prime", "medium", "weak"))
    tiers = dict(zip(scale.grades, scale.tiers))
    assert migration(moves(book(), tiers, Q1, Q2), tiers)["from"].unique().tolist() == [
        *TIERS_SHOWN.values(),
        "not rated",
    ]


def test_a_tier_without_parties_has_no_share():
    table = migration(moves(book().query("party_id in ['a', 'c']"), TIERS, Q1, Q3), TIERS)
    assert np.isnan(table.loc[table["from"] == "中质", "share"]).all()


def test_ups_and_downs_of_each_quarter():
    found = quarterly_moves(book(), list(TIERS))
    assert found["quarter end"].dt.date.tolist() == [Q2, Q3]
    counts = found[["rated", "up", "down", "no move", "new", "gone"]].to_numpy().tolist()
    assert counts == [[4, 1, 2, 0, 1, 1], [4, 1, 1, 1, 1, 1]]
    assert found["amount up"].tolist() == [31, 32]
    assert found["amount down"].tolist() == [11 + 21, 12]


def test_without_amounts_only_parties_are_counted():
    bare = book().drop(columns="amount")
    assert quarterly_moves(bare, list(TIERS)).columns[-1] == "gone"
    moved = moves(bare, TIERS, Q1, Q2)
    assert moved.columns.tolist() == ["party_id", "before", "after", "steps"]
    assert migration(moved, TIERS)["parties"].sum() == 5


def test_a_missing_amount_is_refused_in_one_line():
    with pytest.raises(DataRefused, match="amount: found 1 empty, expected one with every grade"):
        moves(book().assign(amount=[None, *range(12)]), TIERS, Q1, Q2)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda f: moves(f, {"1": "优质"}, Q1, Q2), DataRefused, "grade: found 2, 3, 4, expected one of 1"),
        (lambda f: moves(f, TIERS, Q2, Q1), Misuse, "first, last: found 2026-06-30 and 2026-03-31"),
        (lambda f: moves(f, TIERS, Q1, date(2030, 3, 31)), DataRefused, "as_of: found no grades on 2030-03-31"),
        (lambda f: moves(f.drop(columns="grade"), TIERS, Q1, Q2), DataRefused, "ratings: found no column grade"),
        (lambda f: moves(pd.concat([f, f]), TIERS, Q1, Q2), DataRefused, "ratings: found two grades of a on one day"),
        (
            lambda f: quarterly_moves(f.iloc[:1], ["1"]),
            DataRefused,
            "as_of: found 1 quarter ends, expected two or more",
        ),
    ],
)
def test_what_can_t_be_compared_is_refused_in_one_line(call, error, words):
    with pytest.raises(error, match=words):
        call(book())
