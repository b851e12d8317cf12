"""Receivables figures against published ones."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.book.book import Book
from riskmodels.portfolio.turnover import countback_dso, turnover


@pytest.fixture(scope="module")
def ibm(real_data):
    """IBM's late-payment sample as a book: the settled date is a payment of the whole amount."""
    source = pd.read_csv(
        real_data("ibm_late_payment", "invoices.csv"),
        parse_dates=["InvoiceDate", "DueDate", "SettledDate"],
        date_format="%m/%d/%Y",
        dtype={"invoiceNumber": "str"},
    )
    names = {
        "invoiceNumber": "invoice_id",
        "customerID": "debtor_id",
        "InvoiceAmount": "amount",
        "InvoiceDate": "issued_on",
        "DueDate": "due_on",
        "SettledDate": "paid_on",
    }
    rows = source.rename(columns=names).assign(client_id="IBM", currency="USD")
    invoices = rows[["invoice_id", "client_id", "debtor_id", "currency", "amount", "issued_on", "due_on"]]
    payments = rows[["invoice_id", "paid_on", "amount"]].assign(payment_id=rows["invoice_id"])

    def attach(connection):
        connection.register("source_invoices", invoices)
        connection.register("source_payments", payments)
        return {"invoices": "source_invoices", "payments": "source_payments"}

    return Book("ibm", attach)


# DOMAIN.md, formula 2: AR 212,000; sales newest to oldest 100,000 / 80,000 / 70,000; 30-day months -> 73.714.
def test_countback_dso_takes_sales_off_month_by_month():
    found = countback_dso(212_000, [100_000, 80_000, 70_000], [30, 30, 30])
    assert found.days == pytest.approx(73.714, abs=5e-4)
    assert not found.lower_bound


# ORACLES.md, ibm_late_payment as of 2013-06-30, 90 days of sales.
def test_turnover_of_the_ibm_sample(ibm):
    row = turnover(ibm.as_of(date(2013, 6, 30))).iloc[0]
    money = row[["receivables", "current", "sales", "beginning"]].to_list()
    assert row["open"] == 84
    assert money == pytest.approx([5119.85, 4284.29, 19903.70, 5734.79], abs=0.005)
    speed = row[["dso", "best_possible_dso", "days_delinquent", "cei"]].to_list()
    assert speed == pytest.approx([23.151, 19.373, 3.778, 96.087], abs=5e-4)
