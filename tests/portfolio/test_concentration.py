"""Concentration: by id, shares that tie, bounds that always hold."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.errors import Misuse
from riskmodels.portfolio.concentration import concentration, largest

CUT = date(2025, 6, 30)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=40))
def test_effective_names_lie_between_one_and_all(amounts):
    found = concentration(amounts)
    assert 1 - 1e-9 <= found.effective <= len(amounts) + 1e-9
    assert found.largest <= found.top10 <= 1 + 1e-12
    assert found.hhi <= found.largest + 1e-12


def test_equal_parties_are_as_many_as_they_are():
    assert concentration([5.0] * 20).effective == pytest.approx(20)


def test_nothing_open_is_no_concentration():
    assert np.isnan(concentration([]).hhi)
    assert np.isnan(concentration([0.0, 0.0]).largest)


def test_the_largest_and_the_others_tie_to_all(hand):
    # d1 part 150, d2 late 300 + noted 160, d3 new 500.
    table = largest(hand.as_of(CUT), top=2).query("currency == 'CNY'")
    assert table["debtor_id"].tolist()[:2] == ["d3", "d2"]
    assert table["balance"].tolist() == [500.0, 460.0, 150.0]
    assert table["parties"].tolist() == [1, 1, 1]
    assert table["rank"].tolist() == [1, 2, 0]
    assert table["cumulative"].iloc[-1] == pytest.approx(1)
    assert table["overdue"].tolist() == [0.0, 300.0, 150.0]


def test_the_name_shown_is_the_latest_known(hand):
    table = largest(hand.as_of(CUT)).query("currency == 'CNY'").set_index("debtor_id")
    assert table.loc["d1", "name"] == "New name"


def test_a_book_without_names_shows_ids(open_list):
    assert largest(open_list.as_of(CUT))["name"].isna().all()


def test_parties_are_told_apart_by_id_only(hand):
    with pytest.raises(Misuse, match="found key 'name', expected one of client_id, debtor_id"):
        largest(hand.as_of(CUT), key="name")
