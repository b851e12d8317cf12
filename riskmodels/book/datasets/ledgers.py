"""Two real ledgers as their files have them; the mappings of the same names load them into a book."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from riskmodels.book.datasets.files import original, whole


def ibm_late_payment(folder: str | Path | None = None) -> pd.DataFrame:
    """2,466 settled invoices of 100 customers in five countries, issued 2012-01-03 to 2013-12-02, one a row.

    countryCode, customerID, invoiceNumber: text. InvoiceDate, DueDate (always 30 days later), SettledDate,
    PaperlessDate: days. InvoiceAmount: USD presumably, the file doesn't say. PaperlessBill: Paper or Electronic.
    Disputed: Yes or No. DaysToSettle, DaysLate: computed from the dates.

    Target: DaysLate > 0, 35.56 %; DaysLate > 30, .32 %. The late rate drifts from .42 to .26 by quarter.

    Traps: `Disputed` isn't known at issue, nor are DaysToSettle, DaysLate and SettledDate. A customer's history may use
    only invoices settled before the new one's issue; with history that sees the future the AUC out of time rises
    from .87 to .89. PaperlessDate may lie after the invoice: the customer changed later.

    Source: IBM Watson sample file, public copies; no licence stated.
    """
    path = original("ibm_late_payment", folder)
    text = {"countryCode": "str", "customerID": "str", "invoiceNumber": "str"}
    frame = pd.read_csv(path, dtype=text)
    return whole("ibm_late_payment", _days(frame, [c for c in frame.columns if str(c).endswith("Date")], "%m/%d/%Y"))


def highradius_open(folder: str | Path | None = None) -> pd.DataFrame:
    """9,700 open invoices of a large supplier on 664 customer numbers, due 2020-02 to 2020-07, one a row.

    doc_id, invoice_id (equal), cust_number, business_code (the supplier's company), document type, cust_payment_terms,
    key_0: text. posting_date, document_create_date, document_create_date.1, baseline_create_date, due_in_date: days.
    total_open_amount in invoice_currency (USD or CAD). business_year, posting_id, isOpen: one value each.

    No target: nothing says when or whether these were paid. Day_due, Delay_predict, Payment_date_predict and
    Aging_bucket are somebody's predictions: no facts, and not to be learned from.

    Traps: names carry noise ("WAL-MAR corporation", "WAL-MAR foundation"): 1,772 names for 664 numbers; by name the
    largest customer holds 1.9 % of the USD, by number 19.3 %. Of the four earlier dates only baseline_create_date
    never lies after the due date.

    Source: HighRadius challenge, public copies; no licence stated.
    """
    names = ["key_0", "business_code", "cust_number", "doc_id", "invoice_id"]
    frame = pd.read_csv(original("highradius_open", folder), dtype=dict.fromkeys(names, "str"))
    for name in ("doc_id", "invoice_id"):
        frame[name] = frame[name].str.removesuffix(".0")
    dates = ["posting_date", "document_create_date", "document_create_date.1", "due_in_date"]
    dates += ["baseline_create_date", "Payment_date_predict"]
    return whole("highradius_open", _days(frame, dates, "%Y-%m-%d"))


def _days(frame: pd.DataFrame, names: list[str], pattern: str) -> pd.DataFrame:
    return frame.assign(**{n: pd.to_datetime(frame[n], format=pattern).astype("datetime64[us]") for n in names})
