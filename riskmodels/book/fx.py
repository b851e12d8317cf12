"""Currency conversion through the market table: `FX:USD/CNY` is the CNY that 1 USD costs.

A stock is converted at the rate of the as-of day, a flow at the rate of its own day: the newest value of that day or
before, as it was known at the book's cut (of revisions the last one known by then). A pair quoted the other way round
is used when there is no direct one; else the two pairs with the book's currency are multiplied. A rate older than
MAX_AGE_DAYS is no rate: nothing is guessed, the amount stays empty and is counted.

Rates are held to 14 decimals, amounts are multiplied exactly and rounded once, half to even, to cents.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pandas as pd
import pyarrow as pa

from riskmodels.book.book import Book
from riskmodels.core.errors import DataRefused, Misuse

MAX_AGE_DAYS = 10
"""The longest closure of the Chinese market, a week's holiday with the weekends beside it, leaves no longer gap."""

SCALE = 14
_ONE = Decimal(1).scaleb(-SCALE)
_MOST = Decimal(10) ** 6
_PAIR = re.compile(r"FX:([A-Z]{3})/([A-Z]{3})")
_RATES = pa.schema(
    [
        ("fx_currency", pa.string()),
        ("fx_from", pa.date32()),
        ("fx_until", pa.date32()),
        ("fx", pa.decimal128(20, SCALE)),
    ]
)

Quotes = list[tuple[date, Decimal]]
"""Values of a pair, the oldest day first."""


@dataclass(frozen=True)
class Step:
    """A rate that holds from a day on, as long as it isn't replaced, and at most until its oldest part is too old."""

    since: date
    until: date
    rate: Decimal


def rate(book: Book, currency: str, day: date, to: str = "") -> Decimal:
    """What 1 unit of `currency` cost on `day` in `to` (the book's currency), as known at the book's cut.

    Refused when the newest rate is more than MAX_AGE_DAYS old, or there is none.
    """
    target = to or book.currency
    if currency == target:
        return Decimal(1)
    step = _at(_steps(_quotes(book), currency, target, book.currency), day)
    if step is None:
        raise DataRefused(f"{book.name}: market: no rate of {currency} to {target} on {day} or before")
    if step.until < day:
        age = (day - step.until).days + MAX_AGE_DAYS
        raise DataRefused(
            f"{book.name}: market: the newest rate of {currency} to {target} is {age} days old on {day}, "
            f"expected at most {MAX_AGE_DAYS}"
        )
    return step.rate


def converted(book: Book, table: str, amount: str, day: str = "", to: str = "") -> pd.DataFrame:
    """Each row's key, currency, amount, and `converted`: that in `to` (the book's currency), empty without a rate.

    With `day`, a date column, each amount is a flow of its day; without, a stock of the as-of day. The frame's
    `attrs["unconverted"]` counts the rows left empty by currency. Money is exact in the SQL of `conversion`, and comes
    as floats here.
    """
    keys = ", ".join(f'"{k}"' for k in book.schema[table].key)
    query = conversion(book, table, amount, day, to)
    frame = book.sql(f'SELECT {keys}, fx_currency AS currency, "{amount}", converted FROM ({query}) ORDER BY {keys}')
    empty = frame.loc[frame["converted"].isna() & frame[amount].notna(), "currency"]
    frame.attrs["unconverted"] = {str(c): int(n) for c, n in empty.value_counts().sort_index().items()}
    return frame


def conversion(book: Book, table: str, amount: str, day: str = "", to: str = "") -> str:
    """SQL of the table's rows with fx_currency, fx_day, and `converted`: the amount in `to`, NULL without a rate.

    Runs on the book's connection; made for millions of rows.
    """
    _known(book, table, amount, day)
    target = to or book.currency
    place = f"fx_to_{_code(target).lower()}"
    book.connection.register(place, _rates(book, target))
    when = f't."{day}"' if day else f"DATE '{book.cut or book.last_day}'"
    rows = (
        f"SELECT t.*, {_currency(book, table, amount)} AS fx_currency, CAST({when} AS DATE) AS fx_day "
        f"FROM {table} t {_joined(book, table, amount)}"
    )
    value = f'r."{amount}"'
    exact = (
        f"CASE WHEN r.fx_currency = '{target}' THEN CAST({value} AS DECIMAL(28,2)) "
        f"WHEN r.fx_day <= x.fx_until THEN {_product(value, 'x.fx')} END"
    )
    return (
        f"SELECT r.*, {exact} AS converted FROM ({rows}) r ASOF LEFT JOIN {place} x "
        "ON r.fx_currency = x.fx_currency AND r.fx_day >= x.fx_from"
    )


def pairs(book: Book) -> frozenset[tuple[str, str]]:
    """The pairs of currencies the market table quotes."""
    return frozenset(_quotes(book))


