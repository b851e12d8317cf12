"""Commands that make a synthetic book and look at the data of a book."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from riskmodels.cli.show import AsJson, AsOf, BookPlace, exit_by, print_checks, progress, say
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
    with progress("demo"):
        made = synthesise(invoices, seed, parse_date(as_of, "--as-of"), **parse_changes(changes or []))
        write(made, out)
    say(f"{out}: " + ", ".join(f"{len(frame):,} {table}" for table, frame in made.tables.items()))


def check(book: BookPlace, json: AsJson = False) -> None:
    """Data-quality checks of a book; the exit code is the worst result."""
    from riskmodels.book.open import open_book
    from riskmodels.book.quality import check_book

    with progress("checking"):
        results = check_book(open_book(book))
    print_checks(results, json)
    exit_by(results)
