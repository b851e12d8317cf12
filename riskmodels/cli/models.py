"""Commands that compute features, train models and score."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from riskmodels.cli.reports import Reports
from riskmodels.cli.show import AsOf, BookPlace, Packs, packs_of, progress, say, write_frame
from riskmodels.core.paths import book_file, writable

DEVELOPMENTS = {"rating": "scorecard_development", "overdue": "overdue_development"}
"""The report that tells how a model of a purpose was made."""


def features(
    book: BookPlace,
    key: Annotated[str, typer.Option("--key", help="debtor, client, pair or invoice.")],
    as_of: Annotated[
        str, typer.Option("--as-of", help="A date, 'issue' for each invoice's own, or FIRST..LAST month ends.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The Parquet file to write.")],
    pack: Packs = None,
    catalogue: Annotated[
        list[str] | None,
        typer.Option(
            "--catalogue", help="Features of your own beside the house's: MODULE:ATTRIBUTE. May be given again."
        ),
    ] = None,
) -> None:
    """Write the features of every key as they could be known at a date, at month ends, or at each invoice's issue."""
    from riskmodels.book.open import open_book
    from riskmodels.features.pack import catalogue_named, catalogue_of
    from riskmodels.features.request import write_features

    packs = packs_of(pack)
    mine = tuple(entry for name in catalogue or () for entry in catalogue_named(name))
    whole = catalogue_of(packs, mine)
    with progress("features") as bar:
        rows, columns = write_features(open_book(book, packs), key, as_of, out, bar, whole)
    say(f"{out}: {rows:,} rows, {columns:,} features")


def train(
    purpose: Annotated[str, typer.Argument(help="rating, overdue, overdue-debtor or overdue-client.")],
    book: BookPlace,
    as_of: AsOf,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 0,
    card: Annotated[
        Path | None, typer.Option("--card", help="A folder of riskmodels card import: the rating's champion, unedited.")
    ] = None,
    tendency: Annotated[
        float | None,
        typer.Option("--tendency", help="Central tendency of a rating's PDs, such as 0.03; else the book's long run."),
    ] = None,
    dpd: Annotated[
        int | None, typer.Option("--dpd", help="Overdue debtors or clients: more than 30, 60 or 90 days past due.")
    ] = None,
    months: Annotated[
        int | None, typer.Option("--months", help="Overdue debtors or clients: within 3, 6 or 12 months.")
    ] = None,
    reports: Reports = Path("reports"),
) -> None:
    """Train a model on what was known at a date; prints the folder it is kept in.

    The development of a rating or an overdue model is a report too, which this runs, unless the champion is a --card:
    its decisions, one by one, into the folder of reports.
    """
    from riskmodels.models.shelf import train as train_model

    with progress(f"training {purpose}") as bar:
        folder = train_model(purpose, book_file(book), as_of, seed, bar, card, tendency, dpd, months)
    say(str(folder))
    if purpose in DEVELOPMENTS and card is None:
        from riskmodels.runs.report import run_report

        with progress("report of the development") as bar:
            same = {"seed": str(seed), **({"tendency": str(tendency or 0.0)} if purpose == "rating" else {})}
            run_report(DEVELOPMENTS[purpose], book_file(book), as_of, "", same, reports, bar)


def score(
    model: Annotated[
        str, typer.Argument(help="A model's folder, or what it was trained for: the newest one of the book.")
    ],
    book: BookPlace,
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", help="The .parquet or .csv file to write.")],
    rules: Annotated[
        str, typer.Option("--rules", help="Judge a rating's debtors by the hard rules too: default, or a TOML file.")
    ] = "",
    overrides: Annotated[
        Path | None, typer.Option("--overrides", help="A CSV of grades changed by hand: who, when, why, from, to.")
    ] = None,
    reasons: Annotated[
        str, typer.Option("--reasons", help="Say why each open invoice is expected so late, in words: en or zh.")
    ] = "",
) -> None:
    """Score a book at a date with a stored model."""
    from riskmodels.policy.rated import scored_beside
    from riskmodels.reporting.delays import explain_delays, with_reasons

    writable(out, ".parquet", ".csv")
    with progress("scoring"):
        told = explain_delays(model, book_file(book), as_of, reasons) if reasons else None
        frame = scored_beside(model, book_file(book), as_of, rules, overrides)
        write_frame(frame if told is None else with_reasons(frame, told), out)
    say(f"{out}: {len(frame):,} rows")
