"""The command that validates a model made anywhere on a file of its scored cases, or a stored model on its book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodels.cli.reports import Reports
from riskmodels.cli.show import AsJson, as_json, progress, say, settings
from riskmodels.core.paths import book_file

if TYPE_CHECKING:
    from riskmodels.runs.registry import Run


def validate(
    subject: Annotated[
        str, typer.Argument(help="A .csv, .parquet or .xlsx file of scored cases; with --book a purpose or a folder.")
    ],
    score: Annotated[
        str, typer.Option("--score", help="The column of the probability of bad, or of a score that ranks.")
    ] = "",
    outcome: Annotated[
        str, typer.Option("--outcome", help="The column that is 1 for bad, 0 for good, empty where it isn't known yet.")
    ] = "",
    bad: Annotated[str, typer.Option("--bad", help="The word for bad, where outcomes are words.")] = "",
    score_is: Annotated[
        str, typer.Option("--score-is", help="probability or points, where it isn't to be told by its values.")
    ] = "",
    higher: Annotated[str, typer.Option("--higher", help="safer or riskier: what a higher score is.")] = "",
    grade: Annotated[str, typer.Option("--grade", help="The column of grades.")] = "",
    period: Annotated[str, typer.Option("--period", help="The column of the day or month of scoring.")] = "",
    weight: Annotated[str, typer.Option("--weight", help="The column of amounts.")] = "",
    obligor: Annotated[str, typer.Option("--obligor", help="The column of whose outcome it is.")] = "",
    client: Annotated[str, typer.Option("--client", help="The column of the other party of a case.")] = "",
    segment: Annotated[str, typer.Option("--segment", help="The column of segments.")] = "",
    challenger: Annotated[str, typer.Option("--challenger", help="The column of another model's score.")] = "",
    reference: Annotated[
        str, typer.Option("--reference", help="The development sample: a file with the same columns.")
    ] = "",
    drivers: Annotated[str, typer.Option("--drivers", help="Columns the score is made of, parted by commas.")] = "",
    limits: Annotated[str, typer.Option("--limits", help="A TOML file of limits in place of the package's.")] = "",
    horizon: Annotated[int, typer.Option("--horizon", min=0, max=120, help="Months an obligor's outcome takes.")] = 12,
    as_of: Annotated[str, typer.Option("--as-of", help="Close of business; by default the file's last period.")] = "",
    name: Annotated[str, typer.Option("--name", help="What the report calls the model; else the file's name.")] = "",
    currency: Annotated[str, typer.Option("--currency", help="The currency of the amounts.")] = "CNY",
    findings: Annotated[
        str, typer.Option("--findings", help="The findings.csv of an earlier run, with what people changed.")
    ] = "",
    lang: Annotated[str, typer.Option("--lang", help="Language of the report: en or zh.")] = "en",
    book: Annotated[str, typer.Option("--book", help="The book, to validate its stored model instead.")] = "",
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="A further parameter of the notebook, name=value, such as validator=... or opinion=2."
        ),
    ] = None,
    reports: Reports = Path("reports"),
    json: AsJson = False,
) -> None:
    """Validate a model on a file of scored cases; prints the report's folder.

    The exit code is that of the opinion: 0 within, 10 watch, no evidence or no opinion, 20 a voting test beyond its
    limit or an opinion of 3 or 4. Tests that don't vote don't change it.
    """
    from riskmodels.runs.execute import exit_code
    from riskmodels.runs.report import run_report
    from riskmodels.runs.validate import run_validation
    from riskmodels.validation.frame_columns import Columns

    further = settings(values or [])
    roles = {"score": score, "outcome": outcome, "grade": grade, "period": period, "weight": weight}
    roles |= {"obligor": obligor, "client": client, "segment": segment, "challenger": challenger}
    columns = Columns.of({**roles, "bad": bad, "score_is": score_is, "higher": higher})
    shared = {"limits": limits, "lang": lang, "findings": findings}
    with progress("validate") as bar:
        if book:
            run = run_report("model_validation", book_file(book), as_of, subject, {**shared, **further}, reports, bar)
        else:
            own = {"reference": reference, "drivers": drivers, "horizon": horizon, "name": name, "currency": currency}
            run = run_validation(subject, columns, as_of, {**own, **shared, **further}, reports, bar)
    say(as_json(_judged(run)) if json else str(run.path))
    raise typer.Exit(exit_code(run.manifest.verdict))


def _judged(run: Run) -> dict[str, Any]:
    """What a machine asks of a validation: its folder, verdict and opinion, and all checks; the `primary` ones vote."""
    from riskmodels.runs.manifest import RESULT, read_result

    result = read_result(run.path / RESULT)
    return {"folder": str(run.path), **{name: result[name] for name in ("overall", "grade", "checks")}}
