"""The applications: what was asked for, how it scored, what was decided and by whom; and the refused newcomers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from riskmodels.book.synthetic.clock import Days, stream
from riskmodels.book.synthetic.desk.cases import APPROVED, DECISIONS, KINDS, NEW, NONE, WITHDRAWN, Cases, Desk
from riskmodels.book.synthetic.desk.runs import DUE_DILIGENCE, finished
from riskmodels.book.synthetic.frames import days, ids, money, table, until, words
from riskmodels.book.synthetic.history import World
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.laws.desk import Applications
from riskmodels.book.synthetic.network import CURRENCIES, INDUSTRIES, REGIONS
from riskmodels.book.synthetic.outside.soft import OWNERSHIP, SHARES, soft_information
from riskmodels.book.synthetic.parties import SIZES

FOR_IT = ("core enterprise confirms", "collateral added", "long relationship")
AGAINST_IT = ("negative news", "industry out of favour", "documents doubtful")
FIRST_APPROVER, APPROVERS = 91, 4  # who decides is never who prepares
TINY = 1e-300


def applications_table(world: World, desk: Desk) -> pd.DataFrame:
    """The applications of the cases; those of a case not decided by the last day have no decision yet."""
    cases, last = desk.cases, world.clock.last
    rng = stream(world.seed, "applications")
    n = cases.kind.size
    score, override = scores(world.law.applications, rng, cases)
    decided = decided_on(desk)
    known = decided <= last
    reason = np.where(cases.decision == APPROVED, 0, len(FOR_IT)) + rng.integers(0, len(FOR_IT), n)
    approver = FIRST_APPROVER + rng.integers(0, APPROVERS, n)
    cells = {
        "case_id": ids("B", n),
        "client_id": words(party_ids(world, cases), cases.client),
        "applied_on": days(desk.hours.day(desk.runs.begins[:, 0, 0])),
        "facility_id": words(ids("F", world.facilities.client.size), cases.facility),
        "invoice_id": words(ids("I", world.plan.due.size), cases.invoice),
        "currency": words(CURRENCIES, np.where(cases.facility == NONE, 0, world.facilities.currency[cases.facility])),
        "amount": money(cases.amount),
        "score": np.where(known, score, np.nan),
        "decision": words(DECISIONS, np.where(known, cases.decision, NONE)),
        "officer": officers(desk.work.officer[:, 0]),
        "approver": officers(np.where(known & (cases.decision != WITHDRAWN), approver, NONE)),
        "decided_on": until(decided, last),
        "override_reason": words((*FOR_IT, *AGAINST_IT), np.where(known & override, reason, NONE)),
    }
    return table("applications", cells | {"known_on": cells["applied_on"]})


def applicants_table(world: World, desk: Desk) -> pd.DataFrame:
    """The newcomers that never became clients, as parties, known from the day they applied."""
    cases = desk.cases
    rows = np.flatnonzero(cases.client >= world.clients.quality.size)
    rng = stream(world.seed, "applicants")
    n = rows.size
    applied = desk.hours.day(desk.runs.begins[rows, 0, 0])
    number = cases.client[rows] - world.clients.quality.size
    size = rng.choice(len(SIZES), n, p=(0.35, 0.4, 0.2, 0.05))
    cells = {
        "party_id": words(party_ids(world, cases), cases.client[rows]),
        "valid_from": days(applied),
        "name": [f"Applicant {k + 1:04d} Co., Ltd." for k in number],
        "roles": words(("other",), np.zeros(n, dtype=np.int64)),
        "industry": words(INDUSTRIES, rng.integers(0, len(INDUSTRIES), n)),
        "region": words(REGIONS, cases.region[rows]),
        "size": words(SIZES, size),
        "ownership": words(OWNERSHIP, rng.choice(len(OWNERSHIP), n, p=SHARES)),
        "founded_on": days(applied - rng.integers(400, 6000, n)),
        "registered_capital": np.round(10 ** (5.7 + 0.8 * size + rng.uniform(0, 0.8, n)), -4),
        "known_on": days(applied),
    }
    # a seed of its own, or newcomers would share what was drawn for the first parties
    soft = soft_information(world.law.soft, world.seed + 1, cases.quality[rows])
    return table("parties", cells | soft).sort_values("party_id", ignore_index=True)


def cases_truth(world: World, desk: Desk) -> pd.DataFrame:
    """One row per case: its kind, the quality of who applied, what is decided in the end, whether against the score."""
    cases = desk.cases
    score, override = scores(world.law.applications, stream(world.seed, "applications"), cases)
    return pd.DataFrame(
        {
            "case_id": ids("B", cases.kind.size),
            "kind": words(KINDS, cases.kind),
            "newcomer_refused": (cases.kind == NEW) & (cases.facility == NONE),
            "quality": cases.quality,
            "score": score,
            "decision": words(DECISIONS, cases.decision),
            "override": override,
        }
    )


def scores(law: Applications, rng: np.random.Generator, cases: Cases) -> tuple[Floats, NDArray[np.bool_]]:
    """The score of each case and whether the decision isn't what it says.

    Score = base + per_quality x (quality + noise x e), e standard normal given that the score falls on the side of the
    cut-off that the decision and the override call for; a withdrawn case has any score and no override.
    """
    n = cases.kind.size
    rate = np.where(cases.decision == APPROVED, law.approved_override, law.declined_override)
    override = (cases.decision != WITHDRAWN) & (rng.random(n) < rate)
    above = (cases.decision == APPROVED) != override
    edge = ((law.cutoff - law.base) / law.per_quality - cases.quality) / law.noise
    free = cases.decision == WITHDRAWN
    mass = np.where(free, 1.0, np.where(above, ndtr(-edge), ndtr(edge)))
    e = ndtri(np.clip(rng.random(n) * mass, TINY, 1 - 1e-12)) * np.where(above, -1, 1)
    tenths = 10 * (law.base + law.per_quality * (cases.quality + law.noise * e))
    # rounded away from the cut-off, so that no score changes sides
    return np.where(tenths >= 10 * law.cutoff, np.ceil(tenths), np.floor(tenths)) / 10, override


def decided_on(desk: Desk) -> Days:
    """The day of each decision: when due diligence is done, or the case ends before."""
    stage = np.minimum(desk.cases.stages, DUE_DILIGENCE)
    return desk.hours.day(finished(desk.runs, stage))


def officers(numbers: NDArray[np.int64]) -> pd.Series:
    """The code of each officer, such as U07; none for NONE."""
    return words([f"U{k:02d}" for k in range(FIRST_APPROVER + APPROVERS)], numbers)


def party_ids(world: World, cases: Cases) -> Any:
    """The party_id of each client code of the cases: clients, then applicants."""
    new = max(0, int(cases.client.max()) + 1 - world.clients.quality.size)
    return pd.concat([pd.Series(world.client_ids), pd.Series(ids("Q", new))], ignore_index=True).array
