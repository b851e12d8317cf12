"""Events that concern parties: more often weak ones, some ahead of a stop, some that mean nothing."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

import numpy as np
import pandas as pd

from riskmodels.book.schema.parties import EVENT_KINDS
from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.failure import FAR
from riskmodels.book.synthetic.frames import days, ids, table, words
from riskmodels.book.synthetic.law import Floats, Law
from riskmodels.book.synthetic.laws.outside import EventLag
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.outside.subjects import Subjects

CAUSES = ("weakness", "trouble", "none")
SOURCES = tuple(f.name.replace("_", " ") for f in fields(EventLag))
USUAL_SOURCE = {
    "litigation": "court register",
    "enforcement": "court register",
    "bankruptcy rumour": "press",
    "bankruptcy": "court register",
    "negative news": "press",
    "recall": "market regulator",
    "management change": "company register",
    "tax": "tax authority",
    "equity freeze": "company register",
    "safety": "safety authority",
    "policy": "ministry",
}
IN_THE_PRESS = 0.15  # share of other events that the press tells first
GRAVITY = (0.0, 0.6, 0.5, 3.0, 0.0, 0.2, -0.8, 0.0, 0.6, 0.2, -0.5)  # of each kind, logit

Piece = tuple[Codes, Codes, Days, Days]  # party, kind, lead, day


@dataclass(frozen=True)
class Events:
    """One entry per event, by day: row of its party, kind, cause (codes), days from it to the stop (0: none), days."""

    party: Codes
    kind: Codes
    cause: Codes
    lead: Days
    occurred: Days
    known: Days
    severity: Codes
    source: Codes


def draw_events(law: Law, seed: int, subjects: Subjects, clock: Clock) -> Events:
    """All events within the book, whether known by its last day or not."""
    pieces = (
        _of_weakness(law, stream(seed, "events of weakness"), subjects, clock),
        _of_trouble(law, stream(seed, "events of trouble"), subjects),
        _of_nothing(law, stream(seed, "events of nothing"), subjects, clock),
    )
    rng = stream(seed, "news")
    party, kind, lead, occurred = (np.concatenate(p) for p in zip(*pieces))
    cause = np.repeat(np.arange(len(CAUSES)), [p[0].size for p in pieces])
    inside = np.flatnonzero((occurred >= clock.starts[0]) & (occurred <= clock.last))
    order = inside[np.argsort(occurred[inside], kind="stable")]
    party, kind, cause, lead, occurred = (x[order] for x in (party, kind, cause, lead, occurred))
    source = _sources(rng, kind)
    severity = _severity(law, rng, kind, cause)
    known = occurred + (np.array(astuple(law.event_lag))[source] * rng.exponential(size=order.size)).astype(np.int64)
    return Events(party, kind, cause, lead, occurred, known, severity, source)


def events_table(events: Events, subjects: Subjects, clock: Clock) -> pd.DataFrame:
    """The events known by the last day."""
    cells = {
        "event_id": ids("E", events.party.size),
        "party_id": subjects.names(events.party),
        "kind": words(EVENT_KINDS, events.kind),
        "severity": events.severity,
        "occurred_on": days(events.occurred),
        "source": words(SOURCES, events.source),
        "known_on": days(events.known),
    }
    return table("party_events", cells, events.known <= clock.last)


def event_truth(events: Events, clock: Clock) -> pd.DataFrame:
    """What each event in the book came of; `lead_days` from it to the stop of its party, missing for other causes."""
    trouble = events.cause == CAUSES.index("trouble")
    frame = pd.DataFrame(
        {
            "event_id": ids("E", events.party.size),
            "cause": words(CAUSES, events.cause),
            "lead_days": np.where(trouble, events.lead, np.nan),
        }
    )
    return frame[events.known <= clock.last].reset_index(drop=True)


def _of_weakness(law: Law, rng: np.random.Generator, subjects: Subjects, clock: Clock) -> Piece:
    """Events at the base rates, the more the lower the quality, from a party's first day of business to its default."""
    months = np.arange(clock.months)
    rates = np.array(astuple(law.event_base_rate))
    mean = rates.sum() / 12 * np.exp(-law.events.quality * subjects.quality[:, months])
    cell = np.repeat(np.arange(mean.size), rng.poisson(mean).ravel())
    party, month = np.divmod(cell, clock.months)
    length = np.diff(clock.starts)[month]
    day = clock.starts[month] + (rng.random(cell.size) * length).astype(np.int64)
    return _while_in_business(subjects, party, _kinds(rng, rates, cell.size), day)


def _of_nothing(law: Law, rng: np.random.Generator, subjects: Subjects, clock: Clock) -> Piece:
    """False alarms, as frequent for good parties as for bad ones."""
    rates = np.array(astuple(law.event_false_rate))
    span = int(clock.last + 1 - clock.starts[0])
    party = np.repeat(np.arange(subjects.size), rng.poisson(rates.sum() * span / 365, subjects.size))
    day = clock.starts[0] + rng.integers(0, span, party.size)
    return _while_in_business(subjects, party, _kinds(rng, rates, party.size), day)


def _of_trouble(law: Law, rng: np.random.Generator, subjects: Subjects) -> Piece:
    """For each stop and kind at most one event, at a gamma distance before the stop, or after where so stated."""
    stops = np.flatnonzero(subjects.stopped < FAR)
    hit = rng.random((stops.size, len(EVENT_KINDS))) < np.array(astuple(law.event_hit_rate))
    row, kind = np.nonzero(hit)
    mean = np.array(astuple(law.event_lead_days))[kind]
    distance = np.ceil(rng.gamma(law.events.lead_shape, np.abs(mean) / law.events.lead_shape)).astype(np.int64)
    lead = np.where(mean > 0, distance, -distance)
    return stops[row], kind, lead, subjects.stopped[stops[row]] - lead


def _while_in_business(subjects: Subjects, party: Codes, kind: Codes, day: Days) -> Piece:
    inside = (subjects.joins[party] <= day) & (day < subjects.default[party])
    return party[inside], kind[inside], np.zeros(int(inside.sum()), dtype=np.int64), day[inside]


def _kinds(rng: np.random.Generator, rates: Floats, n: int) -> Codes:
    below = rates.cumsum()
    return np.searchsorted(below, rng.random(n) * below[-1], side="right")


def _sources(rng: np.random.Generator, kind: Codes) -> Codes:
    usual = np.array([SOURCES.index(USUAL_SOURCE[k]) for k in EVENT_KINDS])[kind]
    return np.where(rng.random(kind.size) < IN_THE_PRESS, SOURCES.index("press"), usual)


def _severity(law: Law, rng: np.random.Generator, kind: Codes, cause: Codes) -> Codes:
    logit = law.events.severity + np.array(GRAVITY)[kind]
    logit = logit + law.events.severity_trouble * (cause == CAUSES.index("trouble"))
    return 1 + rng.binomial(4, 1 / (1 + np.exp(-logit)))
