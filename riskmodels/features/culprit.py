"""Which later rows and cells move a value: the fewest that do, found by halving what is left."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date

from riskmodels.book.book import Book
from riskmodels.book.later import Part, counts_from, ordered
from riskmodels.features.evidence import Culprit

Moves = Callable[[Sequence[Part]], bool]
TOGETHER = 4
"""How many rows or cells that act only together are looked for."""


def smallest(parts: Sequence[Part], moves: Moves) -> list[Part]:
    """The fewest rows and cells of the parts, which together move a value, that still move it.

    Whole parts are left out first, then rows of those that are needed, then cells of each row; it goes no further
    where more than TOGETHER would be needed.
    """
    found, finer = list(parts), fewest(parts, moves)
    while len(finer) <= TOGETHER:
        found, pieces = finer, [piece for p in finer for piece in p.pieces]
        if len(pieces) == len(found):
            break
        finer = fewest(pieces, moves)
    return found


def fewest(parts: Sequence[Part], moves: Moves) -> list[Part]:
    """Parts none of which can be left out: each the last of the shortest beginning that moves with those found before.

    Takes about as many trials for each as the logarithm of the number of parts; after TOGETHER it gives up.
    """
    found: list[Part] = []
    while not found or (parts and len(found) <= TOGETHER and not moves(found)):
        last = bisect_left(range(1, len(parts)), True, key=lambda n: moves([*parts[:n], *found]))
        parts, found = parts[:last], [parts[last], *found]
    for part in found[1:] if len(found) <= TOGETHER else ():
        rest = [p for p in found if p is not part]
        found = rest if moves(rest) else found
    return found


def named(book: Book, parts: Sequence[Part], day: date) -> tuple[Culprit, ...]:
    """The rows that parts are of, with their keys, columns, and the days that reveal them; of many rows the first."""
    columns: dict[tuple[str, tuple[int, ...]], tuple[str, ...]] = {}
    for part in parts:
        rows = (part.table, tuple(map(int, part.rows)))
        columns[rows] = (*columns.get(rows, ()), *part.columns)
    return tuple(_culprit(book, table, rows, names, day) for (table, rows), names in columns.items())


def _culprit(book: Book, name: str, rows: tuple[int, ...], columns: tuple[str, ...], day: date) -> Culprit:
    table = book.schema[name]
    by = f'"{table[columns[0]].revealed_by}"' if columns else "NULL"
    *key, known, revealed = book.connection.execute(
        f"SELECT {ordered(table)}, {counts_from(table)}, CAST({by} AS DATE) FROM {name} "
        f"ORDER BY {ordered(table)} LIMIT 1 OFFSET {rows[0]}"
    ).fetchall()[0]
    whole = not columns or known > day
    return Culprit(name, dict(zip(table.key, map(str, key))), columns, known, known if whole else revealed, len(rows))
