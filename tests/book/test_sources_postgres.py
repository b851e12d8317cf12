"""A PostgreSQL schema as a source: one snapshot, names that are only names, no password anywhere, clean ends."""

from __future__ import annotations

import gc
import logging
import socket
import time
from itertools import count
from urllib.parse import quote

import duckdb
import pytest

from riskmodels.book.load import load
from riskmodels.book.open import open_book
from riskmodels.book.sources import columns_of, quoted, stage
from riskmodels.book.sources import postgres as module
from riskmodels.core.errors import DataRefused, Misuse, RiskmodelsError, RunFailed
from tests.servers import OWNER, PASSWORD

SERIAL = count()
INVOICES = """
    CREATE TABLE invoices (invoice_id text, client_id text, debtor_id text, currency text, amount numeric,
      issued_on date, due_on date)"""
INVOICE = "INSERT INTO invoices VALUES ('i1', 'c1', 'd1', 'CNY', 5, '2025-01-05', '2025-03-05')"
MANY = """
    INSERT INTO invoices SELECT 'i' || i, 'c1', 'd1', 'CNY', 5, '2025-01-05', '2025-03-05'
    FROM generate_series(1, 50000) i"""


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)


@pytest.fixture
def link(postgres):
    """A connection to a database of the test's own, and its address as `link.address`."""
    name = f"db_{next(SERIAL)}"
    with postgres.connect() as boss:
        boss.execute(f"CREATE DATABASE {name}")
    with postgres.connect(name) as connection:
        connection.name_of_database = name
        yield connection
    with postgres.connect() as boss:
        boss.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        yield connection


def test_a_name_is_only_a_name(con, link, postgres):
    schema, table, column = 'we"ird 库; DROP TABLE t', "In'voices \"账 %s", '名"'
    link.execute(f"CREATE SCHEMA {quoted(schema)}")
    there = f"{quoted(schema)}.{quoted(table)}"
    link.execute(f'CREATE TABLE {there} ("b c" int, {quoted(column)} text)')
    link.execute(f"INSERT INTO {there} VALUES (1, '公司')")
    staged = stage(con, postgres.address(link.name_of_database, quote(schema)))
    assert list(staged) == [table]
    assert columns_of(con, staged[table]) == ["b c", column]
    assert con.execute(f"FROM {staged[table]}").fetchall() == [(1, "1", "公司")]


def test_a_schema_that_is_a_command_is_only_absent(con, link, postgres):
    link.execute(INVOICES)
    hostile = quote("public'; DROP TABLE invoices; --")
    with pytest.raises(Misuse, match=r"no schema .*; found information_schema, public"):
        stage(con, postgres.address(link.name_of_database, hostile))
    assert link.execute("SELECT count(*) FROM invoices").fetchall() == [(0,)]


def test_values_python_cannot_hold_arrive_as_text_for_the_parser_to_refuse(con, link, postgres):
    link.execute("CREATE TABLE t (n numeric, d date, a timestamp, z timestamptz, j jsonb, many int[], i interval)")
    link.execute("INSERT INTO t VALUES ('NaN', 'infinity', '-infinity', '2025-01-05 08:00+08', '{}', '{1}', '1 day')")
    relation = stage(con, postgres.address(link.name_of_database))["t"]
    assert con.execute(f"SELECT * EXCLUDE _row FROM {relation}").fetchall() == [
        ("NaN", "infinity", "-infinity", "2025-01-05 00:00:00+00", "{}", "{1}", "P1D")
    ]


def test_types_of_the_database_itself_come_as_it_writes_them(con, link, postgres):
    link.execute("CREATE DOMAIN cents AS numeric(10, 0); CREATE TYPE mood AS ENUM ('sad')")
    link.execute("CREATE TYPE pair AS (a int, b text)")
    cells = "5::cents AS c, 'sad'::mood AS m, row(1, 'x')::pair AS p, '[1,2)'::int4range AS r"
    link.execute(f"CREATE TABLE odd AS SELECT {cells}")
    odd = stage(con, postgres.address(link.name_of_database))["odd"]
    assert con.execute(f"FROM {odd}").fetchall() == [(1, "5", "sad", "(1,x)", "[1,2)")]


