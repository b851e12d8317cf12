"""What the tables hold: the pages on completeness and on the rows to look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table, Text
from riskmodels.reporting.figures import quality as figures
from riskmodels.reporting.pages.quality_words import consequence, place

if TYPE_CHECKING:
    from riskmodels.reporting.pages.quality import DataQuality

ROW_GROUPS = ("uniqueness", "integrity", "range", "codes", "dates", "versions")
EMPTIEST, MOST_PLACES, SHOWN = 15, 5, 3
"""Columns and places listed, and examples beside each place; result.json holds five."""


def completeness_page(report: DataQuality) -> Iterator[Block]:
    """How far each column is filled."""
    checks = report.of_groups("completeness")
    table = _by_fullness(report.columns)
    lead = _("A column in use is judged; one whose gap says none, or whose event is still to come, may stay empty.")
    yield Section.of("1", _("Completeness"), _fullness_finding(table), lead, checks)
    yield Figure.of(
        "fullness",
        figures.fullness,
        table,
        title=_("Filled share of every column in use"),
        caption=_("{n} columns of {tables} tables; the table with the emptiest column first.").format(
            n=len(table), tables=table["table"].nunique()
        ),
        width="full",
        height=12 + 5.2 * table["table"].nunique(),
    )
    short = table[table["judged"] & (table["filled"] < 1)].sort_values("filled", kind="stable").head(EMPTIEST)
    if len(short):
        yield _emptiest(short)


def _by_fullness(columns: pd.DataFrame) -> pd.DataFrame:
    """Columns with their tables sorted by the emptiest judged column."""
    lowest = columns["filled"].where(columns["judged"], 1.0).groupby(columns["table"]).transform("min")
    ordered = columns.assign(lowest=lowest).sort_values(["lowest", "table", "filled", "column"], kind="stable")
    return ordered.drop(columns="lowest").reset_index(drop=True)


def _fullness_finding(table: pd.DataFrame) -> str:
    judged = table[table["judged"]]
    short = judged[judged["filled"] < 1].sort_values("filled", kind="stable")
    if short.empty:
        return _("Every column that should be filled is filled")
    worst = short.iloc[0]
    words = ngettext(
        "One of {all} columns has gaps: {column} is filled to {share}",
        "{n} of {all} columns have gaps; the emptiest, {column}, is filled to {share}",
        len(short),
    )
    column = f"{worst['table']}.{worst['column']}"
    return words.format(n=len(short), all=len(judged), column=column, share=figure(float(worst["filled"]), "share"))


def _emptiest(short: pd.DataFrame) -> Table:
    empty = ((1 - short["filled"]) * short["rows"]).round().astype("int64")
    columns = [
        Column("table", _("Table")),
        Column("column", _("Column")),
        Column("rows", _("Rows"), "count"),
        Column("empty", _("Empty"), "count"),
        Column("filled", _("Filled"), "rate", shade="blue"),
    ]
    return Table.of("emptiest_columns", short.assign(empty=empty), columns, title=_("Emptiest columns"))


def rows_page(report: DataQuality) -> Iterator[Block]:
    """Rows that repeat, point nowhere, or hold what can't be, each with examples to look up."""
    checks = report.of_groups(*ROW_GROUPS)
    faults = _faults([*checks, *report.of_groups("completeness", "reconciliation")])
    yield Section.of("2", _("Rows to look at"), _rows_finding(faults), "", checks)
    if faults.empty:
        yield Text((_("No row repeats another, points nowhere, or holds what can't be."),))
        return
    columns = [
        Column("check", _("Check")),
        Column("where", _("Table and column")),
        Column("rows", _("Rows"), "count"),
        Column("examples", _("Examples (keys)"), quiet=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    yield Table.of("rows_at_fault", faults, columns, title=_("Rows to look at, with examples"))
    said = {c.group: consequence(c) for c in checks if c in report.beyond}
    if said:
        yield Text(tuple(said.values()))


def _faults(checks: list[CheckResult]) -> pd.DataFrame:
    rows = [
        {
            "check": c.title,
            "where": place(label),
            "rows": n,
            "examples": _("; ").join(c.detail.get("examples", {}).get(label, [])[:SHOWN]),
            "verdict": str(c.verdict),
        }
        for c in checks
        for label, n in list(c.detail.get("parts", {}).items())[:MOST_PLACES]
    ]
    table = pd.DataFrame(rows, columns=["check", "where", "rows", "examples", "verdict"])
    return table.sort_values("rows", ascending=False, kind="stable").reset_index(drop=True)


def _rows_finding(faults: pd.DataFrame) -> str:
    if faults.empty:
        return _("Keys, references, codes and dates are sound")
    n = int(faults["rows"].sum())
    first = faults.iloc[0]
    words = ngettext("One row is at fault, in {where}", "{n} rows are at fault, most of them in {where}", n)
    return words.format(n=f"{n:,}", where=first["where"])
