"""A table block made ready to print: one money unit, cells as text, classes for what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from riskmodels.core.checks import Verdict
from riskmodels.core.numbers import DASH, figure, table_money
from riskmodels.core.text import gettext as _
from riskmodels.reporting.body import Cell, Column, Table
from riskmodels.reporting.shapes import light, use_bar
from riskmodels.reporting.words import fixed, wide

MOST_ROWS, FIRST_ROWS = 500, 50
_LEFT = ("text", "verdict")
_TINT, _NAME = 42, 12


@dataclass(frozen=True)
class View:
    """What the template prints: heads, rows and totals as (text, class, style) and the words around them."""

    heads: list[tuple[str, str]]
    rows: list[tuple[str, list[tuple[str | Markup, str, str]]]]
    totals: list[list[tuple[str | Markup, str, str]]]
    subtitle: str
    cut: str


def view(table: Table) -> View:
    """The table as it is printed; of more than 500 rows the first 50."""
    unit = money_unit(table)
    shown = table.rows if len(table.rows) <= MOST_ROWS else table.rows[:FIRST_ROWS]
    return View(
        heads=[(c.title, _head(table, i)) for i, c in enumerate(table.columns)],
        rows=[_row(table, row, unit) for row in shown],
        totals=[_total(table, row, unit) for row in table.totals],
        subtitle=subtitle(table, unit[2]),
        cut=_cut_note(len(shown), len(table.rows)),
    )


def money_unit(table: Table) -> tuple[float, int, str]:
    """The divisor, decimals and name of the table's one money unit; no name when it shows no money."""
    places = [i for i, c in enumerate(table.columns) if c.unit == "money"]
    amounts = [abs(row[i]) for row in (*table.rows, *table.totals) for i in places if _is_number(row[i])]  # type: ignore[arg-type]
    if not places:
        return 1.0, 0, ""
    return table_money(max(amounts, default=0.0), table.currency)


def subtitle(table: Table, unit: str) -> str:
    """The line beside the title, ending in the money unit."""
    return (
        _("{subtitle}, {unit}").format(subtitle=table.subtitle, unit=unit)
        if table.subtitle and unit
        else table.subtitle or unit
    )


def _row(
    table: Table, row: tuple[Cell, ...], unit: tuple[float, int, str]
) -> tuple[str, list[tuple[str | Markup, str, str]]]:
    verdict = row_verdict(table, row)
    breached = sum(row_verdict(table, r) == Verdict.BREACH for r in table.rows)
    # One wash a table, on the one row it is about.
    css = "wash" if verdict == Verdict.BREACH and breached == 1 else ""
    return css, [_cell(c, v, unit, verdict) for c, v in zip(table.columns, row)]


def _total(table: Table, row: tuple[Cell, ...], unit: tuple[float, int, str]) -> list[tuple[str | Markup, str, str]]:
    """A total is there or isn't meant: an absent one is empty, not a dash."""
    return [_cell(c, "" if v is None else v, unit, "") for c, v in zip(table.columns, row, strict=True)]


def row_verdict(table: Table, row: tuple[Cell, ...]) -> str:
    """The verdict a row carries in its verdict column, empty without one."""
    found = (str(v) for c, v in zip(table.columns, row) if c.unit == "verdict" and v)
    return next(found, "")


def _cell(column: Column, value: Cell, unit: tuple[float, int, str], verdict: str) -> tuple[str | Markup, str, str]:
    css = [_side(column)]
    if column.quiet:
        css.append("quiet")
    if column.judged and verdict in (Verdict.BREACH, Verdict.WATCH):
        css.append(verdict)
    if column.unit in ("days", "count") and value == 0:
        css.append("zero")
    return _text(column, value, unit), " ".join(css), _tint(column, value)


def _text(column: Column, value: Cell, unit: tuple[float, int, str]) -> str | Markup:
    if value is None or value == "":
        return DASH if value is None and column.unit not in _LEFT else ""
    if column.unit == "verdict":
        return light(Verdict(str(value)))
    if not _is_number(value):
        return str(value)
    number = float(value)
    if column.decimals is not None:
        return _decimals(column, number)
    if column.unit == "use":
        return use_bar(number)
    if column.unit == "money":
        return fixed(number / unit[0], unit[1])
    if column.unit == "days":
        return fixed(number, 0 if number == round(number) else 1)
    return str(value) if column.unit == "text" else figure(number, column.unit)


def _decimals(column: Column, number: float) -> str:
    if column.unit in ("share", "rate"):
        return fixed(number * 100, column.decimals or 0) + "%"
    return fixed(number, column.decimals or 0)


def _tint(column: Column, value: Cell) -> str:
    if not column.shade or not _is_number(value):
        return ""
    share = min(max(float(value), 0.0), 1.0)  # type: ignore[arg-type]
    return f"background:color-mix(in srgb,var(--{column.shade}) {share * _TINT:.0f}%,transparent)"


def _head(table: Table, place: int) -> str:
    """The class of a head; a column of names keeps a width, as Han text would break at every character."""
    column = table.columns[place]
    names = (
        column.unit == "text" and not column.right and any(wide(str(row[place] or "")) > _NAME for row in table.rows)
    )
    return "t name" if names else _side(column)


def _side(column: Column) -> str:
    return "t" if column.unit in _LEFT and not column.right else "n"


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cut_note(shown: int, total: int) -> str:
    if shown == total:
        return ""
    return _("The first {shown} of {total} rows; all of them are in the workbook.").format(
        shown=f"{shown:,}", total=f"{total:,}"
    )
