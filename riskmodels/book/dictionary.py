"""The data dictionary: every table of a book as Markdown, written from the schema so that the two can't disagree.

`python -m riskmodels.book.dictionary` prints it.
"""

from __future__ import annotations

import sys

from riskmodels.book.schema import REQUIRED_TABLES, TABLES, Column, Table
from riskmodels.book.vocabulary import column_zh, table_zh

FRONT = """\
# Data dictionary

What a book holds: {tables} tables, {columns} columns. Only {required} is needed; whatever else is absent, what rests on
it says so and is not run. This page is generated from the schema (`riskmodels.book.schema`); change that, not this.

## What every table has in common

**Known on.** Each row has `known_on`, the day it could be known. Where a source has none, it is the event's own date
(the table's *event date* below). A row known later than its event is a late fact: it counts from `known_on` on, never
before.

**Revealed by.** A row's own day is not enough: the outcome of a dispute is a later fact on an earlier row. So each
column names the date column that reveals it, `known_on` unless said otherwise.

**The cut.** A book seen as of a date is the book at that day's close: rows with `known_on` after it are gone; cells
whose revealing date is after it, or empty, are blank. An invoice judged at its own issue is seen as of the day before.

**Versions.** Where `valid_from` is part of the key, rows are versions: each counts from the later of `valid_from` and
`known_on` until the next version does. Nothing is edited; a correction is a further row (a signed reversal among
payments, a later `known_on` in a market series).

**Money** is a decimal number with two places in the currency the unit names: *currency* is the row's own column, an
ISO 4217 code; *invoice currency* that of the invoice it belongs to; *book currency* that of most invoices when the book
was loaded. Rates and shares are fractions: .05 is five per cent. Exchange rates are series of `market`: `FX:USD/CNY` is
what one USD costs in CNY.

**Kinds.** {kinds}.

**Empty cells** say "not known", but in columns marked *none if empty* they say that there is none.

**Row rules** must hold for each row; a rule that needs an empty cell counts as met. A row that breaks one refuses the
load, or is set aside with the reason.
"""
KINDS = {
    "text": "characters",
    "date": "calendar day",
    "stamp": "date and time",
    "money": "amount, 16 digits before the point and 2 behind",
    "rate": "number",
    "count": "whole number",
    "flag": "true or false",
}
HEAD = "| column | 中文 | kind | unit | needed | meaning | allowed values | refers to | revealed by |"


def dictionary() -> str:
    """The whole dictionary as Markdown: what all tables have in common, their list, then each table."""
    return "\n".join([_front(), *_contents(), *(line for table in TABLES.values() for line in table_section(table))])


def _front() -> str:
    return FRONT.format(
        tables=len(TABLES),
        columns=sum(len(table.columns) for table in TABLES.values()),
        required=", ".join(f"`{name}`" for name in REQUIRED_TABLES),
        kinds="; ".join(f"*{kind}*: {meaning}" for kind, meaning in KINDS.items()),
    )


def _contents() -> list[str]:
    rows = [f"| [{t.name}](#{t.name}) | {table_zh(t.name)} | {_text(t.meaning)} |" for t in TABLES.values()]
    return ["## Tables", "", "| table | 中文 | what it holds |", "|---|---|---|", *rows]


def table_section(table: Table, level: str = "##", page: str = "") -> list[str]:
    """The lines of one table: heading, meaning, key, columns, row rules; `page` has the tables that it refers to."""
    key = ", ".join(f"`{name}`" for name in table.key)
    versions = "; rows are versions" if table.versioned else ""
    return [
        "",
        f"{level} {table.name}",
        "",
        f"{table.zh or table_zh(table.name)}: {_text(table.meaning)}.",
        "",
        f"Key: {key}{versions}. Event date: `{table.event}`.",
        "",
        HEAD,
        "|" + "---|" * (HEAD.count("|") - 1),
        *(_column(table, column, page) for column in table.columns),
        *_rules(table),
    ]


def _column(table: Table, column: Column, page: str) -> str:
    cells = (
        f"`{column.name}`",
        column.zh if table.zh else column_zh(table.name, column.name),
        column.kind,
        column.unit,
        "yes" if column.required else "none if empty" if column.sparse else "",
        _text(column.meaning),
        ", ".join(column.allowed),
        f"[{column.refers_to}]({page}#{column.refers_to})" if column.refers_to else "",
        f"`{column.revealed_by}`",
    )
    return "| " + " | ".join(cells) + " |"


def _rules(table: Table) -> list[str]:
    if not table.rules:
        return []
    rows = [f"| `{rule.name}` | {_text(rule.expected)} |" for rule in table.rules]
    return ["", "| row rule | expects |", "|---|---|", *rows]


def _text(text: str) -> str:
    """Text for a cell of a table: a bar would end it."""
    return text.replace("|", "\\|")


def main() -> None:
    """Write the dictionary to standard output, in UTF-8 whatever the console is set to."""
    sys.stdout.buffer.write(f"{dictionary()}\n".encode())


if __name__ == "__main__":
    main()
