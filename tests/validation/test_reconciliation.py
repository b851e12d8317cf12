"""Amounts of a sample against the ledger, on a ledger of five invoices."""

from datetime import date

import pandas as pd
import pytest

import riskmodels as rm
from riskmodels.validation.reconciliation import tied_by_invoice, tied_by_obligor

INVOICES = """invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on
i1,c1,d1,CNY,100.00,2025-01-05,2025-03-05
i2,c1,d1,CNY,50.00,2025-01-20,2025-03-20
i3,c2,d2,CNY,70.00,2025-01-20,2025-03-20
i4,c2,d3,USD,30.00,2025-01-25,2025-03-20
i5,c2,d2,CNY,900.00,2025-02-20,2025-03-20
"""
PAYMENTS = "payment_id,invoice_id,paid_on,amount\np1,i1,2025-01-25,40.00\np2,i3,2025-02-25,70.00\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tie") / "ledger"
    folder.mkdir()
    (folder / "invoices.csv").write_text(INVOICES)
    (folder / "payments.csv").write_text(PAYMENTS)
    return rm.open_book(str(folder)).as_of(date(2025, 3, 31))


def owing(**weights):
    return pd.DataFrame(
        {"obligor": list(weights), "weight": list(weights.values()), "period": pd.Timestamp("2025-01-31")}
    )


def test_what_obligors_owed_at_the_day_is_what_the_sample_says(book):
    found = tied_by_obligor(owing(d1=110.0, d2=70.0), book, "debtor_id", date(2025, 1, 31))
    assert (found.n, found.differing, found.gap) == (2, 0, 0)
    assert (found.sample, found.ledger, found.whole) == (180, 180, 180)


def test_an_amount_the_ledger_does_not_have_is_told(book):
    found = tied_by_obligor(owing(d1=110.0, d2=80.0, d9=10.0), book, "debtor_id", date(2025, 1, 31))
    assert (found.differing, found.gap) == (2, 20)
    assert found.share == pytest.approx(20 / 180)


def test_obligors_that_are_not_judged_are_in_the_whole_alone(book):
    found = tied_by_obligor(owing(c1=110.0), book, "client_id", date(2025, 1, 31))
    assert (found.share, found.ledger, found.whole) == (0, 110, 180)


def test_invoices_are_tied_day_by_day(book):
    sample = pd.DataFrame({"period": pd.to_datetime(["2025-01-20"] * 2 + ["2025-01-25"]), "weight": [50.0, 70.0, 30.0]})
    assert tied_by_invoice(sample, book).gap == 0
    lost = tied_by_invoice(sample.iloc[1:], book)
    assert (lost.gap, lost.ledger, lost.n) == (50, 150, 2)
