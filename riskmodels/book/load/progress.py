"""How far a load is, asked of DuckDB while it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import duckdb

Progress = Callable[[int, int], None]
"""Told how much is done, of how much."""
_EVERY = 0.2
_PARTS = 100


class Steps:
    """Tells `progress` of each step's share as DuckDB reports it; the steps count alike."""

    def __init__(self, con: duckdb.DuckDBPyConnection, progress: Progress | None, steps: int) -> None:
        self._con, self._progress, self._steps, self._done = con, progress, steps, 0
        if progress is not None:
            with suppress(duckdb.InvalidInputException):  # a notebook without ipywidgets allows neither
                con.execute("SET enable_progress_bar = true")
                con.execute("SET enable_progress_bar_print = false")

    @contextmanager
    def step(self) -> Iterator[None]:
        """One step: what runs in the block."""
        if self._progress is None:
            yield
            return
        over = Event()
        watch = Thread(target=self._watch, args=(over, self._progress), daemon=True)
        watch.start()
        try:
            yield
        finally:
            over.set()
            watch.join()
        self._done += 1
        self._progress(self._done * _PARTS, self._steps * _PARTS)

    def _watch(self, over: Event, progress: Progress) -> None:
        while not over.wait(_EVERY):
            share = min(max(self._con.query_progress(), 0.0), 100.0)
            progress(self._done * _PARTS + int(share), self._steps * _PARTS)
