"""What the cells of each role of a scored file say: outcomes, scores, amounts, periods; anything else is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.core.dates import EARLIEST, LATEST
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.nearest import hint
from riskmodels.validation.case import PROBABILITY, RISK
from riskmodels.validation.frame_table import FileTable

FLAGS = {"1": 1.0, "0": 0.0, "true": 1.0, "false": 0.0}
OUTCOMES = "1 for bad, 0 for good, nothing where it isn't known yet (or name the word for bad: --bad)"
PERIODS = "a date like 2026-06-30, a month like 2026-06, a quarter like 2026Q2 or a year"
_FORMS = (
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?(?:[T ].*)?",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    r"(?P<year>\d{4})[-/.年]?(?P<month>\d{2})月?",
    r"(?P<year>\d{4})[-/.年](?P<month>\d)月?",
    r"(?P<year>\d{4})[-/ ]?[Qq](?P<quarter>[1-4])",
    r"(?P<year>\d{4})年?",
)


def outcomes(table: FileTable, column: str, bad: str = "") -> pd.Series:
    """Outcomes (n,): 1 bad, 0 good, missing where a case is too young; `bad` is the word for bad, else 1 or true."""
    text = table.text(column)
    if not bad:
        read = text.str.lower().map(FLAGS)
        read = read.fillna(table.numbers(column).where(lambda x: x.isin([0, 1])))
        table.refuse(column, (read.isna() & text.notna()).to_numpy(), OUTCOMES)
        return read.astype("float64")
    words = text.dropna().unique().tolist()
    if len(words) > 2:
        shown = ", ".join(repr(word) for word in words[:3])
        raise DataRefused(f"{table.path}: {column}: found {len(words)} different values ({shown}, ...), expected two")
    if bad not in words:
        raise Misuse(f"{table.path}: {column}: no cell says {bad!r}; {hint(bad, words)}")
    return (text == bad).astype("float64").where(text.notna())


def amounts(table: FileTable, column: str) -> pd.Series:
    """Amounts or other weights (n,); a negative one is refused."""
    read = numbers(table, column)
    table.refuse(column, (read < 0).to_numpy(), "weights of zero or more")
    return read


def numbers(table: FileTable, column: str) -> pd.Series:
    """Finite numbers (n,), missing where nothing stands."""
    read = table.numbers(column)
    wrong = (read.isna() | np.isinf(read)) & table.text(column).notna()
    table.refuse(column, wrong.to_numpy(), "finite numbers")
    return read


def score(table: FileTable, column: str, score_is: str, higher: str) -> tuple[str, pd.Series]:
    """The name probability or risk and the values (n,), more being worse.

    Stated as a probability, or all of them in [0, 1] and nothing stated, they are the probability of bad (of good when
    higher is safer); any other score only ranks, and its direction must be told.
    """
    read = numbers(table, column)
    if read.isna().all():
        raise DataRefused(f"{table.path}: {column}: found no score in any row, expected numbers")
    outside = read.notna() & ~read.between(0, 1)
    if score_is == "probability":
        table.refuse(column, outside.to_numpy(), "probabilities in [0, 1]")
    if score_is != "points" and not outside.any():
        return PROBABILITY, oriented(read, PROBABILITY, higher)
    if not higher:
        found = f"{outside.sum():,} of {len(read):,} values outside [0, 1] (from {read.min():g} to {read.max():g})"
        expected = "the direction of a score that ranks, --higher safer or riskier, or probabilities"
        raise Misuse(f"{table.path}: {column}: found {found}, expected {expected}")
    return RISK, oriented(read, RISK, higher)


def oriented(values: pd.Series, kind: str, higher: str) -> pd.Series:
    """Values turned so that more is worse: a probability of good into one of bad, points into their negative."""
    if higher != "safer":
        return values
    return 1 - values if kind == PROBABILITY else -values


def periods(table: FileTable, column: str) -> pd.Series:
    """Dates (n,): the day itself, or the last one of a month, quarter or year; all missing, or none.

    A case without a day could not be placed beside the others of its obligor.
    """
    text = table.text(column)
    if text.isna().all():
        return pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    words = pd.Series(text.dropna().unique(), dtype="str")
    days = pd.Series(pd.NaT, index=words.index, dtype="datetime64[us]")
    for form in _FORMS:
        days = days.fillna(_days(words.str.replace(r"(?<=\d)\.0+$", "", regex=True), form))
    days = days.where(days.between(pd.Timestamp(EARLIEST), pd.Timestamp(LATEST)))
    read = text.map(dict(zip(words, days))).astype("datetime64[us]")
    table.refuse(column, read.isna().to_numpy(), PERIODS)
    return read


def _days(words: pd.Series, form: str) -> pd.Series:
    """The last day of what each word names in this form; missing where it isn't written so or there is no such day."""
    parts = words.str.extract(f"^{form}$").apply(pd.to_numeric)
    month = parts["month"] if "month" in parts else parts["quarter"] * 3 if "quarter" in parts else 12
    first = pd.DataFrame({"year": parts["year"], "month": month, "day": parts.get("day", 1)})
    day = pd.to_datetime(first.where(parts["year"].notna()), errors="coerce").astype("datetime64[us]")
    return day if "day" in parts else (day + pd.offsets.MonthEnd(0)).astype("datetime64[us]")
