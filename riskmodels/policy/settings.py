"""Figures of a policy kept as a TOML file, one table per rule, each with its source; a user's file changes some."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from riskmodels.core.errors import Misuse

Settings = Mapping[str, Mapping[str, Any]]


def packaged(name: str) -> Settings:
    """The figures the package ships in its `<name>.toml`, by rule."""
    return tomllib.loads((files("riskmodels.policy") / f"{name}.toml").read_text(encoding="utf-8"))


def changed(defaults: Settings, path: Path) -> Settings:
    """The defaults with the figures of a user's file in their place.

    A rule or figure that the defaults don't have, one of another type, and a rule without a source are refused.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misuse(f"{path}: can't be read ({error}), expected a TOML file") from None
    for rule, figures in given.items():
        _check(f"{path}: {rule}", figures, defaults.get(rule))
    return {rule: {**figures, **given.get(rule, {})} for rule, figures in defaults.items()}


def _check(where: str, given: Any, known: Mapping[str, Any] | None) -> None:
    if known is None or not isinstance(given, dict):
        raise Misuse(f"{where}: found no such rule, expected a table of the packaged file")
    for name, value in given.items():
        if name not in known:
            raise Misuse(f"{where}: found {name!r}, expected one of {', '.join(known)}")
        if type(value) is not type(known[name]) or (type(value) is int and value < 0):
            raise Misuse(f"{where}: {name}: found {value!r}, expected a value like {known[name]!r}")
    if not given.get("source"):
        raise Misuse(f"{where}: found no source, expected source = where the figures come from")
