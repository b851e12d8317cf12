"""Which columns of the book an Ibis expression reads, however often they were renamed or computed upon."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from riskmodels.book.schema import Column
from riskmodels.core.errors import Misuse
from riskmodels.features.relations import Schema

Source = tuple[str, str]
"""A table of the book and one of its columns."""


def sources(expression: Any) -> frozenset[Source]:
    """The book's columns that a value is computed from."""
    return _of_node(expression.op())


def reveals(expression: Any, schema: Schema) -> frozenset[Source]:
    """The date columns that reveal what a value is computed from, beyond the rows' own `known_on`."""
    return frozenset((t, by) for t, c in sources(expression) if (by := _revealed_by(schema, t, c)) != "known_on")


def column_of(rows: Any, source: Source, where: str) -> Any:
    """The column of `rows` that is a column of the book, perhaps renamed but not computed upon."""
    if found := [c for c in rows.columns if _origin(rows[c].op()) == source]:
        return rows[found[0]]
    raise Misuse(f"{where}: reads a column revealed by {'.'.join(source)}, which its facts don't carry")


def reads_money(expression: Any, schema: Schema) -> bool:
    """Whether a value is computed from amounts of money, by a path on which they weren't first made a flag."""
    found = _of_node(expression.op(), through_flags=False)
    return any((column := _column(schema, t, c)) is not None and column.kind == "money" for t, c in found)


def check_row_wise(expression: Any, where: str) -> None:
    """Refuse a value that looks at other rows, other tables or the clock: those could see the future."""
    import ibis.expr.operations as ops

    outside = (ops.Reduction, ops.Analytic, ops.WindowFunction, ops.Subquery, ops.Impure)
    if found := [type(n).__name__ for n in expression.op().find(outside, filter=ops.Value)]:
        raise Misuse(f"{where}: found {found[0]}, expected a value computed from one row's columns")


def check_filters(rows: Any, schema: Schema, where: str) -> None:
    """Refuse rows that were chosen by a column that is revealed later than they are."""
    import ibis.expr.operations as ops

    for node in rows.op().find(ops.Filter):
        read = {source for p in node.predicates for source in _of_node(p)}
        late = [f"{t}.{c}" for t, c in sorted(read) if _revealed_by(schema, t, c) != "known_on"]
        if late:
            raise Misuse(
                f"{where}: rows are chosen by {late[0]}, which is revealed later; use it in a measure's `where`"
            )


def _of_node(node: Any, through_flags: bool = True) -> frozenset[Source]:
    import ibis.expr.operations as ops

    fields = node.find(ops.Field, filter=ops.Value)
    followed = [f for f in fields if through_flags or not f.dtype.is_boolean()]
    return frozenset().union(*(_of_field(f, through_flags) for f in followed))


@lru_cache(maxsize=4096)
def _of_field(field: Any, through_flags: bool) -> frozenset[Source]:
    """The columns behind one field: looked up in the relation that made it, down to the tables of the book."""
    import ibis.expr.operations as ops

    relation = field.rel
    if isinstance(relation, ops.UnboundTable):
        return frozenset({(relation.name, field.name)})
    if isinstance(relation, ops.Set):
        sides = (ops.Field(side, field.name) for side in (relation.left, relation.right))
        return frozenset().union(*(_of_field(s, through_flags) for s in sides))
    if isinstance(relation, ops.Reference):
        return _of_field(ops.Field(relation.parent, field.name), through_flags)
    return _of_node(relation.values[field.name], through_flags)


def _origin(field: Any) -> Source | None:
    """The column of the book that a field is; None if it was computed."""
    import ibis.expr.operations as ops

    while isinstance(field, ops.Field):
        relation = field.rel
        if isinstance(relation, ops.UnboundTable):
            return relation.name, field.name
        under = isinstance(relation, ops.Reference)
        field = ops.Field(relation.parent, field.name) if under else relation.values.get(field.name)
    return None


def _revealed_by(schema: Schema, table: str, column: str) -> str:
    found = _column(schema, table, column)
    return found.revealed_by if found else "known_on"


def _column(schema: Schema, table: str, column: str) -> Column | None:
    """The schema's column; None of what the engine adds, such as the numbers of keys."""
    return schema[table][column] if table in schema and column in schema[table].names else None
