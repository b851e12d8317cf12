"""Figures as a committee reads them: units kept with values, true minus signs, as many decimals as decide.

Values are plain floats; shares are fractions (0.03 reads 3.0%), money is in the book's currency unit.
"""

from __future__ import annotations

import math

from riskmodels.core.text import language

NBSP, MINUS, DASH, EN_DASH = "\u00a0", "\u2212", "\u2014", "\u2013"
UNITS = ("number", "share", "rate", "score", "p", "index", "days", "count", "money", "multiple")
_DECIMALS = {
    "number": 2,
    "share": 1,
    "rate": 2,
    "score": 3,
    "p": 3,
    "index": 3,
    "days": 1,
    "count": 0,
    "multiple": 2,
}
_MONEY_WORDS = {"CNY": "元", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元", "GBP": "英镑", "CAD": "加元"}


def figure(value: float | None, unit: str = "number", currency: str = "CNY", more: int = 0) -> str:
    """A value with its unit, such as 3.0%, 0.791, 74.2 days or CNY 41.4 m; a dash when there is none.

    `more` decimals than usual are given to what isn't money.
    """
    if value is None or not math.isfinite(value):
        return DASH
    if unit == "money":
        return money(value, currency)
    if unit == "p":
        return "< 0.001" if value < 0.001 else _plain(value, 3 + more)
    if unit in ("share", "rate"):
        return _plain(value * 100, _DECIMALS[unit] + more) + "%"
    return _plain(value, _DECIMALS[unit] + more) + _suffix(unit)


def change(now: float | None, before: float | None, unit: str = "number", currency: str = "CNY") -> str:
    """A signed difference in the unit a reader expects: percentage points for shares, per cent for money."""
    if now is None or before is None or not (math.isfinite(now) and math.isfinite(before)):
        return DASH
    if unit in ("share", "rate"):
        return _signed((now - before) * 100, _DECIMALS[unit]) + NBSP + ("百分点" if language() == "zh" else "pp")
    if unit in ("money", "count") and before:
        return _signed((now / before - 1) * 100, 1) + "%"
    return _signed(now - before, _DECIMALS.get(unit, 2)) + (_suffix(unit) if unit == "days" else "")


def money(value: float, currency: str = "CNY") -> str:
    """Money for prose and key figures: CNY 41.4 m, CNY 4.86 bn; in Chinese 万元 and 亿元.

    Below ten of 万元 two decimals, so that 2.16 and 2.27 don't both read 2.
    """
    size = abs(value)
    if language() == "zh":
        name = _MONEY_WORDS.get(currency, currency)
        if size >= 1e8:
            return _plain(value / 1e8, 2 if size >= 2e8 else 3) + f"{NBSP}亿{name}"
        if size >= 1e4:
            return _plain(value / 1e4, 0 if size >= 1e5 else 2) + f"{NBSP}万{name}"
        return _plain(value, 0) + f"{NBSP}{name}"
    scale, decimals, suffix = (1e9, 2, "bn") if size >= 1e9 else (1e6, 1, "m") if size >= 1e6 else (1.0, 0, "")
    return NBSP.join(part for part in (currency, _plain(value / scale, decimals), suffix) if part)


def table_money(largest: float, currency: str = "CNY") -> tuple[float, int, str]:
    """The one money unit of a table whose largest amount is `largest`: divisor, decimals, its name for the subtitle."""
    if language() == "zh":
        local = _MONEY_WORDS.get(currency, currency)
        return (1e4, 0, f"万{local}") if abs(largest) >= 1e6 else (1.0, 0, local)
    if abs(largest) >= 1e6:
        return 1e6, 1, f"{currency}{NBSP}m"
    return 1.0, 0, currency


def interval(low: float, high: float, unit: str = "number") -> str:
    """An interval with an en dash: 2.39 - 3.21%."""
    if unit in ("share", "rate"):
        d = _DECIMALS[unit]
        return f"{_plain(low * 100, d)}{NBSP}{EN_DASH}{NBSP}{_plain(high * 100, d)}%"
    d = _DECIMALS.get(unit, 2)
    return f"{_plain(low, d)}{NBSP}{EN_DASH}{NBSP}{_plain(high, d)}"


def _plain(value: float, decimals: int) -> str:
    text = f"{abs(value):,.{decimals}f}"
    return MINUS + text if value < 0 and float(text.replace(",", "")) else text


def _signed(value: float, decimals: int) -> str:
    text = _plain(value, decimals)
    return text if text.startswith(MINUS) or not float(text.replace(",", "")) else "+" + text


def _suffix(unit: str) -> str:
    if unit == "days":
        return NBSP + ("天" if language() == "zh" else "days")
    if unit == "multiple":
        return f"{NBSP}倍" if language() == "zh" else "x"
    return ""
