"""How amounts end: each part on its day and by its cause, and what a reversal takes back."""

from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book, in_memory
from riskmodels.book.endings import invoice_parts
from riskmodels.book.outcomes import invoice_outcomes

AS_OF = date(2025, 12, 31)
KNOWN = {"payments": "paid_on", "credit_notes": "issued_on", "disputes": "opened_on", "write_offs": "written_off_on"}


def book(**tables):
    """One invoice of 100.00 issued on 2025-01-01 and what is told of it; rows of a table are tuples of its columns."""
    columns = {
        "payments": ["payment_id", "paid_on", "amount", "reverses"],
        "credit_notes": ["note_id", "issued_on", "amount"],
        "disputes": ["dispute_id", "opened_on"],
        "write_offs": ["written_off_on", "amount"],
    }
    invoice = {"invoice_id": "i1", "client_id": "c1", "debtor_id": "d1", "currency": "CNY", "amount": 100.0}
    days = {"issued_on": "2025-01-01", "due_on": "2025-03-02", "known_on": "2025-01-01"}
    frames = {"invoices": pd.DataFrame([{**invoice, **days}])}
    for name, rows in tables.items():
        frame = pd.DataFrame(rows, columns=columns[name]).assign(invoice_id="i1")
        frames[name] = frame.assign(known_on=frame[KNOWN[name]])
    return Book("hand", in_memory(frames))


def parts(as_of=AS_OF, **tables):
    found = invoice_parts(book(**tables), as_of)
    return [(row.day, row.cause, round(row.share, 9)) for row in found.itertuples()]


def test_an_invoice_paid_in_parts_ends_in_parts():
    told = [("p1", "2025-02-10", 25.0, None), ("p2", "2025-03-12", 75.0, None)]
    assert parts(payments=told) == [(40, "paid", 0.25), (70, "paid", 0.75)]
    assert parts(payments=told, as_of=date(2025, 3, 11)) == [(40, "paid", 0.25)]


def test_what_is_not_paid_ends_by_its_own_cause():
    told = {
        "payments": [("p1", "2025-02-10", 60.0, None)],
        "credit_notes": [("n1", "2025-03-02", 10.0)],
        "write_offs": [("2025-09-28", 30.0)],
    }
    assert parts(**told) == [(40, "paid", 0.6), (60, "credited", 0.1), (270, "written_off", 0.3)]


def test_a_credit_note_after_a_dispute_was_opened_is_the_dispute_s():
    note = [("n1", "2025-03-02", 100.0)]
    assert parts(credit_notes=note, disputes=[("x1", "2025-02-20")]) == [(60, "disputed", 1)]
    assert parts(credit_notes=note, disputes=[("x1", "2025-03-20")]) == [(60, "credited", 1)]


def test_a_dispute_by_itself_ends_nothing():
    assert parts(disputes=[("x1", "2025-02-20")]) == []


def test_a_reversal_takes_the_latest_part_back():
    told = [("p1", "2025-02-10", 50.0, None), ("p2", "2025-02-20", 50.0, None), ("r", "2025-03-02", -50.0, "p2")]
    assert parts(payments=told) == [(40, "paid", 0.5)]
    assert parts(payments=told, as_of=date(2025, 3, 1)) == [(40, "paid", 0.5), (50, "paid", 0.5)]
    again = [*told, ("p3", "2025-04-11", 50.0, None)]
    assert parts(payments=again) == [(40, "paid", 0.5), (100, "paid", 0.5)]


def test_what_is_paid_twice_is_no_part():
    told = [("p1", "2025-02-10", 100.0, None), ("p2", "2025-02-20", 100.0, None)]
    assert parts(payments=told) == [(40, "paid", 1)]
    assert parts(payments=[("p1", "2025-02-10", 250.0, None)]) == [(40, "paid", 1)]


def test_what_is_paid_before_issue_ends_on_the_day_of_issue():
    assert parts(payments=[("p1", "2024-12-20", 100.0, None)]) == [(0, "paid", 1)]


def test_causes_of_one_day_share_what_is_left():
    told = {"payments": [("p1", "2025-02-10", 80.0, None)], "credit_notes": [("n1", "2025-02-10", 80.0)]}
    assert parts(**told) == [(40, "credited", 0.5), (40, "paid", 0.5)]


def test_a_book_without_payments_has_no_parts():
    assert parts() == []


def test_an_invoice_is_settled_when_its_parts_come_to_its_amount():
    """Random payments and reversals: whole by the parts on the day, and only then, on which the outcome has it."""
    rng, n = np.random.default_rng(3), 300
    row = np.repeat(np.arange(n), 5)
    paid = pd.DataFrame({"invoice_id": np.array([f"i{i:03d}" for i in range(n)])[row]})
    paid["paid_on"] = pd.Timestamp("2025-01-02") + pd.to_timedelta(rng.integers(0, 120, 5 * n), "D")
    paid["amount"] = rng.choice([20.0, 40.0, 60.0, -20.0, -40.0], 5 * n)
    paid = paid.assign(payment_id=np.arange(5 * n).astype(str), known_on=paid["paid_on"])
    invoice = pd.DataFrame(
        {"invoice_id": paid["invoice_id"].unique(), "client_id": "c1", "debtor_id": "d1", "currency": "CNY"}
    ).assign(amount=100.0, issued_on="2025-01-01", due_on="2025-03-02", known_on="2025-01-01")
    made = Book("hand", in_memory({"invoices": invoice, "payments": paid}))
    outcome = invoice_outcomes(made, AS_OF).set_index("invoice_id")
    found = invoice_parts(made, AS_OF).groupby("invoice_id").agg(share=("share", "sum"), day=("day", "max"))
    found = found.reindex(outcome.index, fill_value=0.0)
    settled = outcome["settled"]
    assert 10 < settled.sum() < 290
    assert ((found["share"] > 1 - 1e-9) == settled).all()
    assert (found["day"] == outcome["duration_days"])[settled].all()
    left = paid.groupby("invoice_id")["amount"].sum().clip(lower=0) / 100
    assert np.allclose(found["share"][~settled], left[~settled])
