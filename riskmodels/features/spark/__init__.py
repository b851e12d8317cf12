"""The Spark engine: the same catalogue, plan and kernel on a cluster that exists already."""

from importlib import import_module
from typing import Any

_HOMES = {"build": "engine", "write": "engine", "lineage": "engine", "refusals": "session"}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """A public name, brought in on first use: a worker needs the sweep, not the catalogue and what compiles it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
