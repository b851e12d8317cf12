"""How bins are written: intervals in the notations in use, as exact left-closed ranges of floats."""

from __future__ import annotations

import math
import re

SIGNED = r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf(?:inity)?|∞)"
BRACKETS = re.compile(rf"([\[(])({SIGNED})[,~;]({SIGNED})([\])])", re.IGNORECASE)
COMPARED = re.compile(rf"(<=|>=|<|>|≤|≥)({SIGNED})", re.IGNORECASE)
WIDE = str.maketrans("，；～（）［］＜＞－−", ",;~()[]<>--", " \t\u3000")
LOOSE = re.compile(rf"({SIGNED})(?:(?:[-~–—至到]|to)({SIGNED})|\+|以上|以下|及以上|及以下)", re.IGNORECASE)
MISSING = frozenset({"missing", "Missing", "MISSING", "缺失", "缺失值"})
UNSEEN = frozenset({"unseen", "Unseen", "UNSEEN", "未见"})


def interval(label: str) -> tuple[float, float] | None:
    """The range low <= value < high a label means, or None when it isn't an interval.

    Known: [26, 35) and every other mix of brackets, toad's [26 ~ 35), < 26, <= 26, > 35, >= 35; -inf, inf and
    full-width signs. A closed upper end is moved to the next float, so that `(26, 35]` stays exact.
    """
    flat = label.translate(WIDE)
    if found := BRACKETS.fullmatch(flat):
        opening, low, high, closing = found.groups()
        return edge(number_in(low), opening == "("), edge(number_in(high), closing == "]")
    if found := COMPARED.fullmatch(flat):
        sign, bound = found[1], number_in(found[2])
        if sign in ("<", "<=", "≤"):
            return -math.inf, edge(bound, sign != "<")
        return edge(bound, sign == ">"), math.inf
    return None


def loose(label: str) -> bool:
    """Whether a label is a range of numbers that doesn't say which ends belong to it: 18-25, 18~25, 60+, 60以上."""
    return LOOSE.fullmatch(label.translate(WIDE)) is not None


def edge(bound: float, after: bool) -> float:
    """The bound, or the next float above it."""
    return math.nextafter(bound, math.inf) if after and math.isfinite(bound) else bound + 0.0  # no negative zero


def number_in(text: str) -> float:
    """The number a bound is written as."""
    return float(text.replace("∞", "inf"))
