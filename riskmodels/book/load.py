"""A source becomes a book: staged as text, parsed, held against the contract, written whole or not at all."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from riskmodels.book.defects import drop_defective, find_defects, make_defects
from riskmodels.book.mapping import Mapping, native
from riskmodels.book.parse import parse_table, used_columns
from riskmodels.book.schema import REQUIRED_TABLES, TABLES
from riskmodels.book.sources import ROW, columns_of, quoted, stage
from riskmodels.core.errors import DataRefused, Locked, Misuse
from riskmodels.core.paths import writable

ORDER = ("invoices", *(t for t in TABLES if t != "invoices"))
"""Invoices first: the other facts hang on them."""
LONGEST = 80
"""Characters of a cell that a message shows."""


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows kept and set aside by table, and source columns no table uses."""

    rows: dict[str, int]
    set_aside: dict[str, int]
    unused: tuple[str, ...]


def load(path: Path, out: Path, mapping: Mapping | None = None, set_aside: Path | None = None) -> Loaded:
    """Read a source into the book file `out`; without a mapping it must have our own names.

    Rows that break the contract refuse the load, unless `set_aside` names the CSV file that keeps them with reasons.
    Whatever was at `out` and at `set_aside` stays until the new book is complete.
    """
    apart = _place_apart(path, set_aside)
    try:
        with _scratch(out) as scratch, duckdb.connect(str(scratch)) as con:
            loaded = parse_source(con, path, mapping, apart)
            _write(con, path)
        if apart and set_aside and apart.exists():
            replace(apart, set_aside)
    finally:
        if apart:
            apart.unlink(missing_ok=True)
    return loaded


def parse_source(
    con: duckdb.DuckDBPyConnection, path: Path, mapping: Mapping | None, set_aside: Path | None = None
) -> Loaded:
    """Parse a source into clean tables parsed_... on the connection, or refuse it in one line."""
    con.execute("SET preserve_insertion_order = true")
    staged = stage(con, path, mapping.format.encoding if mapping else "utf-8")
    mapping = mapping or _native(con, path, staged)
    make_defects(con)
    sources = {t: _source_of(path, staged, t, mapping) for t in ORDER if t in mapping.tables}
    for name, relation in sources.items():
        parse_table(con, name, mapping.tables[name], mapping.format, relation, str(path))
        find_defects(con, TABLES[name])
        drop_defective(con, TABLES[name])
    _refuse_or_set_aside(con, path, sources, set_aside)
    _refuse_empty(con, path, list(sources))
    return Loaded(_count(con, list(sources)), _defective(con), _unused(con, mapping, sources))


def _native(con: duckdb.DuckDBPyConnection, path: Path, staged: dict[str, str]) -> Mapping:
    ours = [t for t in TABLES if t in staged]
    if missing := [t for t in REQUIRED_TABLES if t not in ours]:
        found = ", ".join(sorted(staged))
        raise DataRefused(f"{path}: no table {missing[0]}; found {found}; for other names give a mapping")
    tables = native(ours).tables
    for name in ours:
        found_columns = columns_of(con, staged[name])
        needed = [c for c in TABLES[name].required if c != "known_on" and c not in found_columns]
        if needed:
            raise DataRefused(f"{path}: {name}: missing columns {', '.join(needed)}; it has {', '.join(found_columns)}")
        for column in set(tables[name].columns) - set(found_columns):
            del tables[name].columns[column]
    return Mapping(tables=tables)


def _source_of(path: Path, staged: dict[str, str], table: str, mapping: Mapping) -> str:
    wanted = mapping.tables[table].source
    if wanted is None and len(staged) == 1:
        return next(iter(staged.values()))
    if wanted not in staged:
        said = f"no sheet, file or table {wanted!r}" if wanted else "several sheets, files or tables, and none is named"
        raise DataRefused(f"{path}: {table}: {said}; found {', '.join(sorted(staged))}")
    return staged[wanted]


def _refuse_or_set_aside(
    con: duckdb.DuckDBPyConnection, path: Path, sources: dict[str, str], set_aside: Path | None
) -> None:
    order = " ".join(f"WHEN '{t}' THEN {i}" for i, t in enumerate(ORDER))
    first = con.execute(
        "SELECT table_name, row, column_name, found, expected FROM defects "
        f"ORDER BY CASE table_name {order} END, row LIMIT 1"
    ).fetchone()
    if first is None:
        return
    left = _count(con, list(sources))
    if set_aside is not None and all(left.get(t) for t in REQUIRED_TABLES):
        _keep_apart(con, sources, set_aside)
        return
    table, row, column, found, expected = first
    total = con.execute("SELECT count(DISTINCT (table_name, row)) FROM defects").fetchone()
    others = (total[0] if total else 1) - 1
    more = f"; {others:,} more rows are refused (--set-aside FILE keeps them apart)" if others else ""
    raise DataRefused(f"{path}: {table} row {row}: {column}: found {_short(found)!r}, expected {expected}{more}")


