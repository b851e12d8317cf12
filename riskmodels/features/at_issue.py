"""Every invoice on the day before its own issue: what was known of its parties, and what it brings along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from riskmodels.core.errors import Misuse
from riskmodels.features import rows, trace
from riskmodels.features.feature import SUBJECTS, Own
from riskmodels.features.keys import keys
from riskmodels.features.local import Facts, Job, Local, job
from riskmodels.features.output import Block
from riskmodels.features.plan import Plan
from riskmodels.features.relations import numbered_invoices

Array = Any
Asked = tuple[Job, Array]


def invoices(con: Any, plan: Plan, currency: str | None) -> pa.Table:
    """Invoices in the order of their ids: invoice_id, key numbers, as_of (day number), then each own feature."""
    import ibis

    i = numbered_invoices()
    own = {e.name: _own(i, e, currency) for e in plan.own}
    query = i.select("invoice_id", "client", "debtor", "pair", as_of=i.issued_on.epoch_days() - 1, **own)
    return con.cursor().sql(ibis.to_sql(query.order_by("invoice_id"), dialect="duckdb")).to_arrow_table()


def jobs(con: Any, facts: Facts, asked: pa.Table, engine: Local) -> list[Asked]:
    """For each subject its job over distinct (key, day), and the row of it that answers each invoice."""
    return [_job(con, facts, asked, subject, engine) for subject in SUBJECTS]


def fill(asked: pa.Table, plan: Plan, todo: list[Asked], told: Callable[[], None]) -> Block:
    """All invoices: own features first, then those of debtor, client and pair."""
    values = np.empty((len(plan.own) + sum(its.width for its, _ in todo), len(asked)))
    for row, entry in zip(values, plan.own):
        row[:] = asked[entry.name].to_numpy()
    start = len(plan.own)
    for its, where in todo:
        _scatter(values[start : start + its.width], its, where, told)
        start += its.width
    return Block(asked.select(["invoice_id"]), asked["as_of"].to_numpy(), values)


def _scatter(values: Array, job: Job, where: Array, told: Callable[[], None]) -> None:
    """Each partition's answers, put where they were asked for, while they are in the cache."""
    order = np.argsort(where, kind="stable")
    answered = where[order]
    for (a, b), found in job.blocks():
        low, high = np.searchsorted(answered, (a, b))
        place, source = order[low:high], answered[low:high] - a
        for row, answer in zip(values, found):
            row[place] = answer[source]
        told()


def _job(con: Any, facts: Facts, asked: pa.Table, subject: str, engine: Local) -> Asked:
    mine = keys(con, subject)
    asof, where = rows.distinct(asked[subject].to_numpy(), asked["as_of"].to_numpy(), len(mine))
    return job(con, facts, subject, mine, asof, engine), where


def _own(invoices: Any, entry: Own, currency: str | None) -> Any:
    """An own feature as a float; money in another currency than the book's is empty."""
    value = entry.value(invoices)
    trace.check_row_wise(value, entry.name)
    if late := trace.reveals(value):
        raise Misuse(f"{entry.name}: reads a column revealed by {'.'.join(min(late))}, not known at issue")
    if currency and trace.reads_money(value):
        value = (invoices.currency == currency).ifelse(value, None)
    return value.cast("float64").fill_null(float("nan"))
