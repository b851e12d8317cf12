"""Roll rates: by hand, against a count of each invoice, and where the book says little."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.bad_definition.roll_rates import BUCKETS, MEASURES, bucket_name, roll_rates, to_loss

END = date(2025, 12, 31)
ROWS = [
    ("stays", "d1", 100.0, "2025-10-15", "2025-11-30"),
    ("paid", "d1", 300.0, "2025-11-10", "2025-11-20"),
    ("part", "d2", 200.0, "2025-10-20", "2025-11-10"),
]
PAID = [("paid", "2025-11-25", 300.0), ("part", "2025-12-15", 150.0)]


def rate(table, to_on, bucket, measure):
    found = table[(table["to_on"] == to_on) & (table["bucket"] == bucket) & (table["measure"] == measure)]
    return found["rate"].tolist()


def test_rates_of_a_small_ledger_are_those_by_hand(make_ledger):
    # Months end on 12-31 and 12-01. To 12-01: 600 fell due in three invoices, 300 in two of them is past due. To 12-31:
    # of those 300, 100 and 50 are 31 to 60 days past due, in both invoices.
    months = roll_rates(make_ledger(ROWS, PAID), END).months
    assert rate(months, "2025-12-01", 0, "amount") == [0.5]
    assert rate(months, "2025-12-01", 0, "number") == [pytest.approx(2 / 3)]
    assert rate(months, "2025-12-31", 1, "amount") == [0.5]
    assert rate(months, "2025-12-31", 1, "number") == [1.0]


def test_a_write_off_is_not_a_cure(make_ledger):
    lost = pd.DataFrame({"invoice_id": ["stays"], "written_off_on": ["2025-12-10"], "amount": [100.0]})
    with_loss, without = (roll_rates(make_ledger(ROWS, PAID, **t), END).months for t in ({"write_offs": lost}, {}))
    pd.testing.assert_frame_equal(with_loss, without)


def brute_force(rows, paid, until, first):
    """Base and rolled by (month's end, bucket), adding up each invoice at each month."""
    found = {}
    for name, _debtor, amount, issued, due in rows:
        credited = [(day, a) for i, day, a in paid if i == name and day <= until]
        for j in range(40):
            end = until - pd.Timedelta(days=30 * j)
            start = end - pd.Timedelta(days=30)
            dpd = (end - due).days
            bucket = (dpd - 1) // 30
            if dpd < 1 or bucket > BUCKETS or start < first:
                continue
            begin = max(start, issued)
            base, rolled = (max(round(amount - sum(a for d, a in credited if d <= at), 2), 0) for at in (begin, end))
            old = found.get((end, bucket), (0.0, 0.0, 0, 0))
            found[end, bucket] = tuple(np.add(old, (base, rolled, base > 0, rolled > 0)))
    return {k: v for k, v in found.items() if v[0] > 0}


@pytest.mark.parametrize("seed", range(4))
def test_rates_agree_with_a_count_of_every_invoice(make_ledger, any_ledger, seed):
    rows, paid = any_ledger(seed)
    until = pd.Timestamp("2025-06-30")
    months = roll_rates(make_ledger(rows, paid), until.date()).months
    expected = brute_force(rows, paid, until, min(r[3] for r in rows))
    amount = months[months["measure"] == "amount"].set_index(["to_on", "bucket"])
    number = months[months["measure"] == "number"].set_index(["to_on", "bucket"])
    assert len(amount) == len(expected) > 50
    for key, (base, rolled, base_n, rolled_n) in expected.items():
        assert (amount.loc[key, "base"], amount.loc[key, "rolled"]) == pytest.approx((base, rolled), abs=1e-6)
        assert (number.loc[key, "base"], number.loc[key, "rolled"]) == (base_n, rolled_n)


def test_net_flow_is_the_product_of_the_pooled_rates(make_ledger, any_ledger):
    found = roll_rates(make_ledger(*any_ledger(1, 400, 900)), date(2026, 6, 30))
    for measure in MEASURES:
        rates = found.rates.loc[found.rates["measure"] == measure, "rate"]
        flow = found.flow[found.flow["measure"] == measure].iloc[0]
        assert flow["flow"] == pytest.approx(rates.prod(), rel=1e-12)
        assert flow["low"] < flow["flow"] < flow["high"]


def test_a_bucket_that_nobody_reaches_ends_the_flow_at_zero():
    assert to_loss([0.2, 0.0, np.nan]).tolist()[:2] == [0.0, 0.0]
    assert np.isnan(to_loss([0.2, 0.5, np.nan])[0])


def test_a_book_that_always_pays_on_time_flows_to_zero(make_ledger):
    days = pd.date_range("2024-01-01", "2025-12-20", freq="5D")
    rows = [(f"i{k}", "d", 10.0, d, d + pd.Timedelta(days=30)) for k, d in enumerate(days)]
    paid = [(name, due, 10.0) for name, _d, _a, _i, due in rows if due <= pd.Timestamp(END)]
    found = roll_rates(make_ledger(rows, paid), END)
    assert found.flow["flow"].tolist() == [0.0, 0.0]
    assert found.rates.loc[found.rates["bucket"] > 0, "rate"].isna().all()


def test_a_book_of_one_month_has_rates_without_intervals(make_ledger):
    found = roll_rates(make_ledger(ROWS, PAID), date(2025, 12, 1))
    assert found.rates["low"].isna().all()
    assert found.flow["flow"].isna().all()


def test_a_book_without_payments_is_refused_in_one_line(make_ledger):
    with pytest.raises(DataRefused, match="no rows in table payments"):
        roll_rates(make_ledger(ROWS), END)


def test_buckets_are_named_by_their_days():
    assert [bucket_name(k) for k in (0, 1, 12, 13)] == ["falling due", "1-30", "331-360", "over 360"]
