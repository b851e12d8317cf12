"""The forecast of bucket balances: by hand, what it conserves, whether its bands cover."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.ageing_transitions import ageing_flows, back_test, coverage, forecast_buckets
from riskmodels.models.ageing_transitions.flows import PARTS, Flows
from riskmodels.models.ageing_transitions.projection import SHAPE, carried, rates_of, waiting
from riskmodels.models.ageing_transitions.states import NEW, STATES
from tests.models.ageing_transitions.books import any_book, book_of

END = date(2025, 6, 30)


def clockwork(months=20, pays=True):
    """A book that issues 100 at each month's end, due 30 days later and, if it pays at all, paid 15 days after that."""
    ends = [pd.Timestamp(END) - pd.Timedelta(days=30 * k) for k in range(months)]
    rows = [(f"i{k}", f"d{k % 3}", 100.0, end, end + pd.Timedelta(days=30)) for k, end in enumerate(ends)]
    paid = [(name, due + pd.Timedelta(days=15), 100.0) for name, _d, _a, _i, due in rows if pays]
    # The first invoice is paid at its issue, before the first whole month: a book needs a payment.
    return book_of(rows, paid or [(rows[-1][0], rows[-1][3], 100.0)])


@pytest.fixture(scope="module")
def drawn():
    return forecast_buckets(ageing_flows(any_book(4, invoices=400, debtors=30), END), 6, draws=200)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.booleans())
def test_balances_and_new_business_are_next_balances_and_what_left(seed, months, thin):
    rng = np.random.default_rng(seed)
    tallies = rng.gamma(0.3, 1e6, (months, *SHAPE)) * (rng.random((months, *SHAPE)) < (0.1 if thin else 0.9))
    start, new = rng.gamma(0.5, 1e7, len(STATES)), rng.gamma(1.0, 1e7, months)
    balances, exits = carried(start, rates_of(tallies, waiting()), new)
    before = np.concatenate([[start.sum()], balances[:-1].sum(axis=1)])
    assert before + new == pytest.approx(balances.sum(axis=1) + exits.sum(axis=1), rel=1e-12)
    assert (balances >= 0).all()


def test_the_expected_tables_balance_to_the_cent(drawn):
    held = drawn.balances.query("bucket == 8")["expected"].to_numpy()
    flow = drawn.flows.pivot(index="month", columns="kind", values="expected")
    left = flow[["paid", "credited", "written_off"]].sum(axis=1)
    assert held[:-1] + flow["new"].to_numpy() == pytest.approx(held[1:] + left.to_numpy(), abs=0.005)
    by_bucket = drawn.balances.query("bucket < 7").groupby("month")["expected"].sum()
    assert by_bucket.to_numpy() == pytest.approx(held, abs=0.005)


def test_a_book_that_runs_like_a_clock_goes_on_so_for_sure():
    found = forecast_buckets(ageing_flows(clockwork(), END), 4, draws=100)
    not_due = found.balances.query("bucket == 0 and month > 0")
    assert not_due[["expected", "low_95", "high_95"]].to_numpy() == pytest.approx(np.full((4, 3), 200.0))
    assert found.balances.query("bucket == 7")["expected"].to_numpy() == pytest.approx(0.0)
    paid = found.flows.query("kind == 'paid'")[["expected", "low_80", "high_80"]].to_numpy()
    assert paid == pytest.approx(np.full((4, 3), 100.0))


def test_without_new_business_the_book_runs_off():
    found = forecast_buckets(ageing_flows(clockwork(), END), 4, new=0, draws=100)
    assert found.balances.query("bucket == 8")["expected"].tolist() == pytest.approx([200, 100, 0, 0, 0])
    assert found.flows.query("kind == 'new'")["high_95"].tolist() == [0, 0, 0, 0]


def test_new_business_that_is_given_is_certain_and_month_by_month():
    found = forecast_buckets(ageing_flows(clockwork(), END), 3, new=[10, 20, 30], draws=100)
    new = found.flows.query("kind == 'new'")
    assert new["expected"].tolist() == new["low_95"].tolist() == new["high_95"].tolist() == [10, 20, 30]
    assert "as given" in found.assumption


