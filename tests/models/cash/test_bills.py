"""A bill is cash when it matures: those held come in for sure, those to come as late as the debtor's bills run."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.book import Book, in_memory
from riskmodels.models.cash.backtest import collected
from riskmodels.models.cash.bills import cash_between, habits, held_by
from riskmodels.models.cash.draws import ByBill, Claims, drawn, effects, expected
from riskmodels.models.cash.periods import horizon

AS_OF = date(2025, 3, 31)
BILL = "bank acceptance"


def book_of(paid: list[tuple]) -> Book:
    """Payments (invoice, paid_on, amount, matures_on, reverses) numbered from p1 on; invoice dk1 is debtor dk's."""
    names = sorted({row[0] for row in paid})
    invoices = pd.DataFrame({"invoice_id": names, "debtor_id": [name[:2] for name in names]})
    invoices = invoices.assign(
        client_id="c", currency="CNY", amount=1000.0, issued_on="2025-01-02", due_on="2025-05-02"
    )
    payments = pd.DataFrame(paid, columns=["invoice_id", "paid_on", "amount", "matures_on", "reverses"])
    payments.insert(0, "payment_id", [f"p{k + 1}" for k in range(len(payments))])
    payments["instrument"] = np.where(payments["matures_on"].isna(), "cash", BILL)
    frames = {"invoices": invoices, "payments": payments}
    dated = {n: f.assign(**{c: pd.to_datetime(f[c]) for c in f if c.endswith("_on")}) for n, f in frames.items()}
    return Book("small", in_memory(dated))


@pytest.fixture
def book() -> Book:
    return book_of(
        [
            ("d11", "2025-03-03", 100.0, "2025-04-05", None),  # matures on a Saturday, Monday is open
            ("d11", "2025-03-03", 200.0, "2025-09-03", None),
            ("d12", "2025-03-04", 300.0, "2025-04-08", None),
            ("d12", "2025-03-20", -300.0, None, "p3"),  # handed back before it matured
            ("d21", "2025-04-02", 400.0, None, None),
            ("d21", "2025-04-03", 500.0, "2025-07-03", None),
        ]
    )


def test_a_bill_is_cash_on_the_first_business_day_from_its_maturity_on(book):
    found = cash_between(book, AS_OF, date(2025, 12, 31))
    of_one = found[found["debtor_id"] == "d1"].groupby("cash_on")["amount"].sum()
    assert of_one[of_one != 0].to_dict() == {pd.Timestamp("2025-04-07"): 100.0, pd.Timestamp("2025-09-03"): 200.0}
    assert found[found["debtor_id"] == "d2"]["cash_on"].astype(str).tolist() == ["2025-04-02", "2025-07-03"]


def test_bills_held_are_those_handed_over_by_the_date_and_not_taken_back(book):
    ahead = horizon("2w", AS_OF)
    bills = cash_between(book.as_of(AS_OF), AS_OF, ahead.ends[-1])
    assert {k: v.tolist() for k, v in held_by(bills, ["currency", "debtor_id"], ahead).items()} == {
        ("CNY", "d1"): [100.0, 0.0]
    }


def test_the_back_test_counts_a_bill_on_the_day_the_forecast_expects_it(book):
    ahead = horizon("15w", AS_OF)
    table = pd.DataFrame({"currency": "CNY", "begins_on": ahead.begins, "ends_on": ahead.ends})
    table = table.assign(**{c: pd.to_datetime(table[c]) for c in ("begins_on", "ends_on")})
    came = collected(book, ahead, table)
    assert came[[0, 13]].tolist() == [500.0, 500.0]
    assert came.sum() == 1000.0


def paying(debtor: str, n: int, tenor: int | None) -> list[tuple]:
    matures = None if tenor is None else pd.Timestamp("2025-02-03") + pd.Timedelta(days=tenor)
    return [(f"{debtor}{k}", "2025-02-03", 10.0, matures, None) for k in range(n)]


def test_a_debtor_is_expected_to_pay_as_it_did_and_one_never_seen_as_the_book_does():
    book = book_of([*paying("d1", 40, 91), *paying("d2", 40, 182), *paying("d3", 80, None)])
    found = habits(book, pd.Series(["d1", "d2", "d3", "d9"]))
    assert found.days.tolist() == [91.0, 182.0]
    assert found.chance[:3] == pytest.approx(np.array([[1, 0], [0, 1], [0, 0]]), abs=0.03)
    assert found.chance[3] == pytest.approx([0.25, 0.25])


def test_tenors_that_differ_by_chance_alone_are_the_books_for_every_debtor():
    rng = np.random.default_rng(0)
    rows = [row for d in range(9) for t in rng.choice([91, 182], 30) for row in paying(f"d{d}", 1, int(t))]
    numbered = [(f"{row[0][:2]}{k}", *row[1:]) for k, row in enumerate(rows)]
    chance = habits(book_of(numbered), pd.Series([f"d{d}" for d in range(9)])).chance
    assert chance.sum(axis=1) == pytest.approx(1.0)
    assert np.ptp(chance[:, 0]) < 0.15


def test_a_book_without_bills_has_no_habit_of_them():
    found = habits(book_of(paying("d1", 3, None)), pd.Series(["d1", "d2"]))
    assert (found.days.shape, found.chance.shape) == ((0,), (2, 0))


def test_draws_by_bill_agree_with_their_expectation_and_come_a_tenor_later():
    rng, n = np.random.default_rng(1), 300
    open_at = np.cumprod(rng.uniform(0.5, 1, (n, 6)), axis=1)
    delayed = np.stack([np.roll(open_at, k, axis=1) for k in (1, 3)], axis=1)
    for j, k in enumerate((1, 3)):
        delayed[:, j, :k] = 1.0
    groups = (rng.integers(0, 7, n), rng.integers(0, 2, n), np.zeros(n, dtype=int))
    claims = Claims(open_at, rng.lognormal(3, 1, n), groups, ByBill(rng.dirichlet([2, 1, 1], n)[:, 1:], delayed))
    strengths = (0.5, 0.3, 0.2)
    cash = drawn(claims, strengths, effects(claims, strengths, 4000, rng), np.arange(n), rng)
    mean = expected(claims, np.arange(n))
    assert np.abs(cash.mean(axis=0) - mean).max() < 4 * (cash.std(axis=0) / np.sqrt(len(cash))).max()
    every = Claims(open_at, claims.amount, groups, ByBill(np.tile([1.0, 0.0], (n, 1)), delayed))
    cash = drawn(every, strengths, effects(every, strengths, 50, rng), np.arange(n), rng)
    assert (cash[:, 0] == 0).all()
    assert cash[:, 1:].sum() > 0
