"""Commands that run reports and look at runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from riskmodels.cli.show import AsJson, AsOf, as_json, print_table, progress, say, settings, short
from riskmodels.core.errors import DataRefused
from riskmodels.core.paths import book_file, folder_of_runs

report_app = typer.Typer(help="Report notebooks: what there is, and running one.", no_args_is_help=True)
runs_app = typer.Typer(help="Runs of reports that were promoted.", no_args_is_help=True)

Reports = Annotated[Path, typer.Option("--reports", help="Folder of the runs.")]


@report_app.command("list")
def report_list(json: AsJson = False) -> None:
    """The report notebooks and their parameters, those run only when asked for last."""
    from riskmodels.runs.notebooks import asked, available

    found = [*available(), *asked()]
    if json:
        say(as_json([{"name": r.name, "title": r.title, "about": r.about} for r in found]))
        return
    for report in found:
        say(f"{report.name}  {report.title}\n    {report.about}")
        for parameter in report.parameters:
            say(f"    --set {parameter.name}={parameter.default!r}  {parameter.comment}")


@report_app.command("run")
def report_run(
    name: Annotated[str, typer.Argument(help="The report's name, or a notebook's path.")],
    book: Annotated[str, typer.Option("--book", help="The book to report on.")],
    as_of: AsOf,
    model: Annotated[
        str, typer.Option("--model", help="A model's folder, or rating or overdue for the book's newest.")
    ] = "",
    values: Annotated[list[str] | None, typer.Option("--set", help="A parameter of the notebook, name=value.")] = None,
    reports: Reports = Path("reports"),
) -> None:
    """Run a report and promote it whole; prints its folder, and the exit code is its verdict."""
    from riskmodels.runs.execute import exit_code
    from riskmodels.runs.report import run_report

    with progress(name) as bar:
        run = run_report(name, book_file(book), as_of, model, settings(values or []), reports, bar)
    say(str(run.path))
    raise typer.Exit(exit_code(run.manifest.verdict))


@runs_app.command("list")
def runs_list(reports: Reports = Path("reports"), json: AsJson = False) -> None:
    """The runs, newest first."""
    from riskmodels.runs.registry import runs

    found = runs(folder_of_runs(reports))
    if json:
        say(as_json([r.manifest.as_dict() for r in found]))
        return
    told = [r.manifest for r in found]
    rows = [[m.run_id, m.report, m.book, m.model, m.as_of, m.verdict] for m in told]
    print_table(["run", "report", "book", "model", "as of", "verdict"], rows)


@runs_app.command("show")
def runs_show(
    run: Annotated[str, typer.Argument(help="A run's id.")], reports: Reports = Path("reports"), json: AsJson = False
) -> None:
    """One run: its manifest, and whether its files are those that were promoted."""
    from riskmodels.runs.registry import show, verify

    found = show(folder_of_runs(reports), run)
    if differences := verify(found):
        raise DataRefused(f"{found.path}: changed since it was promoted: {'; '.join(differences)}")
    told = found.manifest.as_dict()
    if json:
        say(as_json(told))
        return
    print_table(["what", "value"], [[k, short(v)] for k, v in sorted(told.items())])
