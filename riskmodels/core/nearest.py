"""What a mistyped name was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def hint(name: str, known: Iterable[str]) -> str:
    """The tail of an error message: the nearest known name, if one is near, and all known names."""
    names = list(known)
    near = _nearest(name, names)
    return (f"did you mean {near[0]!r}? " if near else "") + f"known: {', '.join(names) or 'none'}"


def _nearest(name: str, names: list[str]) -> list[str]:
    """The name that differs in capitals only, else one that is written nearly alike; empty when there is none."""
    return [n for n in names if n.lower() == name.lower()][:1] or get_close_matches(name, names, n=1)
