"""The invoice model summed up by debtor or client against the party model: a table by band, and a verdict.

An open invoice becomes overdue within the window if it passes `dpd` days past due by the window's end, with
p_i = P(paid more than dpd days past due, given that it is still open). A party is overdue when the amounts that do are
a material part of all its open invoices (the rule's share). The chance of that is exact when invoices of one party are
paid independently of each other, and when one chance decides for all of them: both stand in the table, for the truth
is neither. Missing are invoices issued later, which makes both too low the longer the window; what was paid of an open
invoice; and what is overdue already, too little to be material. So levels may differ by some tens of percent; orders
should not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import logit
from scipy.stats import spearmanr

from riskmodels.book.outcomes import Default
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.dates import add_months
from riskmodels.core.limits import packaged_limits
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.inputs import SampleError
from riskmodels.validation.coherence.material import alike, independent

BANDS = 5
FEWEST = 30
"""Fewest parties on which two models are compared."""
NINEFOLD = float(np.log(9))
FLOOR = 1e-4
"""Probabilities are taken to be at least this far from 0 and 1 where odds are compared."""

TITLES = {
    "validation.coherence.rank": (mark("Rank agreement of party and invoice models"), "score"),
    "validation.coherence.level": (
        mark("Parties expected overdue: invoices summed up over party model"),
        "multiple",
    ),
    "validation.coherence.share_apart": (mark("Parties whose two odds differ more than ninefold"), "share"),
}


@dataclass(frozen=True)
class Coherence:
    """Two answers to one question.

    parties : party, invoices (that can cross within the window), summed (as if independent), dependent (as if one),
        probability (the party model's), and outcome where it was given. table : a row per band of `probability` and
        one for all: band, parties, invoices, means of the three, ratio (summed over probability), and rate (observed)
        where outcomes were given. checks : rank agreement, ratio of levels, share of parties far apart.
    """

    parties: pd.DataFrame
    table: pd.DataFrame
    checks: tuple[CheckResult, ...]


def open_invoices(
    model: Any, X: pd.DataFrame, invoices: pd.DataFrame, key: str, origin: date, rule: Default
) -> pd.DataFrame:
    """What a payment-time model says of invoices open at the close of `origin`: party, probability, crosses_on, amount.

    `invoices` (issued_on, due_on, amount, the key) stand row by row beside the features X. Those that are already more
    than the rule's days past due are left out: they are overdue, not going to be.
    """
    day = pd.Timestamp(origin)
    terms, age = (invoices["due_on"] - invoices["issued_on"]).dt.days, (day - invoices["issued_on"]).dt.days
    young = ((age - terms) <= rule.dpd).to_numpy()
    late = model.late(X[young], terms[young].to_numpy(float), rule.dpd, age=age[young].to_numpy(float))
    crosses = invoices["due_on"] + pd.Timedelta(rule.dpd + 1, "D")
    told = {"probability": late, "crosses_on": crosses[young].to_numpy()}
    seen = invoices.loc[young, [key, "amount"]].rename(columns={key: "party"}).reset_index(drop=True)
    return seen.assign(**told)


def summed_up(invoices: pd.DataFrame, origin: date, rule: Default) -> pd.DataFrame:
    """A party's invoices as one probability: party, invoices (that can cross), summed, dependent.

    `invoices` : party, probability, crosses_on, amount. Summed is the chance as if they were paid independently,
    dependent as if they were one.
    """
    p = invoices["probability"]
    if not p.between(0, 1).all():
        raise SampleError(f"probability: found {int((~p.between(0, 1)).sum())} values outside 0 to 1, expected none")
    end = pd.Timestamp(add_months(origin, rule.months))
    within = (invoices["crosses_on"] > pd.Timestamp(origin)) & (invoices["crosses_on"] <= end)
    frame = invoices.assign(probability=p.where(within, 0.0), within=within)
    rows = [{"party": party, **_one(own, rule)} for party, own in frame.groupby("party")]
    return pd.DataFrame(rows, columns=["party", "invoices", "summed", "dependent"])


def _one(own: pd.DataFrame, rule: Default) -> dict[str, Any]:
    """The chances of one party, a material amount being the rule's share of all its open invoices."""
    p, amount = own["probability"].to_numpy(float), own["amount"].to_numpy(float)
    needed = max(rule.share * amount.sum(), rule.least)
    chances = {"summed": independent(p, amount, needed), "dependent": alike(p, amount, needed)}
    return {"invoices": int(own["within"].sum()), **chances}


def coherence(
    parties: pd.DataFrame,
    invoices: pd.DataFrame,
    origin: date,
    rule: Default,
    limits: Mapping[str, Limits] | None = None,
) -> Coherence:
    """The party model's probabilities (party, probability, and outcome if known) against `invoices` summed up.

    `invoices` : party, probability, crosses_on, amount, as `open_invoices` gives them. Parties without an open invoice
    that can cross have a sum of 0: what they will be invoiced is not in it.
    """
    known = summed_up(invoices, origin, rule)
    frame = parties.merge(known, on="party", how="left").fillna({"invoices": 0, "summed": 0.0, "dependent": 0.0})
    return Coherence(frame, _table(frame), _checks(frame, limits or packaged_limits(__package__)))


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    rank = frame["probability"].rank(method="first")
    band = np.ceil(rank / max(len(frame), 1) * BANDS).astype(int)
    rows = [_band(str(number), frame[band == number]) for number in range(1, BANDS + 1)]
    return pd.DataFrame([*rows, _band("all", frame)])


def _band(name: str, part: pd.DataFrame) -> dict[str, Any]:
    means = {column: float(part[column].mean()) for column in ("probability", "summed", "dependent")}
    seen = {"rate": float(part["outcome"].mean())} if "outcome" in part else {}
    ratio = means["summed"] / means["probability"] if means["probability"] > 0 else float("nan")
    return {
        "band": name,
        "parties": len(part),
        "invoices": int(part["invoices"].sum()),
        **means,
        "ratio": ratio,
        **seen,
    }


def uncompared(reason: str) -> tuple[CheckResult, ...]:
    """The checks of an agreement that can't be measured, and why."""
    limits = packaged_limits(__package__)
    return tuple(not_run(n, _(title), reason, unit=unit, limits=limits[n]) for n, (title, unit) in TITLES.items())


def _checks(frame: pd.DataFrame, limits: Mapping[str, Limits]) -> tuple[CheckResult, ...]:
    if len(frame) < FEWEST:
        return uncompared(_("{n} parties, {least} needed").format(n=len(frame), least=FEWEST))
    odds = (logit(frame[column].clip(FLOOR, 1 - FLOOR)) for column in ("probability", "summed"))
    apart = float((np.abs(next(odds) - next(odds)) > NINEFOLD).mean())
    varies = frame["probability"].nunique() > 1 and frame["summed"].nunique() > 1
    rank = float(spearmanr(frame["probability"], frame["summed"]).statistic) if varies else float("nan")
    total = float(frame["probability"].sum())
    level = float(frame["summed"].sum()) / total if total > 0 else float("nan")
    told = zip(TITLES.items(), (rank, level, apart), strict=True)
    return tuple(CheckResult(n, _(title), value, limits[n], unit, len(frame)) for (n, (title, unit)), value in told)
