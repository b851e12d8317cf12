"""Every invoice on the day before its own issue: what was known of its parties, and what it brings along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from riskmodels.features import rows
from riskmodels.features.feature import Compared, Entry, Linked, Own, column
from riskmodels.features.local import Job
from riskmodels.features.output import Block, Header, spilled
from riskmodels.features.plan import PARTIES_OF_INVOICE
from riskmodels.features.run import Ground

Array = Any
CHUNK = 100_000


@dataclass(frozen=True)
class Asked:
    """A job over distinct (key, day), and of its rows the one that answers each place (an invoice's row)."""

    job: Job
    place: Array
    answer: Array


def blocks(here: Ground, header: Header, streamed: bool) -> Iterator[Block]:
    """The invoices in the order of their ids: in chunks, from an array on disk, if streamed, else in one block."""
    asked = here.asked
    shape = len(header.columns), len(asked)
    with spilled(shape) if streamed else nullcontext(np.empty(shape)) as values:
        todo = [_asked(here, asked, s, entries) for s, entries in here.run.plan.wanted("invoice").items()]
        _fill(asked, header, todo, here.steps.swept, values)
        block = Block(asked.select(["invoice_id"]), asked["as_of"].to_numpy(), values)
        yield from block.chunks(CHUNK) if streamed else [block]


def _fill(asked: pa.Table, header: Header, todo: list[Asked], told: Callable[[], None], values: Array) -> None:
    """All invoices into `values` (columns, invoices): each column by its name, comparisons last."""
    into = dict(zip(header.columns, values))
    for name, entry in header.columns.items():
        if isinstance(entry, Own):
            into[name][:] = asked[entry.name].to_numpy()
    for one in todo:
        _scatter([into[c] for c in _columns(one.job)], one, told)
    for name, entry in header.columns.items():
        if isinstance(entry, Compared):
            into[name][:] = entry.formula(*(into[c] for c in entry.columns))


def _columns(job: Job) -> list[str]:
    """The names of a job's columns in an invoice's row."""
    if job.subject in PARTIES_OF_INVOICE:
        return [column(f, job.subject) for f in job.features]
    return [column(Linked(job.subject, f), "invoice") for f in job.features]


def _scatter(columns: list[Array], its: Asked, told: Callable[[], None]) -> None:
    """Each partition's answers, put where they were asked for, while they are in the cache; NaN where none was."""
    for row in columns:
        row[:] = np.nan
    order = np.argsort(its.answer, kind="stable")
    answered, places = its.answer[order], its.place[order]
    for (a, b), found in its.job.blocks():
        low, high = np.searchsorted(answered, (a, b))
        place, source = places[low:high], answered[low:high] - a
        for row, answer in zip(columns, found):
            row[place] = answer[source]
        told()


def _asked(here: Ground, asked: pa.Table, subject: str, entries: Sequence[Entry]) -> Asked:
    number = asked[subject].fill_null(-1).to_numpy()
    place = np.flatnonzero(number >= 0)
    asof, answer = rows.distinct(number[place], asked["as_of"].to_numpy()[place], len(here.keys[subject]))
    return Asked(here.job(subject, asof, entries), place, answer)
