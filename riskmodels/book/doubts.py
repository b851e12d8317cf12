"""What was expected of a cell that can't be read, with the evidence its own text or its whole column gives."""

from __future__ import annotations

import duckdb

from riskmodels.book.cells import LARGEST, OFFSET, SERIAL, decimal, disagreement, literal, plain_date
from riskmodels.book.mapping import Format
from riskmodels.book.parse import PART, Parsed
from riskmodels.book.schema import Column
from riskmodels.book.sources import ROW
from riskmodels.core.dates import EARLIEST, LATEST

EXPECTED = {
    "date": f"a date between {EARLIEST} and {LATEST}",
    "money": "an amount with at most two decimals",
    "rate": "a number",
    "count": "a whole number",
    "flag": "yes or no",
    "stamp": f"a date and time between {EARLIEST} and {LATEST}",
    "text": "text",
}
"""What a cell of each kind must be, in words."""
SHORT_YEAR = "[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}"
"""A date with a year of two digits, as text."""
_PARTED = "([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{4}"


def expected_of(con: duckdb.DuckDBPyConnection, parsed: Parsed, column: Column, broken: str) -> str:
    """The SQL of what was expected in each broken row of the column."""
    raw, usual = parsed.raw(column.name), literal(EXPECTED[column.kind])
    match column.kind:
        case "date" | "stamp":
            cases = _date_cases(con, parsed, column, broken)
        case "money":
            number = f"try_cast({decimal(raw, parsed.form)} AS DOUBLE)"
            cases = [(f"abs({number}) >= 1e16", literal(f"an amount of at most {LARGEST}"))]
        case _:
            cases = []
    whens = " ".join(f"WHEN {condition} THEN {said}" for condition, said in cases)
    return f"CASE {whens} ELSE {usual} END" if cases else usual


def _date_cases(con: duckdb.DuckDBPyConnection, parsed: Parsed, column: Column, broken: str) -> list[tuple[str, str]]:
    """Conditions on the text, each with what is said of texts that meet it."""
    raw, form = parsed.raw(column.name), parsed.form
    plain = plain_date(raw)
    cases = []
    if clash := disagreement(raw, form):
        cases.append((clash, _both_readings(raw, form)))
    if not form.dates:
        cases.append((_either_way(plain), literal(_evidence(con, parsed, plain, broken))))
    if not any("%y" in pattern for pattern in form.dates):
        said = "a date with a year of four digits, or a pattern with %y such as dates = ['%d/%m/%y'] in [format]"
        cases.append((f"regexp_full_match({plain}, '{SHORT_YEAR}')", literal(said)))
    if not form.timezone:
        said = "a date without an offset from UTC, or timezone = 'Asia/Shanghai' in [format] to say whose day counts"
        cases.append((f"regexp_full_match({plain}, '{OFFSET}')", literal(said)))
    if not form.excel_dates:
        day = f"CAST(DATE '1899-12-30' + CAST(trunc(try_cast({plain} AS DOUBLE)) AS INTEGER) AS VARCHAR)"
        said = f"'a date; if Excel counted the day it is ' || {day} || ', say excel_dates = true in [format]'"
        near = f"regexp_full_match({plain}, '{SERIAL}') AND try_cast({plain} AS DOUBLE) BETWEEN 367 AND 109000"
        cases.append((near, said))
    return cases


def _both_readings(raw: str, form: Format) -> str:
    """What each pattern makes of the text, said."""
    parts = []
    for pattern in form.dates:
        day = f"strftime(try_strptime({raw}, {literal(pattern)}), '%Y-%m-%d')"
        parts.append(
            f"coalesce({literal(pattern + ' reads it as ')} || {day}, {literal(pattern + ' does not read it')})"
        )
    return f"'dates = [...] in [format] that agree; ' || concat_ws(', ', {', '.join(parts)})"


def _either_way(plain: str) -> str:
    """The SQL condition of a text like 03/04/2024: numbers that could be a day and a month, one way at least."""
    first, second = _numbers(plain)
    possible = f"least({first}, {second}) BETWEEN 1 AND 12 AND greatest({first}, {second}) <= 31"
    return f"regexp_full_match({plain}, '{_PARTED}') AND {possible}"


def _numbers(plain: str) -> tuple[str, str]:
    return tuple(f"try_cast(regexp_extract({plain}, '^{_PARTED}', {i}) AS INTEGER)" for i in (1, 2))  # type: ignore[return-value]


def _evidence(con: duckdb.DuckDBPyConnection, parsed: Parsed, plain: str, broken: str) -> str:
    """Which way the whole column's dates read: by one whose day is above 12, if there is one."""
    first, second = _numbers(plain)
    seen = {}
    for pattern, number in (("%d/%m/%Y", first), ("%m/%d/%Y", second)):
        seen[pattern] = con.execute(
            f"SELECT {PART}, {ROW}, {plain} FROM {parsed.relation} "
            f"WHERE {broken} AND {_either_way(plain)} AND {number} > 12 ORDER BY {PART}, {ROW} LIMIT 1"
        ).fetchone()
    told = {p: f"{parsed.place(row[0], row[1])} has {row[2]}" for p, row in seen.items() if row}
    words = {"%d/%m/%Y": "days come first", "%m/%d/%Y": "months come first"}
    if len(told) == 2:
        return (
            f"dates written one way: {' and '.join(told.values())}, so days come first in one and months in the other"
        )
    for pattern, row in told.items():
        mark = next(c for c in seen[pattern][2] if not c.isdigit())  # type: ignore[index]
        said = pattern.replace("/", mark)
        return f"a date that reads one way; {row}, so {words[pattern]}: say dates = ['{said}'] in [format]"
    return (
        "a date that reads one way; every such value can be read both ways: "
        "say dates = ['%d/%m/%Y'] or ['%m/%d/%Y'] in [format]"
    )
