"""The command line: verbs over nouns; each command parses, calls one function and prints one table or line.

Exit codes: 0 within, 10 watch, 20 breach, 2 misuse, 30 data refused, 40 failed, 42 locked.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from riskmodels.cli import books, cards, forecasts, loading, matching, models, monitor, reports, validate
from riskmodels.core.errors import Misuse, RiskmodelsError, RunFailed
from riskmodels.core.paths import USERS_OWN

app = typer.Typer(
    name="riskmodels",
    help="Receivables finance risk: features, models, validation and portfolio reports.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in (
    books.demo,
    loading.load,
    books.check,
    models.features,
    models.train,
    models.score,
    matching.match,
    validate.validate,
    monitor.monitor,
):
    app.command()(command)
app.add_typer(loading.map_app, name="map")
app.add_typer(loading.names_app, name="names")
app.add_typer(forecasts.forecast_app, name="forecast")
app.add_typer(cards.card_app, name="card")
app.add_typer(reports.report_app, name="report")
app.add_typer(reports.runs_app, name="runs")

_LONGEST = 2000
"""Characters of a message that are shown."""


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error and an exit code."""
    try:
        app(standalone_mode=True)
    except RiskmodelsError as error:
        _end(str(error), error.exit_code)
    except OSError as error:
        place = error.filename if error.filename is not None else "the system"
        _end(
            f"{place}: {error.strerror or error}", Misuse.exit_code if error.errno in USERS_OWN else RunFailed.exit_code
        )
    except MemoryError:
        _end("not enough memory", RunFailed.exit_code)
    except Exception as error:
        if not _of_the_machine(error):
            raise
        _end(str(error).strip().splitlines()[0], RunFailed.exit_code)


def _of_the_machine(error: Exception) -> bool:
    """Whether DuckDB ran out of memory or disk, or lost a file it was reading."""
    duckdb = sys.modules.get("duckdb")
    return duckdb is not None and isinstance(error, duckdb.OperationalError)


def _end(message: str, code: int) -> NoReturn:
    """One line on standard error, nothing in it that a terminal would obey, and the exit code."""
    line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} ... {line[-_LONGEST // 2 :]}"
    print(f"riskmodels: {line}", file=sys.stderr)  # noqa: T201
    sys.exit(code)