def test_what_nobody_pays_ages_from_bucket_to_bucket():
    found = forecast_buckets(ageing_flows(clockwork(pays=False), END), 12, new=0, draws=100)
    table = found.balances.pivot(index="month", columns="bucket", values="expected")
    assert table[8].to_numpy() == pytest.approx(table[8][0])
    assert table[1].tolist()[:4] == pytest.approx([100, 100, 100, 0])
    assert table[6].is_monotonic_increasing


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"months": 0}, "months: found 0, expected 1 to 12"),
        ({"months": 13}, "months: found 13"),
        ({"new": -1.0}, "new: found -1.0, expected an amount of zero or more"),
        ({"new": [1.0, 2.0], "months": 3}, "one or 3 of them"),
        ({"draws": 10}, "draws: found 10"),
        ({"measure": "money"}, "measure: found 'money'"),
    ],
)
def test_what_cannot_be_forecast_is_refused_in_one_line(options, said):
    with pytest.raises(Misuse, match=said.replace("(", r"\(")):
        forecast_buckets(ageing_flows(clockwork(8), END), **options)


def test_a_book_of_few_months_is_refused():
    with pytest.raises(DataRefused, match="flows: found 4 months, expected at least 6"):
        forecast_buckets(ageing_flows(clockwork(), END, 4))


def test_the_same_seed_gives_the_same_bits():
    flows = ageing_flows(any_book(4), END)
    one, other = (forecast_buckets(flows, 3, draws=100, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(one.balances, other.balances)


def simulated(seed, months=33, debtors=60, each=4):
    """Flows of a steady book whose debtors differ and whose months are good or bad, and the true ones that follow."""
    rng = np.random.default_rng(seed)
    slow, cells, held = rng.normal(0, 0.5, debtors), [], np.zeros((debtors, len(STATES)))
    for month in range(months - 1, -1, -1):
        pays = 1 / (1 + np.exp(-(0.5 + slow + rng.normal(0, 0.3))))
        issued = rng.poisson(each, debtors).astype(float)
        paid = rng.binomial(held.astype(int), np.minimum(pays, 0.9)[:, None]).astype(float)
        left, origins = held - paid, np.array(STATES)
        parts = [(k, s, held[:, k], left[:, k], paid[:, k]) for k, s in enumerate(origins) if held[:, k].any()]
        rows = [frame(month, s, min(s + 1, STATES[-1]), base, open_, paid_) for _k, s, base, open_, paid_ in parts]
        cells += [*rows, frame(month, NEW, 0, issued, issued, 0 * issued)]
        held = np.roll(left, 1, axis=1)
        held[:, -1] += held[:, 0]
        held[:, 0] = 0
        held[:, STATES.index(0)] += issued
    return Flows(END, months, "CNY", pd.concat(cells, ignore_index=True))


def frame(month, origin, state, base, open_, paid):
    ids = {"month": month, "debtor_id": np.arange(len(base)), "origin": origin, "state": state}
    values = dict(zip(("base", *PARTS), (base, open_, paid, 0.0, 0.0), strict=True))
    return pd.DataFrame({**ids, **{f"{k}_{m}": v for m in ("amount", "number") for k, v in values.items()}})


def test_bands_cover_what_comes_in_a_steady_book():
    hits = []
    for seed in range(24):
        whole = simulated(seed)
        known = whole.cells[whole.cells["month"] >= 3]
        past = Flows(END, 30, "CNY", known.assign(month=known["month"] - 3))
        found = forecast_buckets(past, 3, draws=100, seed=seed).balances.query("month > 0 and bucket in (0, 1, 2, 3)")
        actual = np.concatenate([np.add.reduceat(whole.balances(month=m), [0, 13, 14, 15, 16])[:4] for m in (2, 1, 0)])
        hits.append([(found[f"low_{n}"] <= actual) & (actual <= found[f"high_{n}"]) for n in (80, 95)])
    covered = np.mean(hits, axis=(0, 2))
    assert covered[0] == pytest.approx(0.80, abs=0.08)
    # Two years have few months as bad as one in forty.
    assert 0.87 < covered[1] < 0.99


def test_a_back_test_knows_at_each_origin_what_was_known_then():
    book = any_book(4, invoices=300)
    table = back_test(book, [date(2024, 10, 1), date(2024, 12, 1)], 2, draws=100)
    alone = forecast_buckets(ageing_flows(book, date(2024, 12, 1)), 2, draws=100).balances.query("month > 0")
    later = table[table["origin"] == "2024-12-01"]
    assert later["expected"].tolist() == alone["expected"].tolist()
    came = ageing_flows(book, date(2025, 1, 30)).balances().sum()
    assert later.query("month == 2 and bucket == 8")["actual"].item() == pytest.approx(came)
    assert coverage(table, ["month"])["n"].tolist() == [18, 18]


def test_an_origin_whose_months_are_not_over_is_refused():
    with pytest.raises(Misuse, match="origins: found 2026-12-01, expected 12 months of 30 days before"):
        back_test(any_book(4), [date(2026, 12, 1)], 12)
