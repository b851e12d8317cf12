"""How many obligors that come to be so many days past due never come back: what justifies the days of a default.

An episode of arrears lasts from the close at which a material balance is more than 30 days past due to the first at
which none is. An obligor that ends it before the debt is lost is cured. Episodes still running when the book ends are
censored.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from riskmodels.models.bad_definition.ledger import LEVELS, LOSS
from riskmodels.models.shares import jeffreys
from riskmodels.models.survival import kaplan_meier

ARREARS = 2
"""Status from which an obligor is in arrears: more than 30 days. What is less is how trade pays, not a sign."""
FEWEST = 20
"""Fewest obligors a share is judged on."""


def cures(spells: pd.DataFrame, first: date, until: date) -> pd.DataFrame:
    """One row per level of days past due: the share that has not come back by the time the debt is lost.

    A debt that passes `dpd` is lost 360 - dpd days later: every level is measured at the same age. Columns: dpd,
    episodes, obligors, cured (seen to come back by then), uncured (Kaplan-Meier, episodes not over are censored; NaN
    when none was followed that long), low, high (95 %, clustered by obligor). `spells` as `ledger.standing` gives them;
    levels passed before `first` are left out.
    """
    found = episodes(spells, until)
    rows = []
    for status, dpd in enumerate(LEVELS[1:], start=ARREARS):
        passed = found[found["reached"] == status]
        rows.append({"dpd": dpd, **_level(passed[passed["entered_on"] >= pd.Timestamp(first)], LOSS - dpd)})
    return pd.DataFrame(rows)


def threshold(table: pd.DataFrame, share: float) -> int | None:
    """The lowest level from which at least `share` never come back, at it and at each higher one; None without one.

    Levels that fewer than 20 obligors reached don't count.
    """
    judged = table[(table["obligors"] >= FEWEST) & table["uncured"].notna()]
    lasting = (judged["uncured"] >= share)[::-1].cummin()[::-1]
    held = judged.loc[lasting.astype(bool), "dpd"]
    return int(held.iloc[0]) if len(held) else None


def episodes(spells: pd.DataFrame, until: date) -> pd.DataFrame:
    """One row per episode of arrears and status reached in it: obligor, reached, entered_on, days, cured.

    `days` run from the day the status was first reached to the cure, or to `until` when there was none.
    """
    arrears = spells["status"] >= ARREARS
    same = spells["obligor"].eq(spells["obligor"].shift())
    frame = spells.assign(episode=(~(arrears & arrears.shift(fill_value=False) & same)).cumsum())
    frame["next_on"] = frame.groupby("obligor")["day"].shift(-1)
    frame = frame[arrears]
    ends = frame.drop_duplicates("episode", keep="last")[["episode", "next_on"]]
    top = frame.groupby("episode")["status"].cummax()
    parts = [_reached(frame[top >= status], status) for status in range(ARREARS, len(LEVELS) + 1)]
    reached = pd.concat(parts, ignore_index=True).merge(ends, on="episode")
    days = (reached["next_on"].fillna(pd.Timestamp(until)) - reached["entered_on"]).dt.days
    return reached.assign(days=days, cured=reached["next_on"].notna()).drop(columns=["episode", "next_on"])


def _reached(frame: pd.DataFrame, status: int) -> pd.DataFrame:
    """When each episode first came to the status or beyond."""
    first = frame.groupby("episode", as_index=False).agg(obligor=("obligor", "first"), entered_on=("day", "first"))
    return first.assign(reached=status)


def _level(passed: pd.DataFrame, horizon: int) -> dict[str, float]:
    obligors, n = passed["obligor"].nunique(), len(passed)
    seen = kaplan_meier(passed["days"], passed["cured"], [horizon], cluster=passed["obligor"])
    share, variance = float(seen["survival"].iloc[0]), float(seen["error"].iloc[0]) ** 2
    effective = min(share * (1 - share) / variance, n) if variance > 0 else obligors
    low, high = jeffreys(share, effective)
    cured = int((passed["cured"] & (passed["days"] <= horizon)).sum())
    return {
        "episodes": n,
        "obligors": obligors,
        "cured": cured,
        "uncured": share,
        "low": float(low),
        "high": float(high),
    }
