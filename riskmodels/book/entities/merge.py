"""Tables of a book in which several ids of one party become one: relations over its views, and what they leave out."""

from __future__ import annotations

import duckdb

from riskmodels.book.schema import Table
from riskmodels.book.sources import quoted

MAP = "entity_map"
"""A table on the connection: old_id, canonical_id, canonical_name; the canonical party has a row too."""
ORIGIN = "_old_id"
_VISIBLE = "greatest(known_on, valid_from)"
_BY_THEN = f"OVER (PARTITION BY party_id ORDER BY {_VISIBLE})"
"""All that was known of a party when a row became known, that day's other rows with it, nothing later."""
_ORDER = f"row({_VISIBLE}, valid_from, {ORIGIN})"


def party_columns(table: Table) -> list[str]:
    """The columns that hold ids of parties."""
    own = ("party_id", "anchor_id") if table.name == "parties" else ()
    return [c.name for c in table.columns if c.refers_to == "parties" or c.name in own]


def merge_table(con: duckdb.DuckDBPyConnection, table: Table, left_out: str) -> str:
    """Make the relation united_<name> of the book's view of the table, and its name.

    Where two rows come to the same key the canonical party's own stays; the others go into the table `left_out`.
    """
    name, ids = table.name, party_columns(table)
    if not ids:
        return name
    owner = next((c for c in table.key if c in ids), "")
    con.execute(f"CREATE TEMP VIEW mapped_{name} AS {_mapped(table, ids, owner)}")
    if not owner:
        return f"mapped_{name}"
    _keep_one_per_key(con, table, left_out)
    return f"united_{name}"


def _mapped(table: Table, ids: list[str], owner: str) -> str:
    """Each row with canonical ids; where the key names the party, with the id it had too."""
    cells = [_canonical(c) if c in ids else quoted(c) for c in table.names]
    origin = [f"{quoted(owner)} AS {ORIGIN}"] if owner else []
    return f"SELECT {', '.join([*cells, *origin])} FROM {table.name}"


def _canonical(column: str) -> str:
    name = quoted(column)
    return f"coalesce((SELECT canonical_id FROM {MAP} WHERE old_id = {name}), {name}) AS {name}"


def _keep_one_per_key(con: duckdb.DuckDBPyConnection, table: Table, left_out: str) -> None:
    key = ", ".join(map(quoted, table.key))
    owner = table.key[0]
    first = f"row_number() OVER (PARTITION BY {key} ORDER BY {ORIGIN} <> {owner}, {ORIGIN})"
    source = _filled(table) if table.name == "parties" else f"mapped_{table.name}"
    con.execute(f"CREATE TEMP TABLE ranked AS SELECT *, {first} AS _place FROM {source}")
    con.execute(
        f"INSERT INTO {left_out} SELECT '{table.name}', r.{ORIGIN}, r.{owner}, to_json(t) FROM ranked r "
        f"JOIN {table.name} t ON t.{owner} = r.{ORIGIN} AND "
        + " AND ".join(f"t.{quoted(k)} = r.{quoted(k)}" for k in table.key if k != owner)
        + " WHERE r._place > 1 ORDER BY ALL"
    )
    con.execute(
        f"CREATE TEMP TABLE united_{table.name} AS SELECT * EXCLUDE (_place, {ORIGIN}) FROM ranked WHERE _place = 1"
    )
    con.execute("DROP TABLE ranked")


def _filled(table: Table) -> str:
    """Versions of merged parties: the canonical name, both roles once both are known, and cells that one of them left
    empty from what the others told by then. Parties that are not merged stay as they are."""
    cells = ", ".join(_filled_cell(c) for c in table.names)
    merged = f"(SELECT m.*, e.canonical_name FROM mapped_parties m JOIN {MAP} e ON e.old_id = m.{ORIGIN})"
    alone = f"SELECT * FROM mapped_parties WHERE {ORIGIN} NOT IN (SELECT old_id FROM {MAP})"
    return f"(SELECT {cells}, {ORIGIN} FROM {merged} UNION ALL BY NAME {alone})"


def _filled_cell(column: str) -> str:
    if column in ("party_id", "valid_from", "known_on"):
        return quoted(column)
    if column == "name":
        return "canonical_name AS name"
    if column == "roles":
        return f"{_roles()} AS roles"
    return f"coalesce({quoted(column)}, {_newest(column)}) AS {quoted(column)}"


def _newest(column: str) -> str:
    """The value learnt last by the time a row became known."""
    return f"max_by({quoted(column)}, {_ORDER}) FILTER ({quoted(column)} IS NOT NULL) {_BY_THEN}"


def _roles() -> str:
    """Client and debtor make both; else the role in the row, or the one learnt last."""
    trades = {r: f"coalesce(bool_or(roles IN ('{r}', 'both')) {_BY_THEN}, FALSE)" for r in ("client", "debtor")}
    each = " ".join(f"WHEN {known} THEN '{role}'" for role, known in trades.items())
    other = f"coalesce(roles, {_newest('roles')})"
    return f"CASE WHEN {trades['client']} AND {trades['debtor']} THEN 'both' {each} ELSE {other} END"
