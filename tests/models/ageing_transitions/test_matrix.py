"""The matrix of ageing buckets and cures: by hand, tied to the roll rates, planted ones found again."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.models.ageing_transitions import ageing_flows, ageing_matrix, bucket_cures
from riskmodels.models.bad_definition import roll_rates
from tests.models.ageing_transitions.books import any_book, book_of

END = date(2025, 6, 30)
MEASURES = ("amount", "number")


def chain(pays, invoices=3000, debtors=120, seed=3):
    """Invoices due at ends of months, paid in full in the k-th month after with chance pays[debtor][k]."""
    rng = np.random.default_rng(seed)
    rows, paid = [], []
    for i in range(invoices):
        due, owner = pd.Timestamp(END) - pd.Timedelta(days=30 * int(rng.integers(0, 14))), int(rng.integers(debtors))
        rows.append((f"i{i}", f"d{owner}", float(rng.integers(1, 9)), due - pd.Timedelta(days=30), due))
        for k, chance in enumerate(pays(owner)):
            if rng.random() < chance:
                paid.append((f"i{i}", due + pd.Timedelta(days=30 * k + int(rng.integers(1, 31))), rows[-1][2]))
                break
    return book_of(rows, paid)


@pytest.fixture(scope="module")
def planted():
    return chain(lambda debtor: (0.5, 0.4, 0.3, 0.2))


@pytest.mark.parametrize("measure", MEASURES)
def test_rows_sum_to_one_and_exits_are_never_left(measure):
    found = ageing_matrix(ageing_flows(any_book(1, invoices=200), END), measure)
    known = ~np.isnan(found.p).any(axis=1)
    assert found.p[known].sum(axis=1) == pytest.approx(1.0)
    assert (found.p[-3:] == np.eye(10)[-3:]).all()
    assert ((found.low <= found.p + 1e-12) & (found.p <= found.high + 1e-12))[known].all()


def test_what_cannot_be_reached_within_a_month_is_zero_for_sure(planted):
    found = ageing_matrix(ageing_flows(planted, END))
    assert found.high[2, 0] == found.high[2, 2] == found.high[1, 3] == 0
    assert found.high[2, 9] > 0 == found.p[2, 9]


def test_planted_chances_are_found_again(planted):
    table = bucket_cures(ageing_flows(planted, END), "number").set_index("bucket")
    for bucket, chance in ((1, 0.4), (2, 0.3), (3, 0.2)):
        assert table.loc[bucket, "cured_low"] < chance < table.loc[bucket, "cured_high"]
        assert table.loc[bucket, "cured"] == pytest.approx(chance, abs=0.05)


@pytest.mark.parametrize("measure", MEASURES)
def test_without_write_offs_what_rolls_is_the_roll_rate(planted, measure):
    rolls = roll_rates(planted, END)
    rates = rolls.rates[rolls.rates["measure"] == measure]
    table = bucket_cures(ageing_flows(planted, END), measure).iloc[:13]
    assert table["base"].to_numpy() == pytest.approx(rates["base"].to_numpy())
    assert table["rolled"].to_numpy() == pytest.approx(rates["rate"].to_numpy(), nan_ok=True)
    assert 1 - table["cured_in_time"].to_numpy() == pytest.approx(rates["to_loss"].to_numpy(), nan_ok=True)
    flow = rolls.flow.loc[rolls.flow["measure"] == measure, "flow"].item()
    assert 1 - table["cured_in_time"][0] == pytest.approx(flow)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_matrix_says_of_30_day_buckets_what_the_cures_say(planted, measure):
    flows = ageing_flows(planted, END)
    matrix, table = ageing_matrix(flows, measure).frame().to_numpy(), bucket_cures(flows, measure)
    for bucket in (1, 2, 3):
        assert matrix[bucket, bucket + 1] == pytest.approx(table["rolled"][bucket])
        assert matrix[bucket, 7:9].sum() == pytest.approx(table["cured"][bucket])


def test_intervals_widen_where_few_debtors_decide():
    def width(debtors):
        book = chain(lambda debtor: (0.0, 0.9 if debtor % 2 else 0.1, 1.0), 400, debtors)
        found = ageing_matrix(ageing_flows(book, END), "number")
        return found.high[1, 7] - found.low[1, 7]

    assert width(6) > 2 * width(200)


def test_the_same_seed_gives_the_same_bits(planted):
    flows = ageing_flows(planted, END)
    one, other = (ageing_matrix(flows, seed=7) for _ in range(2))
    np.testing.assert_array_equal([one.low, one.high], [other.low, other.high])
    pd.testing.assert_frame_equal(bucket_cures(flows, seed=7), bucket_cures(flows, seed=7))
