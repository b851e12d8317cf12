"""When a debtor or client is overdue: so many days past due with a material part of what it owes, within a window."""

from __future__ import annotations

from riskmodels.book.outcomes import Default
from riskmodels.core.errors import Misuse

DPD = (30, 60, 90)
MONTHS = (3, 6, 12)
SHARE = 0.05
"""Share of a balance from which it is material: trade pays some small invoice late nearly always."""


def rule_of(dpd: int = 30, months: int = 3, share: float = SHARE, least: float = 0.01) -> Default:
    """The rule of being overdue: one of DPD days, one of MONTHS months, and what is material (least: money)."""
    for name, value, known in (("dpd", dpd, DPD), ("months", months, MONTHS)):
        if value not in known:
            raise Misuse(f"{name}: found {value}, expected one of {', '.join(map(str, known))}")
    if not 0 <= share <= 1 or least <= 0:
        raise Misuse(f"share, least: found {share}, {least}, expected a share from 0 to 1 and money above 0")
    return Default(dpd=dpd, months=months, share=share, least=least)
