"""What had been settled when an invoice was issued: counts, delays and the latest one, by debtor or client.

An invoice sees the settlements of days before its own issue, never those of its day or later ones. A settlement counts
from its own day; give invoices as they were known at the cut, and nothing that became known after it is in them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.models.inputs import SampleError

COLUMNS = ("client_id", "debtor_id", "issued_on", "due_on")


@dataclass(frozen=True)
class Past:
    """Settled before each of m rows' issue: n, total (days past due, early ones negative), late (over 0 days), last.

    `last` is the delay of the latest settlement, NaN where there is none.
    """

    n: np.ndarray
    total: np.ndarray
    late: np.ndarray
    last: np.ndarray


def past(history: pd.DataFrame, rows: pd.DataFrame, key: str) -> Past:
    """What `history` (with settled_on) had settled of each row's `key`, debtor_id or client_id, before its issue."""
    done = history[history["settled_on"].notna() & history[key].notna()]
    names = pd.Index(done[key].unique())
    code, mine = names.get_indexer(done[key]), names.get_indexer(rows[key])
    day, due, issued = (_days(dates) for dates in (done["settled_on"], done["due_on"], rows["issued_on"]))
    order = np.lexsort((due, day, code))
    code, day, delay = code[order], day[order], (day - due)[order].astype(float)
    base = min(day.min(initial=0), issued.min(initial=0))
    span = max(day.max(initial=0), issued.max(initial=0)) - base + 1
    start = np.searchsorted(code, mine, side="left")
    end = np.searchsorted(code * span + day - base, mine * span + issued - base, side="left")
    end = np.where(mine >= 0, np.maximum(end, start), start)
    total, late = (_between(values, start, end) for values in (delay, (delay > 0).astype(float)))
    last = np.where(end > start, np.append(delay, np.nan)[end - 1], np.nan)
    return Past((end - start).astype(float), total, late, last)


def checked(rows: pd.DataFrame, also: tuple[str, ...] = ()) -> pd.DataFrame:
    """The rows, refused when a column is missing or an invoice lacks its issue or due date."""
    if missing := [c for c in (*COLUMNS, *also) if c not in rows]:
        raise SampleError(f"invoices: missing columns {missing}, expected those of `invoice_outcomes`")
    for column in ("issued_on", "due_on"):
        if gone := int(rows[column].isna().sum()):
            raise SampleError(f"{column}: found {gone} invoices without it, expected a date in each row")
    return rows


def terms(rows: pd.DataFrame) -> np.ndarray:
    """Days from issue to due date, (m,)."""
    return (_days(rows["due_on"]) - _days(rows["issued_on"])).astype(float)


def _days(dates: pd.Series) -> np.ndarray:
    return dates.to_numpy("datetime64[D]").astype(np.int64)


def _between(values: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    summed = np.concatenate([[0.0], np.cumsum(values)])
    return summed[end] - summed[start]
