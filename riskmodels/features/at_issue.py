"""Every invoice on the day before its own issue: what was known of its debtor, client and pair, and what it brings along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from riskmodels.core.errors import Misuse
from riskmodels.features import rows, trace
from riskmodels.features.feature import SUBJECTS, Own
from riskmodels.features.local import Facts, Job, Local, job, matrix
from riskmodels.features.output import Block
from riskmodels.features.plan import Plan
from riskmodels.features.relations import numbered_invoices

Array = Any
CHUNK = 200_000


def invoices(con: Any, plan: Plan, currency: str | None) -> pa.Table:
    """Invoices in the order of their ids: invoice_id, key numbers, as_of (day number), then each own feature."""
    import ibis

    i = numbered_invoices()
    own = {e.name: _own(i, e, currency) for e in plan.own}
    query = i.select("invoice_id", "client", "debtor", "pair", as_of=i.issued_on.epoch_days() - 1, **own)
    return con.cursor().sql(ibis.to_sql(query.order_by("invoice_id"), dialect="duckdb")).to_arrow_table()


def jobs(con: Any, facts: Facts, asked: pa.Table, engine: Local) -> list[tuple[Job, Array]]:
    """For each subject its job over distinct (key, day), and the row of it that answers each invoice."""
    return [_job(con, facts, asked, subject, engine) for subject in SUBJECTS]


def blocks(asked: pa.Table, plan: Plan, todo: list[tuple[Job, Array]], told: Callable[[], None]) -> Iterator[Block]:
    """The invoices in chunks: own features first, then those of debtor, client and pair."""
    found = [(matrix(job, told), where) for job, where in todo]
    for start in range(0, max(len(asked), 1), CHUNK):
        rows_ = asked.slice(start, CHUNK)
        own = [rows_[e.name].to_numpy() for e in plan.own]
        past = [values[where[start : start + CHUNK]] for m, where in found for values in m]
        yield Block(rows_.select(["invoice_id"]), rows_["as_of"].to_numpy(), own + past)


def _job(con: Any, facts: Facts, asked: pa.Table, subject: str, engine: Local) -> tuple[Job, Array]:
    key, day = asked[subject].to_numpy(), asked["as_of"].to_numpy()
    answer: list[Array] = []

    def as_of(keys: Any) -> rows.AsOf:
        asof, where = rows.distinct(key, day, len(keys))
        answer.append(where)
        return asof

    return job(con, facts, subject, engine, as_of), answer[0]


def _own(invoices: Any, entry: Own, currency: str | None) -> Any:
    """An own feature as a float; money in another currency than the book's is empty."""
    value = entry.value(invoices)
    trace.check_row_wise(value, entry.name)
    if late := trace.reveals(value):
        raise Misuse(f"{entry.name}: reads a column revealed by {'.'.join(min(late))}, not known at issue")
    if currency and trace.reads_money(value):
        value = (invoices.currency == currency).ifelse(value, None)
    return value.cast("float64").fill_null(float("nan"))
