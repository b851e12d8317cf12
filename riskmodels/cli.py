"""The command line: verbs over nouns; each command parses, calls one function and prints one table or line.

Exit codes: 0 within, 10 watch, 20 breach, 2 misuse, 30 data refused, 40 failed, 42 locked.
"""

from __future__ import annotations

import json as _json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from riskmodels.core.errors import DataRefused, Misuse, RiskmodelsError
from riskmodels.core.paths import USERS_OWN, folder_of_runs, writable

if TYPE_CHECKING:
    import pandas as pd

    from riskmodels.core.checks import CheckResult

app = typer.Typer(
    name="riskmodels",
    help="Receivables finance risk: features, models, validation and portfolio reports.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
report_app = typer.Typer(help="Report notebooks: what there is, and running one.", no_args_is_help=True)
runs_app = typer.Typer(help="Runs of reports that were promoted.", no_args_is_help=True)
app.add_typer(report_app, name="report")
app.add_typer(runs_app, name="runs")

BookPath = Annotated[Path, typer.Argument(help="A .duckdb book, an .xlsx file, or a folder of .csv or .parquet files.")]
AsOf = Annotated[str, typer.Option("--as-of", help="Close of business to look from, such as 2026-06-30.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Reports = Annotated[Path, typer.Option("--reports", help="Folder of the runs.")]

_LONGEST = 2000
"""Characters of a message that are shown."""


@app.command()
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
    with _progress("demo"):
        made = synthesise(invoices, seed, parse_date(as_of, "--as-of"))
        write(made, out)
    _say(f"{out}: " + ", ".join(f"{len(frame):,} {table}" for table, frame in made.tables.items()))


@app.command()
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

    with _progress("loading"):
        loaded = load_book(file, out, read_mapping(mapping) if mapping else None, set_aside)
    _say(f"{out}: " + ", ".join(f"{n:,} {table}" for table, n in loaded.rows.items()))
    if loaded.set_aside:
        _say(f"{set_aside}: " + ", ".join(f"{n:,} {table} set aside" for table, n in loaded.set_aside.items()))
    if loaded.unused:
        _say(f"columns not used: {', '.join(loaded.unused)}")


@app.command()
def check(book: BookPath, json: Json = False) -> None:
    """Data-quality checks of a book; the exit code is the worst result."""
    from riskmodels.book.open import open_book
    from riskmodels.book.quality import check_book

    with _progress("checking"):
        results = check_book(open_book(book))
    _print_checks(results, json)
    _exit_by(results)


@app.command()
def features(
    book: BookPath,
    key: Annotated[str, typer.Option("--key", help="debtor, client, pair or invoice.")],
    as_of: Annotated[
        str, typer.Option("--as-of", help="A date, 'issue' for each invoice's own, or FIRST..LAST month ends.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The Parquet file to write.")],
) -> None:
    """Write the features of every key as they could be known at a date, at month ends, or at each invoice's issue."""
    from riskmodels.book.open import open_book
    from riskmodels.features.request import write_features

    with _progress("features") as progress:
        rows, columns = write_features(open_book(book), key, as_of, out, progress)
    _say(f"{out}: {rows:,} rows, {columns:,} features")


@app.command()
def train(
    purpose: Annotated[str, typer.Argument(help="rating or overdue.")],
    book: BookPath,
    as_of: AsOf,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 0,
) -> None:
    """Train a model on what was known at a date; prints the folder it is kept in."""
    from riskmodels.models.shelf import train as train_model

    with _progress(f"training {purpose}") as progress:
        folder = train_model(purpose, book, as_of, seed=seed, progress=progress)
    _say(str(folder))


@app.command()
def score(
    model: Annotated[
        str, typer.Argument(help="A model's folder, or rating or overdue for the newest one of the book.")
    ],
    book: BookPath,
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", help="The .parquet or .csv file to write.")],
) -> None:
    """Score a book at a date with a stored model."""
    from riskmodels.models.recipes import score as score_book

    writable(out, ".parquet", ".csv")
    with _progress("scoring"):
        frame = score_book(model, book, as_of)
        _write_frame(frame, out)
    _say(f"{out}: {len(frame):,} rows")


@report_app.command("list")
def report_list(json: Json = False) -> None:
    """The report notebooks and their parameters."""
    from riskmodels.runs.notebooks import available

    found = available()
    if json:
        _say(_json.dumps([{"name": r.name, "title": r.title, "about": r.about} for r in found], ensure_ascii=False))
        return
    for report in found:
        _say(f"{report.name}  {report.title}\n    {report.about}")
        for parameter in report.parameters:
            _say(f"    --set {parameter.name}={parameter.default!r}  {parameter.comment}")


@report_app.command("run")
def report_run(
    name: Annotated[str, typer.Argument(help="The report's name, or a notebook's path.")],
    book: Annotated[Path, typer.Option("--book", help="The book to report on.")],
    as_of: AsOf,
    model: Annotated[
        str, typer.Option("--model", help="A model's folder, or rating or overdue for the book's newest.")
    ] = "",
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="A parameter of the notebook, name=value.")
    ] = None,
    reports: Reports = Path("reports"),
) -> None:
    """Run a report and promote it whole; prints its folder, and the exit code is its verdict."""
    from riskmodels.runs.execute import exit_code
    from riskmodels.runs.report import run_report

    with _progress(name) as progress:
        run = run_report(name, book, as_of, model, _settings(settings or []), reports, progress)
    _say(str(run.path))
    raise typer.Exit(exit_code(run.manifest.verdict))


@runs_app.command("list")
def runs_list(reports: Reports = Path("reports"), json: Json = False) -> None:
    """The runs, newest first."""
    from riskmodels.runs.registry import runs

    found = runs(folder_of_runs(reports))
    if json:
        _say(_json.dumps([r.manifest.as_dict() for r in found], ensure_ascii=False))
        return
    told = [r.manifest for r in found]
    rows = [[m.run_id, m.report, m.book, m.model, m.as_of, m.verdict] for m in told]
    _print_table(["run", "report", "book", "model", "as of", "verdict"], rows)


@runs_app.command("show")
def runs_show(
    run: Annotated[str, typer.Argument(help="A run's id.")], reports: Reports = Path("reports"), json: Json = False
) -> None:
    """One run: its manifest, and whether its files are those that were promoted."""
    from riskmodels.runs.registry import show, verify

    found = show(folder_of_runs(reports), run)
    if differences := verify(found):
        raise DataRefused(f"{found.path}: changed since it was promoted: {'; '.join(differences)}")
    told = found.manifest.as_dict()
    if json:
        _say(_json.dumps(told, ensure_ascii=False))
        return
    _print_table(["what", "value"], [[k, _short(v)] for k, v in sorted(told.items())])


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error and an exit code."""
    try:
        app(standalone_mode=True)
    except RiskmodelsError as error:
        _end(str(error), error.exit_code)
    except OSError as error:
        place = error.filename if error.filename is not None else "the system"
        _end(f"{place}: {error.strerror or error}", Misuse.exit_code if error.errno in USERS_OWN else 40)


def _end(message: str, code: int) -> NoReturn:
    """One line on standard error, nothing in it that a terminal would obey, and the exit code."""
    line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} ... {line[-_LONGEST // 2 :]}"
    print(f"riskmodels: {line}", file=sys.stderr)  # noqa: T201
    sys.exit(code)


def _settings(pairs: list[str]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise Misuse(f"--set: found {pair!r}, expected name=value")
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def _write_frame(frame: pd.DataFrame, out: Path) -> None:
    scratch = out.with_name(f".{out.name}.part")
    try:
        frame.to_parquet(scratch, index=False) if out.suffix == ".parquet" else frame.to_csv(scratch, index=False)
        scratch.replace(out)
    finally:
        scratch.unlink(missing_ok=True)


def _print_checks(results: list[CheckResult], json: bool) -> None:
    from riskmodels.core.checks import by_severity
    from riskmodels.core.numbers import figure

    if json:
        _say(_json.dumps([r.as_dict() for r in results], ensure_ascii=False, default=str))
        return
    rows = [[r.verdict, r.title, figure(r.value, r.unit), r.reason or r.subject] for r in by_severity(results)]
    _print_table(["result", "check", "value", "note"], rows)


def _exit_by(results: list[CheckResult]) -> None:
    from riskmodels.core.checks import worst
    from riskmodels.runs.execute import exit_code

    raise typer.Exit(exit_code(worst(results)))


def _print_table(head: list[str], rows: list[list[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*head, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 200).print(table)


def _short(value: Any) -> str:
    return value if isinstance(value, str) else _json.dumps(value, ensure_ascii=False, default=str)


def _progress(label: str) -> Any:
    from riskmodels.runs.progress import bar

    return bar(label)


def _say(text: str) -> None:
    typer.echo(text)
