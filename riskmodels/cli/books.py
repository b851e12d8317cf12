"""Commands that make a book, load one and look at its data."""

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
) -> None:
    """Write a synthetic book, and its true probabilities beside it."""
    from riskmodels.book.synthetic import synthesise, write
    from riskmodels.core.dates import parse_date

    writable(out, ".duckdb")
    with progress("demo"):
        made = synthesise(invoices, seed, parse_date(as_of, "--as-of"))
        write(made, out)
    say(f"{out}: " + ", ".join(f"{len(frame):,} {table}" for table, frame in made.tables.items()))


def load(
    file: Annotated[Path, typer.Argument(help="A .csv, .parquet, .xlsx or .duckdb file, or a folder of them.")],
    out: Annotated[Path, typer.Option("--out", help="The book to write, a name ending in .duckdb.")],
    mapping: Annotated[
        str,
        typer.Option("--map", help="A mapping that comes with the package, or a TOML file; none for our own names."),
    ] = "",
    set_aside: Annotated[
        Path | None, typer.Option("--set-aside", help="CSV file to keep refused rows in, each with its reasons.")
    ] = None,
) -> None:
    """Read a source into a book, whole or not at all."""
    from riskmodels.book.load import load as load_book
    from riskmodels.book.mapping import read_mapping

    with progress("loading"):
        loaded = load_book(file, out, read_mapping(mapping) if mapping else None, set_aside)
    say(f"{out}: " + ", ".join(f"{n:,} {table}" for table, n in loaded.rows.items()))
    if loaded.set_aside:
        say(f"{set_aside}: " + ", ".join(f"{n:,} {table} set aside" for table, n in loaded.set_aside.items()))
    if loaded.unused:
        say(f"columns not used: {', '.join(loaded.unused)}")


def check(book: BookPlace, json: AsJson = False) -> None:
    """Data-quality checks of a book; the exit code is the worst result."""
    from riskmodels.book.open import open_book
    from riskmodels.book.quality import check_book

    with progress("checking"):
        results = check_book(open_book(book))
    print_checks(results, json)
    exit_by(results)
