"""Arrays of whole days, fen and codes become frames as the schema declares them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from riskmodels.book.schema import TABLES
from riskmodels.book.synthetic.clock import NEVER, Days
from riskmodels.book.synthetic.network import Codes

DTYPES = {
    "text": "str",
    "date": "datetime64[us]",
    "stamp": "datetime64[us]",
    "money": "float64",
    "rate": "float64",
    "count": "Int32",
    "flag": "boolean",
}


def table(name: str, cells: dict[str, Any], rows: NDArray[np.bool_] | slice = slice(None)) -> pd.DataFrame:
    """The table's frame: the schema's columns in their order, those not given empty, rows not chosen dropped."""
    chosen = {key: _chosen(values, rows) for key, values in cells.items()}
    n = len(next(iter(chosen.values())))
    columns = {
        c.name: pd.Series(chosen[c.name], dtype=DTYPES[c.kind], copy=False)
        if c.name in chosen
        else _empty(n, DTYPES[c.kind])
        for c in TABLES[name].columns
    }
    return pd.DataFrame(columns, copy=False)


def days(numbers: Days) -> NDArray[np.datetime64]:
    """Day numbers as dates; NEVER is missing."""
    return numbers.astype("datetime64[D]").astype("datetime64[us]")


def until(numbers: Days, last: int) -> NDArray[np.datetime64]:
    """Day numbers as dates, those after `last` missing: they haven't happened yet."""
    return days(np.where(numbers > last, NEVER, numbers))


def money(fen: Codes) -> NDArray[np.float64]:
    """Fen as yuan."""
    return fen / 100


def words(labels: Sequence[str] | Any, codes: Codes) -> Any:
    """The label of each code as a column of text; -1 is missing."""
    values = labels if isinstance(labels, pd.api.extensions.ExtensionArray) else text(pa.array(list(labels)))
    return values.take(np.asarray(codes, dtype=np.int64), allow_fill=True)


def ids(prefix: str, n: int) -> Any:
    """n identifiers such as D0001 as a column of text, wide enough to sort as they count."""
    digits = max(4, len(str(n)))
    number = np.arange(1, n + 1)
    cells = np.empty((n, len(prefix) + digits), dtype=np.uint8)
    cells[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    for place in range(digits):
        cells[:, -1 - place] = number // 10**place % 10 + ord("0")
    ends = np.arange(n + 1, dtype=np.int64) * cells.shape[1]
    return text(pa.LargeStringArray.from_buffers(n, pa.py_buffer(ends), pa.py_buffer(cells)))


def text(values: pa.Array) -> Any:
    """Arrow strings as a pandas array of dtype str, not copied where Arrow's type is the one pandas keeps."""
    return pd.array(pc.cast(values, pa.large_string()), dtype="str")


def _chosen(values: Any, rows: NDArray[np.bool_] | slice) -> Any:
    listed = np.asarray(values) if isinstance(values, list | tuple) else values
    return listed[rows]


def _empty(n: int, dtype: str) -> pd.Series:
    if dtype == "float64":
        return pd.Series(np.full(n, np.nan))
    if dtype == "str":
        return pd.Series(text(pa.nulls(n, pa.large_string())))
    return pd.Series(pd.NaT if "date" in dtype else pd.NA, index=range(n), dtype=dtype)
