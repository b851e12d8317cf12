"""Loads killed at many instants: the old book or the whole new one is there, and the next load works."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from riskmodels.book.load import load
from riskmodels.book.open import open_book
from riskmodels.book.synthetic import synthesise
from tests.certify.campaign import Campaign, Figure, Record, every, none
from tests.certify.killed import Sign, home, instant, killed, seconds


@dataclass(frozen=True)
class Scene:
    """An old book, the source of a new one, what the new one holds, and how long the writing takes."""

    old: Path
    source: Path
    new: str
    seconds: float


def run(seed: int) -> Record:
    """What stands at the book's place after a kill, what lies beside it, and what the next load does."""
    stage = scene()
    with tempfile.TemporaryDirectory(prefix="certify-") as place:
        out = Path(shutil.copy(stage.old, Path(place) / "book.duckdb"))
        dead = killed(_writing(out), instant(seed) * stage.seconds, "load", stage.source, "--out", out)
        found, left = _found(out, stage), _beside(out)
        load(stage.source, out)
        return {"killed": dead, "found": found, "left": left, "next": _found(out, stage), "still": _beside(out)}


def _writing(book: Path) -> Sign:
    """The sign that a load has begun to write: its lock."""
    return Path(f"{book}.lock").exists


def _found(book: Path, stage: Scene) -> str:
    if book.exists() and book.read_bytes() == stage.old.read_bytes():
        return "old"
    try:
        return "new" if open_book(book).fingerprint == stage.new else "half"
    except Exception:  # whatever a broken book raises, it is broken
        return "half"


def _beside(book: Path) -> int:
    return sum(p.name != book.name for p in book.parent.iterdir())


@cache
def scene() -> Scene:
    """The old book and the new source, made once."""
    place = home()
    old, new = place / "old.duckdb", place / "new.duckdb"
    load(_source(place / "first", 300, 1), old)
    source = _source(place / "second", 6_000, 2)
    took = seconds(_writing(new), "load", source, "--out", new)
    return Scene(old, source, open_book(new).fingerprint, took)


def _source(folder: Path, invoices: int, seed: int) -> Path:
    folder.mkdir()
    for name, frame in synthesise(invoices, seed).tables.items():
        frame.to_parquet(folder / f"{name}.parquet")
    return folder


def summary(records: list[Record]) -> list[Figure]:
    """Half books, next loads, and what lies about."""
    n, found = len(records), Counter(r["found"] for r in records)
    return [
        Figure("loads killed before their end", f"{sum(r['killed'] for r in records):,} of {n:,}"),
        none("half or missing books", found["half"], n),
        Figure("old book untouched, new book whole", f"{found['old']:,}, {found['new']:,}"),
        every("next loads that give the new book", sum(r["next"] == "new" for r in records), n),
        Figure("kills that left files beside the book", f"{sum(r['left'] > 0 for r in records):,} of {n:,}"),
        none("kills whose leavings outlive the next load", sum(r["still"] > 0 for r in records), n),
    ]


KILLED_LOADS = Campaign("killed-loads", "A load killed at any instant", run, summary, seeds=200, quick=5)
