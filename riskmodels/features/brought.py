"""What each invoice brings along at its issue, and whose it is on the day before."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from riskmodels.core.errors import Misuse
from riskmodels.features import trace
from riskmodels.features.feature import Own
from riskmodels.features.keys import numbered
from riskmodels.features.plan import PARTIES_OF_INVOICE, Plan
from riskmodels.features.relations import WORK, Schema, numbered_invoices

OWN = "own"
"""The workspace's table of invoices with what each brings along."""


def brought(plan: Plan, schema: Schema, currency: str | None) -> Any:
    """A query of the numbered invoices as an Ibis table: ids, key numbers, as_of (day number), then own features."""
    import ibis

    i = numbered_invoices(schema["invoices"])
    own = {e.name: _own(i, e, schema, currency) for e in plan.own}
    ids = ("invoice_id", "client_id", "debtor_id", *PARTIES_OF_INVOICE)
    return i.select(*ids, as_of=i.issued_on.epoch_days() - 1, seen_on=i.issued_on - ibis.interval(days=1), **own)


def written(query: Any, dialect: str) -> str:
    """The query of `brought` in a dialect of SQL."""
    import ibis

    return str(ibis.to_sql(query, dialect=dialect, pretty=False))


def invoices(con: Any, own: Any) -> pa.Table:
    """The invoices in the order of their ids, with the chain and industry that were known on the as-of day."""
    con.execute(f"CREATE TABLE {WORK}.{OWN} AS {written(own, 'duckdb')}")
    cells = "i.* EXCLUDE (client_id, debtor_id, seen_on)"
    found = con.sql(numbered(cells, "i.seen_on", f"{WORK}.{OWN}") + " ORDER BY invoice_id").to_arrow_table()
    con.execute(f"DROP TABLE {WORK}.{OWN}")
    return found


def _own(invoices: Any, entry: Own, schema: Schema, currency: str | None) -> Any:
    """An own feature as a float; money in another currency than the book's is empty."""
    value = entry.value(invoices)
    trace.check_row_wise(value, entry.name)
    if late := trace.reveals(value, schema):
        raise Misuse(f"{entry.name}: reads a column revealed by {'.'.join(min(late))}, not known at issue")
    if currency and trace.reads_money(value, schema):
        value = (invoices.currency == currency).ifelse(value, None)
    return value.cast("float64").fill_null(float("nan"))
