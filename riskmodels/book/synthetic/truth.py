"""What the generator knows and no model may see, as frames."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.chain import NOBODY
from riskmodels.book.synthetic.clock import Days
from riskmodels.book.synthetic.failure import FAR, Failure
from riskmodels.book.synthetic.frames import days, ids, money, words
from riskmodels.book.synthetic.history import History, World
from riskmodels.book.synthetic.law import coefficients
from riskmodels.book.synthetic.network import INDUSTRIES, REGIONS, Codes
from riskmodels.book.synthetic.odds import PartyOdds, client_odds, debtor_odds
from riskmodels.book.synthetic.plan import TYPICAL, season_peaks
from riskmodels.book.synthetic.quality import Quality


def truth_frames(history: History) -> dict[str, pd.DataFrame]:
    """The truth by name: odds of invoices, debtors and clients, who stops when, chains, events, coefficients."""
    world = history.world
    odds, parties = debtor_odds(world, history.pace)
    sellers = client_odds(world)
    first = np.zeros(len(world.client_ids), dtype=np.int64)
    return {
        "debtor_months": party_months("debtor_id", world.debtor_ids, parties, world.quality, world.debtors.joins),
        "client_months": party_months("client_id", world.client_ids, sellers, world.client_quality, first),
        "invoices": invoice_truth(history, odds),
        "defaults": defaults("debtor_id", world.debtor_ids, world.failure),
        "client_defaults": defaults("client_id", world.client_ids, world.client_failure),
        "chains": chains(world),
        "debtors": debtors(world),
        "relations": relations(world),
        "turns": turns(world),
        "cycles": cycles(world),
        "seasons": seasons(world),
        "parameters": parameters(coefficients(asdict(world.law))),
    }


def party_months(key: str, names: Any, odds: PartyOdds, quality: Quality, joins: Codes) -> pd.DataFrame:
    """One row per party and month end of the book, from its first month of business until it is in default.

    Quality, whether it has stopped paying, whether its core enterprise stopped in the twelve months before (hit), the
    true probability to stop in the next month (stop_1m) and to be in default within twelve months (default_12m), and
    whether it was (defaulted_12m, beyond the end of the book too).
    """
    failure, clock = odds.failure, odds.clock
    months = np.arange(clock.months)
    end, default = clock.ends[: clock.months], failure.default[:, None]
    within = (joins[:, None] <= months) & (default > end)
    party, month = np.nonzero(within)
    stopped = odds.has_stopped[within]
    return pd.DataFrame(
        {
            key: words(names, party),
            "month_end": days(end[month]),
            "quality": quality.value[party, month],
            "stopped": stopped,
            "hit": failure.hit[party, month + 1],
            "stop_1m": np.where(stopped, 1.0, odds.stop_1m[within]),
            "default_12m": np.where(stopped, 1.0, odds.default_12m[within]),
            "defaulted_12m": (default <= clock.ends[12 : 12 + clock.months])[within],
        }
    )


def invoice_truth(history: History, odds: pd.DataFrame) -> pd.DataFrame:
    """The true odds of each invoice at its issue, and how it ends.

    A fraud has no odds: it is paid as long as it serves. days_late is 91 when its debtor stops paying first; treated
    says whether it was the subject of a collection action, commingled whether a client that failed kept what the debtor
    had paid it.
    """
    n = len(odds)
    key = pd.DataFrame({"invoice_id": ids("I", n)})
    fraud = history.world.frauds.staged | history.world.frauds.is_kind("pre-invoicing")
    return key.join(odds.mask(np.broadcast_to(fraud[:, None], odds.shape))).assign(
        days_late=history.outcome.days_late, treated=history.collected.treated, commingled=history.commingled
    )


def defaults(key: str, names: Any, failure: Failure) -> pd.DataFrame:
    """One row per party that stops paying: that day, and the first with more than 90 days past due."""
    rows = np.flatnonzero(failure.stopped < FAR)
    rows = rows[np.argsort(failure.stopped[rows], kind="stable")]
    return pd.DataFrame(
        {key: words(names, rows), "stopped_on": days(failure.stopped[rows]), "default_on": days(failure.default[rows])}
    )


def chains(world: World) -> pd.DataFrame:
    """One row per debtor and client that hangs on a core enterprise: as what it does, and on whom."""
    rows = {"debtor": world.debtor_anchor, "client": world.client_anchor}
    names = {"debtor": world.debtor_ids, "client": world.client_ids}
    frames = []
    for role, anchor in rows.items():
        hangs = np.flatnonzero(anchor != NOBODY)
        tier = world.client_tier[hangs] if role == "client" else np.zeros(hangs.size, dtype=np.int64)
        cells = {"party_id": words(names[role], hangs), "anchor_id": words(world.debtor_ids, anchor[hangs])}
        frames.append(pd.DataFrame({**cells, "role": role, "tier": tier}))
    return pd.concat(frames, ignore_index=True).astype({"role": "str"})


def debtors(world: World) -> pd.DataFrame:
    """One row per debtor: base quality, whether it pays early as a rule, its typical (median) invoice in yuan."""
    buyers = world.debtors
    return pd.DataFrame(
        {
            "debtor_id": world.debtor_ids,
            "base": buyers.base,
            "early": buyers.early,
            "typical_amount": money(TYPICAL * np.sqrt(buyers.volume)),
        }
    )


def relations(world: World) -> pd.DataFrame:
    """One row per debtor and client that trade: how much slower than others the debtor pays this client (log)."""
    pairs = world.relations
    return pd.DataFrame(
        {
            "debtor_id": words(world.debtor_ids, pairs.debtor),
            "client_id": words(world.client_ids, pairs.client),
            "slowness": pairs.slowness,
        }
    ).drop_duplicates(["debtor_id", "client_id"], ignore_index=True)


def turns(world: World) -> pd.DataFrame:
    """The industry shock and the structural break: first day, last day (none for the break), the industry struck."""
    cycles, starts = world.cycles, world.clock.starts

    def day(month: int) -> Days:
        """First day of a month."""
        return days(starts[[month]])[0]

    return pd.DataFrame(
        {
            "kind": ["industry shock", "structural break"],
            "industry": [INDUSTRIES[cycles.shocked], None],
            "first_on": [day(cycles.shock_from), day(cycles.breaks)],
            "last_on": [day(cycles.shock_to) - np.timedelta64(1, "D"), np.datetime64("NaT", "us")],
        }
    ).astype({"kind": "str", "industry": "str"})


def cycles(world: World) -> pd.DataFrame:
    """One row per industry or region (kind, name) and month end of the book: the shift of its parties' quality."""
    ends = days(world.clock.ends[: world.clock.months])
    shifts = {"industry": (INDUSTRIES, world.cycles.industry), "region": (REGIONS, world.cycles.region)}
    frames = [
        pd.DataFrame({"kind": kind, "name": name, "month_end": ends, "shift": shift[: ends.size]})
        for kind, (names, rows) in shifts.items()
        for name, shift in zip(names, rows, strict=True)
    ]
    return pd.concat(frames, ignore_index=True).astype({"kind": "str", "name": "str"})


def seasons(world: World) -> pd.DataFrame:
    """One row per industry: the time of the year (0 to 12) at which most of its invoices are written."""
    return pd.DataFrame({"industry": INDUSTRIES, "peak": season_peaks(world.seed)}).astype({"industry": "str"})


def parameters(values: dict[str, float | str]) -> pd.DataFrame:
    """The generator's coefficients by name: the value of a number, the word of the others."""
    words_of = {name: value for name, value in values.items() if isinstance(value, str)}
    return pd.DataFrame(
        {
            "name": list(values),
            "value": [np.nan if name in words_of else float(value) for name, value in values.items()],
            "word": pd.Series([words_of.get(name) for name in values], dtype="str"),
        }
    )
