"""The migration of a book's ratings: quarter ends, moves that add up, defaults in the quarter they fall in."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.core.scale import RatingScale
from riskmodels.models.transitions import Hysteresis
from riskmodels.portfolio.migration import (
    Migration,
    by_period,
    directions,
    mobility,
    quarter_ends,
    steadied,
    tier_moves,
    tier_stock,
)
from tests.features.feature_books import book_of

SCALE = RatingScale(("1", "2", "3"), (0.01, 0.1), ("prime", "medium", "weak"))
AS_OF = date(2025, 12, 31)
ENDS = pd.date_range("2023-12-31", AS_OF, freq="QE").astype("datetime64[us]")


def days(*texts):
    return pd.to_datetime(list(texts)).astype("datetime64[us]")


@pytest.fixture(scope="module")
def book():
    """D0 is more than 90 days past due from 2025-05-02 on until it pays, D1 to D39 never are."""
    ids = [f"D{i}" for i in range(40)]
    invoices = pd.DataFrame(
        {
            "invoice_id": [f"I{i}" for i in range(40)],
            "client_id": "C1",
            "debtor_id": ids,
            "currency": "CNY",
            "amount": 100.0,
            "issued_on": days("2022-12-31")[0],
            "due_on": days("2025-01-31", *["2026-06-30"] * 39),
            "known_on": days("2022-12-31")[0],
        }
    )
    payments = pd.DataFrame(
        {
            "payment_id": ["P1"],
            "invoice_id": ["I0"],
            "paid_on": days("2025-08-15"),
            "amount": [100.0],
            "known_on": days("2025-08-15"),
        }
    )
    later = invoices.head(1).assign(invoice_id="I99", issued_on=days("2025-08-20")[0], due_on=days("2026-06-30")[0])
    later = later.assign(known_on=later["issued_on"])
    end = invoices.tail(1).assign(invoice_id="I98", issued_on=days("2025-12-31")[0], known_on=days("2025-12-31")[0])
    return book_of({"invoices": pd.concat([invoices, later, end], ignore_index=True), "payments": payments})


@pytest.fixture(scope="module")
def found(book):
    rng = np.random.default_rng(3)
    pairs = [(f"D{i}", end) for i in range(40) for end in ENDS if not (i == 0 and "2025-06" in str(end))]
    pairs = [pair for pair in pairs if not (pair[0] == "D7" and pair[1] > ENDS[4])]
    scored = pd.DataFrame(pairs, columns=["party_id", "as_of"])
    scored = scored.assign(probability=rng.choice([0.001, 0.03, 0.5], len(pairs)), amount=10.0)
    return Migration(book, AS_OF, scored, SCALE, Hysteresis(), 2, 0)


def test_debtors_are_rated_at_quarter_ends_once_the_book_has_filled_for_a_year(book):
    ends = quarter_ends(book, AS_OF)
    assert ends == [day.date() for day in ENDS]
    with pytest.raises(DataRefused, match="expected 24 months or more"):
        quarter_ends(book, date(2024, 11, 30))


def test_the_moves_of_a_quarter_add_up_to_those_rated_before_and_now(found):
    moved = tier_moves(found)
    n = found.rated.groupby("as_of").size().to_numpy()
    both = moved[["up", "down", "no_move"]].sum(axis=1)
    assert (both + moved["new"]).tolist() == n[1:].tolist()
    assert (both + moved["gone"]).tolist() == n[:-1].tolist()


def test_the_shares_of_tiers_are_whole_by_number_and_by_amount(found):
    stock = tier_stock(found)
    assert len(stock) == 3 * len(ENDS)
    assert stock.groupby("quarter")[["share_n", "share_amount"]].sum().to_numpy() == pytest.approx(1.0)
    assert stock.groupby("quarter")["n"].sum().tolist() == found.rated.groupby("as_of").size().tolist()


def test_a_default_counts_in_its_own_quarter_and_not_again_once_it_is_cured(found):
    assert (found.rated["party_id"] == "D0").sum() == len(ENDS) - 1
    moved = tier_moves(found).set_index("quarter")
    assert moved["defaulted"].sum() == 1
    assert moved.loc["2025-06-30", ["defaulted", "amount_defaulted"]].tolist() == [1, 10.0]


def test_who_left_is_withdrawn_and_counted_apart(found):
    seen = found.histories
    assert seen.on(int(pd.Timestamp(AS_OF).timestamp() // 86_400))[seen.obligors == "D7"] == [
        seen.states.withdrawn_code
    ]
    assert by_period(found.cohorts)["withdrawn"].sum() == 1


def test_staying_moving_and_defaulting_make_a_whole(found):
    for matrix in found.matrices.values():
        assert sum(directions(matrix).values()) == pytest.approx(1.0)
    periods = by_period(found.cohorts)
    assert periods[["up", "stay", "down", "default"]].sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_a_grade_that_nobody_was_in_leaves_the_mobility_of_the_others(found):
    low = Migration(found.book, AS_OF, found.scored.replace({0.001: 0.03}), SCALE, Hysteresis(), 2, 0)
    matrix = low.matrices["cohort"]
    assert np.isnan(matrix.p[0]).all()
    assert np.isfinite([*directions(matrix).values(), mobility(matrix)["prais"], mobility(matrix)["svd"]]).all()


def test_a_pd_that_swings_round_a_bound_moves_the_grade_less_than_the_scale_proposes(found):
    rng = np.random.default_rng(5)
    near = found.scored.assign(probability=rng.choice([0.0098, 0.0102], len(found.scored)))
    kept = steadied(Migration(found.book, AS_OF, near, SCALE, Hysteresis(), 2, 0).rated).set_index("kind")
    assert kept.loc["grade", "moves"] < kept.loc["proposed", "moves"]
    assert kept.loc["grade", "returns"] < kept.loc["proposed", "returns"]
    assert kept["pairs"].nunique() == 1
