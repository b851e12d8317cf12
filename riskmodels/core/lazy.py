"""Names of a package brought in on first use: what a caller doesn't use, it needn't wait for, nor for its libraries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def from_homes(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package: each public name from its home, "module:name", or "module:" for the module.

    Modules are told relative to the package.
    """

    def attribute(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _colon, there = homes[name].partition(":")
        home = import_module(f"{package}.{module}")
        return getattr(home, there) if there else home

    return attribute
