"""The command that matches received cash to open invoices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodels.cli.show import AsOf, BookPlace, progress, say, write_frame
from riskmodels.core.paths import writable

if TYPE_CHECKING:
    import pandas as pd

    from riskmodels.book.book import Book


def match(
    book: BookPlace,
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", help="The .parquet or .csv file to write.")],
) -> None:
    """Write the invoices proposed for each receipt that nothing was allocated of yet, the surest first.

    If the book tells what such receipts were booked to later, precision and recall of the proposals are printed.
    """
    from riskmodels.book.open import open_book
    from riskmodels.core.dates import parse_date
    from riskmodels.models.matching import match_receipts

    writable(out, ".parquet", ".csv")
    source, day = open_book(book), parse_date(as_of, "--as-of")
    with progress("matching"):
        found = match_receipts(source, day)
        order = ["score", "received_on", "receipt_id", "invoice_id"]
        write_frame(found.sort_values(order, ascending=[False, True, True, True]), out)
        judged = _judged(source, found)
    say(f"{out}: {_in_words(found)}{judged}")


def _in_words(found: pd.DataFrame) -> str:
    """How many receipts there are, and how sure their proposals."""
    each = found.drop_duplicates("receipt_id")
    sure, without = int(each["automatic"].sum()), int((each["invoice_id"] == "").sum())
    look = len(each) - sure - without
    return f"{len(each):,} receipts: {sure:,} to book, {look:,} to look at, {without:,} without a proposal"


def _judged(book: Book, found: pd.DataFrame) -> str:
    """How often proposals were right, by what the receipts were booked to later; nothing where none was."""
    from riskmodels.core.numbers import figure
    from riskmodels.models.matching import accuracy, booked_later

    links, true = booked_later(book, found)
    if not true:
        return ""
    sure, every = accuracy(links, true), accuracy(links, true, score=0.0)
    told = [f"{figure(a.precision, 'share')} right, {figure(a.recall, 'share')} found" for a in (sure, every)]
    return f"\nbooked later, {true:,} links: those to book {told[0]}; with those to look at {told[1]}"
