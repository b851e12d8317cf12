"""The tables of a report as a workbook: typed, formatted, and never a formula or a link from data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from riskmodels.core.checks import Verdict
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Cell, Column, Figure, Table
from riskmodels.reporting.front import Masthead
from riskmodels.reporting.front_sheet import front
from riskmodels.reporting.header import RunHeader
from riskmodels.reporting.words import verdict_word, wide

_FORMATS = {
    "number": "#,##0.00",
    "multiple": "0.00",
    "share": "0.0%",
    "rate": "0.00%",
    "use": "0.0%",
    "score": "0.000",
    "p": "0.000",
    "index": "0.000",
    "days": "#,##0.0",
    "count": "#,##0",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
}
_INKS = {
    Verdict.BREACH: "#b3261e",
    Verdict.WATCH: "#8f5600",
    Verdict.NO_EVIDENCE: "#5f6b7a",
    Verdict.WITHIN: "#17704a",
    Verdict.NOT_RUN: "#5f6b7a",
}
_CREATED = datetime(2000, 1, 1)
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def render_xlsx(blocks: Sequence[Block], run: RunHeader, path: Path) -> None:
    """Write the workbook: a first sheet with the results, then a sheet for each table and each figure's data."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        # The same report must give the same bytes, so the file has no clock of its own.
        book.set_properties({"created": _CREATED, "title": run.title})
        run.speak(lambda: _Sheets(book).write(blocks, run))


def tables_of(blocks: Iterable[Block]) -> list[Table]:
    """Every table of a report in order, the data and side tables of figures included."""
    found: list[Table] = []
    for block in blocks:
        if isinstance(block, Table):
            found.append(block)
        if isinstance(block, Figure):
            found += [t for t in (block.data, block.side) if t is not None]
    return found


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """A name Excel accepts and nobody has: 31 characters, none forbidden, no two alike but for case."""
    base = " ".join(title.translate(_FORBIDDEN).split())[:31].strip() or "Table"
    used = {name.lower() for name in taken} | {"history"}
    name, i = base, 2
    while name.lower() in used:
        name, i = f"{base[: 31 - len(str(i)) - 1]} {i}", i + 1
    return name


class _Sheets:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.kept: dict[tuple[Any, ...], Any] = {}

    def style(self, **wanted: Any) -> Any:
        """The workbook's format with these properties, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self.kept:
            self.kept[key] = self.book.add_format({"font_name": "Microsoft YaHei", "font_size": 10, **wanted})
        return self.kept[key]

    def write(self, blocks: Sequence[Block], run: RunHeader) -> None:
        """All sheets of the report."""
        self.first(blocks, run)
        taken = [_("Results")]
        for table in tables_of(blocks):
            taken.append(sheet_name(table.title or table.name, taken))
            self.table(taken[-1], table)

    def first(self, blocks: Sequence[Block], run: RunHeader) -> None:
        """The sheet of results: who the report is, its opinion and every front table."""
        sheet = self.book.add_worksheet(_("Results"))
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 44)
        sheet.set_column(2, 8, 16)
        row = self.header(sheet, blocks, run)
        for block in blocks:
            title, heads, lines = front(block)
            if heads:
                row = self.lines(sheet, row + 1, title, heads, lines)

    def header(self, sheet: Any, blocks: Sequence[Block], run: RunHeader) -> int:
        """Title, run and hashes at the top; returns the next free row."""
        title = next((b.title for b in blocks if isinstance(b, Masthead)), run.title)
        sheet.write_string(0, 0, title, self.style(bold=True, font_size=16, font_color="#1f4e8c"))
        known = [
            (_("As of"), run.as_of.isoformat()),
            (_("Run"), run.run_id),
            (_("Data sha256"), run.data_hash),
            (_("Code"), run.code),
            (_("Previous run"), run.previous_run),
            ("", run.tag),
        ]
        shown = [pair for pair in known if pair[1]]
        for row, (name, value) in enumerate(shown, 1):
            sheet.write_string(row, 0, name, self.style(font_color="#465262"))
            sheet.write_string(row, 1, value, self.style())
        return len(shown) + 1

    def lines(self, sheet: Any, row: int, title: str, heads: list[str], lines: list[list[Any]]) -> int:
        """One titled table of mixed cells; returns the next free row."""
        sheet.write_string(row, 0, title, self.style(bold=True, font_size=12))
        for column, head in enumerate(heads):
            sheet.write_string(row + 1, column, head, self.style(font_color="#465262", bottom=2))
        for line in lines:
            for column, (value, unit) in enumerate(line):
                self.cell(sheet, row + 2, column, value, unit)
            row += 1
        return row + 2

    def table(self, name: str, table: Table) -> None:
        """One table as a sheet: frozen head, filter, widths, totals in bold."""
        sheet = self.book.add_worksheet(name)
        for i, column in enumerate(table.columns):
            sheet.write_string(0, i, _headed(column, table), self.style(bold=True, bottom=2, text_wrap=True))
            sheet.set_column(i, i, _width(column, table, i))
        for at, row in enumerate((*table.rows, *table.totals), 1):
            for i, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                self.cell(sheet, at, i, value, column.unit, bold=at > len(table.rows))
        sheet.freeze_panes(1, 1)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), max(len(table.columns) - 1, 0))

    def cell(self, sheet: Any, row: int, column: int, value: Cell, unit: str, bold: bool = False) -> None:
        """One typed cell; text stays text whatever it begins with."""
        look = {"bold": True} if bold else {}
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.style(**look))
        elif unit == "verdict":
            verdict = Verdict(str(value))
            sheet.write_string(row, column, verdict_word(verdict), self.style(bold=True, font_color=_INKS[verdict]))
        elif unit == "date" and _day(value):
            sheet.write_datetime(row, column, _day(value), self.style(num_format=_FORMATS["date"], **look))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, column, value, self.style(num_format=_FORMATS.get(unit, "General"), **look))
        else:
            sheet.write_string(row, column, str(value), self.style(**look))


def _headed(column: Column, table: Table) -> str:
    return f"{column.title}, {table.currency}" if column.unit == "money" else column.title


def _width(column: Column, table: Table, place: int) -> float:
    texts = [str(row[place]) for row in table.rows[:200] if row[place] is not None] if column.unit == "text" else []
    longest = max((wide(t) for t in [column.title, *texts]), default=8)
    return float(min(max(longest + 2, 12), 48))


def _day(value: Cell) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
