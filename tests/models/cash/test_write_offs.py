"""What is written off is no cash: not in the forecast, and not in what the strength of shocks is learnt from."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.book import Book, in_memory
from riskmodels.models.cash.claims import curves_of, given_up
from riskmodels.models.cash.draws import Claims, drawn, effects, expected
from riskmodels.models.cash.residuals import residuals
from riskmodels.models.payment_time import PaymentTime

N, TERMS = 4000, 30
ISSUED = pd.Timestamp("2025-01-01")
WEEKS = np.arange(7, 127, 7)


@pytest.fixture(scope="module")
def world():
    """Invoices of which 30 % are written off after 100 days, the others paid after 35 or so."""
    rng = np.random.default_rng(0)
    lost = rng.random(N) < 0.3
    day = np.where(lost, 100, np.clip(rng.normal(35, 5, N).round(), 1, 60))
    return pd.DataFrame({"x": rng.normal(size=N), "lost": lost, "day": day})


@pytest.fixture(scope="module")
def model(world):
    cause = np.where(world["lost"], "written_off", "paid")
    parts = pd.DataFrame({"row": np.arange(N), "day": world["day"], "cause": cause, "share": 1.0})
    return PaymentTime("logit").fit(world[["x"]], np.full(N, float(TERMS)), np.full(N, 100.0), parts)


def claims(model, world, age):
    open_then = world[["x"]].assign(terms_days=float(TERMS), age_days=float(age))
    groups = tuple(np.zeros(len(open_then), dtype=int) for _ in range(3))
    return Claims(curves_of(model, open_then).open_after(WEEKS), np.ones(len(open_then)), groups)


@pytest.mark.parametrize("age", [0, 20, 40])
def test_expected_cash_is_the_chance_to_be_paid_and_draws_bring_as_much(model, world, age):
    some, every = world.iloc[:500], np.arange(500)
    found = claims(model, some, age)
    paid = model.incidence(some[["x"]], TERMS, age)["paid"].iloc[:, -1]
    assert expected(found, every).sum() == pytest.approx(paid.sum(), rel=1e-9)
    rng = np.random.default_rng(1)
    cash = drawn(found, (0.0, 0.0, 0.0), effects(found, (0.0, 0.0, 0.0), 400, rng), every, rng)
    assert cash.sum(axis=1).mean() == pytest.approx(paid.sum(), rel=0.02)


def test_of_what_is_issued_seven_in_ten_bring_cash(model, world):
    assert expected(claims(model, world, 0), np.arange(N)).sum() / N == pytest.approx(0.7, abs=0.01)


def test_unsettled_is_open_or_written_off(model, world):
    some, age = world[["x"]].iloc[:50], np.full(50, 10.0)
    told = model.survival(some, TERMS, age) + model.incidence(some, TERMS, age)["written_off"]
    pd.testing.assert_frame_equal(model.unsettled(some, TERMS, age), told, check_names=False)


def panel(world):
    ended = ISSUED + pd.to_timedelta(world["day"], unit="D")
    facts = {"debtor_id": "d", "industry": "", "issued_on": ISSUED, "terms_days": float(TERMS)}
    return world.assign(**facts, settled_on=ended.mask(world["lost"]), given_up_on=ended.where(world["lost"]))


@pytest.mark.parametrize("age", [0, 34])
def test_payments_at_past_origins_are_as_many_as_the_hazard_met_says(model, world, age):
    found = residuals(panel(world), model, [(ISSUED + pd.Timedelta(days=age)).date()], 91)
    assert found.hazard.sum() == pytest.approx(found.paid.sum(), rel=0.05)


def test_what_was_given_up_before_an_origin_is_not_open_there(model, world):
    early = world.assign(day=world["day"].mask(world["lost"], 20.0))
    found = residuals(panel(early), model, [date(2025, 1, 21)], 91)
    assert len(found.paid) == (~world["lost"]).sum() - (~world["lost"] & (world["day"] <= 20)).sum()


def test_money_that_comes_after_a_write_off_settles_nothing(model, world):
    late = panel(world)
    late["settled_on"] = late["settled_on"].fillna(ISSUED + pd.Timedelta(days=110))
    assert residuals(late, model, [ISSUED.date()], 118).paid.sum() == (~world["lost"]).sum()


def test_an_invoice_is_given_up_once_a_write_off_leaves_nothing_open():
    invoices = pd.DataFrame({"invoice_id": list("abcd"), "client_id": "c", "debtor_id": "d", "currency": "CNY"})
    invoices = invoices.assign(amount=100.0, issued_on=ISSUED, due_on=ISSUED + pd.Timedelta(days=30))
    march, april = pd.Timestamp("2025-03-01"), pd.Timestamp("2025-04-01")
    paid = pd.DataFrame({"payment_id": ["1", "2"], "invoice_id": ["b", "d"], "paid_on": march, "amount": [60.0, 100.0]})
    lost = pd.DataFrame({"invoice_id": list("abc"), "written_off_on": april, "amount": [100.0, 40.0, 40.0]})
    book = Book("small", in_memory({"invoices": invoices, "payments": paid, "write_offs": lost}))
    assert given_up(book, date(2025, 5, 1)).to_numpy().tolist() == [["a", april], ["b", april]]
    assert given_up(book, date(2025, 3, 15)).empty
    bare = Book("bare", in_memory({"invoices": invoices}))
    assert given_up(bare, date(2025, 5, 1))["given_up_on"].dtype.kind == "M"
