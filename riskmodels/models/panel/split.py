"""Development, hold-out and out-of-time: three samples that share neither obligors nor outcome windows where told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import SampleError
from riskmodels.models.panel.folds import obligor_folds
from riskmodels.models.panel.rows import bads_of, both_classes, later, obligors_of, origins_of
from riskmodels.models.panel.size import effective_size, size_table


@dataclass(frozen=True)
class Split:
    """Which rows are for development, which hold out other obligors, which come later; one boolean per row each.

    `purged` rows are in none of the three: older than the out-of-time sample, but with an outcome window that
    reaches into it. `counts` has a line per sample: size, bads, obligors, first and last origin.
    """

    development: np.ndarray
    hold_out: np.ndarray
    out_of_time: np.ndarray
    purged: np.ndarray
    since: date
    counts: pd.DataFrame


def development_split(
    frame: pd.DataFrame,
    since: str | date | None = None,
    gap: int = 12,
    share: float = 0.2,
    seed: int = 0,
    columns: tuple[str, str, str] = ("obligor", "period", "outcome"),
) -> Split:
    """The three samples of a panel whose outcomes are known.

    Out of time are the origins from `since` on; without it the latest whole origins that hold at least a `share` of
    the rows. Of the earlier rows those whose outcome window of `gap` months was over at `since` are used, and about a
    `share` of their obligors, drawn at random by whether they are ever bad, are held out. `columns` names the
    columns of obligor, origin and outcome.
    """
    if not 0 < share <= 0.5:
        raise Misuse(f"share: found {share}, expected above 0 and at most 0.5")
    obligor, origin, bad = _read(frame, columns)
    start = np.datetime64(parse_date(since, "since"), "D") if since else _latest(origin, share)
    late, early = origin >= start, (origin < start) & (later(origin, gap) <= start)
    held = early & _held_out(bad, obligor, early, share, seed)
    parts = [early & ~held, held, late]
    for name, rows in zip(("development", "hold-out", "out-of-time"), parts):
        both_classes(bad, rows, f"{name} sample (origins from {start} are out of time, gap {gap} months)")
    counts = _counts(parts, bad, obligor, origin)
    return Split(early & ~held, held, late, ~(early | late), start.astype(date), counts)


def _read(frame: pd.DataFrame, columns: tuple[str, str, str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if missing := [name for name in columns if name not in frame]:
        raise SampleError(f"frame: missing columns {missing}, expected obligor, origin and outcome of each row")
    who, when, what = (frame[name] for name in columns)
    return obligors_of(who, len(frame)), origins_of(when, len(frame)), bads_of(what)


def _latest(origin: np.ndarray, share: float) -> np.datetime64:
    days, counts = np.unique(origin, return_counts=True)
    if len(days) < 2:
        raise SampleError("origins: found one only, expected two or more, the latest of them out of time")
    enough = np.cumsum(counts[::-1]) >= share * len(origin)
    return days[::-1][int(np.argmax(enough))]


def _held_out(bad: np.ndarray, obligor: np.ndarray, early: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Mask of the early rows of the obligors held out: one of 1 / share folds."""
    held = np.zeros(len(bad), dtype=bool)
    rows = np.flatnonzero(early)
    if len(rows):
        number = np.unique(obligor[rows], return_inverse=True)[1]
        held[rows[obligor_folds(bad[rows], number, round(1 / share), seed)[0][1]]] = True
    return held


def _counts(masks: list[np.ndarray], bad: np.ndarray, obligor: np.ndarray, origin: np.ndarray) -> pd.DataFrame:
    names = [_("development"), _("hold-out"), _("out-of-time")]
    table = size_table({name: effective_size(bad[rows], obligor[rows]) for name, rows in zip(names, masks)})
    first, last = ([str(edge(origin[rows])) for rows in masks] for edge in (np.min, np.max))
    return table.assign(**{_("first origin"): first, _("last origin"): last})
