"""Checks of who a party is: at the start, and again before each runs out, or somewhat after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.frames import days, table, words
from riskmodels.book.synthetic.laws.outside import Kyc
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.outside.subjects import Subjects
from riskmodels.core.calendar import LONGEST_BREAK

ITEMS = ("identity", "beneficial owner", "licence")
VALID_DAYS = np.array([1095, 365, 730])
RESULTS = ("passed", "incomplete", "failed")
AHEAD = (5, 45)  # days before its end that a check is renewed
REPEAT = (LONGEST_BREAK + 1, 30)  # days after an incomplete or failed one, so that its business day is a later one
FIRST = (3, 25)  # days before the first business


@dataclass(frozen=True)
class Checks:
    """One entry per check: row of the party, item, day, result (codes)."""

    party: Codes
    item: Codes
    day: Days
    result: Codes


def kyc_table(law: Kyc, seed: int, subjects: Subjects, clock: Clock) -> pd.DataFrame:
    """The checks known by the last day; of debtors identity and licence only."""
    rng = stream(seed, "kyc")
    checks = _draw(law, rng, subjects, clock)
    known = clock.calendar.next(checks.day + rng.integers(0, 4, checks.day.size))
    passed = checks.result == RESULTS.index("passed")
    cells = {
        "party_id": subjects.names(checks.party),
        "item": words(ITEMS, checks.item),
        "checked_on": days(checks.day),
        # what wasn't passed has to be done again at once
        "expires_on": days(checks.day + np.where(passed, VALID_DAYS[checks.item], 0)),
        "result": words(RESULTS, checks.result),
        "known_on": days(known),
    }
    return table("kyc", cells, known <= clock.last)


def _draw(law: Kyc, rng: np.random.Generator, subjects: Subjects, clock: Clock) -> Checks:
    """All checks by party and day: round by round, until none falls due before the end or the party's default."""
    wanted = np.column_stack([np.ones(subjects.size, bool), subjects.is_client, np.ones(subjects.size, bool)])
    party, item = np.nonzero(wanted)
    until = np.minimum(clock.last, subjects.default - 1)
    day = subjects.joins[party] - rng.integers(*FIRST, party.size)
    rounds = []
    while (due := day <= until[party]).any():
        party, item, day = party[due], item[due], clock.calendar.last(day[due])
        rounds.append((party, item, day, _results(law, rng, day.size)))
        day = day + _pause(law, rng, item, rounds[-1][-1])
    party, item, day, result = (np.concatenate(column) for column in zip(*rounds))
    order = np.lexsort((item, day, party))
    return Checks(party[order], item[order], day[order], result[order])


def _results(law: Kyc, rng: np.random.Generator, n: int) -> Codes:
    draw = rng.random(n)
    return np.where(draw < law.failed_rate, 2, np.where(draw < law.failed_rate + law.incomplete_rate, 1, 0))


def _pause(law: Kyc, rng: np.random.Generator, item: Codes, result: Codes) -> Days:
    """Days to the next check of the same item."""
    n = item.size
    overdue = 1 + rng.exponential(law.overdue_days, n).astype(np.int64)
    late = rng.random(n) < law.overdue_rate
    renewed = VALID_DAYS[item] + np.where(late, overdue, -rng.integers(*AHEAD, n))
    return np.where(result == 0, renewed, rng.integers(*REPEAT, n))
