"""A source becomes a book whole or not at all, and says in one line why not."""

import duckdb
import pandas as pd
import pytest

from riskmodels.book.load import load
from riskmodels.book.mapping import parse_mapping, read_mapping, shipped
from riskmodels.book.open import open_book
from riskmodels.core.errors import DataRefused, Locked, Misuse, RiskmodelsError


def test_a_folder_of_csv_with_our_names_loads_whole(ledger, tmp_path):
    loaded = load(ledger(), tmp_path / "book.duckdb")
    assert loaded.rows == {"invoices": 3, "payments": 3}
    book = open_book(tmp_path / "book.duckdb")
    assert book.frame("invoices")["amount"].tolist() == [100.0, 250.5, 80.0]
    assert book.frame("payments")["known_on"].tolist() == book.frame("payments")["paid_on"].tolist()


def test_every_kind_of_source_gives_the_same_book(ledger, tmp_path, invoices, payments):
    folder = ledger()
    load(folder, tmp_path / "book.duckdb")
    typed_invoices = invoices.assign(
        amount=invoices["amount"].astype(float),
        issued_on=pd.to_datetime(invoices["issued_on"]),
        due_on=pd.to_datetime(invoices["due_on"]),
    )
    parquet = tmp_path / "parquet"
    parquet.mkdir()
    typed_invoices.to_parquet(parquet / "invoices.parquet")
    payments.to_parquet(parquet / "payments.parquet")
    with pd.ExcelWriter(tmp_path / "ledger.xlsx") as writer:
        typed_invoices.to_excel(writer, sheet_name="invoices", index=False)
        payments.to_excel(writer, sheet_name="payments", index=False)
    prints = {open_book(p).fingerprint for p in (folder, parquet, tmp_path / "ledger.xlsx", tmp_path / "book.duckdb")}
    assert len(prints) == 1


@pytest.mark.parametrize(
    ("row", "cells", "said"),
    [
        (0, {"amount": "-5"}, r"invoices row 2: amount: found 'amount -5.00', expected amount above 0"),
        (
            1,
            {"amount": "lots"},
            r"invoices row 3: amount: found 'lots', expected an amount with at most two decimals",
        ),
        (1, {"amount": "nan"}, "found 'nan', expected an amount"),
        (1, {"amount": "1.005"}, "found '1.005', expected an amount with at most two decimals"),
        (2, {"issued_on": "31/31/2025"}, r"issued_on: found '31/31/2025', expected a date"),
        (2, {"issued_on": "0025-01-01"}, r"issued_on: found '0025-01-01', expected a date"),
        (2, {"due_on": "2024-01-01"}, "expected due_on on or after issued_on"),
        (
            2,
            {"invoice_id": "i1"},
            r"invoice_id: found 'i1 again, first in row 2', expected a key that is used once",
        ),
        (2, {"debtor_id": ""}, "debtor_id: found 'nothing', expected a value"),
        (2, {"known_on": "2024-12-31"}, "expected known_on on or after issued_on"),
    ],
)
def test_a_bad_invoice_refuses_the_load_in_one_line(ledger, tmp_path, invoices, spoil, row, cells, said):
    with pytest.raises(DataRefused, match=said) as refused:
        load(ledger(spoil(invoices, row, **cells), None), tmp_path / "book.duckdb")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "book.duckdb").exists()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            {"invoice_id": "nowhere"},
            r"payments row 2: invoice_id: found 'nowhere', expected an invoice of this book",
        ),
        ({"amount": "-100"}, "expected amount above 0, or below 0 with the payment it reverses"),
        ({"payer": "uncle"}, "payer: found 'uncle', expected one of debtor, client"),
        ({"payment_id": "p2"}, "expected a key that is used once"),
    ],
)
def test_a_bad_payment_refuses_the_load_in_one_line(ledger, tmp_path, invoices, payments, spoil, cells, said):
    with pytest.raises(DataRefused, match=said):
        load(ledger(invoices, spoil(payments, 0, **cells)), tmp_path / "book.duckdb")


def test_a_refused_load_leaves_the_old_book_untouched(ledger, tmp_path, invoices, spoil):
    out = tmp_path / "book.duckdb"
    load(ledger(), out)
    before = out.read_bytes()
    with pytest.raises(DataRefused):
        load(ledger(spoil(invoices, 0, amount="-1")), out)
    assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["book.duckdb", "ledger"]


