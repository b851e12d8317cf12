"""Arrays of whole days, fen and codes become frames as the schema declares them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
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
    frame = pd.DataFrame(cells)[rows].reset_index(drop=True)
    dtypes = {c.name: DTYPES[c.kind] for c in TABLES[name].columns}
    return frame.reindex(columns=list(dtypes)).astype(dtypes)


def days(numbers: Days) -> NDArray[np.datetime64]:
    """Day numbers as dates; NEVER is missing."""
    return numbers.astype("datetime64[D]").astype("datetime64[us]")


def until(numbers: Days, last: int) -> NDArray[np.datetime64]:
    """Day numbers as dates, those after `last` missing: they haven't happened yet."""
    return days(np.where(numbers > last, NEVER, numbers))


def money(fen: Codes) -> NDArray[np.float64]:
    """Fen as yuan."""
    return fen / 100


def words(labels: Sequence[str] | NDArray[np.str_], codes: Codes) -> pd.Series:
    """The label of each code; -1 is missing."""
    return pd.Series(pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(labels)))).astype("str")


def ids(prefix: str, n: int) -> NDArray[np.str_]:
    """n identifiers such as D0001, wide enough to sort as they count."""
    return np.char.mod(f"{prefix}%0{max(4, len(str(n)))}d", np.arange(1, n + 1))
