"""`build`: the catalogue's features of a book, at as-of dates or at each invoice's own issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, overload

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.features import at_dates, at_issue, rows
from riskmodels.features.catalogue import CATALOGUE
from riskmodels.features.feature import SUBJECTS, Catalogue
from riskmodels.features.local import Local, Progress
from riskmodels.features.needs import NEEDS
from riskmodels.features.output import Block, Header, frame, write
from riskmodels.features.plan import plan, version
from riskmodels.features.run import Ground, Run, ground

KEYS = (*SUBJECTS, "invoice")
Dates = date | Sequence[date] | None


@overload
def build(
    book: Book, key: str, as_of: Dates = ..., catalogue: Catalogue = ..., out: None = ...,
    progress: Progress | None = ..., engine: Local = ...,
) -> pd.DataFrame: ...  # fmt: skip
@overload
def build(
    book: Book, key: str, as_of: Dates = ..., catalogue: Catalogue = ..., *, out: str | Path,
    progress: Progress | None = ..., engine: Local = ...,
) -> Path: ...  # fmt: skip
def build(
    book: Book,
    key: str,
    as_of: Dates = None,
    catalogue: Catalogue = CATALOGUE,
    out: str | Path | None = None,
    progress: Progress | None = None,
    engine: Local = Local(),  # noqa: B008
) -> pd.DataFrame | Path:
    """The features of every key known at each as-of date, one row each; or a Parquet file of them when `out` is given.

    The file's metadata tell the fingerprint of the book and the version of the catalogue.

    `key` is debtor, client, pair, chain or industry, with one or more dates; or invoice, without: each invoice is seen
    at the close of the day before its issue, with the features of its debtor, client and pair and what it brings along.
    Columns: the key's ids, as_of, then floats named by subject and feature, such as debtor_late_share_365d.
    Rows are sorted by ids and date. Without facts counts and amounts are 0, ratios and latest values NaN.
    Amounts are of the book's main currency; `attrs` says how many invoices of other currencies they leave out, and
    which features are switched off, with the reason. `progress` is called with partitions done and their number.
    """
    dates = _dates(book, key, as_of)
    currency = main_currency(book)
    planned = plan(catalogue, book, currency)
    if key not in (*planned.subjects, "invoice"):
        raise DataRefused(f"{book.name}: no {key} to build features of: no values in {'.'.join(NEEDS[key])}")
    run = Run(book, (key,), dates, planned, currency, engine, progress)
    told = {"catalogue": version(catalogue, book.schema)} if out is not None else {}
    header = Header(planned.columns(key), _attrs(run, key) | told)
    with ground(run) as here:
        blocks = _blocks(here, key, header, out is not None)
        if out is None:
            return frame(header, next(blocks))
        return write(header, blocks, Path(out), partial(_lineage, book))


def frames(book: Book, keys: Sequence[str], as_of: Dates, catalogue: Catalogue) -> dict[str, pd.DataFrame]:
    """What `build` gives at dates for each key (of invoices, at their issue), from facts that are read once."""
    currency = main_currency(book)
    planned = plan(catalogue, book, currency)
    dates = max((_dates(book, key, None if key == "invoice" else as_of) for key in keys), key=len)
    run = Run(book, tuple(keys), dates, planned, currency, Local(), None)
    headers = {key: Header(planned.columns(key), _attrs(run, key)) for key in keys}
    with ground(run) as here:
        return {key: frame(headers[key], next(_blocks(here, key, headers[key], False))) for key in keys}


def _blocks(here: Ground, key: str, header: Header, streamed: bool) -> Iterator[Block]:
    return at_issue.blocks(here, header, streamed) if key == "invoice" else at_dates.blocks(here, key, streamed)


def main_currency(book: Book) -> str | None:
    """The currency amounts are summed in when the book has others than it states (else: than most invoices have)."""
    return book.currency if set(book.currencies) - {book.currency} else None


def _dates(book: Book, key: str, as_of: Dates) -> Any:
    """The as-of dates as day numbers; none for invoices, each at its own issue."""
    if key not in KEYS:
        raise Misuse(f"key: found {key!r}, expected one of {', '.join(KEYS)}")
    if key == "invoice":
        if as_of is not None:
            raise Misuse("as_of: found dates for key invoice, expected none: each is seen the day before its issue")
        return rows.day_numbers(())
    days = [as_of] if isinstance(as_of, date) else list(as_of or ())
    if not days:
        raise Misuse(f"as_of: found none, expected one or more dates for key {key}")
    book.as_of(min(days))
    if book.cut and max(days) > book.cut:
        raise Misuse(f"as_of: found {max(days)}, expected no later than the book's own cut {book.cut}")
    return rows.day_numbers(days)


def _attrs(run: Run, key: str) -> dict[str, Any]:
    query = "SELECT count(*) FROM invoices WHERE currency <> ?"
    other = run.book.connection.execute(query, [run.currency]).fetchall()[0][0] if run.currency else 0
    return {"key": key, "switched_off": run.plan.off, "currency": run.currency or "", "left_out_invoices": other}


def _lineage(book: Book) -> dict[str, str]:
    return {"book": book.fingerprint}
