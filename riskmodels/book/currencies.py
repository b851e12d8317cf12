"""The currency codes a book may have: those of ISO 4217 that are or were legal tender somewhere."""

from __future__ import annotations

from functools import cache

COLUMN = "currency"
"""What every table calls the column of its amounts' currency."""
YUAN = ("RMB", "CNH", "YUAN", "人民币", "人民币元", "元", "¥", "￥")
"""What the yuan is called by those who don't write CNY."""


@cache
def codes() -> tuple[str, ...]:
    """The codes in order. Old money counts, for old books; metals, funds and test codes don't."""
    from babel.core import get_global

    histories = get_global("territory_currencies").values()
    return tuple(sorted({code for history in histories for code, _, _, tender in history if tender}))
