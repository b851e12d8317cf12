"""Every key known at each of some dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from riskmodels.features import rows
from riskmodels.features.linked import Lent
from riskmodels.features.output import Block
from riskmodels.features.run import Ground

Array = Any


def blocks(here: Ground, key: str, streamed: bool) -> Iterator[Block]:
    """The rows in the order of keys and dates: a block for each partition if streamed, else one of all."""
    wanted, dates, told = here.run.plan.wanted(key), here.run.dates, here.steps.swept
    jobs = {s: here.job(s, rows.known_keys(here.keys[s].first, dates), entries) for s, entries in wanted.items()}
    todo = jobs.pop(key)
    todo = replace(todo, lent=tuple(Lent(of, dates, job.asof, job.whole(told)) for of, job in jobs.items()))
    ids, of_row, day = todo.keys.ids, todo.asof.keys, todo.asof.day
    if not streamed:
        yield Block(ids.take(of_row), day, todo.whole(told))
        return
    for (a, b), values in todo.blocks():
        yield Block(ids.take(of_row[a:b]), day[a:b], values)
        told()
