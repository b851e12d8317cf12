"""Every invoice on the day before its own issue: what was known of its parties, and what it brings along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from riskmodels.core.errors import Misuse
from riskmodels.features import rows, trace
from riskmodels.features.feature import Compared, Feature, Own
from riskmodels.features.keys import keys, numbered
from riskmodels.features.local import Facts, Job, Local, counterparts
from riskmodels.features.output import Block, Header
from riskmodels.features.plan import LINKS, PARTIES_OF_INVOICE, Plan
from riskmodels.features.relations import WORK, Schema, numbered_invoices

Array = Any
OWN = "own"
"""The workspace's table of invoices with what each brings along."""


@dataclass(frozen=True)
class Asked:
    """A job over distinct (key, day), and of its rows the one that answers each place (an invoice's row)."""

    job: Job
    place: Array
    answer: Array


def invoices(con: Any, plan: Plan, schema: Schema, currency: str | None) -> pa.Table:
    """Invoices in the order of their ids: invoice_id, key numbers, as_of (day number), then each own feature.

    The chain and industry are those that were known on the as-of day.
    """
    import ibis

    i = numbered_invoices(schema["invoices"])
    own = {e.name: _own(i, e, schema, currency) for e in plan.own}
    ids = ("invoice_id", "client_id", "debtor_id", *PARTIES_OF_INVOICE)
    query = i.select(*ids, as_of=i.issued_on.epoch_days() - 1, seen_on=i.issued_on - ibis.interval(days=1), **own)
    con.execute(f"CREATE TABLE {WORK}.{OWN} AS {ibis.to_sql(query, dialect='duckdb')}")
    cells = "i.* EXCLUDE (client_id, debtor_id, seen_on)"
    return con.cursor().sql(numbered(cells, "i.seen_on", f"{WORK}.{OWN}") + " ORDER BY invoice_id").to_arrow_table()


def jobs(con: Any, plan: Plan, asked: pa.Table, engine: Local) -> list[Asked]:
    """The jobs that answer all invoices: of their debtors, clients and pairs, and of what they belong to."""
    wanted = {s: plan.of(s) for s in PARTIES_OF_INVOICE}
    wanted |= {of: found for of in LINKS if (found := [e.feature for e in plan.linked("invoice", of)])}
    facts = Facts(con, plan, wanted)
    return [_asked(con, facts, asked, subject, features, engine) for subject, features in wanted.items()]


def fill(asked: pa.Table, header: Header, todo: list[Asked], told: Callable[[], None], values: Array) -> Block:
    """All invoices in `values` (columns, invoices): own features, those of the jobs in order, then comparisons."""
    column = dict(zip(header.columns, values))
    own = [(row, e) for row, e in zip(values, header.columns.values()) if isinstance(e, Own)]
    for row, entry in own:
        row[:] = asked[entry.name].to_numpy()
    start = len(own)
    for one in todo:
        _scatter(values[start : start + one.job.width], one, told)
        start += one.job.width
    for name, its in header.columns.items():
        if isinstance(its, Compared):
            column[name][:] = its.formula(*(column[c] for c in its.columns))
    return Block(asked.select(["invoice_id"]), asked["as_of"].to_numpy(), values)


def _scatter(values: Array, its: Asked, told: Callable[[], None]) -> None:
    """Each partition's answers, put where they were asked for, while they are in the cache; NaN where none was."""
    if len(its.place) < values.shape[1]:
        values[:] = np.nan
    order = np.argsort(its.answer, kind="stable")
    answered, places = its.answer[order], its.place[order]
    for (a, b), found in its.job.blocks():
        low, high = np.searchsorted(answered, (a, b))
        place, source = places[low:high], answered[low:high] - a
        for row, answer in zip(values, found):
            row[place] = answer[source]
        told()


def _asked(con: Any, facts: Facts, asked: pa.Table, subject: str, features: Sequence[Feature], engine: Local) -> Asked:
    mine = keys(con, subject)
    number = asked[subject].to_numpy().astype(float)
    place = np.flatnonzero(~np.isnan(number))
    day = asked["as_of"].to_numpy()[place]
    asof, answer = rows.distinct(number[place].astype(np.int64), day, len(mine))
    return Asked(Job(facts, subject, mine, asof, counterparts(con), engine, tuple(features)), place, answer)


def _own(invoices: Any, entry: Own, schema: Schema, currency: str | None) -> Any:
    """An own feature as a float; money in another currency than the book's is empty."""
    value = entry.value(invoices)
    trace.check_row_wise(value, entry.name)
    if late := trace.reveals(value, schema):
        raise Misuse(f"{entry.name}: reads a column revealed by {'.'.join(min(late))}, not known at issue")
    if currency and trace.reads_money(value, schema):
        value = (invoices.currency == currency).ifelse(value, None)
    return value.cast("float64").fill_null(float("nan"))
