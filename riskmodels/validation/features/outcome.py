"""What features are held against: did the obligor default, or pay late, after the date they were seen from?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, default_outcomes, invoice_outcomes
from riskmodels.core.dates import add_months, month_end
from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _

DEFAULT, LATE = "default", "late"
KINDS = (DEFAULT, LATE)
HISTORY_MONTHS, STEP, MOST_ORIGINS = 3, 3, 12
"""Origins are quarterly, begin this long after the book does, and go back three years at most."""
OBLIGORS = {"debtor": "debtor_id", "client": "client_id", "pair": "debtor_id"}
"""Whose outcome a key's features are held against."""


@dataclass(frozen=True)
class Late:
    """When a key pays late: `share` or more of what it is invoiced in the next `months` is over `dpd` days late."""

    dpd: int = 30
    share: float = 0.1
    months: int = 3


def outcomes(book: Book, key: str, ids: Sequence[str], as_of: date, kind: str) -> pd.DataFrame:
    """One row per key and mature quarterly origin: the ids, as_of (the origin), outcome (1 bad, 0 good), obligor.

    Only origins whose window was over at the close of `as_of` are taken, and of these only rows with an outcome.
    """
    if kind not in KINDS:
        raise Misuse(f"outcome: found {kind!r}, expected one of {', '.join(KINDS)}")
    obligor = OBLIGORS[key]
    if kind == DEFAULT:
        found = default_outcomes(book, obligor, origins(book, as_of, Default().months), as_of)
        found = found.rename(columns={"origin": "as_of", "defaulted": "outcome"})[[obligor, "as_of", "outcome"]]
    else:
        found = late_outcomes(book, ids, origins(book, as_of, Late().months), as_of)
    return found.dropna(subset="outcome").assign(obligor=lambda f: f[obligor])


def missing(book: Book, key: str) -> str:
    """Why features of a key can't be held against an outcome on this book; empty when they can."""
    if key not in OBLIGORS:
        return _("no outcome is defined for this key")
    return "" if book.has("payments") else _("the book has no payments, so nothing is known of who paid")


def origins(book: Book, as_of: date, months: int) -> list[date]:
    """Quarterly month ends whose window of some months was over at `as_of`, oldest first."""
    first, last = add_months(book.first_day or as_of, HISTORY_MONTHS), add_months(as_of, -months)
    origin = last if last == month_end(last) else month_end(add_months(last.replace(day=1), -1))
    found = [month_end(add_months(origin.replace(day=1), -STEP * i)) for i in range(MOST_ORIGINS)]
    return sorted(day for day in found if day >= first)


def late_outcomes(
    book: Book, ids: Sequence[str], days: Sequence[date], as_of: date, rule: Late | None = None
) -> pd.DataFrame:
    """One row per key invoiced in the window after an origin: the ids, as_of (the origin), outcome, as in `Late`.

    Amounts are of the book's main currency. A key with an invoice too young to judge has no outcome.
    """
    rule = rule or Late()
    known = invoice_outcomes(book, as_of, rule.dpd)
    known = known[known["currency"] == book.currency].assign(
        late_amount=lambda f: f["amount"] * f["late"], young=lambda f: f["late"].isna()
    )
    parts = [_window(known, ids, day, rule) for day in days]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*ids, "as_of", "outcome"])


def _window(known: pd.DataFrame, ids: Sequence[str], day: date, rule: Late) -> pd.DataFrame:
    start, end = pd.Timestamp(day), pd.Timestamp(add_months(day, rule.months))
    within = known[(known["issued_on"] > start) & (known["issued_on"] <= end)]
    sums = within.groupby(list(ids))[["amount", "late_amount", "young"]].sum().reset_index()
    late = (sums["late_amount"] >= rule.share * sums["amount"]).astype(float)
    return sums[list(ids)].assign(as_of=start, outcome=np.where(sums["young"] > 0, np.nan, late))
