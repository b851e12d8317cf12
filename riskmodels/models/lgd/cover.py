"""What the cover of open claims is worth when it goes as in finished workouts: the waterfall, meant over them.

An LGD at the mean of an uncertain debtor's share is too low, for cover above the claim is of no use. So each open claim
goes through the waterfall once for every finished workout of its kind (with or without recourse), the debtor and the
client paying as they did there, and the mean is taken. Guarantors and insurers pay of what is asked of them what they
paid in all.

A factor's ledger shows what covered its claim, not what else the debtor paid. The debtor's share is therefore of what
the claim needs of the invoice, min(EAD, face), of the EAD where the invoice was paid to the client (face 0): a holdback
larger than it was in finished workouts adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.errors import DataRefused
from riskmodels.models.lgd.anatomy import loss_parts
from riskmodels.models.lgd.flows import SOURCES
from riskmodels.models.lgd.waterfall import ORDER, Waterfall, waterfall
from riskmodels.models.lgd.workout import RealisedLosses, workout_flows

LEAST = 10
"""Finished workouts of a claim's kind below which it goes through all of them."""
MOST = 200
"""Finished workouts of a kind that a claim goes through at most."""
DRAWN = ("debtor_share", "client_share", "debtor_days", "client_days", "costs", "costs_days")
PAID = ("debtor", "client", "guarantor", "insurer")
# indirect payments are the debtor's money
_ORIGIN = {name: name for name in SOURCES} | dict.fromkeys(("third party", "payer not told"), "debtor")


@dataclass(frozen=True)
class Experience:
    """How cover paid in finished workouts.

    `workouts`: one row each: recourse, debtor_share (of what the claim needed), client_share (of what the debtor left
    of the EAD; nan without recourse or rest), debtor_days, client_days, costs (that nothing beyond the claim paid for)
    and costs_days. `pooled`: by source of PAID: claims (that it stood for), asked (money left for it to pay), paid
    (money, at most what was asked), share (0 where nothing was asked), days (mean, by money). Without recourse what a
    client passed on is the debtor's.
    """

    workouts: pd.DataFrame
    pooled: pd.DataFrame


def experience(book: Book, losses: RealisedLosses) -> Experience:
    """How cover paid in the finished workouts of `losses`; `book` is cut as for them. Refused without any."""
    final = losses.final
    if final.empty:
        raise DataRefused(f"{book.name}: found no workout that is over, expected one or more to learn from")
    paid, days = _by_source(final, workout_flows(book, final, losses.rule))
    asked = _asked(final, paid)
    # what comes beyond the claim, such as interest of the workout, pays costs first: only the rest of them is a loss
    paid["costs"] = loss_parts(book, losses)["collecting"] * final["ead"]
    return Experience(_workouts(final, paid, days, asked), _pooled(paid, days, asked))


def expected_cover(claims: pd.DataFrame, past: Experience) -> Waterfall:
    """The waterfall of open claims (rows of `open_claims`), meant over finished workouts of their kind.

    Of more than MOST workouts of a kind every k-th is taken, in the order of what the debtor and the client paid.
    Discounted at each claim's contract rate; a rate that isn't told is 0.
    """
    with_recourse = claims["recourse"].fillna(False).astype(bool)
    parts = pd.DataFrame(0.0, index=claims.index, columns=list(ORDER))
    lgd, off = pd.Series(0.0, index=claims.index, name="lgd"), {}
    for kind in (True, False):
        if not (with_recourse == kind).any():
            continue
        own, drawn = claims[with_recourse == kind], _of_kind(past.workouts, kind)
        stands, rate = _behind(own, past.pooled), own["annual_rate"].astype(float).fillna(0.0)
        clients = drawn["client_share"].fillna(past.pooled["share"]["client"])
        for workout in drawn.assign(client_share=clients).to_dict("records"):
            found = waterfall(stands.assign(**{name: workout[name] for name in DRAWN}), rate)
            parts.loc[own.index] += found.parts / len(drawn)
            lgd.loc[own.index] += found.lgd / len(drawn)
        off = found.off
    return Waterfall(parts, lgd, off)


def needed(claims: pd.DataFrame) -> pd.Series:
    """What each claim needs of its invoice: min(EAD, face); the EAD where nothing of the face is open."""
    return claims["face"].where(claims["face"] > 0, claims["ead"]).clip(upper=claims["ead"])


