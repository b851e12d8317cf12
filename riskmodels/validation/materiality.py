"""How material a model is: what it decides, and on how much."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LEVELS = ("low", "medium", "high")


def materiality(exposure: float, purpose: str = "") -> str:
    """Low, medium or high: by the exposure in the book's currency, one class higher for a purpose that decides on it.

    Lines of exposure and the purposes are those of `materiality.toml`. How often a model is validated follows from it
    and from triggers: SR 26-2, 2026.
    """
    told = lines()
    place = (exposure >= told["medium"]) + (exposure >= told["high"]) + (purpose in told["raises"])
    return LEVELS[min(place, 2)]


@cache
def lines() -> dict[str, Any]:
    """The lines of exposure (medium, high), the purposes that raise the class, and their source."""
    return tomllib.loads((files(__package__) / "materiality.toml").read_text(encoding="utf-8"))
