"""On the real ledger the features separate late invoices as well as its sheet says."""

import pandas as pd
from feature_books import book_of
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from riskmodels.features import build

CUT = pd.Timestamp("2013-06-05")
HISTORY = [
    "debtor_late_share_estimate_ever",
    "debtor_late_share_365d",
    "debtor_mean_days_late_90d",
    "debtor_mean_days_late_ever",
    "debtor_last_days_late_now",
    "debtor_past_due_count_share_now",
    "debtor_past_due_share_now",
    "invoice_amount",
    "invoice_due_day",
    "invoice_due_weekday",
]


def ibm(path):
    """The IBM ledger as a book, and by invoice whether it was paid late."""
    raw = pd.read_csv(path)
    day = {
        c: pd.to_datetime(raw[c], format="%m/%d/%Y").astype("datetime64[us]")
        for c in ("InvoiceDate", "DueDate", "SettledDate")
    }
    invoices = pd.DataFrame(
        {
            "invoice_id": raw["invoiceNumber"].astype(str),
            "client_id": "IBM",
            "debtor_id": raw["customerID"],
            "currency": "USD",
            "amount": raw["InvoiceAmount"],
            "issued_on": day["InvoiceDate"],
            "due_on": day["DueDate"],
        }
    )
    payments = invoices[["invoice_id", "amount"]].assign(
        payment_id="P" + invoices["invoice_id"], paid_on=day["SettledDate"]
    )
    late = pd.Series((day["SettledDate"] > day["DueDate"]).to_numpy(), invoices["invoice_id"])
    return book_of({"invoices": invoices, "payments": payments}), late


# "The single feature 'past late ratio' alone gives .863": README of the real data, invoices issued after 2013-06-05.
def test_the_past_late_share_alone_separates_as_published(real_data):
    book, late = ibm(real_data("ibm_late_payment", "invoices.csv"))
    frame = build(book, "invoice")
    test = frame[frame["as_of"] >= pd.Timestamp("2013-06-05")]
    score = test["debtor_late_share_ever"].fillna(late.mean())
    auc = roc_auc_score(late[test["invoice_id"]], score)
    assert abs(auc - 0.863) < 0.005, auc


# "Point-in-time history .873" of a logistic regression, trained on what was paid by the cut: the same README.
def test_a_logistic_regression_on_the_history_separates_as_published(real_data):
    book, late = ibm(real_data("ibm_late_payment", "invoices.csv"))
    frame = build(book, "invoice").set_index("invoice_id")
    paid_on = book.frame("payments").set_index("invoice_id")["paid_on"]
    later = frame["as_of"] + pd.Timedelta(days=1) >= CUT
    before = ~later & (paid_on.reindex(frame.index) <= CUT)
    rows = frame[HISTORY].fillna(frame.loc[before, HISTORY].median())
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows[before], late[rows.index[before]])
    auc = roc_auc_score(late[rows.index[later]], model.predict_proba(rows[later])[:, 1])
    assert auc >= 0.873, auc
