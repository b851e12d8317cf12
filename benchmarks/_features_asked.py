"""What the feature benchmark asks of every engine: dates, sums over facts in windows, and the features made of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from riskmodels.core.dates import month_ends

ENDS = month_ends(date(2023, 1, 31), date(2025, 12, 31))
AGES = (0, 30, 60, 90)
FLOWS = {
    "issued": (("issued", "invoiced"), (30, 90, 180, 365)),
    "paid": (("paid",), (30, 90, 365)),
    "settled": (("settled", "late", "late_30", "late_60", "days", "face", "late_face", "face_days"), (90, 180, 365)),
}
"""Facts, their values, and the windows they are summed in; every one is also summed since the beginning."""
CROSSED = {0: ("past_due_0", "past_due_count"), 30: ("past_due_30",), 60: ("past_due_60",), 90: ("past_due_90",)}
"""Levels of what is past due by more than some days: values of the facts that enter once an invoice is."""
Of = Callable[[str, int | None], Any]
Ratio = Callable[[Any, Any], Any]


def features(of: Of, ratio: Ratio) -> dict[str, Any]:
    """The features by name: `of` gives a sum (value, window) as an expression of a library, `ratio` divides two.

    A ratio is empty where its whole is 0 or less.
    """
    return {**_counts(of, ratio), **_payment(of, ratio), **_levels(of, ratio)}


def names() -> list[str]:
    """The names of the features in the catalogue."""
    return list(features(lambda value, window: 1.0, lambda part, whole: 1.0))


def _tag(window: int | None) -> str:
    return f"{window}d" if window else "ever"


def _counts(of: Of, ratio: Ratio) -> dict[str, Any]:
    found = {f"invoice_count_{_tag(w)}": of("issued", w) for w in (30, 90, 180, 365, None)}
    found |= {f"invoiced_{_tag(w)}": of("invoiced", w) / 100 for w in (30, 90, 180, 365)}
    found |= {f"mean_invoice_{_tag(w)}": ratio(of("invoiced", w), of("issued", w)) / 100 for w in (90, 365, None)}
    found |= {f"paid_amount_{_tag(w)}": of("paid", w) / 100 for w in (30, 90, 365)}
    paces = {"invoice_pace_90d": "issued", "invoiced_pace_90d": "invoiced"}
    return found | {name: ratio(of(value, 90) * 365, of(value, 365) * 90) for name, value in paces.items()}


def _payment(of: Of, ratio: Ratio) -> dict[str, Any]:
    found = {f"settled_count_{_tag(w)}": of("settled", w) for w in (90, 180, 365, None)}
    for name, part, whole, windows in (
        ("late_share", "late", "settled", (90, 180, 365, None)),
        ("late_amount_share", "late_face", "face", (365, None)),
        ("late_over_30_share", "late_30", "settled", (90, 365, None)),
        ("late_over_60_share", "late_60", "settled", (365, None)),
        ("mean_days_late", "days", "settled", (90, 180, 365, None)),
        ("weighted_days_late", "face_days", "face", (90, 365, None)),
    ):
        found |= {f"{name}_{_tag(w)}": ratio(of(part, w), of(whole, w)) for w in windows}
    for name in ("late_share", "mean_days_late"):
        found[f"{name}_change_90d"] = found[f"{name}_90d"] - found[f"{name}_365d"]
    return found


def _levels(of: Of, ratio: Ratio) -> dict[str, Any]:
    balance = of("invoiced", None) - of("paid", None)
    found = {"balance_now": balance / 100}
    for age, tag in ((0, ""), (30, "_30"), (60, "_60"), (90, "_90")):
        past_due = of(f"past_due_{age}", None)
        found |= {f"past_due{tag}_now": past_due / 100, f"past_due{tag}_share_now": ratio(past_due, balance)}
    count, open_count = of("past_due_count", None), of("issued", None) - of("settled", None)
    found |= {"open_count_now": open_count, "past_due_count_now": count}
    found["past_due_count_share_now"] = ratio(count, open_count)
    return found | {f"balance_to_invoiced_{w}d": ratio(balance, of("invoiced", w)) for w in (90, 365)}
