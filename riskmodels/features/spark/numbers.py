"""Numbers of the keys on Spark, and the invoices that carry them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from riskmodels.features.keys import IDS, STANDINGS, numbered, tables
from riskmodels.features.keys import TABLES as OF
from riskmodels.features.relations import WORK
from riskmodels.features.spark.session import configured
from riskmodels.features.spark.views import SparkBook

SMALL = (STANDINGS, "clients", "debtors", "chains", "industries")
"""Tables of keys that fit in the driver: computed once, and sent whole to every executor."""


def number(book: SparkBook, numbers: Collection[str]) -> int:
    """Make the tables of keys, and the invoices with the numbers asked for; how many counterparts a key may have.

    A pair's number is made of its client's and its debtor's, so that nobody has to put all pairs in order.
    """
    queries = tables(cast(Any, book), ())
    sizes = {name: _kept(book, name, queries[name]) for name in SMALL}
    book.keep("invoices", book.sql(_invoices(numbers, sizes["debtors"])))
    book.keep("pairs", book.sql(_pairs(sizes["debtors"])))
    return max(sizes["clients"], sizes["debtors"])


def first_known(book: SparkBook, subject: str) -> Any:
    """The keys of a subject: number, day number from which it was known, ids."""
    cells = ", ".join(["CAST(number AS BIGINT) AS number", "unix_date(known_on) AS first", *IDS[subject]])
    return book.sql(f"SELECT {cells} FROM {WORK}.{OF[subject]}")


def _kept(book: SparkBook, name: str, query: str) -> int:
    from pyspark.sql.functions import broadcast

    found = book.sql(query, read="duckdb").toArrow()
    with configured(book.session, "spark.sql.execution.arrow.localRelationThreshold", "0"):
        # As a literal of the plan, Spark would go through all keys whenever it compares two plans.
        book.keep(name, broadcast(book.session.createDataFrame(found)))
    return len(found)


def _invoices(numbers: Collection[str], debtors: int) -> str:
    wanted = {*numbers, *(("client", "debtor") if "pair" in numbers else ())}
    parts = {
        "client": "c.number" if "client" in wanted else "CAST(NULL AS INT)",
        "debtor": "d.number" if "debtor" in wanted else "CAST(NULL AS INT)",
        "pair": _pair(debtors) if "pair" in wanted else "CAST(NULL AS BIGINT)",
    }
    cells = ", ".join(f"{cell} AS {name}" for name, cell in parts.items())
    joins = " ".join(join for name, join in _JOINS.items() if name in wanted)
    belonging = numbered("i.*", "i.known_on") if {"chain", "industry"} & wanted else _NO_BELONGING
    return f"SELECT i.*, i.invoice_id AS invoice, {cells} FROM ({belonging}) i {joins}"


def _pairs(debtors: int) -> str:
    return f"""
        SELECT i.client_id, i.debtor_id, {_pair(debtors)} AS number, i.known_on
        FROM (SELECT client_id, debtor_id, min(known_on) AS known_on FROM invoices GROUP BY client_id, debtor_id) i
        {_JOINS["client"]} {_JOINS["debtor"]}"""


def _pair(debtors: int) -> str:
    return f"c.number * CAST({debtors} AS BIGINT) + d.number"


_JOINS = {
    "client": f"JOIN {WORK}.clients c ON c.client_id = i.client_id",
    "debtor": f"JOIN {WORK}.debtors d ON d.debtor_id = i.debtor_id",
}
_NO_BELONGING = "SELECT *, CAST(NULL AS INT) AS chain, CAST(NULL AS INT) AS industry FROM invoices"
