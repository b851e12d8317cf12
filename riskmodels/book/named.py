"""Names found in a source as a message shows them."""

from __future__ import annotations

from collections.abc import Iterable

MOST, LONGEST = 60, 80
"""Names, and characters of each, that a message shows."""


def listed(names: Iterable[str]) -> str:
    """The names in a row on one line, shortened where they are many or long."""
    given = list(names)
    shown = [_shown(name) for name in given[:MOST]]
    return ", ".join(shown) + (f" and {len(given) - MOST:,} more" if len(given) > MOST else "")


def _shown(name: str) -> str:
    plain = "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}..."
