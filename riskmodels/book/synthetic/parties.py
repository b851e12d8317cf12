"""The parties table: generated companies, some with a second version of what is known of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import Clock, stream
from riskmodels.book.synthetic.frames import days, ids, table, words
from riskmodels.book.synthetic.network import CORE_EVERY, INDUSTRIES, Clients, Codes, Debtors, Relations

REGIONS = ("Beijing", "Shanghai", "Guangdong", "Jiangsu", "Zhejiang", "Shandong", "Sichuan", "Hubei")
SIZES = ("micro", "small", "medium", "large")
OWNERSHIP = ("private", "state", "foreign", "listed")
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
TRADES = ("机械", "电子", "纺织", "化工", "食品", "建材", "物流", "医疗")


def parties_table(seed: int, clients: Clients, debtors: Debtors, relations: Relations, clock: Clock) -> pd.DataFrame:
    """Clients and debtors; a client's anchor is the largest core enterprise that it sells to."""
    rng = stream(seed, "parties")
    sellers = _describe(rng, "C", clients.industry, rng.random(clients.quality.size), clock)
    buyers = _describe(rng, "D", debtors.industry, debtors.volume.argsort().argsort() / debtors.volume.size, clock)
    anchor = _anchors(relations, clients.quality.size, debtors.volume.size // CORE_EVERY)
    sellers |= {"anchor_id": words(ids("D", debtors.volume.size), anchor), "roles": ["client"] * anchor.size}
    sellers["tier"] = pd.array(np.where(anchor >= 0, 1, 0), dtype="Int32")
    sellers["tier"][anchor < 0] = pd.NA
    buyers["roles"] = ["debtor"] * debtors.volume.size
    first = pd.concat([table("parties", sellers), table("parties", buyers)], ignore_index=True)
    return _with_later_versions(rng, first, clock)


def _describe(rng: np.random.Generator, prefix: str, industry: Codes, size: Any, clock: Clock) -> dict[str, Any]:
    n = industry.size
    large = np.minimum((size * len(SIZES)).astype(np.int64), len(SIZES) - 1)
    start = np.full(n, clock.starts[0])
    return {
        "party_id": ids(prefix, n),
        "valid_from": days(start),
        "known_on": days(start),
        "name": [_name(prefix, k, i) for k, i in enumerate(industry)],
        "industry": words(INDUSTRIES, industry),
        "region": words(REGIONS, rng.integers(0, len(REGIONS), n)),
        "size": words(SIZES, large),
        "ownership": words(OWNERSHIP, rng.choice(len(OWNERSHIP), n, p=(0.62, 0.2, 0.1, 0.08))),
        "founded_on": days(start - rng.integers(800, 9000, n)),
        "registered_capital": np.round(10 ** (5.7 + large * 0.8 + rng.uniform(0, 0.8, n)), -4),
        "group_id": words(ids("G", n), np.where(rng.random(n) < 0.1, rng.integers(0, max(1, n // 20), n), -1)),
    }


def _name(prefix: str, number: int, industry: int) -> str:
    """A neutral name: heavenly stem, earthly branch, trade and number; one in ten in English."""
    if number % 10 == 9:
        role = "Client" if prefix == "C" else "Debtor"
        return f"{role} {number + 1:04d} Co., Ltd."
    return f"{STEMS[number % 10]}{BRANCHES[number % 12]}{TRADES[industry]}{prefix}{number + 1:04d}有限公司"


def _anchors(relations: Relations, clients: int, cores: int) -> Codes:
    """For each client the largest debtor it sells to, -1 unless that is a core enterprise."""
    largest = np.full(clients, np.iinfo(np.int64).max)
    # debtors are numbered from the largest on
    np.minimum.at(largest, relations.client, relations.debtor)
    return np.where(largest < cores, largest, -1)


def _with_later_versions(rng: np.random.Generator, first: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """One party in six moves region at some time: a second version, known up to five days later."""
    later = first[rng.random(len(first)) < 1 / 6].reset_index(drop=True)
    moved = rng.integers(clock.starts[0] + 30, clock.last - 5, len(later))
    later["valid_from"], later["known_on"] = days(moved), days(moved + rng.integers(0, 6, len(later)))
    later["region"] = words(REGIONS, rng.integers(0, len(REGIONS), len(later)))
    return pd.concat([first, later], ignore_index=True).sort_values(["party_id", "valid_from"], ignore_index=True)
