"""A book in which the groups that a person accepted are one party each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from riskmodels.book.book import Book
from riskmodels.book.entities.merge import MAP, merge_table
from riskmodels.book.entities.review import Decided, read_review
from riskmodels.book.load.place import replace, scratch
from riskmodels.book.open import open_book
from riskmodels.book.schema import HasTables, Table
from riskmodels.book.sources import one_line, quoted
from riskmodels.book.sources.relation import literal
from riskmodels.core.errors import DataRefused, Misuse, RunFailed
from riskmodels.core.paths import writable

MERGED, LEFT_OUT = "merged_parties", "merged_rows"
"""Tables of the new book: each old id with its canonical one; and rows whose key another row of the group had."""
_SHAPES = {
    MERGED: "old_id VARCHAR, old_name VARCHAR, canonical_id VARCHAR, group_id VARCHAR",
    LEFT_OUT: "table_name VARCHAR, old_id VARCHAR, canonical_id VARCHAR, row_as_json VARCHAR",
}


@dataclass(frozen=True)
class Applied:
    """What was merged: groups, ids that gave way, rows of the new book and rows set apart by table, and the invoices
    that a party now issues to itself."""

    groups: int
    ids: int
    rows: dict[str, int]
    set_apart: dict[str, int]
    to_self: int


def apply_groups(source: str | Path, review: Path, out: Path, packs: Sequence[HasTables] = ()) -> Applied:
    """Write a new book in which each accepted group is its canonical party; nothing else changes.

    Rows in = rows out + rows set apart: those stay in the new book's table `merged_rows`, the old ids with their names
    in `merged_parties`. What was scored under an old id (`scores.subject_id`) stays as it was scored. The tables of
    `packs` are taken along.
    """
    writable(out, ".duckdb")
    if out.exists() and Path(source).exists() and out.samefile(source):
        raise Misuse(f"--out: {out}: found the book itself, expected a new one: a merge can't be undone")
    accepted = [d for d in read_review(review) if d.accept == "yes"]
    _refuse_overlaps(review, accepted)
    book = open_book(source, packs)
    names = _names(book, review, accepted)
    with scratch(out) as folder:
        try:
            applied = _write(book, accepted, names, folder / out.name)
        except duckdb.Error as error:
            raise RunFailed(f"{out}: cannot be written: {one_line(error)}") from None
        replace(folder / out.name, out)
    return applied


def _refuse_overlaps(review: Path, accepted: Sequence[Decided]) -> None:
    home: dict[str, str] = {}
    for group in accepted:
        for party in group.party_ids:
            if party in home:
                raise DataRefused(
                    f"{review}: party {party[:40]!r}: found in two accepted groups, {home[party]} and "
                    f"{group.group_id}, expected one"
                )
            home[party] = group.group_id


def _names(book: Book, review: Path, accepted: Sequence[Decided]) -> dict[str, str]:
    """The latest name of each party of an accepted group; refused when the book has no such party."""
    wanted = [p for d in accepted for p in d.party_ids]
    if not wanted:
        return {}
    book.need("parties", "name")
    rows = book.sql(
        "SELECT party_id, max_by(name, (valid_from, known_on)) FILTER (name IS NOT NULL) AS name FROM parties "
        "WHERE list_contains(?, party_id) GROUP BY 1",
        [wanted],
    )
    names = dict(zip(rows["party_id"], rows["name"]))
    if unknown := next((p for p in wanted if p not in names), None):
        raise DataRefused(f"{review}: party {unknown[:40]!r}: not in the book, expected parties of {book.name}")
    return names


def _write(book: Book, accepted: Sequence[Decided], names: dict[str, str], place: Path) -> Applied:
    con = book.connection.cursor()
    views = {r[0] for r in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    tables = {name: table for name, table in book.schema.items() if name in views}
    con.execute(f"ATTACH {literal(place)} AS made")
    _start(con, accepted, names)
    relations = {n: merge_table(con, t, f"new_{LEFT_OUT}") if accepted else n for n, t in tables.items()}
    rows = {n: _create(con, t, relations[n]) for n, t in tables.items()}
    _keep_history(con, bool(accepted))
    con.execute("CREATE TABLE made.meta (key VARCHAR, value VARCHAR)")
    if book.meta:
        con.executemany("INSERT INTO made.meta VALUES (?, ?)", [[k, str(v)] for k, v in book.meta.items()])
    applied = Applied(len(accepted), len(names) - len(accepted), rows, _set_apart(con), _to_self(con, relations))
    con.execute("DETACH made")  # the file is complete and closed before it takes its place
    con.close()
    return applied


def _start(con: duckdb.DuckDBPyConnection, accepted: Sequence[Decided], names: dict[str, str]) -> None:
    """The map of ids, and empty tables for what gives way."""
    rows = [(p, names[p], d.canonical_id, names[d.canonical_id], d.group_id) for d in accepted for p in d.party_ids]
    columns = ("old_id", "old_name", "canonical_id", "canonical_name", "group_id")
    con.register("given", pa.table({c: pa.array([r[i] for r in rows], pa.string()) for i, c in enumerate(columns)}))
    con.execute(f"CREATE TEMP TABLE {MAP} AS SELECT * FROM given")
    con.unregister("given")
    for table, shape in _SHAPES.items():
        con.execute(f"CREATE TEMP TABLE new_{table} ({shape})")
    con.execute(
        f"INSERT INTO new_{MERGED} SELECT old_id, old_name, canonical_id, group_id FROM {MAP} "
        "WHERE old_id <> canonical_id ORDER BY old_id"
    )


def _create(con: duckdb.DuckDBPyConnection, table: Table, relation: str) -> int:
    """Write a table of the new book; its rows."""
    cells, key = (", ".join(map(quoted, names)) for names in (table.names, table.key))
    con.execute(f"CREATE TABLE made.{table.name} AS SELECT {cells} FROM {relation} ORDER BY {key}")
    return int((con.execute(f"SELECT count(*) FROM made.{table.name}").fetchone() or (0,))[0])


def _keep_history(con: duckdb.DuckDBPyConnection, merged: bool) -> None:
    """Write what gave way, after what gave way in earlier merges; those ids follow their party to its new id."""
    for table in _SHAPES:
        earlier = con.execute(
            "SELECT database_name FROM duckdb_tables() WHERE table_name = ? AND database_name <> 'made'", [table]
        ).fetchone()
        if earlier:
            new = f"coalesce((SELECT m.canonical_id FROM {MAP} m WHERE m.old_id = e.canonical_id), e.canonical_id)"
            con.execute(
                f"CREATE TABLE made.{table} AS SELECT * REPLACE ({new} AS canonical_id) FROM {earlier[0]}.{table} e"
            )
            con.execute(f"INSERT INTO made.{table} SELECT * FROM new_{table}")
        elif merged:
            con.execute(f"CREATE TABLE made.{table} AS SELECT * FROM new_{table}")


def _set_apart(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(con.execute(f"SELECT table_name, count(*) FROM new_{LEFT_OUT} GROUP BY 1 ORDER BY 1").fetchall())


def _to_self(con: duckdb.DuckDBPyConnection, relations: dict[str, str]) -> int:
    """Invoices from a party to itself, beyond those the book had."""
    counts = [
        (con.execute(f"SELECT count(*) FROM {r} WHERE client_id = debtor_id").fetchone() or (0,))[0]
        for r in (relations["invoices"], "invoices")
    ]
    return int(counts[0] - counts[1])