def _short(found: str | None) -> str:
    """A cell's text as a message shows it: its beginning."""
    text = found or "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text):,} characters)"


def _place_apart(path: Path, set_aside: Path | None) -> Path | None:
    """Where refused rows are written while the load runs; a file of the source itself is never their place."""
    if set_aside is None:
        return None
    writable(set_aside, ".csv", where="--set-aside")
    source, place = path.resolve(), set_aside.resolve()
    if place == source or place.parent == source:
        raise Misuse(f"--set-aside: {set_aside}: found a place in the source, expected one outside it")
    return set_aside.with_name(f".{set_aside.name}.{os.getpid()}")


def _keep_apart(con: duckdb.DuckDBPyConnection, sources: dict[str, str], file: Path) -> None:
    """Write each refused row once per table: table, row, its reasons, and the row as it came."""
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        for table, relation in sources.items():
            reasons = (
                "string_agg(column_name || ': found ' || coalesce(found, 'nothing') || ', expected ' || expected, '; ')"
            )
            cursor = con.execute(
                f"SELECT '{table}' AS table_name, reasons AS reason, s.* FROM {relation} s JOIN "
                f"(SELECT row, {reasons} AS reasons FROM defects WHERE table_name = '{table}' GROUP BY row) d "
                f"ON s.{ROW} = d.row ORDER BY s.{ROW}"
            )
            rows = cursor.fetchall()
            if rows:
                writer.writerow(["row" if d[0] == ROW else d[0] for d in cursor.description])
                writer.writerows(rows)


def _refuse_empty(con: duckdb.DuckDBPyConnection, path: Path, tables: list[str]) -> None:
    counts = _count(con, tables)
    for name in REQUIRED_TABLES:
        if not counts.get(name):
            raise DataRefused(f"{path}: {name}: found no rows, expected at least one")


def _count(con: duckdb.DuckDBPyConnection, tables: list[str]) -> dict[str, int]:
    return {t: (con.execute(f"SELECT count(*) FROM parsed_{t}").fetchone() or (0,))[0] for t in tables}


def _defective(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    rows = con.execute("SELECT table_name, count(DISTINCT row) FROM defects GROUP BY 1 ORDER BY 1").fetchall()
    return dict(rows)


def _unused(con: duckdb.DuckDBPyConnection, mapping: Mapping, sources: dict[str, str]) -> tuple[str, ...]:
    found = {c for relation in sources.values() for c in columns_of(con, relation)}
    used = {c for t in sources for c in used_columns(mapping.tables[t])}
    return tuple(sorted(found - used))


def _write(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The clean tables in schema order and types, sorted by key; staging lived in temporary tables and is gone."""
    present = {r[0] for r in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}
    facts = {"source": path.name, "currency": main_currency(con)}
    for name in TABLES:
        if f"parsed_{name}" in present:
            write_table(con, name, f"parsed_{name}")
            con.execute(f"DROP TABLE parsed_{name}")
    con.execute("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
    con.executemany("INSERT INTO meta VALUES (?, ?)", list(facts.items()))
    con.execute("CHECKPOINT")


def main_currency(con: duckdb.DuckDBPyConnection) -> str:
    """The currency of most invoices, pinned with the book: later rows may not change what was computed."""
    query = "SELECT currency FROM parsed_invoices GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    return str((con.execute(query).fetchone() or ("",))[0])


def write_table(con: duckdb.DuckDBPyConnection, name: str, relation: str) -> None:
    """Create the book table `name` from a relation that has some of its columns."""
    table = TABLES[name]
    found = set(columns_of(con, relation))
    cells = ", ".join(
        f"CAST({quoted(c.name) if c.name in found else 'NULL'} AS {c.sql_type}) AS {quoted(c.name)}"
        for c in table.columns
    )
    order = ", ".join(quoted(k) for k in table.key)
    con.execute(f"CREATE TABLE {name} AS SELECT {cells} FROM {relation} ORDER BY {order}")


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """A path beside `out` that takes its place when the block ends well, and is removed when it doesn't."""
    writable(out, ".duckdb")
    lock = FileLock(f"{out}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Locked(f"{out}: another load is writing it") from None
    folder = out.with_name(f".{out.name}.loading")
    shutil.rmtree(folder, ignore_errors=True)  # what a killed load left: the lock says that nobody works on it
    folder.mkdir()
    try:
        yield folder / out.name
        replace(folder / out.name, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)


def replace(new: Path, old: Path) -> None:
    """Put a finished file in the place of another, so that a crash leaves one or the other."""
    with new.open("rb") as handle:
        os.fsync(handle.fileno())
    new.replace(old)
    folder = os.open(old.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
