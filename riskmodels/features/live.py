"""Which columns of stored tables a query's own columns rest on, so that nothing else need be stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from riskmodels.features.relations import WORK

Node = Any


def live(query: Any, columns: Collection[str], names: Collection[str]) -> dict[str, frozenset[str]]:
    """By name of a table among `names` in the work schema, the columns read for some of a query's columns.

    What chooses, joins, groups or orders rows is read whatever the columns; a table may be read for its rows alone.
    """
    import ibis.expr.operations as ops

    found: dict[str, set[str]] = {}
    seen: dict[Node, set[str]] = {}
    todo: list[tuple[Node, frozenset[str]]] = [(query.op(), frozenset(columns))]
    while todo:
        node, wanted = todo.pop()
        new = wanted - seen.get(node, set())
        if node not in seen:
            todo.extend((child, frozenset()) for child in _children(node))
            todo.extend(_fields(_structure(node)))
        elif not new:
            continue
        seen.setdefault(node, set()).update(new)
        if isinstance(node, ops.UnboundTable):
            if node.name in names and node.namespace.database == WORK:
                found.setdefault(node.name, set()).update(new)
            continue
        todo.extend(_behind(node, new))
    return {name: frozenset(its) for name, its in found.items()}


def _children(node: Node) -> list[Node]:
    """The relations that a relation is made of."""
    import ibis.expr.operations as ops

    return [c for c in node.__children__ if isinstance(c, ops.Relation | ops.JoinLink)] + [
        link.table for link in getattr(node, "rest", ())
    ]


def _structure(node: Node) -> Iterator[Node]:
    """The values that decide which rows there are, in which order."""
    import ibis.expr.operations as ops

    yield from getattr(node, "predicates", ())
    yield from getattr(node, "keys", ())
    for link in getattr(node, "rest", ()):
        yield from link.predicates
    if isinstance(node, ops.Aggregate):
        yield from node.groups.values()
    if isinstance(node, ops.Distinct) or getattr(node, "distinct", False):
        for parent in _children(node):
            yield from (ops.Field(parent, name) for name in parent.schema.names)


def _behind(node: Node, columns: Collection[str]) -> Iterator[tuple[Node, frozenset[str]]]:
    """What some of a relation's columns are read from."""
    import ibis.expr.operations as ops

    if isinstance(node, ops.Set):
        yield from ((side, frozenset(columns)) for side in (node.left, node.right))
    else:
        yield from _fields(node.values[name] for name in columns)


def _fields(values: Any) -> Iterator[tuple[Node, frozenset[str]]]:
    import ibis.expr.operations as ops

    for value in values:
        for found in value.find((ops.Field, ops.Subquery, ops.Relation), filter=ops.Value):
            if isinstance(found, ops.Field):
                yield found.rel, frozenset({found.name})
            elif isinstance(found, ops.Relation):
                yield found, frozenset()
            else:
                yield found.rel, frozenset(found.rel.schema.names)
