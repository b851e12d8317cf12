"""Loading CSV files into a book: beside pandas read_csv and to_parquet, which parse as much and check nothing.

A load also refuses bad dates and amounts, repeated keys, orphans and broken rules, sorts by key, and appears whole or
not at all. The second row is the floor: DuckDB, which the load is made of, creating tables from the files when it is
told the types, on as many threads.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from _bench import Row, must_agree, row, run, timed

from riskmodels.book.load import load
from riskmodels.book.open import open_book

SCALES = {"small": 100_000, "full": 1_000_000}
DATES = {"invoices": ["issued_on", "due_on"], "payments": ["paid_on"]}
TYPED = {
    "invoices": {
        **dict.fromkeys(("invoice_id", "client_id", "debtor_id", "currency"), "VARCHAR"),
        **{"amount": "DECIMAL(18,2)", "issued_on": "DATE", "due_on": "DATE"},
    },
    "payments": {"payment_id": "VARCHAR", "invoice_id": "VARCHAR", "paid_on": "DATE", "amount": "DECIMAL(18,2)"},
}


def write_source(n: int, folder: Path) -> Path:
    """A folder with n invoices and their payments as CSV files."""
    rng = np.random.default_rng(3)
    issued = np.datetime64("2022-01-01") + rng.integers(0, 1400, n)
    due = issued + rng.choice([30, 60, 90], n)
    ids, cents = np.char.add("I", np.arange(n).astype(str)), rng.integers(10_000, 10**9, n)
    party = {
        f"{name}_id": np.char.add(name[0], rng.integers(0, n // 50 + 1, n).astype(str)) for name in ("client", "debtor")
    }
    invoices = {"invoice_id": ids, **party, "currency": "CNY", "amount": cents / 100}
    paid = {"payment_id": np.char.add("P", ids), "invoice_id": ids, "paid_on": due + rng.integers(-9, 60, n)}
    folder.mkdir()
    pd.DataFrame({**invoices, "issued_on": issued, "due_on": due}).to_csv(folder / "invoices.csv", index=False)
    pd.DataFrame({**paid, "amount": cents / 100}).to_csv(folder / "payments.csv", index=False)
    return folder


def with_pandas(source: Path, out: Path) -> dict[str, pd.DataFrame]:
    """The tables read with dates parsed, each written to a Parquet file."""
    frames = {name: pd.read_csv(source / f"{name}.csv", parse_dates=dates) for name, dates in DATES.items()}
    for name, frame in frames.items():
        frame.to_parquet(out / f"{name}.parquet")
    return frames


def with_duckdb(source: Path, out: Path) -> None:
    """The tables created in a DuckDB file, each cell cast to its type and nothing looked at."""
    out.unlink(missing_ok=True)
    with duckdb.connect(str(out), config={"threads": 2}) as con:
        for name, columns in TYPED.items():
            types = ", ".join(f"{column}: '{kind}'" for column, kind in columns.items())
            file = f"read_csv('{source / name}.csv', auto_detect=false, header=true, columns={{{types}}})"
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM {file}")


def same(book: Path, frames: dict[str, pd.DataFrame]) -> bool:
    """Whether every cell both have is equal."""
    opened = open_book(book)
    return all(_same_table(opened.frame(name), frame) for name, frame in frames.items())


def _same_table(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    other = theirs.sort_values(theirs.columns[0], ignore_index=True)
    return all((ours[c] == other[c]).all() for c in other)


def measure(n: int) -> list[Row]:
    """The rows of the result."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source, book = write_source(n, folder / "source"), folder / "book.duckdb"
        ours, peer = partial(load, source, book), partial(with_pandas, source, folder)
        floor = partial(with_duckdb, source, folder / "floor.duckdb")
        ours()
        must_agree(same(book, peer()), "loaded tables")
        seconds, _ = timed({"ours": ours, "pandas": peer, "duckdb": floor}, 3)
    who, least = "pandas read_csv + to_parquet, unchecked", "DuckDB CREATE TABLE from typed read_csv: the floor"
    return [
        row("CSV to a checked book", seconds["ours"], seconds["pandas"], who, 0.2, n),
        row("CSV to a checked book", seconds["ours"], seconds["duckdb"], least, None, n),
    ]


def main() -> None:
    """Measure at the scale asked for."""
    run(__doc__, SCALES, measure)


if __name__ == "__main__":
    main()