def test_rows_set_aside_are_kept_with_every_reason_and_what_hangs_on_them(ledger, tmp_path, invoices, spoil):
    aside = tmp_path / "aside.csv"
    bad = spoil(spoil(invoices, 0, amount="-5"), 0, due_on="someday")
    loaded = load(ledger(bad), tmp_path / "book.duckdb", set_aside=aside)
    assert loaded.rows == {"invoices": 2, "payments": 2}
    assert loaded.set_aside == {"invoices": 1, "payments": 1}
    text = aside.read_text()
    assert "amount above 0" in text
    assert "found someday, expected a date" in text
    assert "found i1, expected an invoice of this book" in text


def test_a_missing_column_names_what_is_there(ledger, tmp_path, invoices):
    with pytest.raises(DataRefused, match="invoices: missing columns due_on; it has invoice_id, client_id"):
        load(ledger(invoices.drop(columns="due_on")), tmp_path / "book.duckdb")


def test_a_table_without_rows_is_refused(ledger, tmp_path, invoices, payments):
    with pytest.raises(DataRefused, match="invoices: found no rows"):
        load(ledger(invoices.head(0), None), tmp_path / "book.duckdb")


def test_a_wrong_sheet_names_those_found(tmp_path, invoices):
    invoices.to_excel(tmp_path / "l.xlsx", sheet_name="Ledger", index=False)
    columns = "\n".join(f'{c} = "{c}"' for c in invoices.columns)
    mapping = parse_mapping(f'[tables.invoices]\nfrom = "Sheet9"\n[tables.invoices.columns]\n{columns}', "m")
    with pytest.raises(DataRefused, match="no sheet, file or table 'Sheet9'; found Ledger"):
        load(tmp_path / "l.xlsx", tmp_path / "book.duckdb", mapping)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.csv", None, "no such file"),
        ("empty.csv", b"", "found an empty file"),
        ("broken.xlsx", b"not a workbook", "cannot be read as a workbook"),
        ("broken.duckdb", b"not a database", "cannot be read"),
        ("broken.parquet", b"not parquet", "cannot be read"),
        ("latin.csv", "invoice_id,amount\nMünchen,5\n".encode("latin-1"), "cannot be read"),
        ("ledger.pdf", b"%PDF", "found a .pdf file, expected"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(RiskmodelsError, match=said) as refused:
        load(tmp_path / name, tmp_path / "book.duckdb")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("tables = 3", "tables"),
        ("[tables.invoice.columns]\nx = 'y'", "no such table .did you mean invoices"),
        ("[tables.invoices.columns]\ninvoice = 'y'", "no such column .did you mean invoice_id"),
        ("[tables.invoices.columns]\namount = 'y'", "says nothing of invoice_id"),
        (
            "[tables.invoices.columns]\namount = {derive = '(select 1)'}",
            "expected one expression over columns",
        ),
        (
            "[tables.invoices.columns]\namount = {derive = 'a; drop table b'}",
            "cannot be read|expected one expression",
        ),
        (
            "[tables.invoices.columns]\namount = {column = 'a', constant = 1}",
            "expected one of column, constant, derive",
        ),
        ("[format]\ndecimal = 'x'", "format.decimal"),
        ("nonsense", "not TOML"),
    ],
)
def test_a_mistake_in_a_mapping_is_one_line(toml, said):
    with pytest.raises(Misuse, match=said) as refused:
        parse_mapping(toml, "m.toml")
    assert "\n" not in str(refused.value)


def test_an_unknown_mapping_lists_those_shipped():
    with pytest.raises(Misuse, match="highradius_open, ibm_late_payment"):
        read_mapping("nothing_here")


def test_every_shipped_mapping_reads():
    for name in shipped():
        assert read_mapping(name).about


def test_a_hostile_name_in_the_source_stays_a_name(tmp_path):
    (tmp_path / "x.csv").write_text('"a""; drop table b; --",amount\n1,2\n')
    with pytest.raises(DataRefused, match="no table invoices; found x"):
        load(tmp_path / "x.csv", tmp_path / "book.duckdb")


def test_decimal_commas_and_recoded_values_are_read(tmp_path):
    (tmp_path / "x.csv").write_text("Nr;Betrag;D;F\n1;1.234,50;5.1.2025;K\n".replace(";", "\t"))
    mapping = parse_mapping(
        """
        [format]
        dates = ["%d.%m.%Y"]
        decimal = ","
        [tables.invoices.columns]
        invoice_id = "Nr"
        client_id = { constant = "c" }
        debtor_id = { column = "F", values = { K = "kunde" } }
        currency = { constant = "EUR" }
        amount = "Betrag"
        issued_on = "D"
        due_on = { derive = "strptime(D, '%d.%m.%Y') + INTERVAL 30 DAY" }
        """,
        "m",
    )
    load(tmp_path / "x.csv", tmp_path / "book.duckdb", mapping)
    row = open_book(tmp_path / "book.duckdb").frame("invoices").iloc[0]
    assert (row["amount"], row["debtor_id"], str(row["due_on"].date())) == (1234.5, "kunde", "2025-02-04")


