"""Worst status in a year against the worst status in the year after it, obligor by obligor: who rolls on, who cures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.core.dates import LATEST, add_months
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.bad_definition.ledger import NOTHING_OWED
from riskmodels.models.shares import shares_by

STATUSES = (mark("current"), "1-30", "31-60", "61-90", mark("over 90"))
WORST = len(STATUSES) - 1
STEP_MONTHS = 3
"""Origins are a quarter apart: their windows overlap, so the intervals take an obligor's cases as one cluster."""


def status_names() -> list[str]:
    """The statuses in order, days past due of a material balance, in the language in force."""
    return [_(name) for name in STATUSES]


def origins(first: date, until: date, months: int) -> list[date]:
    """Days with `months` of book on either side, a quarter apart, oldest first; none in a book too short."""
    days, day = [], add_months(until, -months)
    while add_months(day, -months) >= first:
        days.append(day)
        day = add_months(day, -STEP_MONTHS)
    return sorted(days)


def pairs(spells: pd.DataFrame, days: Sequence[date], months: int) -> pd.DataFrame:
    """One row per origin and obligor that owed something in the months before it: origin, obligor, before, after.

    `before` and `after` are the worst statuses (0 to 4) in the `months` up to and following the origin. `spells` as
    `ledger.standing` gives them.
    """
    ended = _with_ends(spells)
    parts = [_pair(ended, day, months) for day in days]
    empty = pd.DataFrame(columns=["origin", "obligor", "before", "after"])
    return pd.concat(parts, ignore_index=True) if parts else empty


def roll_forward(found: pd.DataFrame) -> pd.DataFrame:
    """One row per status before: what became of those obligors, from the rows `pairs` gives.

    Columns: status, name, n (obligor-origins), obligors, to_0 ... to_4 (shares by status after), worse (share beyond
    its own status; for the worst one, that stays there), worse_low, worse_high, cured (share in a better one),
    cured_low, cured_high. Intervals: Jeffreys', clustered by obligor.
    """
    before, after = (found[c].to_numpy(np.int64) for c in ("before", "after"))
    size, clusters = WORST + 1, found["obligor"].to_numpy()
    table = pd.DataFrame({"status": range(size), "name": status_names()})
    table["n"] = np.bincount(before, minlength=size)
    table["obligors"] = found.groupby("before")["obligor"].nunique().reindex(range(size), fill_value=0)
    for status in range(size):
        table[f"to_{status}"] = shares_by(before, after == status, size, cluster=clusters)["share"]
    events = {"worse": (after > before) | ((before == WORST) & (after == WORST)), "cured": after < before}
    for name, event in events.items():
        share = shares_by(before, event, size, cluster=clusters)
        table[[name, f"{name}_low", f"{name}_high"]] = share[["share", "low", "high"]].to_numpy()
    # Nothing is better than current.
    table.loc[0, ["cured", "cured_low", "cured_high"]] = np.nan
    return table


def _with_ends(spells: pd.DataFrame) -> pd.DataFrame:
    """The spells with the day on which the next one begins, and statuses no worse than the worst here."""
    ends = spells.groupby("obligor")["day"].shift(-1).fillna(pd.Timestamp(LATEST))
    return spells.assign(ends=ends, status=spells["status"].clip(upper=WORST))


def _pair(spells: pd.DataFrame, day: date, months: int) -> pd.DataFrame:
    before = _worst(spells, add_months(day, -months), day)
    after = _worst(spells, day, add_months(day, months))
    before = before[before > NOTHING_OWED]
    after = after.reindex(before.index).fillna(0).clip(lower=0).astype("int64")
    frame = pd.DataFrame({"before": before, "after": after}).rename_axis("obligor").reset_index()
    frame.insert(0, "origin", pd.Timestamp(day))
    return frame


def _worst(spells: pd.DataFrame, start: date, end: date) -> pd.Series:
    """The worst status of each obligor at the closes of (start, end]."""
    within = (spells["day"] <= pd.Timestamp(end)) & (spells["ends"] > pd.Timestamp(start) + pd.Timedelta(days=1))
    return spells[within].groupby("obligor")["status"].max()
