"""A synthetic book on disk, its truth in a file beside it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import duckdb
import pandas as pd

from riskmodels.book.schema import TABLES
from riskmodels.book.synthetic.generate import Synthetic


def write(synthetic: Synthetic, path: str | Path) -> Path:
    """The DuckDB file written, in the schema's types; the truth goes to `<stem>.truth.duckdb`, where no feature looks.

    Each file appears whole or not at all.
    """
    book = Path(path)
    meta = pd.DataFrame({"key": list(synthetic.meta), "value": list(synthetic.meta.values())})
    _write(book.with_name(f"{book.stem}.truth.duckdb"), synthetic.truth, {})
    cells = {name: _cells(name) for name in synthetic.tables}
    _write(book, {**synthetic.tables, "meta": meta}, cells)
    return book


def _write(path: Path, frames: dict[str, pd.DataFrame], cells: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        scratch = Path(folder) / path.name
        with duckdb.connect(str(scratch)) as con:
            for name, frame in frames.items():
                con.register("frame", frame)
                con.execute(f"CREATE TABLE {name} AS SELECT {cells.get(name, '*')} FROM frame")
        os.replace(scratch, path)


def _cells(name: str) -> str:
    """The columns of a book's table, cast to the schema's types."""
    return ", ".join(f'CAST("{c.name}" AS {c.sql_type}) AS "{c.name}"' for c in TABLES[name].columns)
