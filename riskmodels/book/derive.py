"""The expressions a mapping may derive a cell by: one value a row, from its columns, by functions that only compute."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from riskmodels.core.errors import Misuse

ALLOWED = frozenset(
    [
        "abs",
        "cast",
        "ceil",
        "coalesce",
        "concat",
        "concat_ws",
        "contains",
        "date_add",
        "date_diff",
        "date_part",
        "date_sub",
        "date_trunc",
        "day",
        "ends_with",
        "floor",
        "greatest",
        "if",
        "last_day",
        "least",
        "left",
        "length",
        "lower",
        "lpad",
        "ltrim",
        "make_date",
        "month",
        "nullif",
        "regexp_extract",
        "regexp_matches",
        "regexp_replace",
        "replace",
        "reverse",
        "right",
        "round",
        "rpad",
        "rtrim",
        "split_part",
        "starts_with",
        "strftime",
        "strip_accents",
        "strptime",
        "substr",
        "substring",
        "to_days",
        "trim",
        "try_cast",
        "try_strptime",
        "upper",
        "year",
        "case",
    ]
)
"""Functions whose value depends on nothing but their arguments: no clock, no chance, no files, no settings."""

_VALUES = (exp.Condition, exp.Concat, exp.DPipe, exp.Cast, exp.Interval)
_REFUSED = (exp.Query, exp.Subquery, exp.Command, exp.DDL, exp.DML, exp.Window, exp.AggFunc, exp.Star, exp.Columns)


@dataclass(frozen=True)
class Derived:
    """A checked expression: DuckDB's SQL for it, written anew from what was understood, and the columns it reads."""

    sql: str
    columns: frozenset[str]


def derived(where: str, expression: str) -> Derived:
    """The expression, if it is one value over columns of the row; a row it fails on has no value."""
    try:
        parsed = sqlglot.parse_one(expression, dialect="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError):
        raise Misuse(f"{where}: derive: cannot be read: {expression!r}") from None
    if not isinstance(parsed, _VALUES) or parsed.find(*_REFUSED):
        raise Misuse(f"{where}: derive: found {expression!r}, expected one expression over columns of the row")
    for function in parsed.find_all(exp.Func):
        _check_function(where, function)
    names = frozenset(column.name for column in parsed.find_all(exp.Column))
    return Derived(f"TRY({parsed.sql(dialect='duckdb')})", names)


def _check_function(where: str, function: exp.Func) -> None:
    if isinstance(function, exp.Connector | exp.Predicate | exp.Binary):
        return
    written = re.match(r"[A-Za-z_]+", function.sql(dialect="duckdb"))
    name = written.group().lower() if written else function.sql_name().lower()
    if name not in ALLOWED:
        raise Misuse(f"{where}: derive: found function {name}, expected one of {', '.join(sorted(ALLOWED))}")