def test_a_bad_value_is_refused_at_its_row(link, postgres, tmp_path):
    link.execute(INVOICES)
    link.execute(INVOICE)
    link.execute("INSERT INTO invoices VALUES ('i2', 'c1', 'd1', 'CNY', 'NaN', '2025-01-05', '2025-03-05')")
    with pytest.raises(DataRefused, match=r"invoices row 2: amount: found 'NaN', expected an amount"):
        load(postgres.address(link.name_of_database), tmp_path / "b.duckdb")


def test_only_tables_that_are_asked_for_are_fetched(con, link, postgres):
    link.execute("CREATE TABLE t (a int)")
    link.execute("CREATE VIEW broken AS SELECT 1 / (random() * 0)::int AS a")
    link.execute("CREATE TABLE whole (a int) PARTITION BY RANGE (a)")
    link.execute("CREATE TABLE part PARTITION OF whole FOR VALUES FROM (0) TO (9)")
    staged = stage(con, postgres.address(link.name_of_database))
    assert list(staged) == ["broken", "t", "whole"]
    assert con.execute(f"FROM {staged['t']}").fetchall() == []
    with pytest.raises(DataRefused, match="broken: cannot be read: division by zero"):
        staged["broken"]


def test_all_tables_are_of_one_moment(con, link, postgres):
    link.execute("CREATE TABLE a (n int)")
    link.execute("CREATE TABLE b (n int)")
    staged = stage(con, postgres.address(link.name_of_database))
    link.execute("INSERT INTO a VALUES (1)")
    link.execute("INSERT INTO b VALUES (1)")
    assert [con.execute(f"FROM {staged[name]}").fetchall() for name in "ab"] == [[], []]


def test_the_source_is_let_go_when_nobody_holds_it(con, link, postgres):
    link.execute("CREATE TABLE t AS SELECT 1 AS n")
    staged = stage(con, postgres.address(link.name_of_database))
    relation = staged["t"]
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    assert link.execute(others).fetchall() == [(1,)]
    del staged
    gc.collect()
    until = time.monotonic() + 5
    while link.execute(others).fetchall() != [(0,)] and time.monotonic() < until:
        time.sleep(0.02)
    assert link.execute(others).fetchall() == [(0,)]
    assert con.execute(f"FROM {relation}").fetchall() == [(1, "1")]


def test_a_connection_lost_half_way_leaves_the_old_book(link, postgres, tmp_path, monkeypatch):
    link.execute(INVOICES)
    link.execute(INVOICE)
    address, out = postgres.address(link.name_of_database), tmp_path / "b.duckdb"
    load(address, out)
    before = out.read_bytes()
    link.execute(f"TRUNCATE invoices; {MANY}")
    monkeypatch.setattr(module, "BATCH", 1000)
    _cut_after(2, link, monkeypatch)
    with pytest.raises(RunFailed, match=r"invoices: the connection was lost after 2,000 rows") as lost:
        load(address, out)
    assert "\n" not in str(lost.value)
    assert lost.value.exit_code == 40
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["b.duckdb"]


