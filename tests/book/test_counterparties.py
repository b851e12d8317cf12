"""With whom an obligor mostly deals."""

from datetime import date

import pytest

from riskmodels.book.counterparties import main_counterparty
from riskmodels.book.open import open_book
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.errors import Misuse


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "small.duckdb"
    write(synthesise(1_500, 3, date(2026, 6, 30)), path)
    return open_book(path)


def test_the_party_with_the_largest_open_balance_is_the_main_one(book):
    found = main_counterparty(book, "debtor_id", [date(2025, 6, 30)]).set_index("debtor_id")["counterparty"]
    open_items = _open(book, date(2025, 6, 30))
    for debtor, rows in open_items.groupby("debtor_id"):
        by_client = rows.groupby("client_id")["balance"].sum().sort_index()
        best = by_client[by_client > 0]
        if best.empty:
            assert debtor not in found
        else:
            assert found[debtor] == best.index[best.argmax()]


def test_a_key_that_is_no_party_is_refused(book):
    with pytest.raises(Misuse, match="expected debtor_id or client_id"):
        main_counterparty(book, "invoice_id", [date(2025, 6, 30)])


def test_without_origins_there_is_nobody(book):
    assert main_counterparty(book, "client_id", []).empty


def _open(book, day):
    """Open balances by brute force: amount less payments and credit notes known by the day."""
    seen = book.as_of(day)
    invoices = seen.sql("SELECT invoice_id, client_id, debtor_id, currency, amount::DOUBLE AS amount FROM invoices")
    settled = seen.sql(
        "SELECT invoice_id, sum(amount)::DOUBLE AS credited FROM (SELECT invoice_id, amount FROM payments "
        "UNION ALL SELECT invoice_id, amount FROM credit_notes) GROUP BY 1"
    )
    merged = invoices[invoices["currency"] == book.currency].merge(settled, how="left", on="invoice_id")
    return merged.assign(balance=(merged["amount"] - merged["credited"].fillna(0)).clip(lower=0).round(2))
