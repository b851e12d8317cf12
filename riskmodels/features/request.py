"""A request for features as it is typed: which dates are meant, and where the frame goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from riskmodels.book.book import Book
from riskmodels.core.dates import month_ends, parse_date
from riskmodels.core.errors import Misuse
from riskmodels.core.paths import writable
from riskmodels.features.catalogue import CATALOGUE
from riskmodels.features.engine import build
from riskmodels.features.feature import Catalogue
from riskmodels.features.keys import IDS

ISSUE = "issue"


def write_features(
    book: Book,
    key: str,
    when: str,
    out: Path,
    progress: Callable[[int, int], None] | None = None,
    catalogue: Catalogue = CATALOGUE,
) -> tuple[int, int]:
    """Write the features asked for to a Parquet file; how many rows and feature columns it has."""
    writable(out, ".parquet")
    build(book, key, _dates(key, when), catalogue, out=out, progress=progress)
    meta = pq.read_metadata(out)
    ids = len(IDS.get(key, ("invoice_id",)))
    return meta.num_rows, meta.num_columns - ids - 1


def _dates(key: str, when: str) -> list[date] | None:
    if when == ISSUE:
        if key != "invoice":
            raise Misuse(
                f"--as-of: found 'issue' for key {key}, expected a date or FIRST..LAST; it goes with key invoice"
            )
        return None
    if key == "invoice":
        raise Misuse(f"--as-of: found {when!r} for key invoice, expected 'issue': each is seen the day before its own")
    first, dots, last = when.partition("..")
    if not dots:
        return [parse_date(when, "--as-of")]
    days = month_ends(parse_date(first, "--as-of"), parse_date(last, "--as-of"))
    if not days:
        raise Misuse(f"--as-of: found no month end in {when}")
    return days
