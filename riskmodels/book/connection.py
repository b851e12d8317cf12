"""Settings that make a DuckDB connection answer alike on every machine, and without a word of its own."""

from __future__ import annotations

import duckdb


def settled(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The connection, with zone-aware times told in UTC and no progress bar of DuckDB's own.

    DuckDB draws a bar where it believes that somebody looks on; a notebook without ipywidgets has none, and there the
    setting can't even be changed.
    """
    con.execute("SET TimeZone = 'UTC'")
    if con.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(True,)]:
        con.execute("SET enable_progress_bar = false")
    return con
