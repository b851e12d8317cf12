"""Commands that load a ledger: the load, mappings for it, and names that mean one party."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodels.cli.show import AsJson, BookPlace, Packs, as_json, packs_of, print_table, progress, say
from riskmodels.core.errors import DataRefused
from riskmodels.core.paths import writable

if TYPE_CHECKING:
    from riskmodels.book.load import Loaded

map_app = typer.Typer(help="Mappings: those that come with the package, and proposing one.", no_args_is_help=True)
names_app = typer.Typer(help="Names that mean one party: proposing groups, and applying them.", no_args_is_help=True)

NewBook = Annotated[Path, typer.Option("--out", help="The book to write, a name ending in .duckdb.")]


def load(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files (.csv, .parquet, .xlsx, .duckdb), folders of them, postgresql://USER@HOST/DATABASE or "
            "spark:DATABASE. A password comes from PGPASSWORD or a password file.",
        ),
    ],
    out: NewBook,
    mapping: Annotated[
        str,
        typer.Option("--map", help="A mapping that comes with the package, or a TOML file; none for our own names."),
    ] = "",
    pack: Packs = None,
    set_aside: Annotated[
        Path | None, typer.Option("--set-aside", help="CSV file to keep refused rows in, each with its reasons.")
    ] = None,
    append: Annotated[bool, typer.Option("--append", help="Add to the book; rows it has already are skipped.")] = False,
    known_on: Annotated[
        str | None, typer.Option("--known-on", help="Day the sources arrived: what doesn't say was known no sooner.")
    ] = None,
) -> None:
    """Read sources into a book, whole or not at all."""
    from riskmodels.book.load import load as load_book
    from riskmodels.book.mapping import read_mapping
    from riskmodels.core.dates import parse_date

    packs = packs_of(pack)
    rules = read_mapping(mapping, packs) if mapping else None
    arrived = None if known_on is None else parse_date(known_on, "--known-on")
    with progress("loading") as bar:
        loaded = load_book(sources, out, rules, set_aside, packs=packs, append=append, known_on=arrived, progress=bar)
    _tell(loaded, out, set_aside, append)


@map_app.command("list")
def map_list() -> None:
    """The mappings that come with the package."""
    from riskmodels.book.mapping import read_mapping, shipped

    print_table(["mapping", "for"], [[name, read_mapping(name).about] for name in shipped()])


@map_app.command("suggest")
def map_suggest(
    file: Annotated[str, typer.Argument(help="A .csv, .parquet, .xlsx or .duckdb file, or a folder of them.")],
) -> None:
    """Propose a mapping by the columns' names and values: TOML to save, look through and edit."""
    from riskmodels.book.suggest import suggest

    proposed = suggest(file)
    say(proposed.toml)
    if not proposed.tables:
        raise DataRefused(f"{file}: found no table of a book: what is printed is no mapping yet")
    if proposed.to_fill:
        raise DataRefused(f"{file}: to be filled in before it is a mapping: {', '.join(proposed.to_fill)}")


@names_app.command("suggest")
def names_suggest(
    book: BookPlace,
    out: Annotated[Path, typer.Option("--out", help="The .csv file to review; decisions in it are kept.")],
) -> None:
    """Propose groups of parties whose names mean one: a file to review, yes or no in its column accept."""
    from riskmodels.book.entities import suggest

    with progress("names"):
        found = suggest(book, out)
    kept = f", {found.kept:,} decisions kept" if found.kept else ""
    say(f"{out}: {len(found.proposals):,} groups of {found.parties:,} parties{kept}")


@names_app.command("apply")
def names_apply(
    book: BookPlace,
    review: Annotated[Path, typer.Argument(help="The reviewed .csv file.")],
    out: NewBook,
    pack: Packs = None,
    json: AsJson = False,
) -> None:
    """Write a new book in which each accepted group is one party."""
    from riskmodels.book.entities import apply_groups

    writable(out, ".duckdb")
    packs = packs_of(pack)
    with progress("merging"):
        done = apply_groups(book, review, out, packs)
    if json:
        say(as_json(done.__dict__))
        return
    say(f"{out}: {done.groups:,} groups accepted, {done.ids:,} identifiers gave way to others")
    if done.set_apart:
        say(f"kept apart in merged_rows: {_counted(done.set_apart)}")
    if done.to_self:
        say(f"{done.to_self:,} invoices are now issued by a party to itself")


def _counted(rows: Mapping[str, int]) -> str:
    """Rows by table, tables without any left out."""
    return ", ".join(f"{n:,} {table}" for table, n in rows.items() if n) or "nothing"


def _tell(loaded: Loaded, out: Path, set_aside: Path | None, append: bool) -> None:
    """Print what a load read, added, skipped, set aside and left unused."""
    say(f"{out}: {_counted(loaded.rows)}")
    if append:
        say(f"added {_counted(loaded.added)}; completed {_counted(loaded.completed)}")
        say(f"skipped, in the book already: {_counted(loaded.skipped)}")
    if loaded.set_aside:
        say(f"{set_aside}: set aside {_counted(loaded.set_aside)}")
    if loaded.unused:
        say(f"columns not used: {', '.join(loaded.unused)}")
    if loaded.ignored:
        say(f"tables, sheets or files not used: {', '.join(loaded.ignored)}")
