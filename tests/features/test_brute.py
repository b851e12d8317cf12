"""The features of a ledger equal loops over a book cut at the date, to the last bit."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from drawn_books import drawn_books
from feature_brute import IDS, Rows, features, yesterday
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodels.features import build
from riskmodels.features.catalogue.ageing import AGEING, AGEING_CHANGES
from riskmodels.features.catalogue.collections import COLLECTIONS
from riskmodels.features.catalogue.concentration import CONCENTRATION
from riskmodels.features.catalogue.dilution import DILUTION
from riskmodels.features.catalogue.disputes import DISPUTES
from riskmodels.features.catalogue.means import MEANS
from riskmodels.features.catalogue.paydex import PAYDEX
from riskmodels.features.catalogue.payment import PAYMENT
from riskmodels.features.catalogue.rhythm import RHYTHM
from riskmodels.features.catalogue.turnover import TURNOVER
from riskmodels.portfolio.balances import open_items

LEDGER = (
    *(*PAYMENT, *PAYDEX, *MEANS, *AGEING, *AGEING_CHANGES, *TURNOVER),
    *(*CONCENTRATION, *DILUTION, *DISPUTES, *RHYTHM, *COLLECTIONS),
)
DATES = [
    date(2024, 2, 29),
    date(2024, 7, 31),
    date(2024, 8, 1),
    date(2025, 1, 31),
    date(2025, 12, 31),
    date(2026, 6, 30),
]


def assert_same(found: pd.DataFrame, wanted: list[dict[str, float]], prefix: str) -> None:
    """Every column with the prefix equals the wanted values, bit for bit."""
    for name in [c for c in found.select_dtypes("number") if str(c).startswith(prefix)]:
        values = np.array([w[name.removeprefix(prefix)] for w in wanted], float)
        np.testing.assert_array_equal(found[name].to_numpy(), values, err_msg=name)


@pytest.mark.parametrize("subject", IDS)
def test_every_feature_equals_loops_over_the_cut_book(mixed_book, subject):
    rows = Rows(mixed_book)
    frame = build(mixed_book, subject, DATES, LEDGER)
    wanted = [features(rows.at(row.as_of.date()), subject, row) for row in frame.itertuples()]
    assert len(frame) >= 10
    assert_same(frame, wanted, f"{subject}_")


def test_an_invoice_is_seen_at_the_close_of_the_day_before_its_issue(mixed_book):
    frame = build(mixed_book, "invoice", catalogue=LEDGER)
    invoices = mixed_book.frame("invoices").set_index("invoice_id")
    later = frame[frame["as_of"] >= pd.Timestamp("2024-03-01")].iloc[::8]
    rows = Rows(mixed_book)
    asked = later.join(invoices[["client_id", "debtor_id"]], on="invoice_id")
    for subject in ("debtor", "client", "pair"):
        assert_same(later, [features(rows.at(r.as_of.date()), subject, r) for r in asked.itertuples()], f"{subject}_")
    assert [yesterday(d) for d in frame["invoice_id"].map(invoices["issued_on"])] == list(frame["as_of"].dt.date)


@given(drawn_books(), st.sampled_from(sorted(IDS)), st.integers(30, 700))
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_feature_equals_loops_over_any_book(book, subject, later):
    days = [book.first_day + timedelta(days=n) for n in (later // 3, later)]
    frame = build(book, subject, days, LEDGER)
    rows = Rows(book, book.currency)
    wanted = [features(rows.at(row.as_of.date()), subject, row) for row in frame.itertuples()]
    assert_same(frame, wanted, f"{subject}_")


def test_what_is_owed_is_what_the_portfolio_shows_as_open(book):
    day = date(2025, 3, 31)
    items = book.sql(
        f"SELECT debtor_id, sum(balance) AS owed, count(*) AS n FROM ({open_items(book, [day])}) GROUP BY 1"
    )
    frame = build(book, "debtor", day, AGEING).merge(items, on="debtor_id")
    assert len(frame) > 5
    assert (frame["debtor_balance_now"] == frame["owed"].round(2)).all()
    assert (frame["debtor_open_count_now"] == frame["n"]).all()
