"""The process log: each attempt of each stage of a case with its times."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.schema.work import STAGES
from riskmodels.book.synthetic.desk.applications import officers, party_ids
from riskmodels.book.synthetic.desk.cases import NEW, Desk
from riskmodels.book.synthetic.desk.runs import CONTRACT, DUE_DILIGENCE
from riskmodels.book.synthetic.frames import days, ids, table, words
from riskmodels.book.synthetic.history import World
from riskmodels.book.synthetic.network import REGIONS, Codes

NONE = -1
OUTCOMES = ("passed", "returned", "declined", "withdrawn")
RETURNED = 1


def process_table(world: World, desk: Desk) -> pd.DataFrame:
    """The attempts begun by the last day, by case and time; one still going on has no end and no outcome."""
    case, stage, attempt = _begun(world, desk)
    begin, end = desk.runs.begins[case, stage, attempt], desk.runs.ends[case, stage, attempt]
    done = desk.hours.day(end) <= world.clock.last
    # a number that is no day is written nowhere, the cell stays empty
    finished = np.where(done, desk.hours.moment(end), np.datetime64("NaT"))
    cells = {
        "case_id": words(ids("B", desk.cases.kind.size), case),
        "client_id": words(party_ids(world, desk.cases), desk.cases.client[case]),
        "stage": words(STAGES, stage),
        "started_at": desk.hours.moment(begin),
        "finished_at": finished,
        "officer": officers(desk.work.officer[case, stage]),
        "outcome": words(OUTCOMES, np.where(done, _outcome(desk, case, stage, attempt), NONE)),
        "known_on": days(desk.hours.day(begin)),
    }
    return table("process_log", cells)


def stages_truth(world: World, desk: Desk) -> pd.DataFrame:
    """One row per row of the process log: its working hours, and which of the planted causes made it slower."""
    case, stage, attempt = _begun(world, desk)
    law = world.law.process
    slow = desk.cases.region[case] == REGIONS.index(law.slow_region)
    return pd.DataFrame(
        {
            "case_id": words(ids("B", desk.cases.kind.size), case),
            "stage": words(STAGES, stage),
            "started_at": desk.hours.moment(desk.runs.begins[case, stage, attempt]),
            "working_hours": desk.runs.ends[case, stage, attempt] - desk.runs.begins[case, stage, attempt],
            "repeat_customer": desk.cases.kind[case] != NEW,
            "rework": attempt == 1,
            "slow_region": slow & (stage == DUE_DILIGENCE),
            "slow_december": desk.runs.december[case, stage, attempt] & (stage == CONTRACT),
            "slow_officer": desk.work.officer[case, stage] == law.slow_officer,
        }
    )


def _begun(world: World, desk: Desk) -> tuple[Codes, Codes, Codes]:
    """Case, stage and attempt of every row."""
    begins = desk.runs.begins
    begun = desk.hours.day(np.nan_to_num(begins)) <= world.clock.last
    case, stage, attempt = np.nonzero(begun & ~np.isnan(begins))
    return case, stage, attempt


def _outcome(desk: Desk, case: Codes, stage: Codes, attempt: Codes) -> Codes:
    """Returned if it is done again; at a case's last stage what was decided, passed otherwise."""
    final = np.where(desk.cases.decision == 0, 0, desk.cases.decision + 1)[case]
    ends = np.where(stage == desk.cases.stages[case], final, 0)
    again = desk.work.again[case, stage] & (attempt == 0)
    return np.where(again, RETURNED, ends)
