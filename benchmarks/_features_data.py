"""The input of the feature benchmark: invoices and payments as two Parquet files, made in chunks, the same every time.

About 50 invoices to a debtor, few debtors with most of them and one with a hundredth of all; some four clients to a
debtor; terms of 30, 60 and 90 days over four years, in the order of issue. Most invoices are paid: early, late, in two
parts, or after a part payment that was taken back; some are unpaid or paid in part. An invoice whose payments add up to
its amount is settled on the day of the last one, so that plain SQL can say when. Amounts are doubles in the files, the
type no engine is slowed down by.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHUNK = 1_000_000
START = np.datetime64("2022-01-01", "D")
DAYS = 1460
WHOLE, PARTS, TAKEN_BACK, IN_PART, UNPAID = range(5)
SHARES = (0.86, 0.08, 0.02, 0.02, 0.02)
Columns = dict[str, Any]
INVOICES = """
    SELECT format('I{:09d}', number) AS invoice_id, format('C{:07d}', client) AS client_id,
        format('D{:07d}', debtor) AS debtor_id, 'CNY' AS currency, cents / 100 AS amount, issued_on, due_on,
        issued_on AS known_on
    FROM given"""
PAYMENTS = """
    SELECT format('P{:09d}-{}', number, part) AS payment_id, format('I{:09d}', number) AS invoice_id, paid_on,
        cents / 100 AS amount, known_on
    FROM given ORDER BY known_on, number, part"""


def main() -> None:
    """Make the input in the folder and of the size that the arguments say."""
    make(Path(sys.argv[1]), int(sys.argv[2]))


def make(folder: Path, n: int) -> None:
    """Write invoices.parquet and payments.parquet of n invoices."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": 2}) as con:
        writers: dict[str, pq.ParquetWriter] = {}
        for start in range(0, n, CHUNK):
            invoices = _invoices(start, min(CHUNK, n - start), n)
            _append(con, writers, folder / "invoices.parquet", INVOICES, invoices)
            _append(con, writers, folder / "payments.parquet", PAYMENTS, _payments(invoices))
    for writer in writers.values():
        writer.close()


def _append(con: Any, writers: dict[str, pq.ParquetWriter], file: Path, query: str, columns: Columns) -> None:
    con.register("given", pa.table(columns))
    table = con.sql(query).to_arrow_table()
    if file.name not in writers:
        writers[file.name] = pq.ParquetWriter(file, table.schema, compression="zstd", compression_level=1)
    writers[file.name].write_table(table, row_group_size=122_880)


def _invoices(start: int, m: int, n: int) -> Columns:
    rng = np.random.default_rng([7, start])
    number = np.arange(start, start + m)
    debtor = 1 + (rng.beta(0.6, 2.0, m) * (n // 50)).astype(np.int64)
    debtor[rng.random(m) < 0.01] = 0
    issued = START + number * DAYS // n
    return {
        "number": number,
        "client": (debtor // 10 + rng.integers(0, 4, m) * 7) % max(n // 500, 1),
        "debtor": debtor,
        "cents": rng.lognormal(13, 1.2, m).astype(np.int64) + 100,
        "issued_on": issued,
        "due_on": issued + rng.choice([30, 60, 90], m),
    }


def _payments(invoices: Columns) -> Columns:
    """One to three payments of each invoice that has any, each known up to two days after it was made."""
    rng = np.random.default_rng([11, int(invoices["number"][0])])
    m, cents = len(invoices["number"]), invoices["cents"]
    fate = rng.choice(5, m, p=SHARES)
    last = invoices["due_on"] + np.round(rng.normal(4, 18, m)).astype(int).clip(-25, 150)
    before = last - rng.integers(12, 20, m)
    half = cents // 2
    first = np.isin(fate, (PARTS, TAKEN_BACK, IN_PART))
    made = (
        (first, before, half, 0),
        (fate == TAKEN_BACK, before, -half, 5),
        (np.isin(fate, (WHOLE, TAKEN_BACK)), last, cents, 0),
        (fate == PARTS, last, cents - half, 0),
    )
    late = rng.integers(0, 3, m)
    parts = [_columns(invoices["number"], part, *kept, late) for part, kept in enumerate(made)]
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def _columns(number: Any, part: int, kept: Any, paid_on: Any, cents: Any, days: int, late: Any) -> Columns:
    known = paid_on + late + days
    every = {"number": number, "part": np.full(len(number), part), "paid_on": paid_on, "known_on": known}
    return {name: column[kept] for name, column in {**every, "cents": cents}.items()}
