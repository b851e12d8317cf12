"""Currency conversion: the newest rate known by the cut, exact cents, and nothing guessed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.book.book import Book
from riskmodels.book.fx import MAX_AGE_DAYS, SCALE, conversion, converted, rate
from riskmodels.core.errors import DataRefused, Misuse
from tests.features.feature_books import book_of

DAY = date(2026, 3, 2)
CENT = Decimal("0.01")


def market(*rows: tuple[str, date, float] | tuple[str, date, float, date]) -> pd.DataFrame:
    """Rows of series, day, value, and the day they were known when it is another."""
    table = pd.DataFrame([(*r, r[1])[:4] for r in rows], columns=["series", "on", "value", "known_on"])
    return table.astype({"on": "datetime64[us]", "known_on": "datetime64[us]"})


def invoices(*rows: tuple[str, float, date]) -> pd.DataFrame:
    """Rows of currency, amount and day of issue."""
    table = pd.DataFrame(rows, columns=["currency", "amount", "issued_on"])
    ids = [f"I{i}" for i in range(len(table))]
    return table.assign(invoice_id=ids, client_id="c", debtor_id="d", due_on=table["issued_on"]).astype(
        {"issued_on": "datetime64[us]", "due_on": "datetime64[us]"}
    )


def book(quotes: pd.DataFrame, *rows: tuple[str, float, date], **more: pd.DataFrame) -> Book:
    """A book in CNY with these quotes and invoices."""
    return book_of({"invoices": invoices(*rows or [("CNY", 1.0, DAY)]), "market": quotes, **more}, currency="CNY")


def exact(found: Book, table: str, amount: str, day: str = "", to: str = "") -> list[Decimal | None]:
    """The converted amounts as DuckDB holds them, by key."""
    query = f"SELECT converted FROM ({conversion(found, table, amount, day, to)}) ORDER BY 1 NULLS LAST"
    return [row[0] for row in found.connection.execute(query).fetchall()]


def test_a_flow_takes_the_rate_of_its_day_and_a_stock_that_of_the_as_of_day():
    quotes = market(("FX:USD/CNY", DAY, 7.0), ("FX:USD/CNY", DAY + timedelta(days=3), 8.0))
    found = book(quotes, ("USD", 100.0, DAY), ("USD", 100.0, DAY + timedelta(days=4)))
    assert list(converted(found, "invoices", "amount", "issued_on")["converted"]) == [700.0, 800.0]
    assert list(converted(found.as_of(DAY + timedelta(days=4)), "invoices", "amount")["converted"]) == [800.0, 800.0]


def test_the_pair_quoted_the_other_way_round_is_turned():
    assert rate(book(market(("FX:CNY/USD", DAY, 0.125))), "USD", DAY) == 8


def test_a_direct_pair_is_taken_before_its_inverse():
    quotes = market(("FX:USD/CNY", DAY, 7.0), ("FX:CNY/USD", DAY, 0.125))
    assert rate(book(quotes), "USD", DAY) == 7


def test_two_foreign_currencies_meet_in_the_books_own():
    quotes = market(("FX:USD/CNY", DAY, 7.0), ("FX:CNY/EUR", DAY, 0.125))
    assert rate(book(quotes), "USD", DAY, "EUR") == Decimal("0.875")


def test_the_older_leg_of_a_crossed_rate_ends_it():
    late = DAY + timedelta(days=MAX_AGE_DAYS)
    quotes = market(("FX:USD/CNY", DAY, 7.0), ("FX:EUR/CNY", late, 8.0))
    found = book(quotes)
    assert rate(found, "USD", late, "EUR") == Decimal("0.875")
    with pytest.raises(DataRefused, match="the newest rate of USD to EUR is 11 days old"):
        rate(found, "USD", late + timedelta(days=1), "EUR")


def test_a_rate_that_is_absent_is_refused_in_one_line():
    with pytest.raises(DataRefused, match="test: market: no rate of GBP to CNY on 2026-03-02 or before"):
        rate(book(market(("FX:USD/CNY", DAY, 7.0))), "GBP", DAY)


def test_a_rate_too_old_or_absent_leaves_the_amount_empty_and_counted():
    late = DAY + timedelta(days=MAX_AGE_DAYS + 1)
    found = book(market(("FX:USD/CNY", DAY, 7.0)), ("USD", 1.0, DAY), ("USD", 1.0, late), ("GBP", 1.0, DAY))
    frame = converted(found, "invoices", "amount", "issued_on")
    assert frame["converted"].tolist()[0] == 7.0
    assert frame["converted"].isna().tolist() == [False, True, True]
    assert frame.attrs["unconverted"] == {"GBP": 1, "USD": 1}


def test_a_payment_is_in_the_currency_of_its_invoice():
    payments = pd.DataFrame({"payment_id": ["p"], "invoice_id": ["I0"], "paid_on": [DAY], "amount": [-10.05]})
    payments = payments.assign(reverses="q").astype({"paid_on": "datetime64[us]"})
    found = book(market(("FX:USD/CNY", DAY, 7.0)), ("USD", 1.0, DAY), payments=payments)
    assert exact(found, "payments", "amount", "paid_on") == [Decimal("-70.35")]


def test_halves_of_a_cent_go_to_the_even_cent():
    quotes = market(("FX:USD/CNY", DAY, 0.5))
    found = book(quotes, ("USD", 0.01, DAY), ("USD", 0.03, DAY), ("USD", 0.05, DAY))
    assert exact(found, "invoices", "amount", "issued_on") == [Decimal("0.00"), Decimal("0.02"), Decimal("0.02")]


def test_the_largest_amounts_are_exact():
    found = book(market(("FX:USD/CNY", DAY, 123456.7891)), ("USD", 9_999_999_999_999.0, DAY))
    assert exact(found, "invoices", "amount", "issued_on") == [Decimal("1234567890999876543.21")]


def test_names_are_checked_before_they_reach_sql():
    found = book(market(("FX:USD/CNY", DAY, 7.0)))
    for table, amount, day, to, said in (
        ("invoice", "amount", "", "", "found table 'invoice'"),
        ("invoices", "debtor_id", "", "", "found amount 'debtor_id'"),
        ("invoices", "amount", "number", "", "found day 'number'"),
        ("invoices", "amount", "", "us'd", "found currency"),
    ):
        with pytest.raises(Misuse, match=said):
            conversion(found, table, amount, day, to)


AMOUNTS = st.integers(-(10**13), 10**13).map(lambda cents: Decimal(cents) * CENT)
RATES = st.integers(1, 10**7).map(lambda units: Decimal(units) / 10**4)


@settings(max_examples=20, deadline=None)
@given(AMOUNTS, RATES)
def test_conversion_is_the_exact_product_rounded_once(amount, value):
    found = book(market(("FX:USD/CNY", DAY, float(value))), ("USD", float(amount), DAY))
    assert exact(found, "invoices", "amount", "issued_on") == [(amount * value).quantize(CENT, ROUND_HALF_EVEN)]


@settings(max_examples=20, deadline=None)
@given(st.integers(-(10**11), 10**11).map(lambda cents: Decimal(cents) * CENT), RATES)
def test_there_and_back_is_within_the_rounding_of_both_ways(amount, value):
    there = (amount * value).quantize(CENT, ROUND_HALF_EVEN)
    home = book(market(("FX:USD/CNY", DAY, float(value))), ("CNY", float(there), DAY))
    (back,) = exact(home, "invoices", "amount", "issued_on", "USD")
    # half a cent of CNY on the way there, half a cent of USD back, and the last place of the inverse rate
    allowed = CENT / 2 / value + CENT / 2 + abs(there) * Decimal(1).scaleb(-SCALE)
    assert abs(back - amount) <= allowed


QUOTE = st.tuples(st.integers(0, 20), st.integers(0, 12), st.integers(1, 9))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(QUOTE, min_size=1, max_size=12, unique_by=lambda q: (q[0], q[1])), st.integers(0, 25), st.integers(0, 25)
)
def test_the_cut_sees_the_newest_value_known_by_then_and_no_later_one(quotes, seen, asked):
    rows = [("FX:USD/CNY", DAY + timedelta(days=a), float(v), DAY + timedelta(days=a + lag)) for a, lag, v in quotes]
    found = book(market(*rows), ("CNY", 1.0, DAY)).as_of(DAY + timedelta(days=seen))
    known = [q for q in quotes if q[0] + q[1] <= seen and q[0] <= asked]
    if not known or asked - max(q[0] for q in known) > MAX_AGE_DAYS:
        with pytest.raises(DataRefused):
            rate(found, "USD", DAY + timedelta(days=asked))
        return
    newest = max(known, key=lambda q: (q[0], q[1]))
    assert rate(found, "USD", DAY + timedelta(days=asked)) == newest[2]