def _of_kind(workouts: pd.DataFrame, recourse: bool) -> pd.DataFrame:
    """The workouts a claim goes through: those of its kind if there are enough, at most MOST, evenly spaced."""
    alike = workouts[workouts["recourse"] == recourse]
    drawn = alike if len(alike) >= LEAST else workouts
    if len(drawn) <= MOST:
        return drawn
    ordered = drawn.sort_values(list(DRAWN), kind="stable")
    return ordered.iloc[((np.arange(MOST) + 0.5) * len(drawn) / MOST).astype(int)]


def _behind(claims: pd.DataFrame, pooled: pd.DataFrame) -> pd.DataFrame:
    """The columns of `waterfall` that are the same for open claims whatever workout they go through."""
    share, days = pooled["share"], pooled["days"].fillna(0.0)
    columns = {
        "face": needed(claims),
        "recourse": claims["recourse"].fillna(False).astype(bool),
        "margin": (claims["margin_rate"].astype(float) * claims["lent"]).fillna(0.0),
        "guarantor_share": claims["guaranteed"].fillna(False).astype(float) * share["guarantor"],
        "insured_share": claims["insured_share"].astype(float).fillna(0.0) * share["insurer"],
        "guarantor_days": days["guarantor"],
        "insurer_days": days["insurer"],
    }
    return claims[["ead", "guarantee_cap"]].assign(**columns)


def _by_source(final: pd.DataFrame, flows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Money by claim and source of PAID and costs, and its mean days."""
    origin = np.array([_ORIGIN[name] for name in SOURCES])[flows["source"].to_numpy()]
    alone = ~final["recourse"].fillna(False).to_numpy(dtype=bool)[flows["claim"].to_numpy()]
    origin[alone & (origin == "client")] = "debtor"
    rows = flows.assign(origin=origin, amount=flows["amount"].abs())
    rows["waited"] = rows["amount"] * rows["days"]
    paid, waited = (
        rows.pivot_table(index="claim", columns="origin", values=name, aggfunc="sum")
        .reindex(index=range(len(final)), columns=[*PAID, "costs"])
        .fillna(0.0)
        for name in ("amount", "waited")
    )
    return paid, (waited / paid.where(paid > 0)).fillna(0.0)


def _asked(final: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """What was left for each source to pay, in the order of the waterfall: nothing where it doesn't stand for it."""
    ead = final["ead"].to_numpy(dtype=float)
    left = np.maximum(ead - paid["debtor"].to_numpy(), 0.0)
    recourse, guaranteed = (final[name].fillna(False).to_numpy(dtype=float) for name in ("recourse", "guaranteed"))
    insured = final["insured_share"].astype(float).fillna(0.0).to_numpy()
    after = np.maximum(left - paid["client"].to_numpy() - final["cash margin"].to_numpy(), 0.0)
    rest = np.maximum(after - paid["guarantor"].to_numpy(), 0.0)
    asked = (needed(final).to_numpy(dtype=float), recourse * left, guaranteed * after, insured * rest)
    return pd.DataFrame(dict(zip(PAID, asked)))


def _workouts(final: pd.DataFrame, paid: pd.DataFrame, days: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    share = {f"{name}_share": (paid[name] / asked[name].where(asked[name] > 0)).clip(upper=1.0) for name in PAID[:2]}
    columns = {
        "recourse": final["recourse"].fillna(False).astype(bool),
        "debtor_share": share["debtor_share"].fillna(0.0),
        "client_share": share["client_share"],
        "debtor_days": days["debtor"],
        "client_days": days["client"],
        "costs": paid["costs"],
        "costs_days": days["costs"],
    }
    return pd.DataFrame(columns)


def _pooled(paid: pd.DataFrame, days: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for name in PAID:
        money = np.minimum(paid[name], asked[name])
        total = float(asked[name].sum())
        rows.append(
            {
                "claims": int((asked[name] > 0).sum()),
                "asked": total,
                "paid": float(money.sum()),
                "share": float(money.sum()) / total if total > 0 else 0.0,
                "days": _weighted(days[name], paid[name]),
            }
        )
    return pd.DataFrame(rows, index=list(PAID))


def _weighted(days: pd.Series, money: pd.Series) -> float:
    total = float(money.sum())
    return float((days * money).sum()) / total if total > 0 else float("nan")
