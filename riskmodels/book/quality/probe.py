"""Row checks: conditions that rows must not meet, counted for all checks in one pass per table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskmodels.book.book import Book
from riskmodels.book.schema import Column
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _

EXAMPLES = 5
"""How many offending rows a check names, so that a reader can go and look."""

Check = Callable[[Book, Mapping[str, Limits]], CheckResult]


@dataclass(frozen=True)
class Probe:
    """Rows of a table at fault: `broken` is a SQL condition, `label` says of what."""

    table: str
    label: str
    broken: str


@dataclass(frozen=True)
class Fault:
    """How many rows are at fault under one label, and the keys of the first of them."""

    label: str
    rows: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowCheck:
    """A check made of probes: its value is the number of rows at fault, or with `rate` their share of all rows.

    `title` and `absent` (the reason when the book has nothing to probe) are marked messages.
    """

    name: str
    title: str
    probes: Callable[[Book], Iterable[Probe]]
    absent: str
    rate: bool = False

    def __call__(self, book: Book, limits: Mapping[str, Limits]) -> CheckResult:
        return self.judge(book, limits, scan(book, [self]))

    def judge(self, book: Book, limits: Mapping[str, Limits], found: Scan) -> CheckResult:
        """The result, given what the probes of the book found."""
        probes = found.probes[self.name]
        if not probes:
            return not_run(self.name, _(self.title), _(self.absent), limits=limits[self.name])
        faults = [_fault(book, p, found.counts[p]) for p in probes if found.counts[p]]
        n = sum(found.rows[t] for t in dict.fromkeys(p.table for p in probes))
        broken = sum(f.rows for f in faults)
        value, unit = (broken / n, "rate") if self.rate else (broken, "count")
        return CheckResult(self.name, _(self.title), value, limits[self.name], unit, n, detail=detail(faults))


@dataclass(frozen=True)
class Scan:
    """What one pass over the tables found: the probes of each check, rows at fault by probe, rows by table."""

    probes: dict[str, list[Probe]]
    counts: dict[Probe, int]
    rows: dict[str, int]


def scan(book: Book, checks: Iterable[RowCheck]) -> Scan:
    """What the probes of the checks find; every table is read once, however many probes it has."""
    probes = {check.name: list(check.probes(book)) for check in checks}
    by_table: dict[str, list[Probe]] = {}
    for probe in dict.fromkeys(p for own in probes.values() for p in own):
        by_table.setdefault(probe.table, []).append(probe)
    found = Scan(probes, {}, {})
    for table, own in by_table.items():
        counts = ", ".join(f"count(*) FILTER (WHERE {p.broken})" for p in own)
        found.rows[table], *broken = row(book, f"SELECT count(*), {counts} FROM {table}")
        found.counts.update(zip(own, broken, strict=True))
    return found


def detail(faults: Sequence[Fault]) -> dict[str, Any]:
    """The detail of a check: rows at fault by label, most first, and examples by label."""
    ordered = sorted((f for f in faults if f.rows), key=lambda f: -f.rows)
    return {
        "parts": {f.label: f.rows for f in ordered},
        "examples": {f.label: list(f.examples) for f in ordered if f.examples},
    }


def examples(book: Book, query: str) -> tuple[str, ...]:
    """The first rows of a query as text, the cells of a row joined by a slash."""
    found = book.connection.execute(f"SELECT * FROM ({query}) ORDER BY ALL LIMIT {EXAMPLES}").fetchall()
    return tuple(" / ".join("" if cell is None else str(cell) for cell in cells) for cells in found)


def fault(book: Book, label: str, query: str) -> Fault:
    """The rows of a query as one fault."""
    n = int(one(book, f"SELECT count(*) FROM ({query})"))
    return Fault(label, n, examples(book, query) if n else ())


def rows(book: Book, table: str) -> int:
    """How many rows a table has."""
    return int(one(book, f"SELECT count(*) FROM {table}"))


def one(book: Book, query: str) -> float:
    """The one number a query answers; 0 for nothing."""
    found = row(book, query)
    return float(found[0]) if found and found[0] is not None else 0.0


def row(book: Book, query: str) -> tuple[Any, ...]:
    """The first row a query answers."""
    return tuple(book.connection.execute(query).fetchone() or ())


def key(book: Book, table: str) -> str:
    """The key columns of a table as SQL."""
    return ", ".join(f'"{k}"' for k in book.schema[table].key)


def event(book: Book, table: str) -> str:
    """The day of a row's event as SQL."""
    return f'CAST("{book.schema[table].event}" AS DATE)'


def blank(column: Column) -> str:
    """The SQL condition that a cell says nothing."""
    name = f'"{column.name}"'
    return f"({name} IS NULL OR trim({name}) = '')" if column.kind == "text" else f"{name} IS NULL"


def _fault(book: Book, probe: Probe, n: int) -> Fault:
    query = f"SELECT {key(book, probe.table)} FROM {probe.table} WHERE {probe.broken}"
    return Fault(f"{probe.table}.{probe.label}", n, examples(book, query))
