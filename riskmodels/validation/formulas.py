"""What each check computes, in symbols."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def formulas() -> dict[str, str]:
    """The formula of each check that has one, by name; the symbols are those of the file's first lines."""
    found: dict[str, str] = tomllib.loads((files(__package__) / "formulas.toml").read_text(encoding="utf-8"))
    return found
