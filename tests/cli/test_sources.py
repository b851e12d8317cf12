"""A source that isn't what it should be refuses the load in one line, and the old book stays."""

from __future__ import annotations

import pandas as pd
import pytest

HEAD = "invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on\n"
ROW = "i1,c1,d1,CNY,100.00,2025-01-05,2025-03-05\n"
PAYMENTS = "payment_id,invoice_id,paid_on,amount\n"


@pytest.mark.parametrize(
    ("invoices", "said"),
    [
        (HEAD.replace(",due_on", ""), ("invoices: missing columns due_on", "it has invoice_id")),
        (HEAD + ROW.replace("2025-01-05", "05/13/2025"), ("row 2: issued_on", "'05/13/2025', expected a date")),
        (HEAD + ROW.replace("100.00", "-5"), ("row 2: amount", "expected amount above 0")),
        (HEAD + ROW.replace("100.00", "lots"), ("row 2: amount", "'lots', expected an amount")),
        (HEAD + ROW.replace("100.00", "1e25"), "'1e25', expected an amount"),
        (HEAD + ROW + ROW, ("row 3: invoice_id", "'i1 again, first in row 2', expected a key that is used once")),
        (HEAD + ROW.replace("2025-03-05", "2024-03-05"), ("row 2", "expected due_on on or after issued_on")),
        (HEAD, "invoices: found no rows, expected at least one"),
        ("", "invoices.csv: found an empty file, expected a header line and rows"),
        ("\n \n", "invoices.csv: found an empty file, expected a header line and rows"),
        ("invoice_id\ni1\n", "missing columns client_id"),
        (HEAD + ROW + "i2,c1,d2\n", "invoices.csv: line 3: found 3 cells, expected 7 as in the header line"),
        (HEAD + "i2,c1,d2,CNY,5,2025-01-05,2025-02-05,x,y\n" + ROW, "line 2: found 8 cells, expected 7"),
        (HEAD + ROW.replace("d1", '"d1') + ROW, "line 2: found a quote that is never closed"),
        (HEAD + ROW.replace("d1", "x" * 2_100_000), "line 2: found a line of more than 2,000,000 bytes"),
        ("Ledger of June\n\n" + HEAD + ROW, "invoices.csv: line 3: found 2 cells, expected 1"),
        ((HEAD + ROW.replace("d1", "München")).encode("latin-1"), "line 2: cannot be read: found bytes that are not"),
        ((HEAD + ROW.replace("d1", "公司")).encode("gbk"), "invoices.csv: line 2: cannot be read"),
        ((HEAD + ROW).encode("utf-16"), ("line 1: cannot be read", "expected UTF-8 text")),
        (bytes(range(256)) * 9, "invoices.csv: line 2: cannot be read"),
        (HEAD.replace("due_on", "due_on,due_on") + ROW, "column 'due_on' twice, expected each name once"),
        (HEAD.replace("due_on", "due_on,Amount") + ROW, "column 'amount' twice"),
        ('"in\nvoice\x1b[31m"\n1\n', r"it has in\nvoice\x1b[31m"),
    ],
)
def test_a_spoilt_table_of_invoices_is_refused_where_it_is_spoilt(ledger, old, refused, invoices, said):
    refused("load", ledger(invoices), "--out", old, code=30, said=said, keep=old.parent)


@pytest.mark.parametrize(
    ("payments", "said"),
    [
        (PAYMENTS + "p1,nowhere,2025-03-01,5\n", ("payments row 2: invoice_id", "'nowhere', expected an invoice of")),
        (PAYMENTS + "p1,i1,2025-03-01,-5\n", ("payments row 2: amount", "or below 0 with the payment it reverses")),
        ("payment_id,invoice_id\np1,i1\n", "payments: missing columns paid_on, amount"),
    ],
)
def test_a_spoilt_table_of_payments_is_refused_where_it_is_spoilt(ledger, old, refused, payments, said):
    refused("load", ledger(payments=payments), "--out", old, code=30, said=said, keep=old.parent)


@pytest.mark.parametrize(
    "content",
    [
        ("\ufeff" + HEAD + ROW).encode(),
        (HEAD + ROW).replace("\n", "\r\n").encode(),
        ("\ufeff" + HEAD + ROW).replace("\n", "\r\n").replace(",", ";").encode(),
        (HEAD + ROW).replace(",", "\t").encode(),
        (HEAD + ROW).replace(",", "|").encode(),
        ("\n\n" + HEAD + "\n" + ROW + "\n").encode(),
        ('"' + HEAD.strip().replace(",", '","') + '"\n' + ROW).encode(),
        (HEAD.replace(",", ", ") + ROW).encode(),
        (HEAD.strip() + ",,\n" + ROW.strip() + ",,\n").encode(),
        (HEAD + ROW).strip().encode(),
    ],
    ids=[
        "bom",
        "crlf",
        "semicolons",
        "tabs",
        "bars",
        "blank lines",
        "quoted head",
        "spaces",
        "blank columns",
        "no end",
    ],
)
def test_a_sound_csv_file_loads_however_it_is_written(ledger, tmp_path, cli, content):
    ended = cli("load", ledger(content), "--out", tmp_path / "book.duckdb")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[0] == f"{tmp_path / 'book.duckdb'}: 1 invoices"


def test_a_missing_source_and_a_source_of_no_kind_are_misuse(tmp_path, old, refused):
    (tmp_path / "ledger.pdf").write_bytes(b"%PDF")
    (tmp_path / "empty").mkdir()
    for name, code, said in [
        ("gone.csv", 2, "no such file or folder"),
        ("ledger.pdf", 2, "found a .pdf file, expected .csv"),
        ("empty", 30, "nothing to read; expected .csv"),
        ("x" * 3000 + ".csv", 2, "File name too long"),
    ]:
        refused("load", tmp_path / name, "--out", old, code=code, said=said, keep=old.parent)


def test_a_workbook_says_which_sheets_it_has_and_which_names_stand_twice(tmp_path, old, refused):
    book, mapping = tmp_path / "ledger.xlsx", tmp_path / "m.toml"
    pd.DataFrame([list("abc")], columns=["a", "b", "A"]).to_excel(book, sheet_name="Ledger", index=False)
    refused("load", book, "--out", old, code=30, said=("Ledger: found column 'a' twice"), keep=old.parent)
    pd.DataFrame([list("ab")], columns=["a", "b"]).to_excel(book, sheet_name="Ledger", index=False)
    columns = "\n".join(f'{name} = "{name}"' for name in HEAD.strip().split(","))
    mapping.write_text(f'[tables.invoices]\nfrom = "Sheet9"\n[tables.invoices.columns]\n{columns}\n')
    said = "no sheet, file or table 'Sheet9'; found Ledger"
    refused("load", book, "--out", old, "--map", mapping, code=30, said=said, keep=old.parent)


def test_a_ragged_sheet_keeps_the_rows_it_has(tmp_path, cli):
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("invoices")
    for cells in (
        [*HEAD.strip().split(","), "note"],
        ROW.strip().split(","),
        ROW.replace("i1", "i2").strip().split(","),
    ):
        sheet.append(cells)
    book.save(tmp_path / "ledger.xlsx")
    assert "2 invoices" in cli("load", tmp_path / "ledger.xlsx", "--out", tmp_path / "b.duckdb").out


def test_a_very_long_cell_is_told_by_its_beginning(ledger, old, refused):
    spoilt = HEAD + ROW.replace("100.00", "9" * 50_000)
    line = refused("load", ledger(spoilt), "--out", old, code=30, said="... (50,000 characters)")
    assert len(line) < 500
