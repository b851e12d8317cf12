"""`build`: the catalogue's features of a book, at as-of dates or at each invoice's own issue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, overload

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.features import at_issue, rows
from riskmodels.features.catalogue import CATALOGUE
from riskmodels.features.feature import SUBJECTS, Catalogue, Feature
from riskmodels.features.keys import keys, workspace
from riskmodels.features.linked import Lent
from riskmodels.features.local import Facts, Job, Local, Progress, counterparts
from riskmodels.features.output import Block, Header, frame, spilled, write
from riskmodels.features.plan import LINKS, NEEDS, Plan, plan, version
from riskmodels.features.relations import Schema

KEYS = (*SUBJECTS, "invoice")
CHUNK = 100_000
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
    header = Header(planned.columns(key), _attrs(book, key, catalogue, planned, currency, bool(out)))
    with workspace(book, engine.memory_limit) as con:
        if dates is None:
            return _of_invoices(con, planned, book.schema, currency, engine, progress, header, out)
        todo, told = _of_keys(con, planned, key, dates, engine, progress)
        return write(header, _streamed(todo, told), Path(out)) if out else frame(header, _whole(todo, told))


def main_currency(book: Book) -> str | None:
    """The currency amounts are summed in when the book has several: the one it states, else that of most invoices."""
    return book.currency if len(book.currencies) > 1 else None


def _dates(book: Book, key: str, as_of: Dates) -> Any:
    """The as-of dates as day numbers; None for invoices at their own issue."""
    if key not in KEYS:
        raise Misuse(f"key: found {key!r}, expected one of {', '.join(KEYS)}")
    if key == "invoice":
        if as_of is not None:
            raise Misuse("as_of: found dates for key invoice, expected none: each is seen the day before its issue")
        return None
    days = [as_of] if isinstance(as_of, date) else list(as_of or ())
    if not days:
        raise Misuse(f"as_of: found none, expected one or more dates for key {key}")
    book.as_of(min(days))
    if book.cut and max(days) > book.cut:
        raise Misuse(f"as_of: found {max(days)}, expected no later than the book's own cut {book.cut}")
    return rows.day_numbers(days)


def _attrs(
    book: Book, key: str, catalogue: Catalogue, planned: Plan, currency: str | None, lineage: bool
) -> dict[str, Any]:
    query = "SELECT count(*) FROM invoices WHERE currency <> ?"
    other = book.connection.execute(query, [currency]).fetchall()[0][0] if currency else 0
    attrs = {"key": key, "switched_off": planned.off, "currency": currency or "", "left_out_invoices": other}
    return attrs | ({"book": book.fingerprint, "catalogue": version(catalogue, book.schema)} if lineage else {})


def _of_keys(
    con: Any, planned: Plan, key: str, dates: Any, engine: Local, progress: Progress | None
) -> tuple[Job, Callable[[], None]]:
    """The job of a key's features at dates, what its keys belong to already swept; and what to call for each range."""
    lenders = {of: [e.feature for e in planned.linked(key, of)] for of in LINKS}
    lenders = {of: features for of, features in lenders.items() if features}
    facts = Facts(con, planned, {**lenders, key: [*planned.of(key), *planned.linked(key)]})
    jobs = {of: _job(con, facts, of, dates, engine, features) for of, features in lenders.items()}
    todo = _job(con, facts, key, dates, engine, planned.of(key))
    told = _counter(progress, [*jobs.values(), todo])
    lent = tuple(Lent(of, dates, job.asof, job.whole(told)) for of, job in jobs.items())
    return replace(todo, lent=lent), told


def _job(con: Any, facts: Facts, key: str, dates: Any, engine: Local, features: Sequence[Feature]) -> Job:
    mine = keys(con, key)
    asof = rows.known_keys(mine.first, dates)
    return Job(facts, key, mine, asof, counterparts(con), engine, tuple(features))


def _streamed(todo: Job, told: Callable[[], None]) -> Iterator[Block]:
    """A block for each partition, in order."""
    key = todo.asof.keys
    for (a, b), values in todo.blocks():
        yield Block(todo.keys.ids.take(key[a:b]), todo.asof.day[a:b], values)
        told()


def _whole(todo: Job, told: Callable[[], None]) -> Block:
    """All partitions in one block."""
    return Block(todo.keys.ids.take(todo.asof.keys), todo.asof.day, todo.whole(told))


def _of_invoices(
    con: Any,
    planned: Plan,
    schema: Schema,
    currency: str | None,
    engine: Local,
    progress: Progress | None,
    header: Header,
    out: str | Path | None,
) -> pd.DataFrame | Path:
    asked = at_issue.invoices(con, planned, schema, currency)
    todo = at_issue.jobs(con, planned, asked, engine)
    told = _counter(progress, [its.job for its in todo])
    if not out:
        return frame(header, at_issue.fill(asked, header, todo, told, np.empty((len(header.columns), len(asked)))))
    with spilled((len(header.columns), len(asked)), Path(out)) as values:
        return write(header, at_issue.fill(asked, header, todo, told, values).chunks(CHUNK), Path(out))


def _counter(progress: Progress | None, jobs: Sequence[Job]) -> Callable[[], None]:
    total, done = sum(len(j.ranges) for j in jobs), count(1)
    return lambda: progress(next(done), total) if progress else None
