"""Real servers for tests: a private PostgreSQL on the loopback, a Spark session on this machine.

Where one can't be had the test is skipped with the reason; on a machine that must run every test (CI is set) it fails.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "pw-only-the-server-knows"
OWNER = "owner"


@dataclass(frozen=True)
class Postgres:
    """A running server that asks for a password."""

    port: int

    def address(self, database: str = "postgres", schema: str | None = None) -> str:
        """The address of a schema, as a user writes it."""
        asked = f"?schema={schema}" if schema else ""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{database}{asked}"

    def connect(self, database: str = "postgres") -> Any:
        """A connection to prepare and to disturb with."""
        import psycopg

        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=OWNER, password=PASSWORD, dbname=database, autocommit=True
        )


def unavailable(reason: str) -> None:
    """Skip the test, or fail it where every test must run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; CI is set, so this is no reason to skip")
    pytest.skip(reason)


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL server of its own in a folder that goes with it."""
    if (initdb := _binary("initdb")) is None:
        unavailable("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    port, folder = _free_port(), Path(tempfile.mkdtemp(prefix="riskmodels-postgres-"))
    data, secret = folder / "data", folder / "password"
    secret.write_text(PASSWORD)
    runner = _unprivileged(folder)
    made = [initdb, "-D", data, "-U", OWNER, "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "--no-sync"]
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_wal_size=4GB"
    control = [_binary("pg_ctl"), "-D", data, "-w"]
    try:
        _run([*runner, *made, "--locale=C.UTF-8"])
        _run([*runner, *control, "-l", folder / "log", "-o", settings, "start"])
        yield Postgres(port)
    finally:
        subprocess.run([*runner, *control, "-m", "immediate", "stop"], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def spark_session(folder: Path) -> Iterator[Any]:
    """A Spark session of one thread on this machine, its tables in the folder."""
    if shutil.which("java") is None:
        unavailable("Java is not installed (Debian: apt-get install default-jre-headless)")
    from pyspark.sql import SparkSession

    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    session = (
        SparkSession.builder.master("local[1]")
        # Small tables: a start without the compilers that only long work repays.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.warehouse.dir", str(folder))
        .getOrCreate()
    )
    try:
        yield session
    finally:
        session.stop()


def _binary(name: str) -> str | None:
    """A program of the server; Debian keeps them off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return shutil.which(name) or (str(debian[-1]) if debian else None)


def _unprivileged(folder: Path) -> list[str]:
    """What goes before a command so that root doesn't run it: a server refuses to be root's."""
    if os.geteuid() != 0:
        return []
    try:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "postgres")
    except LookupError:
        unavailable("PostgreSQL has no user of its own here, and root may not run it")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[Any]) -> None:
    ended = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd="/")
    if ended.returncode:
        unavailable(f"PostgreSQL can't be started: {ended.stderr or ended.stdout}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
