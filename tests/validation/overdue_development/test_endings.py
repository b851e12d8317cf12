"""How invoices end: shares that add up, parts by their amount, open ones censored rather than left out."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.open import open_book
from riskmodels.validation.overdue_development.endings import endings
from riskmodels.validation.overdue_development.young import young

AS_OF = date(2025, 6, 30)


def book_of(folder, invoices, **tables):
    """A book of CSV files: invoices (id, debtor, amount, issued, due), and others as text."""
    head = "invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on\n"
    rows = "".join(f"{i},c1,{d},CNY,{a},{s},{e}\n" for i, d, a, s, e in invoices)
    for name, content in {"invoices": head + rows, **tables}.items():
        (folder / f"{name}.csv").write_text(content)
    return open_book(folder)


def shares(found, day):
    return found[found["day"] == day].set_index("state")["share"]


def test_parts_count_by_their_amount_and_states_add_up_to_one(tmp_path):
    invoices = [(f"i{k}", f"d{k}", "100.00", "2025-01-01", "2025-02-01") for k in range(4)]
    payments = (
        "payment_id,invoice_id,paid_on,amount\n"
        "p0,i0,2025-01-22,100.00\np1,i1,2025-02-11,40.00\np2,i2,2025-02-21,100.00\np3,i3,2025-03-03,100.00\n"
    )
    notes = "note_id,invoice_id,issued_on,amount\nn1,i1,2025-02-11,60.00\n"
    found = endings(book_of(tmp_path, invoices, payments=payments, credit_notes=notes), AS_OF, (-15, 0, 10, 20, 30))
    assert shares(found, -15).to_dict() == {"open": 1.0, "paid": 0.0, "credited": 0.0}
    assert shares(found, 0).to_dict() == pytest.approx({"open": 0.75, "paid": 0.25, "credited": 0.0})
    assert shares(found, 10).to_dict() == pytest.approx({"open": 0.5, "paid": 0.35, "credited": 0.15})
    assert shares(found, 30).to_dict() == pytest.approx({"open": 0.0, "paid": 0.85, "credited": 0.15})


def test_an_open_invoice_is_censored_where_it_was_seen_last(tmp_path):
    invoices = [("old", "d1", "10.00", "2025-01-01", "2025-02-01"), ("new", "d2", "10.00", "2025-05-31", "2025-06-30")]
    payments = "payment_id,invoice_id,paid_on,amount\np0,old,2025-03-03,10.00\n"
    found = endings(book_of(tmp_path, invoices, payments=payments), AS_OF, (0, 30, 60))
    assert shares(found, 0)["open"] == 1.0
    assert shares(found, 30).to_dict() == pytest.approx({"open": 0.0, "paid": 1.0})


def test_nothing_ended_has_no_endings(tmp_path):
    assert endings(book_of(tmp_path, [("i", "d", "1.00", "2025-01-01", "2025-02-01")]), AS_OF).empty


def test_dropping_open_invoices_misses_the_late_ones(tmp_path):
    """Half of the invoices are paid ten days early, half twenty days late; on the day those to be late are all open."""
    rng = np.random.default_rng(0)
    issued = pd.Timestamp("2025-04-18") + pd.to_timedelta(rng.integers(0, 8, 200), "D")
    due = issued + pd.Timedelta(days=60)
    paid = due + pd.to_timedelta(np.where(np.arange(200) % 2, 20, -10), "D")
    invoices = [(f"i{k}", f"d{k % 9}", "5.00", s.date(), e.date()) for k, (s, e) in enumerate(zip(issued, due))]
    payments = "payment_id,invoice_id,paid_on,amount\n" + "".join(
        f"p{k},i{k},{d.date()},5.00\n" for k, d in enumerate(paid)
    )
    book = book_of(tmp_path, invoices, payments=payments)
    known = pd.DataFrame({"invoice_id": [i[0] for i in invoices], "probability": 0.5})
    found = young(book, date(2025, 6, 16), AS_OF, known).iloc[0]
    assert (found["n"], found["dropped"], found["model"]) == (200, 0.0, 0.5)
    assert found["open"] == pytest.approx(0.5, abs=0.1)
    later = young(book, date(2025, 6, 16), date(2025, 8, 31), known).iloc[0]
    assert later["came"] == pytest.approx(0.5)
