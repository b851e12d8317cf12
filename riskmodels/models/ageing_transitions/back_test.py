"""Whether the forecasts of buckets held: made at earlier days as the book was known then, against what came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.errors import Misuse
from riskmodels.models.ageing_transitions.flows import ageing_flows
from riskmodels.models.ageing_transitions.forecast import LEVELS, forecast_buckets, into_rows
from riskmodels.models.bad_definition.roll_rates import MONTH


def back_test(book: Book, origins: Sequence[date], months: int = 6, **options: Any) -> pd.DataFrame:
    """One row per origin, month and bucket: the columns of the forecast's balances, origin before and actual after.

    Each forecast is made of the book cut at its origin; actual is the balance as known at the last of its months.
    `options` are those of `forecast_buckets`. Raises Misuse for an origin whose months aren't over.
    """
    return pd.concat([_one(book, origin, months, options) for origin in origins], ignore_index=True)


def coverage(table: pd.DataFrame, by: Sequence[str] = ("bucket", "name")) -> pd.DataFrame:
    """One row per value of `by`: n, covered_80, covered_95 (shares within the bands), bias (sum of expected / actual).

    Windows of origins closer than the months ahead overlap, and buckets of one day move together: n is no number of
    independent cases.
    """
    inside = {f"covered_{n}": table["actual"].between(table[f"low_{n}"], table[f"high_{n}"]) for n in LEVELS}
    grouped = table.assign(n=1, **inside).groupby(list(by), sort=False)
    found = grouped.agg(n=("n", "sum"), **{name: (name, "mean") for name in inside})
    sums = grouped[["expected", "actual"]].sum()
    return found.assign(bias=sums["expected"] / sums["actual"].where(sums["actual"] > 0) - 1).reset_index()


def _one(book: Book, origin: date, months: int, options: dict[str, Any]) -> pd.DataFrame:
    end = origin + timedelta(days=MONTH * months)
    if book.last_day is None or end > book.last_day:
        raise Misuse(f"origins: found {origin}, expected {months} months of {MONTH} days before {book.last_day}")
    made = forecast_buckets(ageing_flows(book, origin), months, **options).balances
    came = ageing_flows(book, end, months)
    actual = np.concatenate(
        [into_rows(came.balances(options.get("measure", "amount"), k)) for k in range(months)[::-1]]
    )
    found = made[made["month"] > 0].assign(actual=actual)
    found.insert(0, "origin", pd.Timestamp(origin))
    return found