def test_a_server_that_does_not_answer_is_given_up(con, monkeypatch):
    monkeypatch.setitem(module.LINK, "connect_timeout", 2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        begun = time.monotonic()
        with pytest.raises(RunFailed, match=r"no connection: .*timeout"):
            stage(con, f"postgresql://ann@127.0.0.1:{deaf.getsockname()[1]}/ledger")
    assert time.monotonic() - begun < 8


def test_a_table_one_may_not_read_is_refused(con, link, postgres, monkeypatch):
    link.execute("CREATE TABLE t (a int); DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'other'")
    monkeypatch.setenv("PGPASSWORD", "other")
    staged = stage(con, postgres.address(link.name_of_database).replace(OWNER, "guest"))
    with pytest.raises(DataRefused, match="t: cannot be read: permission denied"):
        staged["t"]


@pytest.mark.parametrize(
    ("change", "kind", "said"),
    [
        (("postgres", "nowhere"), Misuse, 'database "nowhere" does not exist'),
        ((OWNER, "nobody"), Misuse, "the server refused the user or the password"),
        (("?", "?schema=nowhere"), Misuse, "no schema 'nowhere'; found"),
        (("127.0.0.1", "nohost.invalid"), RunFailed, "no connection: "),
        (("PORT", "1"), RunFailed, "no connection: Connection refused"),
        (("?", "?schema=information_schema"), DataRefused, "no table invoices"),
        (("?", "?schema=empty"), DataRefused, "nothing to read; expected tables"),
    ],
)
def test_each_way_to_miss_is_one_line_and_leaves_the_old_book(postgres, tmp_path, change, kind, said):
    with postgres.connect() as boss:
        boss.execute("CREATE SCHEMA IF NOT EXISTS empty")
    base = f"{postgres.address()}?"
    old, new = (str(postgres.port) if part == "PORT" else part for part in change)
    address = f"postgresql://{base.removeprefix('postgresql://').replace(old, new)}".removesuffix("?")
    (tmp_path / "b.duckdb").write_text("the old book")
    with pytest.raises(kind, match=said) as refused:
        load(address, tmp_path / "b.duckdb")
    assert "\n" not in str(refused.value)
    assert (tmp_path / "b.duckdb").read_text() == "the old book"


def test_a_password_file_and_a_service_are_read_as_libpq_reads_them(con, postgres, tmp_path, monkeypatch):
    monkeypatch.delenv("PGPASSWORD")
    with pytest.raises(Misuse, match=r"a password is read from PGPASSWORD, ~/.pgpass"):
        stage(con, postgres.address(schema="information_schema"))
    secret = tmp_path / "pgpass"
    secret.write_text(f"127.0.0.1:{postgres.port}:*:{OWNER}:{PASSWORD}\n")
    secret.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(secret))
    assert "tables" in stage(con, postgres.address(schema="information_schema"))
    monkeypatch.delenv("PGPASSFILE")
    services = tmp_path / "services"
    services.write_text(f"[ledger]\nhost=127.0.0.1\nport={postgres.port}\nuser={OWNER}\npassword={PASSWORD}\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.setenv("PGSERVICE", "ledger")
    assert "tables" in stage(con, "postgresql:///postgres?schema=information_schema")


def test_no_password_is_in_anything_that_is_said_logged_or_kept(link, postgres, tmp_path, monkeypatch, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    link.execute(INVOICES)
    link.execute(INVOICE)
    address = postgres.address(link.name_of_database)
    load(address, tmp_path / "b.duckdb")
    book = open_book(address)
    said = [repr(book), str(book.meta), repr(vars(book))]
    for wrong, secret in ((address, "no-such-pw"), (address.replace(str(postgres.port), "1"), PASSWORD)):
        monkeypatch.setenv("PGPASSWORD", secret)
        with pytest.raises(RiskmodelsError) as refused:
            load(wrong, tmp_path / "b.duckdb")
        said += [repr(error) for error in _chain(refused.value)]
    said += [caplog.text, *capfd.readouterr()]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (PASSWORD, "no-such-pw"):
        assert secret not in "".join(said)
        assert secret.encode() not in kept
    assert OWNER not in str(open_book(tmp_path / "b.duckdb").meta)
    assert open_book(tmp_path / "b.duckdb").meta["source"] == book.meta["source"] == address.replace(f"{OWNER}@", "")


def _cut_after(batches: int, link, monkeypatch) -> None:
    """Let the server end the reader's connection once it has sent some batches."""
    whole = module._Rows.of

    def cut(rows, table):
        for number, batch in enumerate(whole(rows, table), 1):
            yield batch
            if number == batches:
                others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                link.execute(f"SELECT pg_terminate_backend(pid) {others}")

    monkeypatch.setattr(module._Rows, "of", cut)


def _chain(error: BaseException | None) -> list[BaseException]:
    return [] if error is None else [error, *_chain(error.__cause__), *_chain(error.__context__)]
