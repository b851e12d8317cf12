"""The workbook holds the same figures, typed, and no formula from data."""

import openpyxl
import pytest

from riskmodels.reporting import blocks as b
from riskmodels.reporting.xlsx import render_xlsx, sheet_name


@pytest.fixture
def book(report, run, tmp_path):
    render_xlsx(report, run, tmp_path / "tables.xlsx")
    return openpyxl.load_workbook(tmp_path / "tables.xlsx")


def test_the_same_report_gives_the_same_bytes(report, run, tmp_path):
    render_xlsx(report, run, tmp_path / "a.xlsx")
    render_xlsx(report, run, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_no_cell_is_a_formula_or_a_link(book, hostile):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]
    assert set(hostile) <= {c.value for c in cells}


def test_values_keep_their_types_and_formats(book):
    sheet = book["Largest debtors"]
    _name, balance, share, due, verdict = sheet[2]
    assert balance.value == 1.5e8
    assert (share.value, share.number_format) == (0.4, "0.0%")
    assert due.is_date
    assert (verdict.value, sheet["A7"].value) == ("Breach", "All")


def test_each_sheet_has_a_frozen_head_and_a_filter(book):
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref


def test_the_first_sheet_holds_who_what_and_every_check(book, checks, run):
    values = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert {run.run_id, "2026-09-30", "Fit for use"} <= set(values)
    assert {c.title for c in checks} <= set(values)
    assert {c.value for c in checks if c.value} <= set(values)


@pytest.mark.parametrize("title", ["a/b:c", "x" * 40, "history", "'quoted'", "", "名" * 40])
def test_sheet_names_are_what_excel_accepts(title):
    first = sheet_name(title, [])
    second = sheet_name(title, [first])
    assert 0 < len(first) <= 31
    assert not set(first + second) & set("[]:*?/\\'")
    assert len({"history", first.lower(), second.lower()}) == 3


def test_two_tables_of_one_title_both_appear(table, run, tmp_path):
    render_xlsx([table, table], run, tmp_path / "t.xlsx")
    names = openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames
    assert names == ["Results", "Largest debtors", "Largest debtors 2"]


def test_an_empty_report_is_a_workbook_with_its_header(run, tmp_path):
    render_xlsx([b.Text(("only text",))], run, tmp_path / "t.xlsx")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames == ["Results"]
