"""Cells that try to be code load as they are, and come out of a report as text."""

from __future__ import annotations

import csv
import io
import json

import duckdb
import pytest

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+1)|cmd",
    "quo\"ted, 'and' \"\nover two lines",
    "x" * 5000,
    "深圳市<b>某某</b>公司 \u202e\U0001f4a3",
    "{{7*7}} $\\alpha$ </style>",
)
INVOICES = ["invoice_id", "client_id", "debtor_id", "currency", "amount", "issued_on", "due_on"]


def as_csv(head, rows):
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue()


@pytest.fixture
def book(ledger, tmp_path, cli):
    rows = [(f"i{n}-{name}", "c1", name, "CNY", 1000 - n, "2025-01-05", "2025-03-05") for n, name in enumerate(HOSTILE)]
    parties = [(name, "2024-01-01", name) for name in HOSTILE]
    folder = ledger(as_csv(INVOICES, rows), parties=as_csv(["party_id", "valid_from", "name"], parties))
    ended = cli("load", folder, "--out", tmp_path / "book.duckdb")
    assert (ended.code, ended.err) == (0, "")
    return tmp_path / "book.duckdb"


def test_hostile_cells_load_as_they_are_and_come_out_of_a_report_as_text(book, tmp_path, cli):
    with duckdb.connect(str(book), read_only=True) as con:
        loaded = {name for (name,) in con.execute("SELECT debtor_id FROM invoices").fetchall()}
    assert loaded == {name.strip() for name in HOSTILE}
    asked = ("report", "run", "portfolio_review", "--book", book, "--as-of", "2025-03-31")
    ended = cli(*asked, "--reports", tmp_path / "runs")
    assert ended.code in (0, 10, 20), ended
    folder = next((tmp_path / "runs").glob("*/*/*"))
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "alert(1)" in page
    for live in ("<script>alert", "<b>某某", "{{7*7}} $\\alpha$ </style>"):
        assert live not in page
    _no_live_formula(folder / "tables.xlsx")
    json.loads((folder / "result.json").read_text(encoding="utf-8"))


def _no_live_formula(place):
    from openpyxl import load_workbook

    cells = [c for sheet in load_workbook(place).worksheets for row in sheet.iter_rows() for c in row]
    assert any(str(c.value).startswith("=HYPERLINK") for c in cells)
    assert [c.coordinate for c in cells if c.data_type == "f" or c.hyperlink] == []


def test_a_hostile_cell_in_an_error_cannot_move_the_cursor(ledger, old, refused):
    spoilt = as_csv(INVOICES, [("i1", "c1", "d1", "CNY", "\x1b[2J\nlots", "2025-01-05", "2025-03-05")])
    line = refused("load", ledger(spoilt), "--out", old, code=30, said="lots', expected an amount", keep=old.parent)
    assert line.strip().isprintable()
