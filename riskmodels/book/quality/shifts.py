"""Sudden shifts of level: months whose number or amount of rows breaks with the year before.

For a month t with the logarithm x_t of its figure, d_t = x_t - median(x of the twelve months before); dev_t = d_t - the
usual d of that calendar month, from the other years. A month is flagged when |dev_t| is more than ln 1.5 and more than
5 s_t, where s_t^2 = (1.4826 MAD of dev)^2 + what chance alone gives a sum of so many amounts. Months that follow a
flagged one in the same direction belong to the same shift.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.book.book import Book
from riskmodels.book.quality.horizon import last_plausible_day
from riskmodels.book.quality.probe import Check, event
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

YEAR, LEAST_BEFORE, FEWEST = 12, 6, 30
"""Months compared with, the fewest of them, and the rows a month needs on average for its figure to say something."""

STEP, SPREADS = math.log(1.5), 5.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stream:
    """A monthly figure: the table it comes from, and whether rows are counted or amounts added up."""

    name: str
    table: str
    column: str
    title: str


STREAMS = (
    Stream("book.shifts.invoice_count", "invoices", "rows", mark("Months in which the number of invoices jumps")),
    Stream("book.shifts.invoice_amount", "invoices", "amount", mark("Months in which the invoiced amount jumps")),
    Stream("book.shifts.payment_count", "payments", "rows", mark("Months in which the number of payments jumps")),
    Stream("book.shifts.payment_amount", "payments", "amount", mark("Months in which the amount paid jumps")),
)


def shift_check(stream: Stream, book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many sudden shifts a monthly figure shows; `detail` says by what factor each month departs."""
    name, title = stream.name, _(stream.title)
    if not book.has(stream.table):
        reason = _("the book has no rows in {table}").format(table=stream.table)
        return not_run(name, title, reason, limits=limits[name])
    table = monthly(book, stream)
    judged = int(table["expected"].notna().sum())
    if not judged:
        reason = _("too few months with {n} rows for a year to compare with").format(n=FEWEST)
        return not_run(name, title, reason, limits=limits[name])
    found = table[table["flagged"]]
    told = {
        f"{m:%Y-%m}": float(v / e) for m, v, e in zip(found["month"], found["value"], found["expected"], strict=True)
    }
    worst = max(told, key=lambda month: abs(math.log(told[month])), default="")
    return CheckResult(
        name, title, _runs(table["side"]), limits[name], "count", judged, subject=worst, detail={"factors": told}
    )


SHIFT_CHECKS: tuple[Check, ...] = tuple(partial(shift_check, stream) for stream in STREAMS)


def monthly(book: Book, stream: Stream) -> pd.DataFrame:
    """One row per full month: month, value, expected (by the year before and the season), flagged, side (-1, 0, 1)."""
    table = _months(book, stream.table)
    value, noise = table[stream.column].to_numpy(float), table["noise" if stream.column == "amount" else "chance"]
    expected, side = unusual(value, noise.to_numpy(float), table["rows"].to_numpy(float))
    return pd.DataFrame(
        {"month": table["month"], "value": value, "expected": expected, "flagged": side != 0, "side": side}
    )


def unusual(value: Floats, noise: Floats, rows: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """For consecutive months the figure expected (NaN where nothing can be) and -1, 0 or 1 for a sudden shift.

    `noise` is the relative standard deviation that chance alone gives each month's figure. Empty months are gaps, which
    timeliness reports: they are neither judged nor compared with.
    """
    x = np.where(value > 0, np.log(np.where(value > 0, value, 1.0)), np.nan)
    base = _year_before(x, rows)
    d = x - base
    usual = _usual(d)
    dev = d - usual
    scale = 1.4826 * np.nanmedian(np.abs(dev)) if np.isfinite(dev).any() else 0.0
    far = np.abs(dev) > np.maximum(STEP, SPREADS * np.sqrt(scale**2 + np.nan_to_num(noise) ** 2))
    return np.exp(base + usual), np.where(far, np.sign(np.nan_to_num(dev)), 0).astype(np.int64)


def _year_before(x: Floats, rows: Floats) -> Floats:
    """The median of the twelve months before each month, where there are six of thirty rows on average."""
    base = np.full(x.size, np.nan)
    for t in range(LEAST_BEFORE, x.size):
        before = x[max(0, t - YEAR) : t]
        busy = np.median(rows[max(0, t - YEAR) : t]) >= FEWEST
        if busy and np.isfinite(before).sum() >= LEAST_BEFORE:
            base[t] = np.nanmedian(before)
    return base


def _usual(d: Floats) -> Floats:
    """The usual departure of each month, learnt from the same month of other years and drawn towards that of all.

    With k other years it is k / (k + 1) of their mean departure from the centre; none counts with more than STEP, so
    that one wild year doesn't pass for a season.
    """
    if not np.isfinite(d).any():
        return np.zeros(d.size)
    centre = float(np.nanmedian(d))
    away = np.nan_to_num(np.clip(d - centre, -STEP, STEP))
    known = np.isfinite(d)
    usual = np.full(d.size, centre)
    for t in range(d.size):
        others = np.arange(t % YEAR, d.size, YEAR)
        others = others[(others != t) & known[others]]
        usual[t] += away[others].sum() / (others.size + 1)
    return usual


def _months(book: Book, table: str) -> pd.DataFrame:
    """Month by month without gaps: rows, amount, and the noise of either; months cut off at an end are left out."""
    own = "SEMI JOIN (SELECT invoice_id FROM invoices WHERE currency = $currency) USING (invoice_id)"
    known = book.sql(
        f"""
        WITH counted AS (
            SELECT date_trunc('month', {event(book, table)}) AS month, count(*) AS rows,
                sum(CAST(amount AS DOUBLE)) AS amount,
                sqrt(sum(CAST(amount AS DOUBLE) ** 2)) / sum(CAST(amount AS DOUBLE)) AS noise
            FROM {table} {own} WHERE amount > 0 GROUP BY 1),
        months AS (SELECT unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH)) AS month FROM counted)
        SELECT month, coalesce(rows, 0) AS rows, coalesce(amount, 0) AS amount, coalesce(noise, 0) AS noise
        FROM months LEFT JOIN counted USING (month) ORDER BY month
        """,
        {"currency": book.currency},
    )
    known["chance"] = 1 / np.sqrt(known["rows"].clip(lower=1))
    ends = known["month"] + pd.offsets.MonthEnd(0)
    return known[(ends <= pd.Timestamp(last_plausible_day(book)))].iloc[1:].reset_index(drop=True)


def _runs(side: pd.Series) -> int:
    """How many shifts: months in a row on the same side are one."""
    return int(((side != 0) & (side != side.shift(fill_value=0))).sum())
