"""One small ledger of every type of value, and ways to bring it into each kind of source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

TABLES = {
    "parties": """
        SELECT 'p' || i AS party_id, DATE '2020-01-01' + i AS valid_from,
          CASE i % 4 WHEN 0 THEN '华东重工"甲", 有限公司' WHEN 1 THEN 'O''Neil; Söhne' WHEN 2 THEN '' END AS name,
          CASE WHEN i % 2 = 0 THEN 'debtor' END AS roles, 1000000.5 * i::DECIMAL(18,2) AS registered_capital,
          CASE WHEN i % 3 > 0 THEN i % 3 END AS tier, CASE WHEN i % 5 > 0 THEN i / 8 END::DOUBLE AS founder_score
        FROM (SELECT range::INTEGER AS i FROM range(20))""",
    "facilities": """
        SELECT 'f' || i AS facility_id, DATE '2021-01-01' AS valid_from, 'p1' AS client_id,
          CASE i % 3 WHEN 0 THEN true WHEN 1 THEN false END AS recourse, 'CNY' AS currency,
          (i * 12345.67)::DECIMAL(18,2) AS "limit", (i / 10)::DOUBLE AS advance_rate,
          round(0.1 + i * 1e-7, 7)::DOUBLE AS annual_rate
        FROM (SELECT range::INTEGER AS i FROM range(9))""",
    "invoices": """
        SELECT (1000 + i)::INTEGER AS invoice_id, 'p' || i % 3 AS client_id, 'p' || i % 20 AS debtor_id,
          CASE WHEN i % 2 = 0 THEN ' N-' || i || ' ' ELSE '' END AS number, 'CNY' AS currency,
          (i * i * 0.37 + 0.01)::DECIMAL(18,2) AS amount, DATE '2024-12-20' + i AS issued_on,
          DATE '2025-02-20' + i AS due_on, CASE WHEN i % 7 = 0 THEN DATE '2025-03-01' END AS registered_on,
          CASE WHEN i % 4 > 0 THEN i % 4 = 1 END AS has_contract
        FROM (SELECT range::INTEGER AS i FROM range(300))""",
    "payments": """
        SELECT 'y' || i AS payment_id, (1000 + i)::INTEGER AS invoice_id, DATE '2025-12-31' AS paid_on,
          CASE WHEN i = 5 THEN 12345678901234.56 ELSE 1.10 END::DECIMAL(18,2) AS amount, 'third party' AS payer
        FROM (SELECT range::INTEGER AS i FROM range(150))""",
    "process_log": """
        SELECT 'c' || i AS case_id, CASE WHEN i % 2 = 0 THEN 'contract' ELSE 'funding' END AS stage,
          TIMESTAMP '2025-03-30 23:59:59.125' + INTERVAL (i) HOUR AS started_at,
          CASE WHEN i % 3 = 0 THEN TIMESTAMP '2025-06-01 00:00:00' END AS finished_at
        FROM (SELECT range::INTEGER AS i FROM range(30))""",
}
"""Each table as DuckDB makes it: amounts, fractions, dates, times, flags, absent and empty cells, Chinese, quotes.

Nothing that a workbook can't hold: it keeps milliseconds, and fractions of sixteen digits.
"""


def typed() -> duckdb.DuckDBPyConnection:
    """A connection that holds the ledger in its own types."""
    con = duckdb.connect()
    for name, query in TABLES.items():
        con.execute(f"CREATE TABLE {name} AS {query}")
    return con


def as_duckdb(con: duckdb.DuckDBPyConnection, place: Path) -> Path:
    """The ledger as a DuckDB file that isn't a book yet."""
    con.execute(f"ATTACH '{place}' AS written")
    for name in TABLES:
        con.execute(f"CREATE TABLE written.{name} AS FROM {name}")
    con.execute("DETACH written")
    return place


def as_files(con: duckdb.DuckDBPyConnection, folder: Path, kind: str) -> Path:
    """The ledger as a folder of files."""
    folder.mkdir()
    for name in TABLES:
        con.execute(f"COPY {name} TO '{folder / name}.{kind}'")
    return folder


def as_workbook(con: duckdb.DuckDBPyConnection, place: Path) -> Path:
    """The ledger as sheets of a workbook."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name in TABLES:
        sheet, cursor = book.create_sheet(name), con.execute(f"FROM {name}")
        for row in [[column[0] for column in cursor.description], *cursor.fetchall()]:
            sheet.append(row)
    book.save(place)
    return place


def as_postgres(con: duckdb.DuckDBPyConnection, server: Any, database: str) -> str:
    """The ledger as a database of the server; its address."""
    with server.connect() as link:
        link.execute(f'CREATE DATABASE "{database}"')
    with server.connect(database) as link:
        for name in TABLES:
            columns = [row[:2] for row in con.execute(f"DESCRIBE {name}").fetchall()]
            declared = ", ".join(f'"{c}" {kind.replace("DOUBLE", "double precision")}' for c, kind in columns)
            link.execute(f"CREATE TABLE {name} ({declared})")
            rows = con.execute(f"FROM {name}").fetchall()
            link.cursor().executemany(f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(columns))})", rows)
    return str(server.address(database))


def as_spark(con: duckdb.DuckDBPyConnection, session: Any, folder: Path, database: str) -> str:
    """The ledger as a database of Spark; its address."""
    session.sql(f"CREATE DATABASE {database}")
    for name in TABLES:
        con.execute(f"COPY {name} TO '{folder / name}.parquet'")
        session.sql(f"CREATE TABLE {database}.{name} USING parquet LOCATION '{folder / name}.parquet'")
    return f"spark:{database}"
