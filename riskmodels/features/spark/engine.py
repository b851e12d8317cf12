"""`build` and `write`: the catalogue's features of a book on Spark, as a frame or as Parquet files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from riskmodels.core.errors import DataRefused
from riskmodels.features.catalogue import CATALOGUE
from riskmodels.features.engine import Dates, _dates, main_currency
from riskmodels.features.feature import Catalogue
from riskmodels.features.keys import IDS
from riskmodels.features.needs import NEEDS
from riskmodels.features.plan import Plan, plan, version
from riskmodels.features.spark.fingerprint import fingerprint
from riskmodels.features.spark.run import Run
from riskmodels.features.spark.session import checked_session, refusals
from riskmodels.features.spark.views import SparkBook, viewed


def build(
    session: Any,
    tables: Mapping[str, Any],
    key: str,
    as_of: Dates = None,
    catalogue: Catalogue = CATALOGUE,
    partitions: int | None = None,
) -> Any:
    """The features of every key known at each as-of date, as a Spark frame that is computed when it is used.

    `tables` gives the book's tables by name, each a Spark frame, the name of a table or the path of Parquet files, with
    the columns of the book's schema; those that are absent switch features off. `key` and `as_of` are as in
    `riskmodels.features.build`, and so are the columns and every bit of their values; the rows come in no order.
    `partitions` is into how many parts the keys go, by default one for 100,000 invoices: a worker holds one part.
    `lineage` tells how a frame came about. What Spark persists for a frame goes with it: hold on to it while you use
    what comes of it, or that is computed more than once.
    """
    with refusals(), viewed(checked_session(session), tables) as book:
        return _built(book, key, as_of, catalogue, partitions, {})


def write(
    session: Any,
    tables: Mapping[str, Any],
    key: str,
    out: str,
    as_of: Dates = None,
    catalogue: Catalogue = CATALOGUE,
    partitions: int | None = None,
) -> str:
    """The place `out`, where Spark wrote the features as Parquet files; `lineage` tells the book's fingerprint too."""
    with refusals(), viewed(checked_session(session), tables) as book:
        found = _built(book, key, as_of, catalogue, partitions, {"book": fingerprint(book)})
        found.write.option("compression", "zstd").parquet(out)
    return out


def lineage(frame: Any) -> dict[str, Any]:
    """How a frame of features came about: key, currency, what is switched off, the catalogue's and book's SHA-256.

    It stands in the schema, in the metadata of `as_of`, and stays when Spark writes the frame and reads it again.
    """
    return cast(dict[str, Any], json.loads(frame.schema["as_of"].metadata["riskmodels"]))


def _built(
    book: SparkBook, key: str, as_of: Dates, catalogue: Catalogue, partitions: int | None, told: dict[str, str]
) -> Any:
    asked = cast(Any, book)
    dates = _dates(asked, key, as_of)
    currency = main_currency(asked)
    planned = plan(catalogue, asked, currency)
    if key not in (*planned.subjects, "invoice"):
        raise DataRefused(f"{book.name}: no {key} to build features of: no values in {'.'.join(NEEDS[key])}")
    attrs = {
        "key": key,
        "switched_off": planned.off,
        "currency": currency or "",
        "left_out_invoices": book.left_out(currency),
        "catalogue": version(catalogue, book.schema),
    }
    run = Run(book, key, planned, currency, partitions)
    return book.hold(run.frame(dates, _schema(planned, key, attrs | told)))


def _schema(planned: Plan, key: str, attrs: dict[str, Any]) -> Any:
    """The types of the frame: each feature with its unit and meaning, `as_of` with the lineage."""
    from pyspark.sql import types

    fields = [types.StructField(name, types.StringType()) for name in IDS.get(key, ("invoice_id",))]
    fields.append(types.StructField("as_of", types.DateType(), metadata={"riskmodels": json.dumps(attrs)}))
    for name, entry in planned.columns(key).items():
        told = {"unit": entry.unit, "meaning": entry.meaning}
        fields.append(types.StructField(name, types.DoubleType(), metadata=told))
    return types.StructType(fields)
