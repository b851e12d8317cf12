"""The moves in a scored sample: the grades of the same obligors at its last period and twelve months before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.validation.migration.moves import LEFT, Moves

MONTHS = 12
TOLD = ("grade", "obligor", "period", "outcome", "probability", "model")
FEWEST = 30
"""Obligors graded at the earlier period below which moves say nothing of grades."""


def migration_of(sample: pd.DataFrame) -> Moves | str:
    """The moves from the period twelve months before the last one to the last, or in words why there are none.

    `sample` has grade, obligor and period (dates); one row per obligor and period counts, the worst grade where there
    are more. Grades stand in their own order if they have one, else by mean probability, else by name. An obligor whose
    outcome at the earlier period is 1 defaulted; one without a row at the later period is terminated, or with another
    model where a column `model` names a different one.
    """
    if missing := [c for c in ("grade", "obligor", "period") if c not in sample or sample[c].isna().all()]:
        return _("no {columns} in the sample, so nobody's moves are known").format(columns=_(", ").join(missing))
    grades = _ordered(sample)
    if len(grades) < 2:
        return _("one grade only, so nobody can move")
    known = sample.dropna(subset=["grade", "obligor", "period"])
    days = _twelve_apart(known["period"])
    if days is None:
        return _("no two periods twelve months apart, so nobody's moves are known")
    before, after = (_once(known[known["period"].isin(part)], grades) for part in days)
    if len(before) < FEWEST:
        text = _("{n} obligors graded twelve months before the last period, at least {least} are needed")
        return text.format(n=len(before), least=FEWEST)
    return Moves(grades, _counted(before, after, len(grades))[None], tuple(part.max() for part in days))


def joined(development: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """Both samples' columns that tell of moves, development first, grades in the order of the sample's."""
    told = [c for c in TOLD if c in sample and c in development]
    both = pd.concat([development[told], sample[told]], ignore_index=True)
    return both.astype({"grade": sample["grade"].dtype}) if "grade" in told else both


def _ordered(sample: pd.DataFrame) -> tuple[str, ...]:
    """The grades, best first."""
    grade = sample["grade"]
    if isinstance(grade.dtype, pd.CategoricalDtype) and grade.cat.ordered:
        return tuple(str(name) for name in grade.cat.categories)
    names = grade.dropna().astype(str)
    if "probability" in sample:
        return tuple(sample["probability"].groupby(names).mean().sort_values(kind="stable").index)
    return tuple(sorted(names.unique()))


def _twelve_apart(period: pd.Series) -> tuple[pd.Series, pd.Series] | None:
    """The days of the month twelve before the last one, and of the last."""
    month = period.dt.year * 12 + period.dt.month
    last = month.max()
    days = period[month == last - MONTHS], period[month == last]
    return days if len(days[0]) else None


def _once(rows: pd.DataFrame, grades: tuple[str, ...]) -> pd.DataFrame:
    """One row per obligor of a period: place of its worst grade, whether it defaulted after, its model if told."""
    place = pd.Index(grades).get_indexer(pd.Index(rows["grade"].astype(str)))
    bad = rows["outcome"].eq(1) if "outcome" in rows else False
    model = rows["model"].astype(str) if "model" in rows else ""
    told = pd.DataFrame({"obligor": rows["obligor"], "place": place, "bad": bad, "model": model})
    by = told.groupby("obligor", sort=True)
    return pd.DataFrame({"place": by["place"].max(), "bad": by["bad"].max(), "model": by["model"].last()})


def _counted(before: pd.DataFrame, after: pd.DataFrame, k: int) -> np.ndarray:
    """Counts (K, K + 3) of obligors by grade before and state after."""
    later = after.reindex(before.index)
    default, other, gone = (k + place for place in range(len(LEFT)))
    to = later["place"].fillna(gone).to_numpy(dtype=float)
    moved = later["model"].notna() & (later["model"] != before["model"])
    to = np.where(moved, other, to)
    to = np.where(before["bad"], default, to).astype(np.int64)
    cell = before["place"].to_numpy() * (k + len(LEFT)) + to
    return np.bincount(cell, minlength=k * (k + len(LEFT))).reshape(k, k + len(LEFT)).astype(float)
