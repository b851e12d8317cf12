"""How long bad invoices take to show: the share of each month of issue that went bad, by months since issue.

An invoice is bad at k days when something of it is still open at the close of the day on which it first is more than k
days past due; its bad amount is what was open then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from riskmodels.book.book import Book
from riskmodels.book.outcomes import credits_of, known_until
from riskmodels.core.dates import add_months, month_end

Floats = NDArray[np.float64]

THRESHOLDS = (30, 60, 90)
MEASURES = ("amount", "number")
COHORTS = 3
"""Fewest cohorts that must have reached the last age of the pooled curve."""
FEWEST = 20
"""Fewest bad invoices a window is judged on."""
LEVEL = 0.75
"""Part of the ages seen within which the curve must have come to its share: the rest shows that it is level."""
DRAWS = 200


@dataclass(frozen=True)
class Maturation:
    """Vintages, the pooled curve and the windows read from it.

    `vintages`: one row per dpd, cohort (last day of the month of issue) and age (months) that all its invoices have
    reached: amount, number (issued), bad_amount, bad_number (cumulative), share_amount, share_number. `pooled`: one row
    per dpd, measure and age: cohorts (that reached it), at_risk, bad (in that month of age), share (cumulative), low,
    high. `windows`: one row per dpd and measure: final (share at the last age), last (that age), bad (in all), months
    (age at which the curve first has the stated part of it), low, high, justified.
    """

    vintages: pd.DataFrame
    pooled: pd.DataFrame
    windows: pd.DataFrame


def maturation(
    book: Book, as_of: date, thresholds: Sequence[int] = THRESHOLDS, part: float = 0.95, seed: int = 0
) -> Maturation:
    """The maturation of invoices as known at the close of `as_of`.

    Pooled over cohorts as Kaplan and Meier do: the share of what could still go bad at an age that does, among cohorts
    that have reached the age, chained; so young cohorts count as far as they go. The window is the age at which the
    curve has `part` of its final level; it is justified when that age lies in the first three quarters of the ages
    seen and at least 20 invoices went bad. 95 % intervals by bootstrap of debtors. Needs payments.
    """
    seen, until = book.as_of(as_of), known_until(book, as_of)
    seen.need("payments")
    vintages, pooled, windows = [], [], []
    for dpd in thresholds:
        groups = _with_reach(_groups(seen, until, dpd), until)
        vintages.append(_vintages(groups).assign(dpd=dpd))
        for measure in MEASURES:
            ages, window = _pooled(groups, measure, part, seed)
            pooled.append(ages.assign(dpd=dpd, measure=measure))
            windows.append({"dpd": dpd, "measure": measure, **window})
    keys = ["dpd", "cohort", "age"], ["dpd", "measure", "age"]
    counted = pd.DataFrame(windows).astype(dict.fromkeys(("months", "low", "high"), "Int64"))
    return Maturation(_leading(vintages, keys[0]), _leading(pooled, keys[1]), counted)


def curve(bad: ArrayLike, at_risk: ArrayLike) -> Floats:
    """Cumulative share that went bad by each age, along the last axis: 1 - prod(1 - bad / at_risk)."""
    events, exposed = np.asarray(bad, float), np.asarray(at_risk, float)
    hazard = np.divide(events, exposed, out=np.zeros(events.shape), where=exposed > 0)
    return np.asarray(1 - np.cumprod(1 - hazard, axis=-1))


def age_at(share: ArrayLike, part: float) -> NDArray[np.int64]:
    """The first age (counted from 1) at which a curve has `part` of its last value; 0 where that is zero."""
    curves = np.asarray(share, float)
    # A tie must not hang on the last bit of a product of hazards.
    reached = curves >= part * curves[..., -1:] - 1e-12
    return np.where(curves[..., -1] > 0, reached.argmax(axis=-1) + 1, 0)


def _pooled(groups: pd.DataFrame, measure: str, part: float, seed: int) -> tuple[pd.DataFrame, dict[str, object]]:
    reach = groups.groupby("cohort")["reach"].first().to_numpy()
    last = int(np.sort(reach)[-COHORTS]) if len(reach) >= COHORTS else 0
    bad, at_risk = _by_debtor(groups, measure, last)
    share = curve(bad.sum(axis=0), at_risk.sum(axis=0))
    drawn = _drawn(bad, at_risk, seed)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    ages = np.arange(1, last + 1)
    columns = {"cohorts": (reach[:, None] >= ages).sum(axis=0), "at_risk": at_risk.sum(axis=0), "bad": bad.sum(axis=0)}
    table = pd.DataFrame({"age": ages, **columns, "share": share, "low": low, "high": high})
    number = int(groups.loc[groups["age"].between(1, np.minimum(groups["reach"], last)), "bad_number"].sum())
    return table, _window(share, drawn, number, part)


def _window(share: Floats, drawn: Floats, bad: int, part: float) -> dict[str, object]:
    last = len(share)
    if not last or share[-1] == 0:
        none = {"months": pd.NA, "low": pd.NA, "high": pd.NA}
        return {
            "final": float(share[-1]) if last else float("nan"),
            "last": last,
            "bad": bad,
            **none,
            "justified": False,
        }
    months, ages = int(age_at(share, part)), age_at(drawn, part)
    low, high = np.percentile(ages[ages > 0], [2.5, 97.5], method="inverted_cdf") if (ages > 0).any() else (0, 0)
    found = {"final": float(share[-1]), "last": last, "bad": bad, "months": months, "low": int(low), "high": int(high)}
    return {**found, "justified": bad >= FEWEST and months <= LEVEL * last}


def _by_debtor(groups: pd.DataFrame, measure: str, last: int) -> tuple[Floats, Floats]:
    """Bad by month of age, and what could go bad in it, of each debtor: two arrays of debtors x ages 1 to `last`.

    What goes bad is at risk until then, the rest as long as its cohort is seen; what was paid can't go bad any more,
    which is why it stays in the risk set: it is known to be good for ever.
    """
    debtor, names = pd.factorize(groups["debtor_id"])
    reach = np.minimum(groups["reach"].to_numpy(np.int64), last)
    age, whole, lost = (groups[c].to_numpy() for c in ("age", measure, f"bad_{measure}"))
    seen = (age >= 1) & (age <= reach)
    gone = np.where(seen, lost.astype(float), 0.0)
    shape = (len(names), last + 1)
    bad, left = np.zeros(shape), np.zeros(shape)
    np.add.at(bad, (debtor, np.where(seen, age, 0)), gone)
    np.add.at(left, (debtor, np.where(seen, age, 0)), gone)
    np.add.at(left, (debtor, reach), whole.astype(float) - gone)
    at_risk = np.cumsum(left[:, ::-1], axis=1)[:, ::-1]
    return bad[:, 1:], at_risk[:, 1:]


def _drawn(bad: Floats, at_risk: Floats, seed: int) -> Floats:
    """Curves of samples of debtors drawn with replacement: draws x ages."""
    debtors = len(bad)
    if not debtors:
        return np.zeros((DRAWS, bad.shape[1]))
    times = np.random.default_rng(seed).multinomial(debtors, np.full(debtors, 1 / debtors), size=DRAWS).astype(float)
    return curve(times @ bad, times @ at_risk)


def _vintages(groups: pd.DataFrame) -> pd.DataFrame:
    """Cumulative bad by cohort and age, ages beyond a cohort's reach left out."""
    sums = groups.groupby("cohort").agg(amount=("amount", "sum"), number=("number", "sum"), reach=("reach", "first"))
    rows = sums.loc[sums.index.repeat(sums["reach"])].drop(columns="reach").reset_index()
    rows["age"] = rows.groupby("cohort").cumcount() + 1
    lost = groups.groupby(["cohort", "age"], as_index=False)[["bad_amount", "bad_number"]].sum()
    table = rows.merge(lost, on=["cohort", "age"], how="left").fillna({"bad_amount": 0.0, "bad_number": 0.0})
    for measure in MEASURES:
        table[f"bad_{measure}"] = table.groupby("cohort")[f"bad_{measure}"].cumsum().round(2)
        table[f"share_{measure}"] = table[f"bad_{measure}"] / table[measure]
    return table


