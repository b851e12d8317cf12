"""A scored sample by the month its cases were scored in: each month's own cases, and the outcomes of a year to it.

Outcomes of a month count when hardly any of its cases is too young: those known early aren't like the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.validation.case import PARTIES, PROBABILITY, RISK

WINDOW = 12
"""Months of cases whose outcomes are looked at together, so that no figure hangs on one month."""
LONGEST = 600
_USED = (PROBABILITY, RISK, "outcome", "grade", "weight", "period", "override", *PARTIES)


@dataclass(frozen=True)
class Months:
    """The cases in the order of their months (`frame`), each with its month since year 0 (`month`, n)."""

    frame: pd.DataFrame
    month: NDArray[np.int64]
    youngest: float

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """The months that have cases (M,), oldest first."""
        return np.unique(self.month)

    @cached_property
    def young(self) -> NDArray[np.float64]:
        """The share of each month's cases (M,) whose outcome isn't known yet."""
        return self._means(self.frame["outcome"].isna().to_numpy().astype(np.float64))

    @cached_property
    def ripe(self) -> NDArray[np.bool_]:
        """Whether each month's outcomes (M,) are known but for the share `youngest`."""
        return self.young <= self.youngest

    def own(self, place: int) -> pd.DataFrame:
        """The cases of a month, by its place among `ends`."""
        return self.frame.iloc[slice(*np.searchsorted(self.month, [self.ends[place], self.ends[place] + 1]))]

    def year(self, place: int) -> pd.DataFrame:
        """The cases of the ripe months among the WINDOW that end with this one."""
        end = self.ends[place]
        rows = slice(*np.searchsorted(self.month, [end - WINDOW + 1, end + 1]))
        return self.frame.iloc[rows][self._ripe_rows[rows]]

    def to(self, count: int) -> pd.DataFrame:
        """The cases of the first `count` months."""
        return self.frame[self.month < self.ends[count]] if count < len(self.ends) else self.frame

    @cached_property
    def _ripe_rows(self) -> NDArray[np.bool_]:
        return self.ripe[np.searchsorted(self.ends, self.month)]

    def _means(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        place = np.searchsorted(self.ends, self.month)
        return np.bincount(place, values) / np.bincount(place)


def month_of(code: int) -> pd.Timestamp:
    """The last day of a month counted from year 0."""
    return pd.Timestamp(int(code) // 12, int(code) % 12 + 1, 1) + pd.offsets.MonthEnd(0)


def by_month(sample: pd.DataFrame, youngest: float) -> Months:
    """The sample by month of its column `period` (the day a case was scored); rows may come in any order."""
    if sample.empty:
        raise DataRefused("sample: found no rows, expected scored cases")
    day = _days(sample)
    month = (day.dt.year * 12 + day.dt.month - 1).to_numpy(np.int64)
    if (span := int(np.ptp(month)) + 1) > LONGEST:
        raise DataRefused(
            f"period: found dates {span} months apart ({day.min():%Y-%m} to {day.max():%Y-%m}), expected "
            f"at most {LONGEST}"
        )
    order = np.argsort(month, kind="stable")
    used = sample[[c for c in _USED if c in sample]].assign(period=day)
    coded = {party: _coded(used[party]) for party in PARTIES if party in used}
    told = {"override": _flags(used["override"])} if "override" in used else {}
    return Months(used.assign(**coded, **told).iloc[order], month[order], youngest)


def _days(sample: pd.DataFrame) -> pd.Series:
    if "period" not in sample:
        raise Misuse(f"sample: missing columns ['period']; it has {list(sample.columns)}")
    given = sample["period"]
    if isinstance(given.dtype, pd.PeriodDtype):
        return given.dt.to_timestamp()
    # A number would be read as nanoseconds since 1970
    dated = pd.Series(pd.NaT, given.index) if pd.api.types.is_numeric_dtype(given) else given
    read = pd.to_datetime(dated, errors="coerce", format=None if dated.dtype.kind == "M" else "ISO8601")
    if (missing := read.isna().to_numpy()).any():
        first, more = int(np.argmax(missing)), int(missing.sum()) - 1
        found = f"{given.iloc[first]} in row {first + 1}" + (f" and {more:,} more" if more else "")
        raise DataRefused(f"period: found {found}, expected the day each case was scored")
    return read


def _flags(given: pd.Series) -> pd.Series:
    """1 and 0 as numbers, missing where nothing stands; anything else is refused."""
    read = pd.to_numeric(given, errors="coerce").astype(float)
    wrong = ((given.notna() & read.isna()) | (read.notna() & ~read.isin([0, 1]))).to_numpy()
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DataRefused(f"override: found {given.iloc[row]} in row {row + 1}, expected 1, 0 or nothing")
    return read


def _coded(names: pd.Series) -> pd.Series:
    """A whole number for each name, missing where there is none: comparing text month by month is slow."""
    codes = pd.Series(pd.factorize(names)[0], names.index, dtype="Int64")
    return codes.where(codes >= 0)
