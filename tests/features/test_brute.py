"""The whole catalogue equals loops over a book cut at the date, to the last bit."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from feature_brute import View, features, yesterday

from riskmodels.features import build

IDS = {"debtor": ["debtor_id"], "client": ["client_id"], "pair": ["client_id", "debtor_id"]}
DATES = [
    date(2024, 2, 29),
    date(2024, 7, 31),
    date(2024, 8, 1),
    date(2025, 1, 31),
    date(2025, 12, 31),
    date(2026, 6, 30),
]


def expected(view, subject, row):
    """The brute force's features of one row of a frame."""
    mine = {i for i, r in view.invoices.items() if all(getattr(r, c) == getattr(row, c) for c in IDS[subject])}
    return features(view, mine, "client_id" if subject == "debtor" else "debtor_id")


def assert_same(found: pd.DataFrame, wanted: list[dict[str, float]], prefix: str) -> None:
    """Every column with the prefix equals the wanted values, bit for bit."""
    for name in [c for c in found.select_dtypes("number") if str(c).startswith(prefix)]:
        values = np.array([w[name.removeprefix(prefix)] for w in wanted], float)
        np.testing.assert_array_equal(found[name].to_numpy(), values, err_msg=name)


@pytest.mark.parametrize("subject", IDS)
@pytest.mark.parametrize("which", ["book", "mixed_book"])
def test_every_feature_equals_loops_over_the_cut_book(request, which, subject):
    book = request.getfixturevalue(which)
    frame = build(book, subject, DATES)
    views = {pd.Timestamp(d): View(book, d, "CNY") for d in DATES}
    wanted = [expected(views[row.as_of], subject, row) for row in frame.itertuples()]
    assert len(frame) > 30
    assert_same(frame, wanted, f"{subject}_")


def test_an_invoice_is_seen_at_the_close_of_the_day_before_its_issue(book):
    frame = build(book, "invoice")
    invoices = book.frame("invoices").set_index("invoice_id")
    later = frame[frame["as_of"] >= pd.Timestamp("2024-03-01")].iloc[::3]
    views = {d: View(book, d.date(), "CNY") for d in later["as_of"].unique()}
    for subject in IDS:
        rows = later.join(invoices[["client_id", "debtor_id"]], on="invoice_id")
        wanted = [expected(views[r.as_of], subject, r) for r in rows.itertuples()]
        assert_same(later, wanted, f"{subject}_")
    issued = frame["invoice_id"].map(invoices["issued_on"])
    assert [yesterday(d) for d in issued] == [d.date() for d in frame["as_of"]]
    assert (frame["invoice_amount"] == frame["invoice_id"].map(invoices["amount"])).all()
