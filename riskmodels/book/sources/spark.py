"""Tables of a Spark database, read through Ibis; Arrow batches come to the driver one partition at a time."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa

from riskmodels.book.named import listed
from riskmodels.book.sources.address import SparkAddress
from riskmodels.book.sources.relation import one_line
from riskmodels.book.sources.server import keep, needed, readable
from riskmodels.book.sources.staged import Staged
from riskmodels.core.errors import DataRefused, Misuse, RiskmodelsError, RunFailed

SETTINGS = ("spark.sql.session.timeZone", "spark.sql.mapKeyDedupPolicy", "spark.sql.files.maxPartitionBytes")
"""What is set on the session while a table is read, two of them by Ibis; the session isn't ours."""
PARTITION = str(16 << 20)
"""Bytes of files in one partition: Java holds one, compressed, on its way here."""


def spark_tables(con: duckdb.DuckDBPyConnection, address: SparkAddress) -> Staged:
    """The tables and views of a database of the active session, or of one that the environment describes."""
    needed("pyspark", "spark", address)
    session = _session(address)
    database = ".".join(_quoted(part) for part in address.database.split("."))
    try:
        if not session.catalog.databaseExists(database):
            there = [row[0] for row in session.sql("SHOW DATABASES").collect()]
            raise Misuse(f"{address}: no such database; found {listed(there) or 'nothing'}")
        shown = session.sql(f"SHOW TABLES IN {database}").collect()
    except Exception as error:
        raise _told(error, str(address)) from None
    names = sorted(row.tableName for row in shown if not row.isTemporary)
    makers = {name: partial(_fetched, con, session, f"{address}: {name}", database, name) for name in names}
    return Staged(makers)


def _session(address: SparkAddress) -> Any:
    """The active session, else one of the master that MASTER, PYSPARK_SUBMIT_ARGS or spark-defaults.conf name."""
    from pyspark.sql import SparkSession

    if active := SparkSession.getActiveSession():
        return active
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else its workers lack what this interpreter has
    with _quiet() as noise:
        try:
            session = SparkSession.builder.appName("riskmodels").getOrCreate()
            with suppress(Exception):  # a session over Spark Connect has no log of its own
                session.sparkContext.setLogLevel("ERROR")
            return session
        except Exception as error:
            reason = noise() if "JAVA_GATEWAY_EXITED" in str(error) else one_line(error)
    raise RunFailed(f"{address}: Spark can't be started: {reason}")


@contextmanager
def _quiet() -> Iterator[Callable[[], str]]:
    """A block in which what programs started there write to standard error, now and later, goes to a lost file.

    Yields a way to read the cause from that file: a Java machine that can't start says why nowhere else.
    """
    sys.stderr.flush()
    with tempfile.TemporaryFile() as lost:
        shown = os.dup(2)
        os.dup2(lost.fileno(), 2)
        try:
            yield lambda: _cause(lost)
        finally:
            os.dup2(shown, 2)
            os.close(shown)


def _cause(file: Any) -> str:
    """The first line that isn't a mere warning."""
    file.seek(0)
    lines = file.read().decode(errors="replace").splitlines()
    return next((line.strip() for line in lines if line.strip() and "WARN" not in line), "Java ended without a word")


def _fetched(con: duckdb.DuckDBPyConnection, session: Any, where: str, database: str, name: str) -> str:
    """The relation with a table's rows."""
    ibis = needed("ibis", "spark", where)
    try:
        with _as_it_was(session):
            backend = ibis.pyspark.connect(session, **{SETTINGS[2]: PARTITION})
            table = readable(backend.sql(_query(session, f"{database}.{_quoted(name)}")), _native)
            rows = session.sql(backend.compile(table)).mapInArrow(_packer(), "batch binary")
            return keep(con, where, name, table.schema().to_pyarrow(), _batches(rows))
    except Exception as error:
        raise _told(error, where) from None


def _query(session: Any, table: str) -> str:
    """The SQL that reads a table, with text instead of types Ibis has no name for."""
    cells = ((_quoted(field.name), _known(field.dataType)) for field in session.table(table).schema.fields)
    return f"SELECT {', '.join(c if known else f'CAST({c} AS STRING) AS {c}' for c, known in cells)} FROM {table}"


def _known(kind: Any) -> bool:
    from ibis.backends.pyspark.datatypes import PySparkType

    try:
        return PySparkType.to_ibis(kind) is not None
    except NotImplementedError:
        return False


def _native(kind: Any) -> bool:
    """Whether DuckDB writes the type as text in a way of its own; lists, maps and intervals are Spark's to write."""
    numeric = kind.is_integer() or kind.is_floating() or kind.is_decimal() or kind.is_boolean()
    return bool(numeric or kind.is_string() or kind.is_date() or kind.is_timestamp())


@contextmanager
def _as_it_was(session: Any) -> Iterator[None]:
    """A block after which the session has the settings it had before."""
    before = {name: session.conf.get(name, None) for name in SETTINGS}
    try:
        yield
    finally:
        for name, value in before.items():
            with suppress(Exception):  # a session that broke down inside has its own error to tell
                session.conf.unset(name) if value is None else session.conf.set(name, value)


def _packer() -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What each worker does: wrap an Arrow batch as one cell, which toLocalIterator brings over without Python rows.

    A local function travels to the workers by value: they need pyarrow, not this package.
    """

    def pack(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow

        squeezed = pyarrow.ipc.IpcWriteOptions(compression="zstd")
        for batch in batches:
            sink = pyarrow.BufferOutputStream()
            with pyarrow.ipc.new_stream(sink, batch.schema, options=squeezed) as stream:
                stream.write_batch(batch)
            cell = pyarrow.array([sink.getvalue().to_pybytes()], pyarrow.binary())
            yield pyarrow.RecordBatch.from_arrays([cell], names=["batch"])

    return pack


def _batches(rows: Any) -> Iterator[pa.RecordBatch]:
    for row in rows.toLocalIterator():
        yield from pa.ipc.open_stream(bytes(row.batch))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _told(error: Exception, where: str) -> Exception:
    """The error in the user's words: what Spark can't read, or that it broke down."""
    from pyspark.errors import AnalysisException, PySparkException

    if isinstance(error, RiskmodelsError | duckdb.Error):
        return error
    if isinstance(error, AnalysisException | pa.ArrowException):
        return DataRefused(f"{where}: cannot be read: {one_line(error)}")
    if isinstance(error, PySparkException) or type(error).__module__.startswith("py4j"):
        return RunFailed(f"{where}: Spark broke down: {_root(error)}")
    return error


def _root(error: Exception) -> str:
    """The first cause in Java, which the error itself only points to; a Java machine that is gone has none."""
    with suppress(Exception):
        java = error.java_exception  # type: ignore[attr-defined]
        while java.getCause() is not None:
            java = java.getCause()
        return str(java.toString()).splitlines()[0]
    return one_line(error)
