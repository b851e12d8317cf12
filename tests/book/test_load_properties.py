"""Whatever is written in a file: it is read as what it says, refused in one line, or set aside; no row is lost."""

import csv
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.book.cells import NARROW, WIDE, moment, plain_date, typed
from riskmodels.book.load import load
from riskmodels.book.mapping import Format
from riskmodels.book.open import open_book
from riskmodels.book.schema import Column
from riskmodels.core.errors import RiskmodelsError

HEAD = ("invoice_id", "client_id", "debtor_id", "currency", "amount", "issued_on", "due_on", "number")
FULL = str.maketrans(NARROW[:14], WIDE[:14])
settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
amounts = st.decimals(-(10**15), 10**15, places=2)
texts = st.text(st.characters(codec="utf-8"), max_size=12)
odd = st.sampled_from(
    ["", " ", "　", "NaN", "1e18", "-1", "45356", "03/04/2024", "epoch", "RMB", "1,000", "\x1b[31m", "\x00"]
)
writings = st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d 10:20:30", "%Y-%m-%dT00:00"])


def cell(kind, text):
    """The cell as DuckDB reads it."""
    sql = typed(Column("c", kind, ""), "raw", "day", Format())
    rows = f"SELECT raw, {moment('raw', Format())} AS day FROM (SELECT CAST($1 AS VARCHAR) AS raw)"
    return duckdb.execute(f"SELECT {sql} FROM ({rows})", [text]).fetchone()[0]


@settings(max_examples=100)
@given(days, writings, st.booleans())
def test_a_date_is_read_as_it_was_written(day, writing, wide):
    text = writing.replace("%Y", f"{day.year:04d}").replace("%m", f"{day.month:02d}").replace("%d", f"{day.day:02d}")
    assert cell("date", text.translate(FULL) if wide else text) == day


@settings(max_examples=100)
@given(amounts, st.booleans(), st.booleans())
def test_an_amount_is_read_as_it_was_written(amount, grouped, wide):
    text = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
    assert cell("money", text.translate(FULL) if wide else text) == Decimal(amount)


@settings(max_examples=150)
@given(st.text("0123456789-/. :年月日TZ+０１", max_size=20))
def test_what_is_read_as_a_date_names_its_year_in_four_digits(text):
    read = cell("date", text)
    if read is not None:
        plain = duckdb.execute(f"SELECT {plain_date('$1')}", [text]).fetchone()[0]
        assert plain.strip().startswith(f"{read.year:04d}-")


cells = st.tuples(
    *(st.one_of(st.just(f"{name[0]}1"), texts, odd) for name in HEAD[1:3]),
    st.one_of(st.just("CNY"), odd),
    st.one_of(amounts.map(str), odd, texts),
    *(st.one_of(days.map(str), odd, texts) for _ in range(2)),
    st.one_of(texts, odd),
)
ids = st.one_of(st.integers(0, 30).map("i{}".format), texts)


def written(folder, rows, name="invoices"):
    """The folder with the rows in a CSV file."""
    folder.mkdir()
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([HEAD, *rows])
    return folder


def ended(*given, **options):
    """What the load did, or the line that refused it."""
    try:
        return load(*given, **options)
    except RiskmodelsError as error:
        return str(error)


@settings(max_examples=25)
@given(st.lists(st.tuples(ids, cells).map(lambda row: (row[0], *row[1])), max_size=25))
def test_every_row_is_kept_or_set_aside_or_the_load_is_refused_in_one_line(rows):
    sound = ("sound", "c", "d", "CNY", "5", "2024-01-01", "2024-02-01", "n")
    with tempfile.TemporaryDirectory() as place:
        folder, aside = written(Path(place) / "s", [sound, *rows]), Path(place) / "aside.csv"
        loaded = ended(folder, Path(place) / "b.duckdb", set_aside=aside)
        if isinstance(loaded, str):
            assert "\n" not in loaded
            return
        assert loaded.rows["invoices"] + loaded.set_aside.get("invoices", 0) == len(rows) + 1
        assert len(open_book(Path(place) / "b.duckdb").frame("invoices")) == loaded.rows["invoices"]


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from([b"", b"invoice_id,amount\n", ",".join(HEAD).encode() + b"\n"]))
def test_any_bytes_are_refused_in_one_line(data, head):
    with tempfile.TemporaryDirectory() as place:
        file, out = Path(place) / "invoices.csv", Path(place) / "b.duckdb"
        file.write_bytes(head + data)
        loaded = ended(file, out)
        assert "\n" not in str(loaded)
        assert out.exists() != isinstance(loaded, str)


parts = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 10**6)), min_size=1, max_size=12)


@settings(max_examples=6)
@given(parts)
def test_deliveries_in_any_parts_with_repeats_make_the_same_book(given_parts):
    rows = [
        (f"i{n}", "c", "d", "CNY", f"{cents / 100:.2f}", "2024-01-01", "2024-02-01", "n")
        for n, (_, cents) in enumerate(given_parts)
    ]
    deliveries = [[r for r, (day, _) in zip(rows, given_parts) if day <= last] for last in (1, 2, 3)]
    with tempfile.TemporaryDirectory() as place:
        whole, book = Path(place) / "whole.duckdb", Path(place) / "book.duckdb"
        load(written(Path(place) / "all", rows), whole)
        for number, delivery in enumerate(filter(None, deliveries)):
            loaded = load(written(Path(place) / f"{number}", delivery), book, append=book.exists())
            assert loaded.added["invoices"] + loaded.skipped["invoices"] == len(delivery)
        assert open_book(book).fingerprint == open_book(whole).fingerprint