def _known(book: Book, table: str, amount: str, day: str) -> None:
    if table not in book.schema:
        raise Misuse(f"converted: found table {table!r}, expected one of {', '.join(book.schema)}")
    money = [c.name for c in book.schema[table].columns if c.kind == "money"]
    dates = [c.name for c in book.schema[table].columns if c.kind in ("date", "stamp")]
    if amount not in money:
        raise Misuse(f"converted: {table}: found amount {amount!r}, expected one of {', '.join(money) or 'none'}")
    if day and day not in dates:
        raise Misuse(f"converted: {table}: found day {day!r}, expected one of {', '.join(dates)}")


def _code(currency: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise Misuse(f"converted: found currency {currency!r}, expected three capital letters of ISO 4217")
    return currency


def _currency(book: Book, table: str, amount: str) -> str:
    """SQL of the currency an amount is in, by the unit that the schema states."""
    unit = book.schema[table][amount].unit
    if unit == "book currency":
        return f"'{_code(book.currency)}'"
    return "i.currency" if unit == "invoice currency" else "t.currency"


def _joined(book: Book, table: str, amount: str) -> str:
    if book.schema[table][amount].unit != "invoice currency":
        return ""
    if "invoice_id" in book.schema[table].names:
        return "LEFT JOIN invoices i ON i.invoice_id = t.invoice_id"
    book.need("advances", "invoice_id")
    return "LEFT JOIN advances a ON a.advance_id = t.advance_id LEFT JOIN invoices i ON i.invoice_id = a.invoice_id"


def _product(amount: str, fx: str) -> str:
    """SQL of amount x rate rounded half to even: whole cents times whole units of the rate are exact in 128 bits."""
    size = f"CAST(abs({amount}) * 100 AS HUGEINT) * CAST({fx} * CAST(1e{SCALE} AS DECIMAL(15,0)) AS HUGEINT)"
    unit = f"CAST(1e{SCALE} AS HUGEINT)"
    whole, rest = f"(({size}) // {unit})", f"(({size}) % {unit})"
    up = f"CASE WHEN 2 * {rest} > {unit} OR (2 * {rest} = {unit} AND {whole} % 2 = 1) THEN 1 ELSE 0 END"
    cents = f"({whole} + {up}) * (CASE WHEN {amount} < 0 THEN -1 ELSE 1 END)"
    return f"CAST({cents} AS DECIMAL(26,0)) * CAST(0.01 AS DECIMAL(2,2))"


def _rates(book: Book, target: str) -> pa.Table:
    """Every rate to the target: currency, the day it holds from, the last day it may be used, the rate."""
    quotes = _quotes(book)
    found = sorted({c for pair in quotes for c in pair} - {target})
    steps = [(c, s.since, s.until, s.rate) for c in found for s in _steps(quotes, c, target, book.currency)]
    columns = list(zip(*steps, strict=True)) or [()] * len(_RATES)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, _RATES, strict=True)], schema=_RATES)


def _quotes(book: Book) -> dict[tuple[str, str], Quotes]:
    """Every pair's values by day, of revisions the one last known; values that are no price are left out."""
    if "market" not in book.tables:
        return {}
    found = book.connection.execute(
        'SELECT series, "on", arg_max(value, known_on) FROM market '
        "WHERE series LIKE 'FX:%' AND value > 0 GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    quotes: dict[tuple[str, str], Quotes] = {}
    for series, on, value in found:
        if named := _PAIR.fullmatch(series):
            quotes.setdefault((named[1], named[2]), []).append((on, Decimal(repr(value))))
    return quotes


def _steps(quotes: dict[tuple[str, str], Quotes], currency: str, to: str, through: str) -> list[Step]:
    """The rates of a currency, oldest first: direct, else the inverse, else over the currency in between."""
    if (currency, to) in quotes or (to, currency) in quotes:
        return list(_leg(quotes, currency, to))
    if through in (currency, to):
        return []
    first, second = list(_leg(quotes, currency, through)), list(_leg(quotes, through, to))
    return list(_crossed(first, second)) if first and second else []


def _leg(quotes: dict[tuple[str, str], Quotes], currency: str, to: str) -> Iterator[Step]:
    direct = quotes.get((currency, to))
    for on, value in direct or quotes.get((to, currency), []):
        priced = value if direct else _divided(Decimal(1), value)
        if _ONE <= priced < _MOST:
            yield Step(on, on + timedelta(days=MAX_AGE_DAYS), priced.quantize(_ONE, ROUND_HALF_EVEN))


def _crossed(first: list[Step], second: list[Step]) -> Iterator[Step]:
    """Products of two pairs on each day one of them changes; the older of the two says how long it may be used."""
    for day in sorted({s.since for s in (*first, *second)}):
        a, b = _at(first, day), _at(second, day)
        if a and b:
            with localcontext(prec=60):
                crossed = (a.rate * b.rate).quantize(_ONE, ROUND_HALF_EVEN)
            yield Step(day, min(a.until, b.until), crossed)


def _at(steps: list[Step], day: date) -> Step | None:
    place = bisect_right(steps, day, key=lambda step: step.since)
    return steps[place - 1] if place else None


def _divided(one: Decimal, by: Decimal) -> Decimal:
    with localcontext(prec=60):
        return one / by
