"""A clean synthetic book to plant defects in: every table, consistent with the others, and nobody who cheats."""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd

from riskmodels.book.synthetic import synthesise

Tables = dict[str, pd.DataFrame]
LAST = date(2026, 6, 30)
MONTHS = 36
HONEST = {"frauds.clients": 0.0, "frauds.rings": 0.0}


@cache
def clean(seed: int, invoices: int = 4_000) -> Tables:
    """The tables of a clean book."""
    return synthesise(invoices, seed, LAST, MONTHS, **HONEST).tables
