"""Features of debtors, clients, pairs and invoices, as they could be known at an as-of date."""

from importlib import import_module
from typing import Any

_HOMES = {
    "build": "engine",
    "available": "plan",
    "CATALOGUE": "catalogue",
    "assert_no_leak": "leak",
    "Pack": "pack",
    "catalogue_of": "pack",
    "Feature": "feature",
    "Own": "feature",
    "Compared": "feature",
    "Linked": "feature",
    "RAISES": "feature",
    "LOWERS": "feature",
    "NEITHER": "feature",
    "over": "feature",
    "column": "feature",
    "Facts": "measures",
    "Flow": "measures",
    "Stock": "measures",
    "Elapsed": "measures",
    "Peak": "measures",
    "Last": "measures",
    "Since": "measures",
    "Age": "measures",
    "Spread": "measures",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """A public name, brought in on first use: Ibis and numba take a second that a help page shouldn't."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
