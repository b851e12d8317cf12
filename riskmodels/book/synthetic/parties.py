"""The parties table: generated companies, some with a second version of what is known of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.chain import NOBODY
from riskmodels.book.synthetic.clock import Clock, stream
from riskmodels.book.synthetic.frames import days, ids, table, words
from riskmodels.book.synthetic.network import INDUSTRIES, REGIONS
from riskmodels.book.synthetic.people import Everyone

SIZES = ("micro", "small", "medium", "large")
ROLES = ("debtor", "client", "both")
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
TRADES = ("机械", "电子", "纺织", "化工", "食品", "建材", "物流", "医疗")


def parties_table(seed: int, people: Everyone, clock: Clock, more: dict[str, Any]) -> pd.DataFrame:
    """Clients and debtors; `more` are columns that others fill, one cell per party."""
    rng = stream(seed, "parties")
    n = people.industry.size
    large = people.volume.argsort().argsort() * len(SIZES) // n
    start = np.full(n, clock.starts[0])
    role = np.where(people.client == NOBODY, 0, np.where(people.debtor == NOBODY, 1, 2))
    cells = {
        "party_id": people.ids,
        "valid_from": days(start),
        "known_on": days(start),
        "name": names(people),
        "roles": words(ROLES, role),
        "industry": words(INDUSTRIES, people.industry),
        "region": words(REGIONS, people.region),
        "size": words(SIZES, large),
        "founded_on": days(start - rng.integers(800, 9000, n)),
        "registered_capital": np.round(10 ** (5.7 + large * 0.8 + rng.uniform(0, 0.8, n)), -4),
        "group_id": words(ids("G", n), np.where(rng.random(n) < 0.1, rng.integers(0, max(1, n // 20), n), NOBODY)),
        "anchor_id": words(people.ids, people.anchor),
        "tier": pd.array(np.where(people.tier > 0, people.tier, np.nan), dtype="Int32"),
    }
    return _with_later_versions(rng, table("parties", cells | more), clock)


def names(people: Everyone) -> list[str]:
    """Neutral names: heavenly stem, earthly branch, trade and number; one in ten in English."""
    return [
        _name("D" if client == NOBODY else "C", int(max(client, debtor) if client == NOBODY else client), int(trade))
        for debtor, client, trade in zip(people.debtor, people.client, people.industry, strict=True)
    ]


def _name(prefix: str, number: int, industry: int) -> str:
    if number % 10 == 9:
        role = "Client" if prefix == "C" else "Debtor"
        return f"{role} {number + 1:04d} Co., Ltd."
    return f"{STEMS[number % 10]}{BRANCHES[number % 12]}{TRADES[industry]}{prefix}{number + 1:04d}有限公司"


def _with_later_versions(rng: np.random.Generator, first: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """One party in six moves its seat at some time: a second version, known up to five days later."""
    later = first[rng.random(len(first)) < 1 / 6].reset_index(drop=True)
    moved = rng.integers(clock.starts[0] + 30, clock.last - 15, len(later))
    later["valid_from"] = days(moved)
    later["known_on"] = days(clock.calendar.next(moved + rng.integers(0, 6, len(later))))
    later["region"] = words(REGIONS, rng.integers(0, len(REGIONS), len(later)))
    return pd.concat([first, later], ignore_index=True).sort_values(["party_id", "valid_from"], ignore_index=True)