EURO = """
    [format]
    decimal = ","
    [tables.invoices.columns]
    invoice_id = "n"
    client_id = { constant = "c" }
    debtor_id = "d"
    currency = { constant = "EUR" }
    amount = "a"
    issued_on = { constant = "2025-01-01" }
    due_on = { constant = "2025-02-01" }
"""


@pytest.mark.parametrize(
    ("decimal", "text", "amount"),
    [
        (".", "1,234.50", 1234.5),
        (".", "1 234.50", 1234.5),
        (".", "1234567.8", 1234567.8),
        (".", "12,50", None),
        (".", "1,5", None),
        (".", "1,2,3,4", None),
        (",", "1.234,50", 1234.5),
        (",", "12,50", 12.5),
        (",", "12.50", None),
    ],
)
def test_an_amount_whose_marks_are_not_those_of_the_format_is_no_amount(tmp_path, decimal, text, amount):
    (tmp_path / "x.csv").write_text(f"n\td\ta\n1\tx\t{text}\n")
    mapping = parse_mapping(EURO.replace('decimal = ","', f'decimal = "{decimal}"'), "m")
    if amount is None:
        with pytest.raises(DataRefused, match="expected an amount with at most two decimals"):
            load(tmp_path / "x.csv", tmp_path / "b.duckdb", mapping)
    else:
        load(tmp_path / "x.csv", tmp_path / "b.duckdb", mapping)
        assert open_book(tmp_path / "b.duckdb").frame("invoices")["amount"].tolist() == [amount]


@pytest.mark.parametrize(
    "expression",
    ["now()", "random()", "getenv('HOME')", "a + (select 1)", "COLUMNS('.*')", "a /* x", "'open", "error('x')"],
)
def test_a_derived_cell_only_computes(expression):
    with pytest.raises(Misuse, match="derive") as refused:
        parse_mapping(EURO.replace('amount = "a"', f"amount = {{ derive = {expression!r} }}"), "m")
    assert "\n" not in str(refused.value)


def test_a_row_on_which_a_derived_cell_fails_is_a_defect_of_that_row(tmp_path):
    (tmp_path / "x.csv").write_text("n,d,a\n1,x,5\n2,y,five\n")
    points = EURO.replace('decimal = ","', "")
    mapping = parse_mapping(points.replace('amount = "a"', 'amount = { derive = "CAST(a AS DOUBLE) * 2" }'), "m")
    loaded = load(tmp_path / "x.csv", tmp_path / "b.duckdb", mapping, tmp_path / "aside.csv")
    assert (loaded.rows["invoices"], loaded.set_aside["invoices"]) == (1, 1)
    assert "found nothing, expected a value" in (tmp_path / "aside.csv").read_text()


def test_a_file_in_another_encoding_is_read_when_the_mapping_names_it(tmp_path):
    (tmp_path / "x.csv").write_bytes("n,d,a\n1,华东重工,5\n".encode("gbk"))
    mapping = parse_mapping(EURO.replace("[format]", '[format]\nencoding = "gbk"'), "m")
    load(tmp_path / "x.csv", tmp_path / "b.duckdb", mapping)
    assert open_book(tmp_path / "b.duckdb").frame("invoices")["debtor_id"].tolist() == ["华东重工"]
    with pytest.raises(Misuse, match="no such encoding: klingon"):
        parse_mapping(EURO.replace("[format]", '[format]\nencoding = "klingon"'), "m")


def test_what_a_killed_load_left_is_swept_by_the_next(ledger, tmp_path):
    left = tmp_path / ".book.duckdb.loading"
    left.mkdir()
    (left / "book.duckdb").write_text("half")
    load(ledger(), tmp_path / "book.duckdb")
    assert not left.exists()


def test_two_loads_of_one_book_do_not_meet(ledger, tmp_path):
    from filelock import FileLock

    out = tmp_path / "book.duckdb"
    with FileLock(f"{out}.lock"), pytest.raises(Locked, match="another load is writing it"):
        load(ledger(), out)


def test_a_duckdb_file_that_is_no_book_is_refused(tmp_path):
    with duckdb.connect(str(tmp_path / "x.duckdb")) as con:
        con.execute("CREATE TABLE a (b INT)")
    with pytest.raises(DataRefused, match="no table invoices"):
        open_book(tmp_path / "x.duckdb")
