"""Files as sources: read when asked, in the order they have, as text that says the same in every kind."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import duckdb
import pytest

from riskmodels.book.open import open_book
from riskmodels.book.sources import ROW, columns_of, refusal, stage
from riskmodels.core.errors import DataRefused, Locked

HEAD = "invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on\n"
INVOICE = "i1,c1,d1,CNY,5,2025-01-05,2025-03-05\n"


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        yield connection


def rows(con, relation, columns="*"):
    return con.execute(f"SELECT {columns} FROM {relation} ORDER BY {ROW}").fetchall()


def test_a_file_is_read_when_its_relation_is_not_before(con, tmp_path):
    (tmp_path / "x.csv").write_text("a\n" + "1\n" * 1000)
    staged = stage(con, tmp_path / "x.csv")
    assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
    assert rows(con, staged["x"], f"{ROW}, a")[-1] == (1001, "1")
    assert columns_of(con, staged["x"]) == ["a"]


@pytest.mark.parametrize("kind", ["csv", "parquet", "duckdb"])
def test_rows_are_numbered_in_the_order_of_the_source_on_every_reading(con, tmp_path, kind):
    con.execute("SET threads = 4")
    con.execute("CREATE TABLE t AS SELECT range AS n FROM range(400000)")
    place = tmp_path / f"t.{kind}"
    if kind == "duckdb":
        con.execute(f"ATTACH '{place}' AS w; CREATE TABLE w.t AS FROM main.t; DETACH w")
    else:
        con.execute(f"COPY t TO '{place}'")
    relation, first = stage(con, place)["t"], 2 if kind == "csv" else 1
    for _ in range(2):
        moved = con.execute(f"SELECT count(*) FROM {relation} WHERE {ROW} <> CAST(n AS BIGINT) + {first}").fetchall()
        assert moved == [(0,)]


def test_a_broken_line_deep_in_a_file_is_told_by_its_file_and_line(con, tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    (tmp_path / "b.csv").write_text("a,b\n" + "1,2\n" * 5000 + "3\n")
    for source, encoding in ((tmp_path, "utf-8"), (tmp_path / "b.csv", "utf-8"), (tmp_path, "gbk")):
        relation = stage(con, source, encoding)["b"]
        with pytest.raises(duckdb.Error) as raised:
            rows(con, relation)
        refused = refusal(source, raised.value)
        assert isinstance(refused, DataRefused)
        assert str(refused) == f"{tmp_path / 'b.csv'}: line 5002: found 1 cells, expected 2 as in the header line"


def test_a_copy_in_another_encoding_lasts_as_long_as_its_connection(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "copies"))
    (tmp_path / "copies").mkdir()
    (tmp_path / "x.csv").write_bytes("名\n公司\n".encode("gbk"))
    with duckdb.connect() as con:
        relation = stage(con, tmp_path / "x.csv", "gbk")["x"]
        assert rows(con, relation) == [(2, "公司")]
    del con
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_whole_number_among_fractions_is_written_without_a_point(con, tmp_path):
    con.execute(
        "CREATE TABLE t AS SELECT * FROM (VALUES (7::DOUBLE, 7::FLOAT), (0.1, 0.1), (-0.0, 1e20), (NULL, NULL))"
    )
    con.execute(f"COPY t TO '{tmp_path / 't.parquet'}'")
    relation = stage(con, tmp_path / "t.parquet")["t"]
    assert rows(con, relation, "col0, col1") == [("7", "7"), ("0.1", "0.1"), ("0", "1e+20"), (None, None)]


def test_a_time_with_a_zone_is_text_with_its_offset_on_every_machine(tmp_path):
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        con.execute("CREATE TABLE t AS SELECT TIMESTAMPTZ '2025-01-05 08:00:00+08' AS told")
        con.execute(f"COPY t TO '{tmp_path / 't.parquet'}'")
        assert rows(con, stage(con, tmp_path / "t.parquet")["t"], "told") == [("2025-01-05 00:00:00+00",)]


def test_a_book_tells_the_day_of_a_time_with_a_zone_the_same_on_every_machine(con, tmp_path):
    con.execute("SET TimeZone = 'Asia/Shanghai'")
    con.execute(f"ATTACH '{tmp_path / 'b.duckdb'}' AS w")
    cells = "'i1' AS invoice_id, 'c1' AS client_id, 'd1' AS debtor_id, 'CNY' AS currency, 5.0 AS amount"
    days = "TIMESTAMPTZ '2025-01-05 07:00+08' AS issued_on, DATE '2025-03-05' AS due_on"
    con.execute(f"CREATE TABLE w.invoices AS SELECT {cells}, {days}; DETACH w")
    assert str(open_book(tmp_path / "b.duckdb").frame("invoices")["issued_on"][0]) == "2025-01-04 00:00:00"


def test_text_that_an_old_writer_did_not_mark_is_text(con, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet

    pa.parquet.write_table(pa.table({"name": pa.array(["公司".encode()], pa.binary())}), tmp_path / "t.parquet")
    assert rows(con, stage(con, tmp_path / "t.parquet")["t"], "name") == [("公司",)]


def test_a_parquet_table_in_parts_is_one_table(con, tmp_path):
    parts = tmp_path / "ledger" / "t.parquet"
    parts.mkdir(parents=True)
    for part in range(3):
        con.execute(f"COPY (SELECT {part} AS n) TO '{parts / f'part-{part}.parquet'}'")
    assert rows(con, stage(con, tmp_path / "ledger")["t"], "n") == [("0",), ("1",), ("2",)]
    assert list(stage(con, parts)) == ["t"]


@pytest.mark.parametrize("name", ["a[1].csv", "a*b?.csv", "a'b.csv", "a[1].parquet"])
def test_a_file_name_is_a_name_not_a_pattern(con, tmp_path, name):
    (tmp_path / "a1.csv").write_text("n\nwrong\n")
    (tmp_path / name).write_text("n\nright\n")
    if name.endswith("parquet"):
        con.execute("COPY (SELECT 'right' AS n) TO '%s'" % (tmp_path / name))
    assert rows(con, stage(con, tmp_path / name)[(tmp_path / name).stem], "n") == [("right",)]


def test_two_files_of_one_name_are_refused(tmp_path, con):
    for name in ("invoices.csv", "invoices.parquet", ".invoices.csv"):
        (tmp_path / name).write_text("a\n1\n")
    with pytest.raises(DataRefused, match=r"found invoices.csv and invoices.parquet, expected one file of each name"):
        stage(con, tmp_path)


def test_a_column_with_the_name_of_the_place_is_refused(tmp_path, con):
    (tmp_path / "x.csv").write_text("a,_ROW\n1,2\n")
    with pytest.raises(DataRefused, match="found a column '_ROW', a name that is kept for the place of a row"):
        stage(con, tmp_path / "x.csv")


def test_a_file_another_process_writes_is_locked(tmp_path, con):
    assert isinstance(refusal(tmp_path, duckdb.IOException("Could not set lock on file")), Locked)


def test_a_sheet_keeps_its_line_numbers_and_the_words_of_its_cells(con, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Ledger 1"
    for row in (
        [],
        ["a", None, "c"],
        [],
        [True, datetime(2025, 1, 5), "x"],
        [1.0, datetime(2025, 1, 5, 6, 7, 8), None, "beyond"],
    ):
        sheet.append(row)
    book.create_sheet("empty")
    book.save(tmp_path / "x.xlsx")
    staged = stage(con, tmp_path / "x.xlsx")
    assert list(staged) == ["Ledger 1"]
    assert columns_of(con, staged["Ledger 1"]) == ["a", "column 2", "c", "column 4"]
    assert rows(con, staged["Ledger 1"]) == [
        (4, "true", "2025-01-05", "x", None),
        (5, "1", "2025-01-05 06:07:08", None, "beyond"),
    ]


def test_a_damaged_sheet_is_refused_in_one_line(con, damaged_workbook):
    with pytest.raises(DataRefused, match=r"ledger\.xlsx: invoices: cannot be read as a sheet: ") as refused:
        rows(con, stage(con, damaged_workbook)["invoices"])
    assert "\n" not in str(refused.value)


def test_a_database_or_workbook_without_a_table_says_what_was_expected(con, tmp_path):
    from openpyxl import Workbook

    duckdb.connect(tmp_path / "x.duckdb").close()
    Workbook().save(tmp_path / "x.xlsx")
    for name, expected in [("x.duckdb", "tables"), ("x.xlsx", "a sheet with a header row")]:
        with pytest.raises(DataRefused, match=f"{name}: nothing to read; expected {expected}$"):
            stage(con, tmp_path / name)


def test_a_sheet_of_many_stretches_is_read_whole(con, tmp_path, monkeypatch):
    from openpyxl import Workbook

    monkeypatch.setattr("riskmodels.book.sources.workbook.STRETCH", 7)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("s")
    for number in range(100):
        sheet.append([f"n{number}", *(["late"] if number == 60 else [])])
    book.save(tmp_path / "x.xlsx")
    read = rows(con, stage(con, tmp_path / "x.xlsx")["s"])
    assert [row[:2] for row in read] == [(place, f"n{place - 1}") for place in range(2, 101)]
    assert [row[0] for row in read if row[2] == "late"] == [61]


def test_a_book_of_files_lives_in_a_file_that_goes_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "books"))
    (tmp_path / "books").mkdir()
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "invoices.csv").write_text(HEAD + INVOICE)
    whole = open_book(tmp_path / "ledger")
    twin = open_book(tmp_path / "ledger")
    cut = whole.as_of(datetime(2025, 2, 1).date())
    assert len(list((tmp_path / "books").iterdir())) == 2
    del whole
    assert cut.frame("invoices")["invoice_id"].tolist() == twin.frame("invoices")["invoice_id"].tolist() == ["i1"]
    del cut, twin
    assert list((tmp_path / "books").iterdir()) == []


def test_a_source_that_is_refused_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "books"))
    (tmp_path / "books").mkdir()
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "invoices.csv").write_text(HEAD + INVOICE + "i2,c1\n")
    with pytest.raises(DataRefused, match=r"invoices.csv: line 3: found 2 cells, expected 7"):
        open_book(tmp_path / "ledger")
    assert list((tmp_path / "books").iterdir()) == []


def test_no_progress_bar_is_drawn_where_somebody_seems_to_look_on():
    """Code given on the command line has no file, which DuckDB takes for a person at a prompt."""
    asked = "SELECT current_setting('enable_progress_bar')"
    code = f"""
import duckdb
from riskmodels.book.connection import settled
before = duckdb.connect().execute("{asked}").fetchall()
print(before, settled(duckdb.connect()).execute("{asked}").fetchall())
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[(True,)] [(False,)]\n"
