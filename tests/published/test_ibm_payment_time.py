"""IBM late payments out of time: trained on what was known on 2013-06-05, judged on the 621 invoices issued since.

Reference on the same cut, with history known the day before issue: logistic regression on invoices already paid AUC
.873, boosting .843, mean absolute error 5.99 days (9.99 for the training median).
"""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_absolute_error, roc_auc_score

from riskmodels.models.payment_time import PaymentTime

CUT = pd.Timestamp("2013-06-05")
DATES = ["InvoiceDate", "DueDate", "SettledDate"]


@pytest.fixture(scope="module")
def invoices(real_data):
    frame = pd.read_csv(real_data("ibm_late_payment", "invoices.csv"))
    frame[DATES] = frame[DATES].apply(pd.to_datetime, format="%m/%d/%Y")
    return frame.sort_values("InvoiceDate", kind="stable", ignore_index=True)


@pytest.fixture(scope="module")
def history(invoices):
    """What each customer's invoices settled before the issue day say, by their number, lateness and duration."""
    rows = [_known(group, row) for _, group in invoices.groupby("customerID") for row in group.itertuples()]
    known = pd.DataFrame(rows).set_index("index").sort_index()
    return known.assign(amount=invoices["InvoiceAmount"], paper=invoices["PaperlessBill"])


def _known(group, row):
    settled = group[group["SettledDate"] < row.InvoiceDate]
    is_open = (group["InvoiceDate"] < row.InvoiceDate) & (group["SettledDate"] >= row.InvoiceDate)
    late, days = settled["DaysLate"], settled["DaysToSettle"]
    return {
        "index": row.Index,
        "settled": len(settled),
        "late_share": (late > 0).mean() if len(late) else np.nan,
        "days_late": late.mean(),
        "days_to_settle": days.mean(),
        "spread": days.std(),
        "open": is_open.sum(),
    }


@pytest.fixture(scope="module", params=["logit", "lightgbm"])
def judged(request, invoices, history):
    """The invoices since the cut, with the model's answers."""
    before = invoices["InvoiceDate"] < CUT
    paid = invoices["SettledDate"] < CUT
    seen = np.where(paid, invoices["DaysToSettle"], (CUT - invoices["InvoiceDate"]).dt.days - 1)
    terms = (invoices["DueDate"] - invoices["InvoiceDate"]).dt.days
    model = PaymentTime(engine=request.param).fit(history[before], terms[before], seen[before], paid[before])
    X, days = history[~before], terms[~before]
    answers = {
        "late": model.late(X, days),
        "median": model.quantile_days(X, days),
        "mean": model.expected_days(X, days),
    }
    return invoices[~before].assign(**answers)


def test_late_payers_are_told_apart_as_well_as_by_the_reference(judged):
    assert len(judged) == 621
    assert roc_auc_score(judged["DaysLate"] > 0, judged["late"]) >= 0.865


def test_days_to_settle_are_closer_than_the_reference(judged):
    assert mean_absolute_error(judged["DaysToSettle"], judged["median"]) < 5.99
    assert mean_absolute_error(judged["DaysToSettle"], judged["mean"]) < 5.99


def test_the_expected_number_of_late_invoices_is_right_in_the_large(judged):
    assert judged["late"].mean() == pytest.approx((judged["DaysLate"] > 0).mean(), abs=0.03)
