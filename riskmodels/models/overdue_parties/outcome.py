"""What became of debtors or clients after an origin: how much of what they owed was how long past due, at worst.

At the close of each day of the window the share of a party's balance that is more than `dpd` days past due is taken;
the worst share is the highest of them. The party was overdue when at some close that balance was material: at least
`share` of all it owed then, and at least `least`. So a party isn't called overdue for one small invoice among many.
Days past due run from the original due date; what was paid or credited lowers a balance, a write-off doesn't.

Only parties that owed something at the origin and weren't overdue in that sense already are asked about: for the others
there is nothing left to forecast. A window is mature when it was over at the close of the as-of, and the book told of
all of it; the outcome of any other is NaN, overdue or not, for among the young only the bad can show.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, default_outcomes, standing_of
from riskmodels.core.dates import add_months


def overdue_outcomes(book: Book, key: str, origins: Sequence[date], as_of: date, rule: Default) -> pd.DataFrame:
    """One row per party and origin at which it owed something and wasn't overdue: was it in the months after?

    `key` is debtor_id or client_id. Columns: the key, origin, balance (owed at the origin), overdue_on (first day, NaT
    if none), worst_share (0 to 1), overdue (1 or 0); the last two NaN while the window isn't mature.
    """
    found = default_outcomes(book, key, origins, as_of, rule).rename(
        columns={"defaulted_on": "overdue_on", "defaulted": "overdue"}
    )
    standing = shares(standing_of(book.as_of(as_of), key, rule))
    worst = [worst_within(standing, key, origin, add_months(origin, rule.months)) for origin in origins]
    whole = pd.concat(worst, ignore_index=True) if worst else pd.DataFrame(columns=[key, "origin", "worst_share"])
    told = found.merge(whole, on=[key, "origin"], how="left")
    told["worst_share"] = told["worst_share"].astype(float).where(told["overdue"].notna())
    return told[[key, "origin", "balance", "overdue_on", "worst_share", "overdue"]]


def shares(standing: pd.DataFrame) -> pd.DataFrame:
    """The rows of `standing_of` with the share of the balance that is overdue, 0 to 1; 1 where less is owed."""
    balance, overdue = standing["balance"].to_numpy(float), standing["overdue"].to_numpy(float)
    share = np.divide(overdue, balance, out=(overdue > 0).astype(float), where=balance > 0)
    return standing.assign(share=np.clip(share, 0.0, 1.0))


def worst_within(standing: pd.DataFrame, key: str, origin: date, end: date) -> pd.DataFrame:
    """The highest share of each party from the close of `origin` to that of `end`: key, origin, worst_share."""
    days = standing["day"]
    carried = standing[days <= pd.Timestamp(origin)].drop_duplicates(key, keep="last")
    within = standing[(days > pd.Timestamp(origin)) & (days <= pd.Timestamp(end))]
    worst = pd.concat([carried, within]).groupby(key)["share"].max().rename("worst_share").reset_index()
    return worst.assign(origin=pd.Timestamp(origin))
