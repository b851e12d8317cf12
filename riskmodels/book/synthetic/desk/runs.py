"""How cases run through their eight stages in working time: how long each takes, what slows it, what is done again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.desk.hours import Hours
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.laws.desk import Process
from riskmodels.book.synthetic.network import Codes

STAGES = 8
DUE_DILIGENCE, CONTRACT, FUNDING = 1, 2, 3
LAST_OF_YEAR = 12


@dataclass(frozen=True)
class Work:
    """What the stages of each case will take, whenever they begin: hours, waits before (cases x stages x attempts), who
    does them (cases x stages), whether a second attempt is needed (cases x stages)."""

    hours: Floats
    wait: Floats
    officer: Codes
    again: NDArray[np.bool_]

    def take(self, rows: Codes) -> Work:
        """The work of the cases in the given rows."""
        return Work(self.hours[rows], self.wait[rows], self.officer[rows], self.again[rows])


@dataclass(frozen=True)
class Runs:
    """Working hour at which each attempt of each stage begins and ends, cases x stages x attempts, nan if not made;
    `december` says which began in December."""

    begins: Floats
    ends: Floats
    december: NDArray[np.bool_]

    def take(self, rows: Codes) -> Runs:
        """The runs of the cases in the given rows."""
        return Runs(self.begins[rows], self.ends[rows], self.december[rows])


def draw_work(
    law: Process, rng: np.random.Generator, repeats: NDArray[np.bool_], slow: NDArray[np.bool_], stages: Codes
) -> Work:
    """The work of cases: `repeats` of them under a known facility, `slow` of the slow region, ending after `stages`."""
    n = repeats.size
    officer = rng.integers(1, law.officers + 1, (n, STAGES))
    factor = np.where(repeats, law.repeat_factor, 1.0)[:, None] * np.ones(STAGES)
    factor[:, DUE_DILIGENCE] *= np.where(slow, law.region_factor, 1.0)
    factor *= np.where(officer == law.slow_officer, law.officer_factor, 1.0)
    hours = (medians(law) * factor)[:, :, None] * np.exp(law.spread * rng.normal(size=(n, STAGES, 2)))
    again = rng.random((n, STAGES)) < law.rework
    made = np.arange(STAGES) <= stages[:, None]
    attempts = np.stack([made, made & again], axis=2)
    return Work(np.where(attempts, hours, np.nan), rng.exponential(law.queue_hours, hours.shape), officer, again & made)


def run(law: Process, hours: Hours, work: Work, applied: Floats, opens: Floats) -> Runs:
    """The runs of cases applied for at working hours `applied`; funding waits until the working hour `opens`."""
    begins, ends = np.full_like(work.hours, np.nan), np.full_like(work.hours, np.nan)
    december = np.zeros(work.hours.shape, dtype=bool)
    now = applied
    for stage in range(STAGES):
        if stage == FUNDING:
            now = np.maximum(now, opens)
        for attempt in range(2):
            made = ~np.isnan(work.hours[:, stage, attempt])
            start = now + work.wait[:, stage, attempt] * (stage + attempt > 0)
            december[:, stage, attempt] = made & (hours.month(start) == LAST_OF_YEAR)
            late = (stage == CONTRACT) & december[:, stage, attempt]
            end = start + work.hours[:, stage, attempt] * np.where(late, law.december_factor, 1.0)
            begins[:, stage, attempt], ends[:, stage, attempt] = np.where(made, start, np.nan), end
            now = np.where(made, end, now)
    return Runs(begins, ends, december)


def run_until(law: Process, hours: Hours, work: Work, applied: Floats, opens: Floats, due: Codes) -> Runs:
    """The runs of cases of which those numbered `due` begin early enough to have their contract when they open."""
    start = applied.copy()
    while True:
        runs = run(law, hours, work, start, opens)
        late = due[finished(runs, CONTRACT)[due] > opens[due]]
        if not late.size:
            return runs
        start[late] -= finished(runs, CONTRACT)[late] - opens[late] + 1.0


def finished(runs: Runs, stage: int | Codes) -> Floats:
    """The working hour at which each case was last done with a stage, nan if it never came there."""
    both = runs.ends[np.arange(len(runs.ends)), stage]
    return np.fmax(both[:, 0], both[:, 1])


def medians(law: Process) -> Floats:
    """Median working hours of the stages in their order."""
    return np.array(
        [
            law.application,
            law.due_diligence,
            law.contract,
            law.funding,
            law.receivable_management,
            law.term_management,
            law.risk_monitoring,
            law.settlement,
        ]
    )
