"""Migration of tiers between two quarter ends, who moved, and how many went up and down in each quarter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.core.scale import TIERS
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import SampleError
from riskmodels.models.transitions.rerating import NOT_RATED


def tier_order(tiers: Mapping[str, str]) -> list[str]:
    """The tiers from best to worst: in the order the map of grades, best first, names them.

    Of a rating scale the map is `dict(zip(scale.grades, scale.tiers))`.
    """
    return list(dict.fromkeys(tiers.values()))


def moves(ratings: pd.DataFrame, tiers: Mapping[str, str], first: date, last: date) -> pd.DataFrame:
    """One row per party with a grade at `first` or `last`: party_id, before and after (tiers), steps, amounts.

    `ratings` has party_id, as_of, grade and, if known, amount (what the party owes, in the book's currency). before and
    after are empty where there is no grade. steps: tiers down, negative up, nan where one is empty. amount_before and
    amount_after, only where amounts are known, are 0 without a grade. Sorted by steps, worst first, then by party.
    """
    if not first < last:
        raise Misuse(f"first, last: found {first} and {last}, expected the earlier day first")
    before, after = (_tiers_on(ratings, tiers, day) for day in (first, last))
    names = ("_before", "_after")
    both = before.merge(after, how="outer", left_index=True, right_index=True, suffixes=names).sort_index()
    place = {tier: float(i) for i, tier in enumerate(tier_order(tiers))}
    steps = both["tier_after"].map(place).astype(float) - both["tier_before"].map(place).astype(float)
    named = {"before": both["tier_before"], "after": both["tier_after"], "steps": steps}
    amounts = {name: both[name].fillna(0.0) for name in ("amount_before", "amount_after") if name in both}
    table = pd.DataFrame({**named, **amounts}).rename_axis("party_id").reset_index()
    return table.sort_values("steps", ascending=False, kind="stable", ignore_index=True)


def migration(moved: pd.DataFrame, tiers: Mapping[str, str]) -> pd.DataFrame:
    """The migration table of `moves`: from, to, parties, share of the tier's parties, amounts where they are known.

    One row per pair of tiers, those without a party too, so that tables of two quarters have the same rows; parties
    new or gone come under "not rated".
    """
    names = [*tier_order(tiers), NOT_RATED]
    by = [moved[side].astype(object).fillna(NOT_RATED).rename(side) for side in ("before", "after")]
    pairs = pd.MultiIndex.from_product([names, names], names=["before", "after"])[:-1]
    parties = moved.groupby(by).size().reindex(pairs, fill_value=0)
    total = parties.groupby("before").transform("sum")
    columns = {
        _("from"): [_shown(tier) for tier in pairs.get_level_values("before")],
        _("to"): [_shown(tier) for tier in pairs.get_level_values("after")],
        _("parties"): parties.to_numpy(),
        _("share"): (parties / total.where(total > 0)).to_numpy(),
    }
    for name, heading in (("amount_before", _("amount before")), ("amount_after", _("amount after"))):
        if name in moved:
            columns[heading] = moved.groupby(by)[name].sum().reindex(pairs, fill_value=0.0).to_numpy()
    return pd.DataFrame(columns)


def quarterly_moves(ratings: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Moves of each quarter against the one before: rated, up, down, no move, new, gone, amounts up and down.

    `ratings` has party_id, as_of, grade and, if known, amount at that day; `order` are the grades from best to worst.
    Amounts are told where they are known. The first quarter end has no row: all would be new.
    """
    frame = _known(ratings)
    days = sorted(frame["as_of"].unique())
    if len(days) < 2:
        raise SampleError(f"as_of: found {len(days)} quarter ends, expected two or more")
    place = _looked_up(frame["grade"], {grade: float(i) for i, grade in enumerate(order)})
    by_day = dict(list(frame.assign(place=place).set_index("party_id").groupby("as_of")))
    rows = [_moves_of_quarter(by_day[before], by_day[day]) for before, day in pairwise(days)]
    table = pd.DataFrame(rows)
    table.insert(0, _("quarter end"), days[1:])
    return table


def _moves_of_quarter(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, float]:
    """Counts, and amounts where they are known, of one quarter's moves by their heading."""
    both = before.merge(now, how="inner", left_index=True, right_index=True, suffixes=("_before", ""))
    steps = both["place"] - both["place_before"]
    row: dict[str, float] = {
        _("rated"): len(now),
        _("up"): int((steps < 0).sum()),
        _("down"): int((steps > 0).sum()),
        _("no move"): int((steps == 0).sum()),
        _("new"): len(now) - len(both),
        _("gone"): len(before) - len(both),
    }
    if "amount" not in both:
        return row
    up, down = (float(both.loc[side, "amount"].sum()) for side in (steps < 0, steps > 0))
    return {**row, _("amount up"): up, _("amount down"): down}


def _tiers_on(ratings: pd.DataFrame, tiers: Mapping[str, str], day: date) -> pd.DataFrame:
    """Tier and amount of each party with a grade on the day, by party_id."""
    frame = _known(ratings)
    frame = frame[frame["as_of"] == pd.Timestamp(day)]
    if frame.empty:
        raise SampleError(f"as_of: found no grades on {day}, expected some")
    tier = _looked_up(frame["grade"], tiers)
    return frame.drop(columns=["as_of", "grade"]).assign(tier=tier).set_index("party_id")


def _known(ratings: pd.DataFrame) -> pd.DataFrame:
    """The rows with a grade: party_id, as_of, grade and, if there is one, amount."""
    if missing := [c for c in ("party_id", "as_of", "grade") if c not in ratings]:
        raise SampleError(f"ratings: found no column {', '.join(missing)}, expected party_id, as_of, grade")
    columns = [c for c in ("party_id", "as_of", "grade", "amount") if c in ratings]
    frame = ratings.loc[ratings["grade"].notna(), columns].astype({"grade": "str"})
    twice = frame.loc[frame.duplicated(["party_id", "as_of"]), "party_id"]
    if len(twice):
        raise SampleError(f"ratings: found two grades of {twice.iloc[0]} on one day, expected one")
    if "amount" in frame and (empty := int(frame["amount"].isna().sum())):
        raise SampleError(f"amount: found {empty:,} empty, expected one with every grade, 0 for nothing owed")
    return frame.assign(as_of=pd.to_datetime(frame["as_of"]))


def _looked_up(grades: pd.Series, known: Mapping[str, Any]) -> pd.Series:
    if unknown := sorted(set(grades) - set(known)):
        raise SampleError(f"grade: found {', '.join(unknown[:10])}, expected one of {', '.join(known)}")
    return grades.map(known)


def _shown(tier: str) -> str:
    """A tier as the reader calls it; a name that isn't ours is shown as it is."""
    words = {**TIERS, NOT_RATED: NOT_RATED}
    return _(words[tier]) if tier in words else tier
