"""The features of each invoice at its own issue by pandas: a loop over dates, facts filtered and grouped at each.

One date costs the same whatever the others are, so the loop is timed at a sample of dates, evenly spread.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from _features_asked import AGES, CROSSED, FLOWS, features

DAY = np.timedelta64(1, "D")
KEY = ("debtor", "day")


def build(source: Path, sample: int, out: Path) -> float:
    """Write the features of the invoices issued on a sample of days, and say what every day would take, in seconds."""
    start = time.perf_counter()
    facts = facts_of(source)
    asked = facts.pop("asked").groupby("known_on")
    prepared = time.perf_counter()
    days = sorted(asked.groups)
    chosen = [days[i] for i in np.linspace(0, len(days) - 1, min(sample, len(days))).astype(int)]
    frames = [at(facts, day - DAY, asked.get_group(day)) for day in chosen]
    pd.concat(frames).to_parquet(out, compression="zstd", compression_level=1)
    return prepared - start + (time.perf_counter() - prepared) * len(days) / len(chosen)


def facts_of(source: Path) -> dict[str, pd.DataFrame]:
    """Facts of each kind: debtor (a number), day, values; in the order of days, so that a window is a slice."""
    invoices, payments = (pd.read_parquet(source / f"{name}.parquet") for name in ("invoices", "payments"))
    invoices, payments = (
        f.assign(**{d: f[d].astype("M8[s]") for d in f if d.endswith("_on")}) for f in (invoices, payments)
    )
    invoices = invoices.assign(cents=_cents(invoices), debtor=invoices["debtor_id"].factorize()[0])
    bare = invoices[["invoice_id", "debtor", "due_on", "cents"]].assign(issued_on=invoices["known_on"])
    paid = payments.assign(paid=_cents(payments)).merge(bare, on="invoice_id")
    last = paid.groupby("invoice_id").agg(
        paid=("paid", "sum"), paid_on=("paid_on", "max"), known_on=("known_on", "max")
    )
    settled = last.reset_index().merge(bare, on="invoice_id").query("paid >= cents")
    facts = {
        "asked": invoices[["invoice_id", "debtor", "known_on"]],
        "issued": bare.assign(day=bare["issued_on"], issued=1, invoiced=bare["cents"]),
        "paid": paid.assign(day=paid[["known_on", "issued_on"]].max(axis=1)),
        "settled": _valued(settled.assign(day=settled[["known_on", "issued_on"]].max(axis=1))),
    }
    crossed = {f"crossed_{age}": _crossed(age, facts)[[*KEY, *CROSSED[age]]] for age in AGES}
    kept = {name: facts[name][[*KEY, *values]] for name, (values, _) in FLOWS.items()}
    in_order = {name: f.sort_values("day", ignore_index=True) for name, f in {**kept, **crossed}.items()}
    return {"asked": facts["asked"], **in_order}


def _cents(frame: pd.DataFrame) -> Any:
    return (frame["amount"] * 100).round().astype("int64")


def _valued(settled: pd.DataFrame) -> pd.DataFrame:
    days = (settled["paid_on"] - settled["due_on"]).dt.days
    late = {f"late_{age}": (days > age).astype("int64") for age in (30, 60)}
    face = settled["cents"]
    is_late = (days > 0).astype("int64")
    return settled.assign(
        settled=1, late=is_late, **late, days=days, face=face, late_face=face * is_late, face_days=face * days
    )


def _crossed(age: int, facts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What enters and leaves the amount and number past due by more than `age` days."""
    value, crossing = f"past_due_{age}", pd.Timedelta(days=age + 1)
    signed = {"issued": ("invoiced", 1, 1), "paid": ("paid", -1, 0), "settled": ("face", 0, -1)}
    if age:
        del signed["settled"]
    parts = []
    for name, (amount, sign, count) in signed.items():
        f = facts[name]
        day = np.maximum(f["day"], f["due_on"] + crossing)
        levels = {value: sign * f[amount], "past_due_count": count}
        parts.append(pd.DataFrame({"debtor": f["debtor"], "day": day, **levels}))
    return pd.concat(parts)


def at(facts: dict[str, pd.DataFrame], as_of: Any, asked: pd.DataFrame) -> pd.DataFrame:
    """The features at one date of the debtor of each invoice asked for."""
    debtors = asked["debtor"].unique()
    seen = {name: _seen(frame, as_of, debtors) for name, frame in facts.items()}
    sums = {}
    for name, (values, windows) in FLOWS.items():
        for window in (*windows, None):
            totals = _totals(seen[name], as_of, window, debtors)
            sums |= {(value, window): totals[value] for value in values}
    for age, values in CROSSED.items():
        totals = _totals(seen[f"crossed_{age}"], as_of, None, debtors)
        sums |= {(value, None): totals[value] for value in values}
    found = features(lambda value, window: sums[value, window], lambda part, whole: (part / whole).where(whole > 0))
    named = {f"debtor_{name}": value.astype(float) for name, value in found.items()}
    return (
        asked[["invoice_id"]].assign(as_of=as_of).join(pd.DataFrame(named).loc[asked["debtor"]].set_index(asked.index))
    )


def _seen(facts: pd.DataFrame, as_of: Any, debtors: Any) -> pd.DataFrame:
    """The facts of some debtors known by a date."""
    known = facts.iloc[: np.searchsorted(facts["day"].to_numpy(), as_of, "right")]
    return known[known["debtor"].isin(debtors)]


def _totals(seen: pd.DataFrame, as_of: Any, window: int | None, debtors: Any) -> pd.DataFrame:
    """Sums by debtor of the facts of (as_of - window, as_of]; 0 without facts."""
    recent = seen[seen["day"] > as_of - window * DAY] if window else seen
    return recent.drop(columns="day").groupby("debtor").sum().reindex(debtors, fill_value=0)
