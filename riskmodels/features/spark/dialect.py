"""Queries of the plan in Spark's words: tables under names of their own, days since 1970 without time zones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from riskmodels.features.relations import WORK

Place = Callable[[str, bool], str]
"""The view that holds a table, by its name and whether it is one of the engine's own."""


def spark_sql(query: str, read: str, place: Place) -> str:
    """A query, written in the dialect `read`, for Spark; each table is looked for where `place` says."""
    import sqlglot

    return _once(_deep(sqlglot.parse_one(query, read=read), place)).sql(dialect="spark")


def _deep(tree: Any, place: Place) -> Any:
    """The tree adapted from its root down; what replaces a node isn't looked into again."""
    return tree.transform(lambda node: _adapted(node, place))


def _once(tree: Any) -> Any:
    """The query with each amount made minor units once: Spark would do it for every column that reads it."""
    from sqlglot import exp

    rows = tree.find(exp.From)
    if not isinstance(tree, exp.Select) or rows is None or rows.parent is not tree or tree.args.get("joins"):
        return tree
    made: dict[str, Any] = {}
    for node in [n for cell in tree.expressions for n in cell.find_all(exp.Cast) if _is_minor(n)]:
        name = f"minor_{list(made).index(node.sql())}" if node.sql() in made else f"minor_{len(made)}"
        made.setdefault(node.sql(), exp.alias_(node.copy(), name))
        node.replace(exp.column(name, table=rows.this.alias_or_name))
    if not made:
        return tree
    inner = exp.select(exp.Star(), *made.values()).from_(rows.this.copy())
    rows.set("this", inner.subquery(alias=rows.this.alias_or_name))
    return tree


def _is_minor(node: Any) -> bool:
    """Whether a node is what `stream.minor` makes of an amount."""
    from sqlglot import exp

    hundred = isinstance(node.this, exp.Mul) and node.this.expression == exp.Literal.number(100)
    return hundred and bool(node.to.is_type("BIGINT"))


def _adapted(node: Any, place: Place) -> Any:
    from sqlglot import exp

    if isinstance(node, exp.Greatest | exp.Least) and not node.expressions:
        return _deep(node.this, place)  # Spark wants two at least
    if isinstance(node, exp.Window) and isinstance(node.this, exp.Lead | exp.Lag):
        node.set("spec", None)  # Spark refuses a frame here, though it be the whole partition
    if isinstance(node, exp.Where) and _around(node) == "_t":
        _unqualify(node)
    if isinstance(node, exp.DateDiff) and _is_epoch(node.expression):
        return _epoch_days(_deep(_plain(node.this), place))
    if isinstance(node, exp.Table):
        return _placed(node, place)
    return node


def _around(where: Any) -> str:
    """The alias of what a WHERE chooses from."""
    rows = where.parent.args.get("from") or where.parent.args.get("from_")
    return str(rows.this.alias) if rows else ""


def _unqualify(where: Any) -> None:
    """Leave the tables out of the columns of what was a QUALIFY: around the query, named _t, they aren't known."""
    from sqlglot import exp

    for column in where.find_all(exp.Column):
        column.set("table", None)


def _is_epoch(date: Any) -> bool:
    return _plain(date).sql() == "MAKE_DATE(1970, 1, 1)"


def _epoch_days(date: Any) -> Any:
    """Days since 1970-01-01 of a date: Spark's DATEDIFF goes by way of timestamps in the session's time zone."""
    from sqlglot import exp

    return exp.cast(exp.Anonymous(this="UNIX_DATE", expressions=[date]), "BIGINT")


def _plain(date: Any) -> Any:
    from sqlglot import exp

    return date.this if isinstance(date, exp.TsOrDsToDate) else date


def _placed(table: Any, place: Place) -> Any:
    from sqlglot import exp

    found = place(table.name, table.db == WORK)
    return exp.to_table(found, alias=table.alias_or_name) if found else table