def _with_reach(groups: pd.DataFrame, until: date) -> pd.DataFrame:
    """The groups with the last age that even the youngest invoice of their cohort has reached."""
    reach = {cohort: _months_between(cohort.date(), until) for cohort in groups["cohort"].unique()}
    return groups.assign(reach=groups["cohort"].map(reach).astype("int64"))


def _months_between(start: date, end: date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(months - (add_months(month_end(start), months) > end), 0)


def _groups(book: Book, until: date, dpd: int) -> pd.DataFrame:
    """Invoices summed by debtor, month of issue and the age (months) in which they went bad, 0 for those that did not.

    Columns: debtor_id, cohort, age, amount, number, bad_amount, bad_number. Invoices older than the book are left out:
    of those it took over only the unpaid, if any.
    """
    return book.sql(
        f"""
        WITH {credits_of(book)},
        mine AS (SELECT *, due_on + {dpd + 1} AS crossed_on FROM invoices
                 WHERE currency = $currency AND issued_on BETWEEN $first AND $until),
        credited AS (
            SELECT invoice_id, sum(c.amount) AS credit FROM mine JOIN credits c USING (invoice_id)
            WHERE c.day <= crossed_on GROUP BY ALL
        ),
        judged AS (
            SELECT debtor_id, last_day(issued_on) AS cohort, amount,
                   CASE WHEN crossed_on <= $until THEN greatest(amount - coalesce(credit, 0), 0) ELSE 0 END AS open,
                   datesub('month', issued_on, crossed_on - 1) + 1 AS months
            FROM mine LEFT JOIN credited USING (invoice_id)
        )
        SELECT debtor_id, cohort, CASE WHEN open > 0 THEN months ELSE 0 END AS age, sum(amount)::DOUBLE AS amount,
               count(*)::DOUBLE AS number, sum(open)::DOUBLE AS bad_amount,
               count(*) FILTER (WHERE open > 0)::DOUBLE AS bad_number
        FROM judged GROUP BY ALL ORDER BY ALL
        """,
        {"currency": book.currency, "first": book.first_day, "until": until},
    )


def _leading(parts: list[pd.DataFrame], first: list[str]) -> pd.DataFrame:
    """The parts below each other, the columns `first` in front."""
    table = pd.concat(parts, ignore_index=True)
    return table[[*first, *(c for c in table.columns if c not in first)]]
