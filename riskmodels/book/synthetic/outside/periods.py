"""Which statements there are: whose, of which months, published when, and which were overstated at first."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.failure import FAR
from riskmodels.book.synthetic.law import Floats, Law
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.outside.business import PAST, Business
from riskmodels.book.synthetic.outside.subjects import Subjects

ALLOWED = np.array([30, 62, 31, 120])  # days to publish the first quarter, the half-year, three quarters, the year
ERRORS = (0.01, 0.06)  # by how much of revenue an honest mistake overstates
CORRECTED = (60, 240)  # days after publication


@dataclass(frozen=True)
class Statements:
    """One entry per statement: row of its party, its last month (numbered from PAST months before the book), months it
    covers, days, mean quality as seen and nearness of the stop over it, what revenue is overstated by as a share,
    whether on purpose, and whether a corrected statement follows."""

    party: Codes
    month: Codes
    covers: Codes
    end: Days
    published: Days
    quality: Floats
    trouble: Floats
    overstated: Floats
    dressed: NDArray[np.bool_]
    corrected: NDArray[np.bool_]

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Statements:
        """The statements in the given rows."""
        return Statements(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(frozen=True)
class Issues:
    """One entry per published version of a statement: the statement's row, day, share by which it is overstated."""

    statement: Codes
    published: Days
    overstated: Floats


def draw_statements(law: Law, seed: int, subjects: Subjects, business: Business, clock: Clock) -> Statements:
    """The statements published by the last day, before their party's default: yearly and half-yearly, and quarterly
    if it is listed."""
    rng = stream(seed, "statements")
    party, month, covers = _periods(subjects, clock)
    end = _day(clock, month)
    quality, trouble = (mean_over(x, party, month, covers) for x in (business.quality, business.trouble))
    f = law.financials
    took = expit(f.delay + f.delay_quality * quality + f.delay_noise * rng.normal(size=party.size))
    published = end + np.ceil(ALLOWED[covers // 3 - 1] * took).astype(np.int64)
    dressed, overstated, corrected = _overstated(law, rng, subjects, party, trouble)
    everything = Statements(party, month, covers, end, published, quality, trouble, overstated, dressed, corrected)
    return everything.take((published <= clock.last) & (published < subjects.default[party]))


def issues(seed: int, statements: Statements, subjects: Subjects, last: int) -> Issues:
    """The statements as first published, then those corrected by the last day and before their party's default."""
    rng = stream(seed, "corrections")
    wrong = np.flatnonzero(statements.corrected)
    again = statements.published[wrong] + rng.integers(*CORRECTED, wrong.size)
    in_time = (again <= last) & (again < subjects.default[statements.party[wrong]])
    return Issues(
        np.concatenate([np.arange(statements.party.size), wrong[in_time]]),
        np.concatenate([statements.published, again[in_time]]),
        np.concatenate([statements.overstated, np.zeros(int(in_time.sum()))]),
    )


def mean_over(monthly: Floats, party: Codes, month: Codes, covers: Codes) -> Floats:
    """Mean of a monthly measure over the `covers` months up to `month`."""
    return sum_over(monthly, party, month, covers) / covers


def sum_over(monthly: Floats, party: Codes, month: Codes, covers: Codes) -> Floats:
    """Sum of a monthly measure over the `covers` months up to `month`."""
    up_to = np.concatenate([np.zeros((len(monthly), 1)), monthly.cumsum(axis=1)], axis=1)
    return up_to[party, month + 1] - up_to[party, month + 1 - covers]


def _periods(subjects: Subjects, clock: Clock) -> tuple[Codes, Codes, Codes]:
    """Party, last month and months covered; the first statement ends a year before the book at the earliest."""
    first = clock.calendar_month(np.zeros(1, dtype=np.int64))[0] - 1 - PAST
    calendar_month = (first + np.arange(PAST + clock.months)) % 12 + 1
    ends = np.flatnonzero((calendar_month % 3 == 0) & (np.arange(calendar_month.size) >= PAST - 12))
    told = subjects.listed[:, None] | np.isin(calendar_month[ends], (6, 12))
    party, column = np.nonzero(told)
    return party, ends[column], calendar_month[ends[column]]


def _day(clock: Clock, month: Codes) -> Days:
    """Last day of each month numbered from PAST months before the book."""
    first = clock.starts[:1].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)[0]
    return (first - PAST + month + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1


def _overstated(
    law: Law, rng: np.random.Generator, subjects: Subjects, party: Codes, trouble: Floats
) -> tuple[NDArray[np.bool_], Floats, NDArray[np.bool_]]:
    """Which statements are dressed, by how much revenue is overstated, which are corrected later."""
    dresses = subjects.is_client & (subjects.stopped < FAR) & (rng.random(subjects.size) < law.distress.dressing_rate)
    dressed = dresses[party] & (trouble > 0)
    wrong = ~dressed & (rng.random(party.size) < law.financials.error_rate)
    overstated = np.select(
        [dressed, wrong], [np.full(party.size, law.distress.dressing), rng.uniform(*ERRORS, party.size)]
    )
    return dressed, overstated, wrong | (dressed & (rng.random(party.size) < law.distress.dressing_found))
