"""The command that watches a model month by month: stored scores with outcomes, or a stored model on its book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodels.cli.show import AsJson, as_json, print_table, progress, say, write_frame
from riskmodels.core.paths import book_file, writable

if TYPE_CHECKING:
    from riskmodels.runs.monitor import Watch


def monitor(
    subject: Annotated[
        str, typer.Argument(help="A .csv, .parquet or .xlsx file of scored cases; with --book a purpose or a folder.")
    ],
    score: Annotated[
        str, typer.Option("--score", help="The column of the probability of bad, or of a score that ranks.")
    ] = "",
    outcome: Annotated[
        str, typer.Option("--outcome", help="The column that is 1 for bad, 0 for good, empty where it isn't known yet.")
    ] = "",
    period: Annotated[str, typer.Option("--period", help="The column of the day or month of scoring.")] = "",
    bad: Annotated[str, typer.Option("--bad", help="The word for bad, where outcomes are words.")] = "",
    score_is: Annotated[
        str, typer.Option("--score-is", help="probability or points, where it isn't to be told by its values.")
    ] = "",
    higher: Annotated[str, typer.Option("--higher", help="safer or riskier: what a higher score is.")] = "",
    grade: Annotated[str, typer.Option("--grade", help="The column of grades.")] = "",
    weight: Annotated[str, typer.Option("--weight", help="The column of amounts.")] = "",
    obligor: Annotated[str, typer.Option("--obligor", help="The column of whose outcome it is.")] = "",
    client: Annotated[str, typer.Option("--client", help="The column of the other party of a case.")] = "",
    reference: Annotated[
        str, typer.Option("--reference", help="The development sample: a file with the same columns.")
    ] = "",
    limits: Annotated[str, typer.Option("--limits", help="A TOML file of limits in place of the package's.")] = "",
    horizon: Annotated[int, typer.Option("--horizon", min=0, max=120, help="Months an obligor's outcome takes.")] = 12,
    as_of: Annotated[str, typer.Option("--as-of", help="Close of business; by default the file's last period.")] = "",
    book: Annotated[str, typer.Option("--book", help="The book, to watch its stored model instead.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="A .parquet or .csv file for the months.")] = None,
    json: AsJson = False,
) -> None:
    """Watch a model month by month; prints the months and what they raise, and the exit code is what persists."""
    from riskmodels.runs.execute import exit_code
    from riskmodels.runs.monitor import monitor_file, monitor_model
    from riskmodels.validation.frame_columns import Columns

    if out is not None:
        writable(out, ".parquet", ".csv")
    with progress("months"):
        if book:
            watch = monitor_model(subject, book_file(book), as_of, limits)
        else:
            roles = {"score": score, "outcome": outcome, "grade": grade, "period": period, "weight": weight}
            roles |= {"obligor": obligor, "client": client, "bad": bad, "score_is": score_is, "higher": higher}
            watch = monitor_file(subject, Columns.of(roles), reference, limits, horizon, as_of)
    if out is not None:
        write_frame(watch.found.judged, out)
    say(as_json(_as_dict(watch))) if json else _print(watch)
    raise typer.Exit(exit_code(watch.found.verdict))


def _as_dict(watch: Watch) -> dict[str, Any]:
    """The months, the rule on each figure, the findings raised and the verdict, as plain values."""
    from dataclasses import asdict

    months = watch.found.judged.assign(month=watch.found.table["month"].dt.strftime("%Y-%m")).astype(object)
    return {
        "verdict": watch.found.verdict,
        "months": months.where(months.notna(), None).to_dict("records"),
        "persistence": [r.as_dict() for r in watch.found.persistence],
        "findings": [asdict(f) for f in watch.findings],
    }


def _print(watch: Watch) -> None:
    """The months with each figure and its result where that isn't within, then what the rule raises."""
    from riskmodels.core.numbers import figure
    from riskmodels.validation.monitoring import WATCHED

    found = watch.found
    told = [w for w in WATCHED if w.key in found.last]
    rows = []
    for place, row in enumerate(found.table.to_dict("records")):
        counted = [figure(row[c], unit) for c, unit in (("n", "count"), ("young", "share"), ("events", "count"))]
        figures = [_said(found.results[w.key][place]) for w in told]
        rows.append([f"{row['month']:%Y-%m}", *counted, *figures])
    print_table(["month", "cases", "too young", "bad, 12 months", *(w.title for w in told)], rows)
    say("")
    for finding in watch.findings:
        say(f"{finding.severity}  {finding.finding}")
    say(f"{found.verdict.replace('_', ' ')}; findings: {len(watch.findings)}")


def _said(result: Any) -> str:
    """A figure, with its result where it isn't within."""
    from riskmodels.core.checks import Verdict
    from riskmodels.core.numbers import figure

    quiet = result.verdict in (Verdict.WITHIN, Verdict.NOT_RUN)
    return figure(result.value, result.unit) + ("" if quiet else f" {result.verdict.replace('_', ' ')}")
