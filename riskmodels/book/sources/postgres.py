"""Tables of a PostgreSQL schema, read through Ibis and a cursor on the server, all as of one moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa

from riskmodels.book.named import listed
from riskmodels.book.sources.address import KEPT_IN, PostgresAddress
from riskmodels.book.sources.relation import one_line
from riskmodels.book.sources.server import BATCH, keep, needed, readable
from riskmodels.book.sources.staged import Staged
from riskmodels.core.errors import DataRefused, Misuse, RiskmodelsError, RunFailed

SECONDS = 10
"""How long a server may take to answer a call."""
LINK = {"connect_timeout": SECONDS, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A server that went away without a word is found out within a minute."""
TABLES = """
    SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition ORDER BY 1"""
SCHEMAS = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1"


def postgres_tables(con: duckdb.DuckDBPyConnection, address: PostgresAddress) -> Staged:
    """The tables and views of the schema, seen in one snapshot, so that payments of this minute find their invoices."""
    backend = _connected(address)
    staged = Staged({}, backend.disconnect)
    try:
        names = [name for (name,) in backend.con.execute(TABLES, [address.schema]).fetchall()]
        if not names:
            _refuse_absent_schema(backend, address)
    except Exception as error:
        raise _told(error, str(address)) from None
    return staged.of({name: partial(_fetched, con, backend, address, name) for name in names})


def _connected(address: PostgresAddress) -> Any:
    """An Ibis backend in a read-only transaction; the password is libpq's to find and never passes through here."""
    psycopg = needed("psycopg", "postgres", address)
    ibis = needed("ibis", "postgres", address)
    try:
        backend = ibis.postgres.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            database=address.database,
            client_encoding="utf8",
            **LINK,
        )
        for setting in ("datestyle = 'ISO, YMD'", "intervalstyle = 'iso_8601'", "synchronize_seqscans = off"):
            backend.con.execute(f"SET {setting}")
        backend.con.read_only = True
        backend.con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        backend.con.autocommit = False
    except psycopg.Error as error:
        raise _unconnected(address, str(error)) from None
    return backend


def _unconnected(address: PostgresAddress, said: str) -> RiskmodelsError:
    """Why there is no connection, as the server or the network said it."""
    if "password" in said or "authentication failed" in said:
        return Misuse(f"{address}: the server refused the user or the password; a password is read from {KEPT_IN}")
    fatal = re.search(r"FATAL:\s*(.+)", said)
    reason = fatal[1] if fatal else said.strip().splitlines()[0].split("failed: ")[-1]
    if fatal and "does not exist" in reason:
        return Misuse(f"{address}: {reason}")
    return RunFailed(f"{address}: no connection: {reason}")


def _refuse_absent_schema(backend: Any, address: PostgresAddress) -> None:
    schemas = [name for (name,) in backend.con.execute(SCHEMAS).fetchall()]
    if address.schema not in schemas:
        raise Misuse(f"{address}: no schema {address.schema!r}; found {listed(schemas) or 'nothing'}")


def _fetched(con: duckdb.DuckDBPyConnection, backend: Any, address: PostgresAddress, name: str) -> str:
    """The relation with a table's rows."""
    where = f"{address}: {name}"
    rows = _Rows(backend)
    try:
        table = readable(backend.table(name, database=(address.schema,)), _native)
        return keep(con, where, name, table.schema().to_pyarrow(), rows.of(table))
    except Exception as error:
        raise _told(error, where, rows.seen) from None


def _native(kind: Any) -> bool:
    """Whether Python and Arrow hold every value of the type.

    An amount may be NaN and a date infinity: as text they reach the parser, which names the row. Both ends write
    numbers, dates and times alike (ISO, UTC), so text from the server is the text DuckDB would make.
    """
    return bool(kind.is_integer() or kind.is_floating() or kind.is_boolean() or kind.is_string())


class _Rows:
    """The rows of a table as they come, and how many came."""

    def __init__(self, backend: Any) -> None:
        self._backend, self.seen = backend, 0

    def of(self, table: Any) -> Iterator[pa.RecordBatch]:
        """The table's rows in batches, each counted as it passes."""
        for batch in self._backend.to_pyarrow_batches(table, chunk_size=BATCH):
            self.seen += batch.num_rows
            yield batch


def _told(error: Exception, where: str, seen: int = 0) -> Exception:
    """The error in the user's words: the server is gone, or what it holds can't be read."""
    import psycopg

    if isinstance(error, RiskmodelsError | duckdb.Error):
        return error
    while isinstance(error.__context__, psycopg.Error):  # closing the cursor after a failure fails too
        error = error.__context__
    if isinstance(error, psycopg.OperationalError):
        return RunFailed(f"{where}: the connection was lost after {seen:,} rows: {one_line(error)}")
    if isinstance(error, psycopg.Error | pa.ArrowException | UnicodeError):
        return DataRefused(f"{where}: cannot be read: {one_line(error)}")
    return error
