"""A relation as text: every cell as DuckDB writes it, and each row's place beside it."""

from __future__ import annotations

from itertools import count

import duckdb

from riskmodels.core.errors import DataRefused

ROW = "_row"
"""Column with the line of a CSV file or sheet, or the number of the row elsewhere."""

_serial = count()


def as_text(con: duckdb.DuckDBPyConnection, where: str, name: str, relation: str, place: str) -> str:
    """The name of a view on the relation: `place` (SQL) as the row's place, and all columns as text.

    Nothing is read until the view is: a file of millions of rows is never held twice.
    """
    types = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    columns = {column: kind for column, kind, *_ in types if column != ROW or place != ROW}
    if taken := next((c for c in columns if c.lower() == ROW), None):
        raise DataRefused(f"{where}: found a column {taken!r}, a name that is kept for the place of a row")
    cells = ", ".join(f"{_text(quoted(c), kind)} AS {quoted(c)}" for c, kind in columns.items())
    view = fresh_name(name)
    con.execute(f"CREATE TEMP VIEW {view} AS SELECT {place} AS {ROW}, {cells} FROM {relation}")
    return view


def counted(first: int = 1) -> str:
    """The SQL that numbers rows in the order of the source, the first one as given."""
    return f"row_number() OVER () + {first - 1}"


def columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """Names of a relation's columns, without the place of the row."""
    return [d[0] for d in con.execute(f"SELECT * FROM {relation} LIMIT 0").description if d[0] != ROW]


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """A text as a SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def one_line(error: BaseException) -> str:
    """The first line of an error's message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def fresh_name(name: str) -> str:
    """A SQL identifier that nothing on any connection has yet, and that tells the name."""
    return quoted(f"staged_{next(_serial)}_{name}")


def _text(cell: str, kind: str) -> str:
    """A cell as text. A whole number in a column of fractions has no point: 7 is 7 in a sheet, a CSV file and here."""
    plain = f"CAST({cell} AS VARCHAR)"
    if kind not in ("DOUBLE", "FLOAT"):
        return plain
    whole = f"abs({cell}) < 1e15 AND {cell} = trunc({cell})"
    return f"CASE WHEN {whole} THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) ELSE {plain} END"
