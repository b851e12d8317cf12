"""Receipts that wait at a date are held against what is open then, all of them together."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.book.book import Book, in_memory
from riskmodels.book.synthetic import synthesise
from riskmodels.models.cash.claims import open_invoices
from riskmodels.models.matching import match_receipts
from riskmodels.models.matching.ledger import Item, Ledger
from riskmodels.models.matching.payers import Payers
from riskmodels.models.matching.propose import AUTOMATIC, Receipt
from riskmodels.models.matching.waiting import shared_out

LAST = date(2026, 6, 30)


@pytest.fixture(scope="module")
def tables():
    made = synthesise(3000, 20, LAST).tables
    return {name: made[name] for name in ("invoices", "payments", "receipts", "credit_notes", "write_offs", "parties")}


@pytest.fixture(scope="module")
def untold(tables):
    """Payments of spring that paid an invoice whole."""
    faces = tables["invoices"].set_index("invoice_id")["amount"]
    payments = tables["payments"]
    whole = payments["receipt_id"].notna() & (payments["amount"] == payments["invoice_id"].map(faces))
    return payments[whole & payments["paid_on"].between("2026-03-01", "2026-05-01")].head(20)


@pytest.fixture(scope="module")
def book(tables, untold):
    """A book that tells those payments five days later, and not of which receipts they are."""
    payments = tables["payments"].copy()
    payments.loc[untold.index, "receipt_id"] = None
    payments.loc[untold.index, ["paid_on", "known_on"]] += pd.Timedelta(days=5)
    return Book("late", in_memory({**tables, "payments": payments}))


@pytest.fixture(scope="module")
def table(book):
    return match_receipts(book, LAST)


def test_no_invoice_is_given_more_than_is_open_by_one_receipt_or_by_all(book, table):
    links = table[table["invoice_id"] != ""]
    left = open_invoices(book, LAST).set_index("invoice_id")["open_amount"].astype(float)
    given = links.groupby("invoice_id")["allocated"].sum()
    assert len(links) > 10
    assert (given <= left.reindex(given.index).fillna(0.0) + 1e-6).all()


def test_an_invoice_that_was_settled_without_its_receipt_is_not_booked_again(table, untold):
    assert len(untold) == 20
    assert set(untold["receipt_id"]) <= set(table["receipt_id"])
    assert not table[table["automatic"]]["invoice_id"].isin(untold["invoice_id"]).any()


def test_each_receipt_waits_once_and_what_it_is_given_and_its_residual_are_its_amount(book, table):
    sums = table.groupby("receipt_id").agg(given=("allocated", "sum"), rest=("residual", "first"))
    amounts = book.frame("receipts").set_index("receipt_id")["amount"].astype(float)
    assert (sums["given"] + sums["rest"]).to_numpy() == pytest.approx(amounts[sums.index].to_numpy())


@pytest.fixture
def ledger():
    found = Ledger()
    for k, left in enumerate((10_000, 25_000), 1):
        found.add(Item(f"i{k}", f"N{k:04d}", "c1", "d1", "CNY", k, left))
    return found


def proposals(ledger, *told):
    receipts = [Receipt(f"r{k}", "Harbour Foods", "CNY", *each) for k, each in enumerate(told)]
    return shared_out(receipts, ledger, Payers([("d1", "Harbour Foods")]))


def test_of_two_receipts_that_fit_one_invoice_the_older_takes_it(ledger):
    first, second = proposals(ledger, (10_000, "N0001"), (10_000, "N0001"))
    assert first.links == (("i1", 10_000),)
    assert all(invoice == "i2" for invoice, _amount in second.links)


def test_a_guess_on_an_older_receipt_leaves_what_a_later_one_names(ledger):
    guess, named = proposals(ledger, (12_345, ""), (10_000, "N0001"))
    assert named.links == (("i1", 10_000),)
    assert guess.links == (("i2", 12_345),)


def test_what_rests_on_a_guess_is_not_booked_without_a_person(ledger):
    _guess, rest = proposals(ledger, (3_000, ""), (7_000, ""))
    assert rest.links == (("i1", 7_000),)
    assert rest.score < AUTOMATIC
