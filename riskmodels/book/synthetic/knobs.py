"""Coefficients as a user writes them: payment.quality=-0.6."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from riskmodels.book.synthetic.law import KINDS, coefficients, demo_law, demo_values, unknown
from riskmodels.core.errors import Misuse


def parse_changes(texts: Sequence[str]) -> dict[str, Any]:
    """The coefficients that texts such as "payment.quality=-0.6" change, each a value of the coefficient's own kind.

    To be passed on as `synthesise(..., **changes)`. The last of several texts about one coefficient counts.
    """
    kinds = {name: type(value) for name, value in coefficients(demo_values()).items()}
    changes: dict[str, Any] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise Misuse(f"law: found {text!r}, expected name=value, such as payment.quality=-0.6")
        if name not in kinds:
            raise Misuse(unknown(name, kinds))
        changes[name] = _read(kinds[name], name, value)
    demo_law(**changes)
    return changes


def _read(kind: type, name: str, text: str) -> float | str:
    try:
        value: float | str = kind(text)
    except ValueError:
        raise Misuse(f"law: {name}: found {text!r}, expected {KINDS[kind]}") from None
    return value
