"""What a book may be too small for: made, or the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from riskmodels.core.errors import DataRefused

T = TypeVar("T")


def tried(make: Callable[[], T]) -> tuple[T | None, str]:
    """What `make` makes and no reason, or None and why the book refuses it."""
    try:
        return make(), ""
    except DataRefused as refused:
        return None, str(refused)
