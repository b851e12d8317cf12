"""Every invoice on the day before its own issue: what was known of its parties, and what it brings along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from riskmodels.core.errors import Misuse
from riskmodels.features import rows, trace
from riskmodels.features.feature import Compared, Linked, Own, column
from riskmodels.features.keys import numbered
from riskmodels.features.local import Job
from riskmodels.features.output import Block, Header, spilled
from riskmodels.features.plan import PARTIES_OF_INVOICE
from riskmodels.features.relations import WORK, Schema, numbered_invoices
from riskmodels.features.run import Ground, Run, ground

Array = Any
CHUNK = 100_000
OWN = "own"
"""The workspace's table of invoices with what each brings along."""


@dataclass(frozen=True)
class Asked:
    """A job over distinct (key, day), and of its rows the one that answers each place (an invoice's row)."""

    job: Job
    place: Array
    answer: Array


def blocks(run: Run, header: Header, streamed: bool) -> Iterator[Block]:
    """The invoices in the order of their ids: in chunks, from an array on disk, if streamed, else in one block."""
    asked: list[pa.Table] = []
    own = _brought(run)
    with ExitStack() as open_:
        here = open_.enter_context(ground(run, lambda con: asked.append(_invoices(con, own)), [own]))
        shape = len(header.columns), len(asked[0])
        values = open_.enter_context(spilled(shape)) if streamed else np.empty(shape)
        todo = [_asked(here, asked[0], subject) for subject in here.wanted]
        _fill(asked[0], header, todo, here.steps.swept, values)
        block = Block(asked[0].select(["invoice_id"]), asked[0]["as_of"].to_numpy(), values)
        yield from block.chunks(CHUNK) if streamed else [block]


def _brought(run: Run) -> str:
    """A query of the numbered invoices: ids, key numbers, as_of (day number), then each own feature."""
    import ibis

    i = numbered_invoices(run.book.schema["invoices"])
    own = {e.name: _own(i, e, run.book.schema, run.currency) for e in run.plan.own}
    ids = ("invoice_id", "client_id", "debtor_id", *PARTIES_OF_INVOICE)
    query = i.select(*ids, as_of=i.issued_on.epoch_days() - 1, seen_on=i.issued_on - ibis.interval(days=1), **own)
    return str(ibis.to_sql(query, dialect="duckdb"))


def _invoices(con: Any, own: str) -> pa.Table:
    """The invoices in the order of their ids, with the chain and industry that were known on the as-of day."""
    con.execute(f"CREATE TABLE {WORK}.{OWN} AS {own}")
    cells = "i.* EXCLUDE (client_id, debtor_id, seen_on)"
    found = con.sql(numbered(cells, "i.seen_on", f"{WORK}.{OWN}") + " ORDER BY invoice_id").to_arrow_table()
    con.execute(f"DROP TABLE {WORK}.{OWN}")
    return found


def _fill(asked: pa.Table, header: Header, todo: list[Asked], told: Callable[[], None], values: Array) -> None:
    """All invoices into `values` (columns, invoices): each column by its name, comparisons last."""
    into = dict(zip(header.columns, values))
    for name, entry in header.columns.items():
        if isinstance(entry, Own):
            into[name][:] = asked[entry.name].to_numpy()
    for one in todo:
        _scatter([into[c] for c in _columns(one.job)], one, told)
    for name, entry in header.columns.items():
        if isinstance(entry, Compared):
            into[name][:] = entry.formula(*(into[c] for c in entry.columns))


def _columns(job: Job) -> list[str]:
    """The names of a job's columns in an invoice's row."""
    if job.subject in PARTIES_OF_INVOICE:
        return [column(f, job.subject) for f in job.features]
    return [column(Linked(job.subject, f), "invoice") for f in job.features]


def _scatter(columns: list[Array], its: Asked, told: Callable[[], None]) -> None:
    """Each partition's answers, put where they were asked for, while they are in the cache; NaN where none was."""
    for row in columns:
        row[:] = np.nan
    order = np.argsort(its.answer, kind="stable")
    answered, places = its.answer[order], its.place[order]
    for (a, b), found in its.job.blocks():
        low, high = np.searchsorted(answered, (a, b))
        place, source = places[low:high], answered[low:high] - a
        for row, answer in zip(columns, found):
            row[place] = answer[source]
        told()


def _asked(here: Ground, asked: pa.Table, subject: str) -> Asked:
    number = asked[subject].fill_null(-1).to_numpy()
    place = np.flatnonzero(number >= 0)
    asof, answer = rows.distinct(number[place], asked["as_of"].to_numpy()[place], len(here.keys[subject]))
    return Asked(here.job(subject, asof), place, answer)


def _own(invoices: Any, entry: Own, schema: Schema, currency: str | None) -> Any:
    """An own feature as a float; money in another currency than the book's is empty."""
    value = entry.value(invoices)
    trace.check_row_wise(value, entry.name)
    if late := trace.reveals(value, schema):
        raise Misuse(f"{entry.name}: reads a column revealed by {'.'.join(min(late))}, not known at issue")
    if currency and trace.reads_money(value, schema):
        value = (invoices.currency == currency).ifelse(value, None)
    return value.cast("float64").fill_null(float("nan"))
