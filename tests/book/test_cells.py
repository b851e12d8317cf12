"""A cell's text is read as what it says, or not at all."""

import datetime as dt

import duckdb
import pytest

from riskmodels.book.cells import moment, typed
from riskmodels.book.mapping import Format
from riskmodels.book.schema import Column


def read(kind, text, **form):
    """The cell as DuckDB reads it."""
    given = Format(**form)
    sql = f"SELECT {typed(Column('c', kind, ''), 'raw', 'day', given)} FROM (SELECT raw, {moment('raw', given)} AS day "
    return duckdb.execute(f"{sql} FROM (SELECT CAST(? AS VARCHAR) AS raw))", [text]).fetchone()[0]


DAY = dt.date(2024, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        *("2024-03-05", "2024-3-5", "2024/3/5", "2024.03.05", "2024年3月5日", "2024年03月05日", "２０２４年３月５日"),
        *("２０２４－０３－０５", "２０２４／３／５", "２０２４．３．５", "　2024-03-05　", "2024-03-05 00:00:00"),
        *(
            "2024-03-05T23:59:59",
            "2024-03-05 10:30",
            "2024/3/5 10:30:00.123456",
            "２０２４－０３－０５　１０：３０：００",
        ),
    ],
)
def test_a_date_with_the_year_first_needs_no_pattern(text):
    assert read("date", text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *("03/04/2024", "3.4.2024", "05-03-2024", "24-03-05", "24/3/5", "24年3月5日", "5/3/24", "45356", "20240305"),
        *("2024-03-05T10:00:00Z", "2024-03-05 10:00:00+08:00", "2024-03-05 10:00:00 UTC", "2024-02-30", "2024年3月"),
        *("1899-12-31", "2200-01-01", "epoch", "Infinity", "today", "2024-03-05 (BC)", "2024-03-05 Asia/Shanghai", ""),
    ],
)
def test_a_date_that_could_be_another_is_not_read(text):
    assert read("date", text) is None


@pytest.mark.parametrize(
    ("text", "patterns", "day"),
    [
        ("05/03/2024", ["%d/%m/%Y"], DAY),
        ("０５／０３／２０２４", ["%d/%m/%Y"], DAY),
        ("03/05/2024", ["%m/%d/%Y"], DAY),
        ("5.3.24", ["%d.%m.%y"], DAY),
        ("5.3.24", ["%d.%m.%Y"], None),
        ("20240305", ["%Y%m%d"], DAY),
        ("2024-05-03", ["%Y-%d-%m"], DAY),
        ("2024-05-13", ["%Y-%d-%m"], None),
        ("2024-03-05", ["%d/%m/%Y"], DAY),
        ("05/03/2024", ["%d/%m/%Y", "%m/%d/%Y"], None),
        ("05/05/2024", ["%d/%m/%Y", "%m/%d/%Y"], dt.date(2024, 5, 5)),
        ("25/03/2024", ["%d/%m/%Y", "%m/%d/%Y"], dt.date(2024, 3, 25)),
    ],
)
def test_a_pattern_says_how_dates_read_and_two_that_disagree_say_nothing(text, patterns, day):
    assert read("date", text, dates=patterns) == day


# https://learn.microsoft.com/office/troubleshoot/excel/1900-and-1904-date-system: 1998-07-05 is 35981 and 34519
@pytest.mark.parametrize(
    ("text", "system", "day"),
    [
        ("35981", True, dt.date(1998, 7, 5)),
        ("35981", "1900", dt.date(1998, 7, 5)),
        ("34519", "1904", dt.date(1998, 7, 5)),
        ("45356.75", True, DAY),
        ("４５３５６", True, DAY),
        ("1", True, dt.date(1900, 1, 1)),
        ("59", True, dt.date(1900, 2, 28)),
        ("60", True, None),
        ("61", True, dt.date(1900, 3, 1)),
        ("0", True, None),
        ("0", "1904", dt.date(1904, 1, 1)),
        ("999999", True, None),
        ("2024-03-05", True, DAY),
    ],
)
def test_days_as_excel_counts_them_are_read_when_the_mapping_says_so(text, system, day):
    assert read("date", text, excel_dates=system) == day


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2024-03-04T16:00:00Z", "Asia/Shanghai", DAY),
        ("2024-03-04T15:59:59Z", "Asia/Shanghai", dt.date(2024, 3, 4)),
        ("2024-03-05 10:00:00+08:00", "America/New_York", dt.date(2024, 3, 4)),
        ("2024-03-05 10:00:00.5+0800", "Asia/Shanghai", DAY),
        ("2024-03-05 10:00+08", "Asia/Shanghai", DAY),
        ("2024-03-05 10:00:00 UTC", "Asia/Shanghai", DAY),
        ("2024-03-05", "Asia/Shanghai", DAY),
        ("2024-03-05 23:30:00", "Asia/Shanghai", DAY),
        ("2024-07-01T23:30:00Z", "Europe/Berlin", dt.date(2024, 7, 2)),
    ],
)
def test_with_a_time_zone_an_instant_becomes_the_day_it_was_there(text, zone, day):
    assert read("date", text, timezone=zone) == day


def test_a_stamp_keeps_its_time():
    assert read("stamp", "2024-03-05 10:30:15") == dt.datetime(2024, 3, 5, 10, 30, 15)
    assert read("stamp", "2024-03-05T02:30:15Z", timezone="Asia/Shanghai") == dt.datetime(2024, 3, 5, 10, 30, 15)
    assert read("stamp", "45356.5", excel_dates=True) == dt.datetime(2024, 3, 5, 12)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("１２３．５０", "123.50"),
        ("－１，２３４．５", "-1234.50"),
        ("＋5", "5.00"),
        ("\u22125", "-5.00"),
        ("1　234.50", "1234.50"),
        ("1\u00a0234.50", "1234.50"),
        ("9999999999999999.99", "9999999999999999.99"),
        ("99.989999999998", "99.99"),
        ("1e3", "1000.00"),
        ("5.", "5.00"),
        (".5", "0.50"),
        *(
            (text, None)
            for text in ("1e18", "10000000000000000", "1_000", "1.005", "0x10", "-", ".", "1-2", "五", "5元")
        ),
    ],
)
def test_an_amount_is_read_whatever_width_its_digits_have(text, amount):
    found = read("money", text)
    assert (None if found is None else str(found)) == amount


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("３", 3),
        ("3.0", 3),
        ("1,000", 1000),
        ("-2", -2),
        ("1.7", None),
        ("1_000", None),
        ("1e3", None),
        ("3000000000", None),
    ],
)
def test_a_count_is_a_whole_number(text, number):
    assert read("count", text) == number
