"""How the invoices of a book end by days past due: paid, credited, disputed, written off, with what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.endings import invoice_parts
from riskmodels.book.outcomes import invoice_outcomes
from riskmodels.models.payment_parts import CAUSES, LOST
from riskmodels.models.survival import aalen_johansen

DAYS = tuple(range(-60, 185, 5))
"""Days past due at which endings are told."""
OPEN = "open"


def endings(book: Book, as_of: date, days: Sequence[int] = DAYS) -> pd.DataFrame:
    """One row per state (open, then each cause that occurs) and day past due: state, day, share, low, high.

    Share of the invoices' parts that ended so by the close of the day, as known at `as_of`; each invoice counts 1,
    parts by their share of its amount, and those still open are censored (Aalen and Johansen 1978). 95 % intervals
    follow debtors. Open is what the causes leave, without an interval. NaN beyond the last day anybody was watched.
    """
    known = cases(book, as_of)
    present = [cause for cause in CAUSES if (known["cause"] == cause).any()]
    if not present:
        return pd.DataFrame({c: [] for c in ("state", "day", "share", "low", "high")})
    found = aalen_johansen(
        known["delay"],
        known["cause"].map({cause: number for number, cause in enumerate(present, 1)}).fillna(0).astype(int),
        np.array(days, float),
        causes=len(present),
        weight=known["share"],
        cluster=pd.factorize(known["debtor_id"], use_na_sentinel=False)[0],
    )
    told = found.assign(state=[present[number - 1] for number in found["cause"]])
    told = told.rename(columns={"time": "day", "incidence": "share"})[["state", "day", "share", "low", "high"]]
    left = 1 - told.groupby("day", sort=True)["share"].sum(min_count=len(present))
    still = pd.DataFrame({"state": OPEN, "day": left.index, "share": left.to_numpy(), "low": np.nan, "high": np.nan})
    return pd.concat([still, told], ignore_index=True)


def cases(book: Book, as_of: date) -> pd.DataFrame:
    """One row per part of an invoice, and one for what of it is open at the close of `as_of`.

    Columns: invoice_id, debtor_id, delay (days past due when it ended, or when the book was read), cause (empty: open)
    and share of the invoice's amount.
    """
    outcomes = invoice_outcomes(book, as_of)
    terms = (outcomes["due_on"] - outcomes["issued_on"]).dt.days
    facts = outcomes[["invoice_id", "debtor_id"]].assign(terms=terms, seen=outcomes["duration_days"])
    parts = facts.merge(invoice_parts(book, as_of), on="invoice_id")
    ended = parts.groupby("invoice_id")["share"].sum().reindex(facts["invoice_id"]).fillna(0.0).to_numpy()
    rest = facts.assign(day=facts["seen"], cause="", share=np.clip(1 - ended, 0, 1))
    found = pd.concat([parts, rest[rest["share"] > 1e-9]], ignore_index=True)
    found["delay"] = found["day"].astype(float) - found["terms"]
    return found[["invoice_id", "debtor_id", "delay", "cause", "share"]]


def settled(found: pd.DataFrame) -> pd.Series:
    """Whether each of the cases is a part that was settled: paid or credited, not written off and not open."""
    return (found["cause"] != "") & ~found["cause"].isin(LOST)


def unsettled(found: pd.DataFrame, invoices: pd.Series, dpd: float) -> np.ndarray:
    """The share of each invoice's amount not settled by the close of a day past due, in the order of `invoices`."""
    done = found[settled(found) & (found["delay"] <= dpd)].groupby("invoice_id")["share"].sum()
    return 1 - done.reindex(invoices).fillna(0.0).to_numpy(float)
