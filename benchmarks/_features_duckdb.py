"""The features by DuckDB: running totals by window functions, ASOF joined to each date less each window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from _features_asked import AGES, CROSSED, FLOWS, features

READ = """
    CREATE TABLE debtors AS
        SELECT debtor_id, row_number() OVER (ORDER BY debtor_id)::INTEGER AS debtor
        FROM (SELECT DISTINCT debtor_id FROM read_parquet('{source}/invoices.parquet'));
    CREATE TABLE invoices AS
        SELECT invoice_id, debtor, known_on AS day, due_on, round(amount * 100)::BIGINT AS cents
        FROM read_parquet('{source}/invoices.parquet') JOIN debtors USING (debtor_id);
    CREATE TABLE payments AS
        SELECT invoice_id, paid_on, known_on, round(amount * 100)::BIGINT AS cents
        FROM read_parquet('{source}/payments.parquet');
    CREATE TABLE issued AS SELECT debtor, day, due_on, 1 AS issued, cents AS invoiced FROM invoices;
    CREATE TABLE paid AS
        SELECT debtor, greatest(known_on, day) AS day, due_on, p.cents AS paid
        FROM payments p JOIN invoices USING (invoice_id);
    CREATE TABLE settled AS
        SELECT debtor, greatest(known_on, day) AS day, due_on, 1 AS settled, paid_on - due_on AS days,
            (days > 0)::INTEGER AS late, (days > 30)::INTEGER AS late_30, (days > 60)::INTEGER AS late_60,
            cents AS face, late * cents AS late_face, days * cents AS face_days
        FROM invoices JOIN (
            SELECT invoice_id, max(paid_on) AS paid_on, max(known_on) AS known_on, sum(cents) AS paid
            FROM payments GROUP BY 1) USING (invoice_id)
        WHERE paid >= cents;
    CREATE TABLE spine AS
        SELECT debtor, as_of FROM (SELECT debtor, min(day) AS first FROM issued GROUP BY 1)
        JOIN (SELECT unnest({ends}::DATE[]) AS as_of) ON as_of >= first"""
CROSSING = """
    SELECT debtor, due_on + {next} AS day, invoiced AS past_due_{age}, 1 AS past_due_count FROM issued
    UNION ALL SELECT debtor, greatest(day, due_on + {next}), -paid, 0 FROM paid"""
LEAVING = " UNION ALL SELECT debtor, greatest(day, due_on + 1), 0, -1 FROM settled"
RUNNING = """
    CREATE TABLE running_{name} AS SELECT debtor, day, {totals}
    FROM (SELECT debtor, day, {sums} FROM {facts} GROUP BY ALL)
    WINDOW so_far AS (PARTITION BY debtor ORDER BY day)"""


SETTINGS = {"threads": 2, "memory_limit": "14GB", "preserve_insertion_order": False}


def build(source: Path, ends: Sequence[date], out: Path) -> Path:
    """Write the features of every debtor known at each date."""
    config = {**SETTINGS, "temp_directory": str(out.parent)}
    with duckdb.connect(config=config) as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(READ.format(source=source, ends=[str(d) for d in ends]))
        for name, (values, _windows) in FLOWS.items():
            _run(con, name, name, values)
        for age, values in CROSSED.items():
            facts = CROSSING.format(age=age, next=age + 1) + ("" if age else LEAVING)
            _run(con, f"crossed_{age}", f"({facts})", values)
        rows = con.sql(
            f"SELECT debtor_id, as_of, {', '.join(_sums())} FROM spine JOIN debtors USING (debtor) {' '.join(_joins())}"
        )
        asked = features(_sum, lambda part, whole: duckdb.CaseExpression(whole > 0, part / whole))
        found = [value.cast("DOUBLE").alias(f"debtor_{name}") for name, value in asked.items()]
        rows.select("debtor_id", "as_of", *found).write_parquet(str(out), compression="zstd")
    return out


def _run(con: Any, name: str, facts: str, values: Sequence[str]) -> None:
    sums = ", ".join(f"sum({v})::BIGINT AS {v}" for v in values)
    totals = ", ".join(f"(sum({v}) OVER so_far)::BIGINT AS {v}" for v in values)
    con.execute(RUNNING.format(name=name, facts=facts, sums=sums, totals=totals))


def _lags() -> Iterator[tuple[str, int, Sequence[str]]]:
    for name, (values, windows) in FLOWS.items():
        yield from ((name, lag, values) for lag in (0, *windows))
    yield from ((f"crossed_{age}", 0, CROSSED[age]) for age in AGES)


def _joins() -> Iterator[str]:
    for name, lag, _values in _lags():
        j = f"{name}_{lag}"
        yield f"ASOF LEFT JOIN running_{name} {j} ON spine.debtor = {j}.debtor AND as_of - {lag} >= {j}.day"


def _sums() -> Iterator[str]:
    for name, lag, values in _lags():
        yield from (f"coalesce({name}_{lag}.{v}, 0) AS {v}_{lag}" for v in values)


def _sum(value: str, window: int | None) -> Any:
    total = duckdb.ColumnExpression(f"{value}_0")
    return total - duckdb.ColumnExpression(f"{value}_{window}") if window else total
