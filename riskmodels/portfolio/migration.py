"""How the ratings of a book's debtors moved: grades in force at quarter ends, and all that is estimated from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.dates import add_months, month_end
from riskmodels.core.errors import DataRefused
from riskmodels.core.scale import RatingScale
from riskmodels.models.transitions import (
    Cohorts,
    Histories,
    Homogeneity,
    Hysteresis,
    PDCurve,
    States,
    TransitionMatrix,
    aalen_johansen_matrix,
    book_histories,
    cohort_matrix,
    cohorts,
    default_curve,
    duration_matrix,
    mobility_figures,
    quarterly_histories,
    quarterly_moves,
    rerated,
    time_homogeneity,
)
from riskmodels.models.transitions.intervals import jeffreys

MONTHS = 12
"""The horizon of the matrices, and how long a book must have filled before a debtor is first rated."""
DEFAULT, WITHDRAWN = "D", "NR"
MOVES = ("quarter", "rated", "up", "down", "no_move", "new", "gone", "amount_up", "amount_down")


@dataclass(frozen=True)
class Migration:
    """The re-ratings of a book's debtors and what follows from them.

    scored: party_id, as_of (quarter ends), probability, amount owed then. years: the longest horizon asked for.
    """

    book: Book
    as_of: date
    scored: pd.DataFrame
    scale: RatingScale
    rule: Hysteresis
    years: int
    seed: int

    @cached_property
    def rated(self) -> pd.DataFrame:
        """`scored` with the proposed grade, the grade in force, why, and the tier of the grade in force."""
        found = rerated(self.scored, self.scale, self.rule)
        return found.assign(tier=found["grade"].astype("str").map(dict(zip(self.scale.grades, self.scale.tiers))))

    @cached_property
    def histories(self) -> Histories:
        """The grades in force as histories, ended by defaults and by quarter ends at which nothing was owed."""
        states = States(self.scale.grades, DEFAULT, WITHDRAWN)
        return quarterly_histories(self.book, self.rated, states, self.as_of)

    @cached_property
    def matrices(self) -> dict[str, TransitionMatrix]:
        """Twelve months by cohort and by duration, pooled over all quarters, and by Aalen-Johansen of the last."""
        seen, until = self.histories, self.histories.until
        return {
            "cohort": cohort_matrix(seen, MONTHS, seed=self.seed),
            "duration": duration_matrix(seen, MONTHS / 12, seed=self.seed),
            "aalen_johansen": aalen_johansen_matrix(seen, add_months(until, -MONTHS), until),
        }

    @cached_property
    def curves(self) -> dict[str, PDCurve]:
        """Cumulative PD over whole years, as many as asked for and observed, by estimator."""
        seen = self.histories
        whole = sum(add_months(seen.until, -12 * year) >= seen.first for year in range(1, self.years + 1))
        return {name: default_curve(seen, whole, name, seed=self.seed) for name in self.matrices}

    @cached_property
    def cohorts(self) -> Cohorts:
        """The consecutive periods of twelve months."""
        return cohorts(self.histories, MONTHS)

    @cached_property
    def homogeneity(self) -> Homogeneity:
        """Whether one matrix fits all of them; SampleError where there is but one."""
        return time_homogeneity(self.cohorts, seed=self.seed)

    @cached_property
    def recorded(self) -> Histories:
        """The histories of the ratings the book itself holds, on the same scale; refused where there are none."""
        return book_histories(self.book, self.as_of, States(self.scale.grades, DEFAULT, WITHDRAWN))


def quarter_ends(book: Book, as_of: date) -> list[date]:
    """The quarter ends at which debtors can be rated: a year after the book begins until `as_of` and the book's end."""
    first = add_months((book.first_day or as_of) - timedelta(days=1), MONTHS)
    last = min(as_of, book.last_day or as_of)
    found, day = [], month_end(date(first.year, (first.month - 1) // 3 * 3 + 3, 1))
    while day <= last:
        found.append(day)
        day = month_end(add_months(day.replace(day=1), 3))
    if not found or add_months(found[0], MONTHS) > last:
        raise DataRefused(
            f"{book.name}: found {book.first_day} to {last}, expected {2 * MONTHS} months or more: one for debtors to "
            "get a history, one for their ratings to move"
        )
    return found


def directions(matrix: TransitionMatrix) -> dict[str, float]:
    """The shares of those at risk that stay, go up, go down and default over the horizon of a matrix."""
    p, n = np.nan_to_num(matrix.p), np.where(np.isnan(matrix.p[:, 0]), 0.0, matrix.at_risk)
    grades, weight = len(p) - 1, n[:-1] / n[:-1].sum()
    inner = p[:grades, :grades]
    parts = {"up": np.tril(inner, -1), "stay": np.diag(np.diag(inner)), "down": np.triu(inner, 1)}
    return {**{k: float(weight @ v.sum(axis=1)) for k, v in parts.items()}, "default": float(weight @ p[:grades, -1])}


def mobility(matrix: TransitionMatrix) -> dict[str, float]:
    """`directions`, and the mobility figures of a matrix on the states somebody was in: prais, svd, bandwidths."""
    return {**directions(matrix), **mobility_figures(matrix.p, matrix.at_risk)}


def by_period(seen: Cohorts) -> pd.DataFrame:
    """One row per period: first, last, n (not withdrawn), withdrawn, shares up, stay, down, default, low, high.

    low and high: Jeffreys' 95 % interval of the share that defaulted.
    """
    counts = seen.counts()
    moved, k = counts[:, :-1, :-2], counts.shape[1] - 1
    n, bad = counts[:, :, :-1].sum(axis=(1, 2)), counts[:, :, k].sum(axis=1)
    low, high = jeffreys(bad, n, 0.95)
    columns = {
        "first": list(seen.dates[:-1]),
        "last": list(seen.dates[1:]),
        "n": n.astype(int),
        "withdrawn": counts[:, :, -1].sum(axis=1).astype(int),
        "up": np.tril(moved, -1).sum(axis=(1, 2)) / n,
        "stay": np.trace(moved, axis1=1, axis2=2) / n,
        "down": np.triu(moved, 1).sum(axis=(1, 2)) / n,
        "default": bad / n,
        "low": low,
        "high": high,
    }
    return pd.DataFrame(columns)


def steadied(rated: pd.DataFrame) -> pd.DataFrame:
    """What the re-rating rule did: one row for the grades proposed and one for those in force.

    Columns: kind, pairs (of consecutive ratings of a debtor), moves, and returns: moves to the grade before last.
    """
    ordered = rated.sort_values(["party_id", "as_of"], kind="stable")
    rows = []
    for kind in ("proposed", "grade"):
        code = pd.Series(ordered[kind].cat.codes.to_numpy(), index=ordered["party_id"].to_numpy())
        one, two = (code.groupby(level=0).shift(lag).to_numpy() for lag in (1, 2))
        moved = ~np.isnan(one) & (code.to_numpy() != one)
        back = moved & (code.to_numpy() == two)
        rows.append({"kind": kind, "pairs": int((~np.isnan(one)).sum()), "moves": moved.sum(), "returns": back.sum()})
    return pd.DataFrame(rows)


def tier_moves(found: Migration) -> pd.DataFrame:
    """One row per quarter end but the first: `MOVES` by tier, and the defaults.

    up and down count debtors whose tier is better or worse than a quarter before; gone are those without a tier now,
    who defaulted (`defaulted`) or owe nothing. Amounts are of the quarter end, `amount_defaulted` of the one before.
    """
    order = list(dict.fromkeys(found.scale.tiers))
    table = quarterly_moves(found.rated.assign(grade=found.rated["tier"]), order).set_axis(list(MOVES), axis=1)
    days = sorted(found.rated["as_of"].unique())
    bad = _defaults_between(found, days)
    return table.assign(
        quarter=pd.to_datetime(table["quarter"]),
        defaulted=[len(bad[bad["quarter"] == day]) for day in days[1:]],
        amount_defaulted=[float(bad.loc[bad["quarter"] == day, "amount"].sum()) for day in days[1:]],
    )


def tier_stock(found: Migration) -> pd.DataFrame:
    """Debtors (n) and amount by quarter end and tier, all pairs: quarter, tier, n, amount, share_n, share_amount."""
    order = list(dict.fromkeys(found.scale.tiers))
    table = found.rated.groupby(["as_of", "tier"]).agg(n=("amount", "size"), amount=("amount", "sum"))
    pairs = pd.MultiIndex.from_product([sorted(found.rated["as_of"].unique()), order], names=["quarter", "tier"])
    table = table.rename_axis(["quarter", "tier"]).reindex(pairs, fill_value=0.0)
    total = table.groupby("quarter").transform("sum")
    return table.assign(share_n=table["n"] / total["n"], share_amount=table["amount"] / total["amount"]).reset_index()


def _defaults_between(found: Migration, days: list[pd.Timestamp]) -> pd.DataFrame:
    """The rated debtors that defaulted by the next quarter end: quarter (that end), amount owed at the one before."""
    seen = found.histories
    following = dict(pairwise(days))
    frame = found.rated[found.rated["as_of"].isin(days[:-1])]
    ends = frame["as_of"].map(following)
    day = frame["party_id"].map(pd.Series(seen.default_day, index=seen.obligors)).to_numpy(float)
    begin, end = (side.dt.as_unit("s").astype("int64").to_numpy() / 86_400 for side in (frame["as_of"], ends))
    hit = (day > begin) & (day <= end)
    return pd.DataFrame({"quarter": ends[hit], "amount": frame.loc[hit, "amount"]})
