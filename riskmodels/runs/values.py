"""A value given from outside, checked and brought into the type of the parameter it is for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from riskmodels.core.errors import Misuse

Scalar = bool | int | float | str

_LONGEST = 1000
_LARGEST = 2**63 - 1
_PASSWORD = re.compile(r"://[^/\s@]*:[^/\s@]+@")
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def fitted(name: str, default: Scalar, value: object) -> Scalar:
    """The value in the type of the default; dates and paths become text, text is read. Misuse when it doesn't fit."""
    plain = _clean(name, str(value) if isinstance(value, date | Path) else value)
    fit, expected = _FITS[type(default)]
    try:
        return fit(plain)
    except (TypeError, ValueError, KeyError, OverflowError):
        raise Misuse(f"{name}: found {str(value)[:80]!r}, expected {expected}") from None


def _clean(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if len(value) > _LONGEST:
        raise Misuse(f"{name}: found {len(value)} characters, expected at most {_LONGEST}")
    if not value.isprintable():
        raise Misuse(f"{name}: found characters that can't be printed, expected plain text")
    if _PASSWORD.search(value):
        # parameters are written into the notebook and the run's manifest
        raise Misuse(f"{name}: holds a password, which would be kept with the run; leave it out of the address")
    return value


def _flag(value: Any) -> bool:
    return value if isinstance(value, bool) else _FLAGS[value.strip().lower() if isinstance(value, str) else value]


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(value)
    if abs(number := int(value)) > _LARGEST:
        raise ValueError(value)
    return number


def _number(value: Any) -> float:
    number = math.nan if isinstance(value, bool) else float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


_FITS: dict[type, tuple[Callable[[Any], Scalar], str]] = {
    bool: (_flag, "true or false"),
    int: (_whole, "a whole number of at most 64 bits"),
    float: (_number, "a finite number"),
    str: (_text, "text"),
}
