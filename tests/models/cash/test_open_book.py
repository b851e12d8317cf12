"""What is open at a date, what of it can be collected, and what a back-test counts, on books a reader can check."""

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.book import Book, in_memory
from riskmodels.models.cash.backtest import collected, coverage, measures
from riskmodels.models.cash.claims import Curves, dilution_share, industries, open_invoices
from riskmodels.models.cash.periods import horizon
from riskmodels.models.cash.residuals import MOST_ORIGINS, origins_before

AS_OF = date(2025, 3, 31)


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{c: pd.to_datetime(frame[c]) for c in frame if c.endswith(("_on", "_from"))})


@pytest.fixture
def book() -> Book:
    rows = [(k, f"d{k % 2}", 100.0, day, "2025-04-15") for k, day in enumerate(["2025-02-01"] * 5 + ["2025-03-31"], 1)]
    invoices = pd.DataFrame(rows, columns=["k", "debtor_id", "amount", "issued_on", "due_on"])
    invoices = invoices.assign(invoice_id="i" + invoices["k"].astype(str), client_id="c", currency="CNY")
    payments = pd.DataFrame(
        {
            "payment_id": ["p1", "p2", "p3", "p4", "p5"],
            "invoice_id": ["i1", "i2", "i3", "i3", "i1"],
            "paid_on": ["2025-03-01", "2025-03-02", "2025-03-03", "2025-03-04", "2025-04-08"],
            "amount": [40.0, 100.0, 100.0, -100.0, 60.0],
            "reverses": [None, None, None, "p3", None],
        }
    )
    notes = {"note_id": ["n1"], "invoice_id": ["i1"], "issued_on": ["2025-03-20"], "amount": [10.0]}
    gone = {"invoice_id": ["i4"], "written_off_on": ["2025-03-30"], "amount": [100.0]}
    parties = {
        "party_id": ["d1", "d1", "d0"],
        "valid_from": ["2024-01-01", "2025-01-01", "2024-01-01"],
        "name": ["One", "One", "Zero"],
        "industry": ["food", "steel", None],
    }
    tables = {"payments": payments, "credit_notes": pd.DataFrame(notes), "write_offs": pd.DataFrame(gone)}
    frames = {"invoices": invoices.drop(columns="k"), **tables, "parties": pd.DataFrame(parties)}
    return Book("small", in_memory({name: dated(frame) for name, frame in frames.items()}))


def test_what_is_open_is_face_less_payments_notes_and_write_offs_known_by_then(book):
    found = open_invoices(book, AS_OF).set_index("invoice_id")
    assert found["open_amount"].to_dict() == {"i1": 50.0, "i3": 100.0, "i5": 100.0, "i6": 100.0}
    assert found.loc["i1", ["terms_days", "age_days"]].tolist() == [73, 58]
    assert found.loc["i6", "age_days"] == 0
    assert open_invoices(book, date(2025, 2, 1))["open_amount"].tolist() == [100.0] * 5


def test_an_industry_is_the_latest_version_and_empty_when_not_known(book):
    assert open_invoices(book, AS_OF).set_index("invoice_id")["industry"].to_dict() == {
        "i1": "steel",
        "i3": "steel",
        "i5": "steel",
        "i6": "",
    }
    assert industries(book, AS_OF) == {"d1": "steel"}


def test_dilution_is_the_share_of_notes_in_what_settled_invoices_known_before(book):
    assert dilution_share(book, AS_OF, 30) == pytest.approx(
        10 / (100 + 10 + 100 - 100)
    )  # the payment of 1 March came before
    assert dilution_share(book, AS_OF, 5) == 0.0


def test_collections_are_payments_on_invoices_known_at_the_origin(book):
    ahead = horizon("2w", AS_OF)
    spans = {"begins_on": [*ahead.begins, ahead.begins[0]], "ends_on": [*ahead.ends, ahead.ends[-1]]}
    table = pd.DataFrame({"currency": "CNY", **{k: pd.to_datetime(v) for k, v in spans.items()}})
    assert collected(book, ahead, table).tolist() == [0.0, 60.0, 60.0]
    assert collected(book, horizon("2w", date(2025, 1, 31)), table).tolist() == [0.0, 0.0, 0.0]


def test_past_origins_end_by_the_date_and_do_not_overlap():
    found = origins_before(AS_OF, 91, date(2024, 1, 1))
    assert found[-1] == date(2024, 12, 30)
    assert {(b - a).days for a, b in pairwise(found)} == {91}
    assert len(origins_before(AS_OF, 7, date(2000, 1, 1))) == MOST_ORIGINS
    assert origins_before(AS_OF, 91, AS_OF) == []


def test_a_curve_does_not_fall_beyond_its_grid():
    curves = Curves(np.arange(1), np.array([0.0, 30.0]), np.array([[1.0, 0.4]]), np.array([0.0]))
    assert curves.open_after(np.array([15, 30, 90]))[0].tolist() == pytest.approx([0.7, 0.4, 0.4])
    assert curves.hazard_to(np.array([500.0]))[0] == pytest.approx(-np.log(0.4))


def test_bias_errors_and_coverage_are_counted_by_currency_and_span():
    bands = {"low_50": 9, "high_50": 11, "low_80": 8, "high_80": 12, "low_95": 5, "high_95": 15}
    actual = [10.0, 12.0, 20.0, 0.0]
    frame = pd.DataFrame({"currency": "CNY", "span": "week", "expected": 11.0, "actual": actual, **bands})
    row = measures(frame).iloc[0]
    assert row["bias"] == pytest.approx(44 / 42 - 1)
    assert row["wape"] == pytest.approx((1 + 1 + 9 + 11) / 42)
    assert row["mape"] == pytest.approx((1 / 10 + 1 / 12 + 9 / 20) / 3)
    assert coverage(frame)["held"].tolist() == [1, 2, 2]


def test_a_currency_in_which_nothing_came_has_no_bias():
    bands = {f"{side}_{band}": 0.0 for side in ("low", "high") for band in (50, 80, 95)}
    frame = pd.DataFrame({"currency": ["USD"], "span": "week", "expected": 3.0, "actual": 0.0, **bands})
    assert measures(frame)[["bias", "wape", "mape"]].isna().all().all()
