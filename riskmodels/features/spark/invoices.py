"""Every invoice at its own issue on Spark: what is asked of whom, and the answers put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from riskmodels.features.brought import OWN, brought, written
from riskmodels.features.feature import Compared, Entry, Linked, Own, column
from riskmodels.features.keys import numbered
from riskmodels.features.plan import PARTIES_OF_INVOICE, Plan
from riskmodels.features.relations import WORK
from riskmodels.features.spark.packing import in_pieces, unpacked
from riskmodels.features.spark.sweeping import KEYS, Group, Sweep, answer_schema
from riskmodels.features.spark.views import SparkBook

Array = Any
BROUGHT = -1
"""The number under which go the invoices themselves, beside those of the subjects."""
NUMBERS = (*PARTIES_OF_INVOICE, "chain", "industry")


def asked(book: SparkBook, plan: Plan, currency: str | None, homes: int) -> Any:
    """The invoices: home (a partition of invoices), key numbers (-1: none), as_of, then each own feature.

    The chain and industry are those that were known on the as-of day.
    """
    book.keep(OWN, book.sql(written(brought(plan, book.schema, currency), "pyspark")))
    own = [e.name for e in plan.own]
    cells = ["invoice_id", *PARTIES_OF_INVOICE, "as_of", *own]
    found = book.sql(numbered(", ".join(f"i.{c}" for c in cells), "CAST(i.seen_on AS DATE)", f"{WORK}.{OWN}"))
    numbers = [f"CAST(coalesce({n}, -1) AS BIGINT) AS {n}" for n in NUMBERS]
    home = f"CAST(pmod(xxhash64(invoice_id), {homes}) AS INT) AS home"
    return found.selectExpr("invoice_id", home, *numbers, "CAST(as_of AS BIGINT) AS as_of", *own)


def assembler(columns: Mapping[str, Entry], brought: pa.Schema, sweeps: list[tuple[Sweep, list[str]]]) -> Group:
    """Rows of invoice_id, as_of and all columns of the invoices of one home; the names are those of each sweep."""
    own = {name: e.name for name, e in columns.items() if isinstance(e, Own)}
    compared = {name: (e.formula, e.columns) for name, e in columns.items() if isinstance(e, Compared)}
    names = list(columns)

    def assembled(group: pa.Table) -> pa.Table:
        invoices = unpacked(_of(group, BROUGHT), KEYS, brought)
        into = {name: invoices[its].to_numpy() for name, its in own.items()}
        for sweep, features in sweeps:
            answers = unpacked(_of(group, sweep.number), KEYS, answer_schema(len(features)))
            into |= dict(zip(features, _placed(answers, invoices["invoice_id"])))
        for name, (formula, read) in compared.items():
            into[name] = formula(*(into[c] for c in read))
        as_of = pa.array(invoices["as_of"].to_numpy().astype("M8[D]"))
        cells = [invoices["invoice_id"], as_of, *(pa.array(into[n]) for n in names)]
        return in_pieces(pa.Table.from_arrays(cells, names=["invoice_id", "as_of", *names]))

    return assembled


def names_of(subject: str, features: list[Any]) -> list[str]:
    """The names of a subject's features in an invoice's row."""
    if subject in PARTIES_OF_INVOICE:
        return [column(f, subject) for f in features]
    return [column(Linked(subject, f), "invoice") for f in features]


def _of(group: pa.Table, subject: int) -> pa.Table:
    import pyarrow.compute as pc

    return group.filter(pc.equal(group["subject"], subject))


def _placed(answers: pa.Table, ids: pa.ChunkedArray) -> list[Array]:
    """Each column of the answers in the order of the invoices; NaN where none was given."""
    import pyarrow.compute as pc

    place = pc.index_in(answers["invoice_id"], value_set=ids.combine_chunks()).to_numpy()
    found = np.full((answers.num_columns - 1, len(ids)), np.nan)
    for row, values in zip(found, answers.columns[1:]):
        row[place] = values.to_numpy()
    return list(found)
