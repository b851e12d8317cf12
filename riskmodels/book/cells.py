"""SQL that reads the text of one cell as a number, a date or a flag: NULL where the text says nothing of the kind."""

from __future__ import annotations

from riskmodels.book.mapping import Format
from riskmodels.book.schema import Column
from riskmodels.core.dates import EARLIEST, LATEST

WIDE, NARROW = "０１２３４５６７８９．，－＋／：　\u00a0\u2212", "0123456789.,-+/:  -"
"""Full-width digits, signs and blanks as Chinese input methods write them, and their plain forms."""
LARGEST = "9,999,999,999,999,999.99"
"""The largest amount that fits DECIMAL(18,2)."""

_DAY = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?"
LOCAL = rf"{_DAY}[T ]{_CLOCK}"
"""A day and a time of day, as text."""
OFFSET = rf"{LOCAL} ?([Zz]|UTC|[+-][0-9]{{2}}(:?[0-9]{{2}})?)"
"""The same with its offset from UTC."""
SERIAL = r"[0-9]{1,6}([.][0-9]+)?"
"""A day counted by Excel, as text."""


def literal(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def typed(column: Column, raw: str, read: str, form: Format) -> str:
    """The cell in its column's type; `read` is the SQL of what `moment` made of it, which dates and stamps go on."""
    match column.kind:
        case "date":
            return f"CAST({_in_range(read, raw)} AS DATE)"
        case "stamp":
            return _in_range(read, raw)
        case "money":
            return _money(raw, form)
        case "rate":
            number = f"try_cast({decimal(raw, form)} AS DOUBLE)"
            return f"CASE WHEN isfinite({number}) THEN {number} END"
        case "count":
            number = decimal(raw, form)
            return (
                f"CASE WHEN regexp_full_match({number}, '[+-]?[0-9]+([.]0*)?') THEN try_cast({number} AS INTEGER) END"
            )
        case "flag":
            yes, no = "'true','t','yes','y','1','是'", "'false','f','no','n','0','否'"
            return f"CASE WHEN lower({raw}) IN ({yes}) THEN TRUE WHEN lower({raw}) IN ({no}) THEN FALSE END"
        case _:
            return raw


def _in_range(moment: str, raw: str) -> str:
    """The moment, if it can be meant. DuckDB reads "epoch" and "infinity" by any pattern, as 1900-01-01."""
    first, last = f"TIMESTAMP '{EARLIEST} 00:00:00'", f"TIMESTAMP '{LATEST} 23:59:59.999999'"
    meant = f"({moment} > {first} OR ({moment} = {first} AND regexp_matches({raw}, '[0-9０-９]')))"
    return f"CASE WHEN {meant} AND {moment} <= {last} THEN {moment} END"


def _money(raw: str, form: Format) -> str:
    """An amount to the cent: a third decimal is refused, the noise of a binary fraction is not."""
    exact = f"try_cast({decimal(raw, form)} AS DECIMAL(30,8))"
    cents = (
        f"CASE WHEN abs({exact} - round({exact}, 2)) < 0.00001 THEN try_cast(round({exact}, 2) AS DECIMAL(18,2)) END"
    )
    if form.decimal == ",":
        return cents
    plain = r"[+-]?[0-9]{1,16}([.][0-9]{1,2})?"  # what nearly every cell is: read without a second look
    return f"CASE WHEN regexp_full_match({raw}, '{plain}') THEN try_cast({raw} AS DECIMAL(18,2)) ELSE {cents} END"


def decimal(raw: str, form: Format) -> str:
    """The text as a plain number, NULL when its marks aren't those of the format: 12,50 is no number where , groups."""
    point, group = (",", ".") if form.decimal == "," else (".", ",")
    grouped = f"[0-9]{{1,3}}([{group} ][0-9]{{3}})+"
    pattern = f"[+-]?([0-9]+|{grouped})?([{point}][0-9]*)?([eE][+-]?[0-9]+)?"
    text = f"trim(translate({raw}, '{WIDE}', '{NARROW}'))"
    plain = f"replace(replace(replace({text}, '{group}', ''), ' ', ''), '{point}', '.')"
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN {plain} END"


def moment(raw: str, form: Format) -> str:
    """The day and time a text names: by the mapping's patterns, else year first; NULL when two patterns disagree."""
    plain, iso = plain_date(raw), not _day_before_month(form)
    patterns = [*form.dates, *(["%Y-%m-%d"] if iso else [])]
    narrow = f"translate({raw}, '{WIDE}', '{NARROW}')"
    others = [
        *(_by(narrow, p) for p in form.dates),
        *([_by(plain, "%Y-%m-%d"), _with_time(plain, form)] if iso else []),
    ]
    if form.excel_dates:
        others.append(_serial(raw, form))
    usual = f"coalesce({', '.join(_by(raw, p) for p in patterns)}, NULL)"
    # CASE, for in a COALESCE of all of them DuckDB works out what the rare readings share, for every row
    read = f"CASE WHEN {usual} IS NOT NULL THEN {usual} ELSE coalesce({', '.join(others)}, NULL) END"
    return f"CASE WHEN NOT ({clash}) THEN {read} END" if (clash := disagreement(raw, form)) else read


def _by(text: str, pattern: str) -> str:
    return f"try_strptime({text}, {literal(pattern)})"


def _day_before_month(form: Format) -> bool:
    """Whether the mapping says year-day-month: then the usual year-month-day would misread."""
    return any(pattern.startswith("%Y") and pattern.find("%d") < pattern.find("%m") for pattern in form.dates)


def disagreement(raw: str, form: Format) -> str:
    """The SQL condition that two of the mapping's patterns read the text as different days; empty with one pattern."""
    read = [_by(raw, pattern) for pattern in form.dates]
    return " OR ".join(f"coalesce({a} <> {b}, FALSE)" for i, a in enumerate(read) for b in read[i + 1 :])


def plain_date(raw: str) -> str:
    """The text with 2024年3月5日, 2024/3/5, 2024.3.5 and full-width digits brought to 2024-3-5."""
    narrow = f"trim(translate({raw}, '{WIDE}年月日', '{NARROW}--'))"
    return f"regexp_replace({narrow}, '^([0-9]{{4}})[/.-]([0-9]{{1,2}})[/.-]([0-9]{{1,2}})', '\\1-\\2-\\3')"


def _with_time(plain: str, form: Format) -> str:
    local = f"CASE WHEN regexp_full_match({plain}, '{LOCAL}') THEN try_cast({plain} AS TIMESTAMP) END"
    if not form.timezone:
        return local
    there = f"try_cast({plain} AS TIMESTAMPTZ)"
    zoned = f"CASE WHEN regexp_full_match({plain}, '{OFFSET}') THEN timezone({literal(form.timezone)}, {there}) END"
    return f"{local}, {zoned}"


def _serial(raw: str, form: Format) -> str:
    """A day counted by Excel. Its 1900 calendar has a 29 February 1900 that never was: day 60, which is refused."""
    text = f"trim(translate({raw}, '{WIDE}', '{NARROW}'))"
    days = f"CASE WHEN regexp_full_match({text}, '{SERIAL}') THEN try_cast({text} AS DOUBLE) END"
    elapsed = f"to_seconds(round({days} * 86400))"
    if form.excel_dates == "1904":
        return f"TIMESTAMP '1904-01-01' + {elapsed}"
    return (
        f"CASE WHEN {days} >= 61 THEN TIMESTAMP '1899-12-30' + {elapsed} "
        f"WHEN {days} >= 1 AND {days} < 60 THEN TIMESTAMP '1899-12-31' + {elapsed} END"
    )
