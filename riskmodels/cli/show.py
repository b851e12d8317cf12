"""What commands print: a line, a table, checks, progress; and what they write."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodels.core.errors import Misuse

if TYPE_CHECKING:
    import pandas as pd

    from riskmodels.core.checks import CheckResult
    from riskmodels.features.pack import Pack
    from riskmodels.models.score_bands import ScoreBands

BookPlace = Annotated[
    str,
    typer.Argument(
        help="A .duckdb book, an .xlsx file, a folder of .csv or .parquet files, postgresql://USER@HOST/DATABASE "
        "or spark:DATABASE."
    ),
]
AsOf = Annotated[str, typer.Option("--as-of", help="Close of business to look from, such as 2026-06-30.")]
Packs = Annotated[
    list[str] | None,
    typer.Option(
        "--pack",
        help="A trade's tables and features: auto_parts, pharma, construction, or MODULE:ATTRIBUTE of your own. "
        "May be given again.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def as_json(value: Any) -> str:
    """The value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, default=str)


def packs_of(names: list[str] | None) -> list[Pack]:
    """The packs of the names given, each once."""
    if not names:
        return []
    from riskmodels.features.pack import pack_named

    return [pack_named(name) for name in dict.fromkeys(names)]


def settings(pairs: list[str]) -> dict[str, str]:
    """The values by name of pairs written name=value."""
    for pair in pairs:
        if "=" not in pair:
            raise Misuse(f"--set: found {pair!r}, expected name=value")
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def write_frame(frame: pd.DataFrame, out: Path) -> None:
    """Write a frame as Parquet or CSV, whole or not at all."""
    scratch = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        frame.to_parquet(scratch, index=False) if out.suffix == ".parquet" else frame.to_csv(scratch, index=False)
        scratch.replace(out)
    finally:
        scratch.unlink(missing_ok=True)


def print_checks(results: list[CheckResult], for_machines: bool) -> None:
    """Print checks worst first, or all of them as JSON."""
    from riskmodels.core.checks import by_severity
    from riskmodels.core.numbers import figure

    if for_machines:
        say(as_json([r.as_dict() for r in results]))
        return
    rows = [[r.verdict, r.title, figure(r.value, r.unit), r.reason or r.subject] for r in by_severity(results)]
    print_table(["result", "check", "value", "note"], rows)


def print_judgement(results: list[CheckResult], bands: ScoreBands | None, for_machines: bool) -> None:
    """Print checks, then score bands where there are any, or both as one object of JSON."""
    if for_machines:
        table = None if bands is None else bands.table.astype(object)
        told = [] if table is None else table.where(table.notna(), None).to_dict("records")
        say(as_json({"checks": [r.as_dict() for r in results], "bands": told}))
        return
    print_checks(results, for_machines)
    if bands is not None:
        say("")
        print_bands(bands)


def print_bands(bands: ScoreBands) -> None:
    """Print the score bands of one sample, the riskiest first."""
    from riskmodels.core.numbers import figure

    units = {"n": "count", "bads": "count", "rate": "share", "low": "share", "high": "share", "cum_bads": "share"}
    units |= {"ks": "score", "lift": "number"}
    rows = [[row["name"], *(figure(row[c], unit) for c, unit in units.items())] for _i, row in bands.table.iterrows()]
    print_table(["points", "cases", "bad", "rate", "95% from", "to", "bad caught", "KS", "lift"], rows)


def exit_by(results: list[CheckResult]) -> None:
    """End with the exit code of the worst result."""
    from riskmodels.core.checks import worst
    from riskmodels.runs.execute import exit_code

    raise typer.Exit(exit_code(worst(results)))


def print_table(head: list[str], rows: list[list[Any]]) -> None:
    """Print rows in columns."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*head, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 200).print(table)


def short(value: Any) -> str:
    """A value as text: JSON unless it is text already."""
    return value if isinstance(value, str) else as_json(value)


def progress(label: str) -> Any:
    """A bar on a terminal, nothing elsewhere; entered, a callable that is told the share done."""
    from riskmodels.runs.progress import bar

    return bar(label)


def say(text: str) -> None:
    """Print a line."""
    typer.echo(text)
