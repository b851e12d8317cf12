"""The steps of a load, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as ByName
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from riskmodels.book.defects import FACTS_HANG_ON, drop_defective, find_defects, make_defects
from riskmodels.book.load.merge import Before, Met, attach_before, copy_others, meet, merge
from riskmodels.book.load.outcome import Loaded
from riskmodels.book.load.parts import Source, blamed, ignored, parts_of, staged_sources, unused
from riskmodels.book.load.place import place_apart, replace, scratch
from riskmodels.book.load.progress import Progress, Steps
from riskmodels.book.load.refuse import defective, keep_apart, refuse_defects
from riskmodels.book.load.store import keep_parsed, main_currency, write_meta
from riskmodels.book.mapping import Format, Mapping
from riskmodels.book.parse import Parsed, Part, parse_table
from riskmodels.book.schema import REQUIRED_TABLES, HasTables, Table, with_packs
from riskmodels.book.sources import located, name_of, one_line
from riskmodels.core.errors import DataRefused, Misuse, RunFailed

MEMORY = "1GB"
"""What DuckDB may hold; what is more goes to files in the scratch folder."""


@dataclass(frozen=True)
class Job:
    """What a load was asked to do."""

    sources: tuple[Source, ...]
    out: Path
    schema: ByName[str, Table]
    mapping: Mapping | None
    apart: Path | None
    append: bool
    known_on: date | None
    progress: Progress | None


def load(
    sources: Source | Sequence[Source],
    out: Path,
    mapping: Mapping | None = None,
    set_aside: Path | None = None,
    *,
    packs: Sequence[HasTables] = (),
    append: bool = False,
    known_on: date | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Read sources into the book file `out`; without a mapping they must have our own names.

    `packs` add their tables to the house's. Rows that break the contract refuse the load, unless `set_aside` names
    the CSV file that keeps them with reasons. `append` adds to the book at `out`: rows it has are skipped, cells
    revealed since are filled in, contradictions are refused. `known_on` is the day the sources arrived: rows that don't
    say themselves when they were known were known no sooner. Whatever was at `out` and at `set_aside` stays until the
    new book is complete.
    """
    given = (sources,) if isinstance(sources, str | Path) else tuple(sources)
    apart = place_apart(given, set_aside)
    job = Job(given, out, with_packs(packs), mapping, apart, append, known_on, progress)
    try:
        with scratch(out) as folder:
            with _connected(folder, out) as con:
                loaded = _load(con, job)
            if loaded.changed or not append:
                replace(folder / out.name, out)
        if apart and set_aside and apart.exists():
            replace(apart, set_aside)
    finally:
        if apart:
            apart.unlink(missing_ok=True)
    return loaded


@contextmanager
def _connected(folder: Path, out: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the book in the making, within bounds of memory."""
    config = {"threads": 2, "memory_limit": MEMORY, "temp_directory": str(folder / "spilled")}
    try:
        with duckdb.connect(str(folder / out.name), config=config) as con:
            yield con
    except duckdb.Error as error:
        raise RunFailed(f"{out}: the book can't be made: {one_line(error)}") from None


def _load(con: duckdb.DuckDBPyConnection, job: Job) -> Loaded:
    """What was loaded into the connection's database, in parsed tables first, then in those of a book."""
    before = _before(con, job) if job.append else None
    staged = staged_sources(con, job.sources, job.mapping)
    parts = parts_of(con, staged, job.mapping, job.schema, before.tables if before else ())
    steps = Steps(con, job.progress, len(parts) + 1)
    make_defects(con)
    tables: dict[str, Parsed] = {}
    met: dict[str, Met] = {}
    for name, rows in parts.items():
        with steps.step():
            tables[name] = _parsed(con, job, name, rows)
            find_defects(con, tables[name], _homes(tables, before))
            drop_defective(con, tables[name])
            met[name] = meet(con, tables[name], before) if before else Met()
    _settle(con, job, tables)
    loaded = _outcome(con, tables, met, unused(con, tables.values()), ignored(staged, job.mapping, job.schema))
    if before is None or loaded.changed:
        with steps.step():
            _store(con, job, tables, before)
    return loaded


def _before(con: duckdb.DuckDBPyConnection, job: Job) -> Before:
    """The book to append to."""
    places = [place.resolve() for place in map(located, job.sources) if isinstance(place, Path)]
    if job.out.resolve() in places:
        raise Misuse(f"--append: {job.out}: found among the sources, expected other files to append to it")
    return attach_before(con, job.out, job.schema)


def _parsed(con: duckdb.DuckDBPyConnection, job: Job, name: str, parts: list[Part]) -> Parsed:
    try:
        return parse_table(con, job.schema[name], parts, job.mapping.format if job.mapping else Format(), job.known_on)
    except duckdb.Error as error:
        raise blamed(con, parts, error) from None


def _homes(tables: dict[str, Parsed], before: Before | None) -> list[str]:
    """The relations of the invoices that facts may hang on."""
    old = before.tables.get(FACTS_HANG_ON) if before else None
    new = tables[FACTS_HANG_ON].relation if FACTS_HANG_ON in tables else None
    return [home for home in (old, new) if home]


def _settle(con: duckdb.DuckDBPyConnection, job: Job, tables: dict[str, Parsed]) -> None:
    """Refuse broken rows or keep them apart; refuse a book without rows."""
    empty = [] if job.append else [t for t in REQUIRED_TABLES if t not in tables or not _rows(con, tables[t])]
    if job.apart is None or (empty and defective(con)):
        refuse_defects(con, tables)
    if empty:
        where = tables[empty[0]].parts[0].source if empty[0] in tables else job.out
        raise DataRefused(f"{where}: {empty[0]}: found no rows, expected at least one")
    if job.apart is not None and defective(con):
        keep_apart(con, tables.values(), job.apart)


def _outcome(
    con: duckdb.DuckDBPyConnection,
    tables: dict[str, Parsed],
    met: dict[str, Met],
    unused: tuple[str, ...],
    ignored: tuple[str, ...],
) -> Loaded:
    parsed = {name: _rows(con, table) for name, table in tables.items()}
    skipped = {name: m.skipped for name, m in met.items()}
    completed = {name: m.completed for name, m in met.items()}
    added = {name: n - met[name].still for name, n in parsed.items()}
    rows = {name: added[name] + skipped[name] + completed[name] for name in tables}
    return Loaded(rows, defective(con), unused, ignored, added, skipped, completed)


def _rows(con: duckdb.DuckDBPyConnection, parsed: Parsed) -> int:
    return int((con.execute(f"SELECT count(*) FROM {parsed.relation}").fetchone() or (0,))[0])


def _store(con: duckdb.DuckDBPyConnection, job: Job, tables: dict[str, Parsed], before: Before | None) -> None:
    """The tables of the book and what it says of itself; an old book's currency stays."""
    home = _homes(tables, before)[0]
    said = before.meta if before else {}
    facts = {
        "source": _named(job, said.get("source", "")),
        "currency": said.get("currency") or main_currency(con, home),
    }
    if before:
        for name, table in job.schema.items():
            if name in tables or name in before.tables:
                merge(con, table, tables.get(name), before)
        copy_others(con, before)
    con.begin()  # one commit: each would wait for the disk
    if not before:
        keep_parsed(con, tables.values())
    write_meta(con, {**said, **facts})
    con.commit()
    con.execute("CHECKPOINT")


def _named(job: Job, before: str) -> str:
    """The names of the sources, those of earlier loads first, each once."""
    names = [*filter(None, before.split(", ")), *map(name_of, job.sources)]
    return ", ".join(dict.fromkeys(names))
