"""Commands that make a synthetic book and look at the data of a book."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated
from warnings import catch_warnings

import typer

from riskmodels.cli.show import AsJson, AsOf, BookPlace, Packs, exit_by, packs_of, print_checks, progress, say
from riskmodels.core.errors import Misuse
from riskmodels.core.paths import writable


def demo(
    out: Annotated[Path, typer.Option("--out", help="The book to write, a name ending in .duckdb.")],
    invoices: Annotated[int, typer.Option("--invoices", min=1, help="About how many invoices.")] = 60_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same book.")] = 20,
    as_of: AsOf = "2026-06-30",
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="Another coefficient, such as payment.quality=-0.6.")
    ] = None,
) -> None:
    """Write a synthetic book, and its true probabilities beside it."""
    from riskmodels.book.synthetic import parse_changes, synthesise, write
    from riskmodels.core.dates import parse_date

    writable(out, ".duckdb")
    last, coefficients = parse_date(as_of, "--as-of"), parse_changes(changes or [])
    with progress("demo"):
        with _possible(coefficients):
            made = synthesise(invoices, seed, last, **coefficients)
        write(made, out)
    say(f"{out}: " + ", ".join(f"{len(frame):,} {table}" for table, frame in made.tables.items()))


def check(book: BookPlace, pack: Packs = None, json: AsJson = False) -> None:
    """Data-quality checks of a book; the exit code is the worst result."""
    from riskmodels.book.open import open_book
    from riskmodels.book.quality import check_book

    packs = packs_of(pack)
    with progress("checking"):
        results = check_book(open_book(book, packs))
    print_checks(results, json)
    exit_by(results)


@contextmanager
def _possible(coefficients: dict[str, float | str]) -> Iterator[None]:
    """A block that draws a world: each coefficient may be in its range, and no world be possible with all of them."""
    try:
        with catch_warnings(action="ignore") if coefficients else nullcontext():
            yield
    except (ArithmeticError, IndexError, MemoryError, ValueError):
        if not coefficients:
            raise
        told = ", ".join(f"{name}={value}" for name, value in coefficients.items())
        raise Misuse(f"--set: no book can be drawn with {told}; expected values nearer to demo_truth.toml's") from None
