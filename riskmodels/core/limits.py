"""Limits kept as a TOML file, one table per check, each with its source; a user's file changes some of them.

["validation.discrimination.auc.out_of_time"]
at_least = 0.65
watch = 0.70
source = "house default"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from riskmodels.core.checks import Limits
from riskmodels.core.errors import Misuse

_KINDS = ("at_least", "at_most", "between")
_WORDS = (*_KINDS, "watch", "material", "source")


def packaged_limits(package: str) -> dict[str, Limits]:
    """The limits a package ships in its `limits.toml`, by name of check."""
    return parse_limits((files(package) / "limits.toml").read_text(encoding="utf-8"), f"{package}/limits.toml")


def override_limits(defaults: Mapping[str, Limits], path: Path) -> dict[str, Limits]:
    """The defaults with those of a user's file in their place; a name the defaults don't have is refused."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"{path}: limits can't be read ({error}), expected a TOML file") from None
    changed = parse_limits(text, str(path))
    for name in changed:
        _known(name, list(defaults), f"{path}: a limit for", "a check that has limits")
    return {**defaults, **changed}


def parse_limits(text: str, where: str) -> dict[str, Limits]:
    """The limits a TOML text states, by name of check."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misuse(f"{where}: not a TOML file ({error})") from None
    return {name: _limits(table, f"{where}: {name}") for name, table in tables.items()}


def _limits(table: Any, where: str) -> Limits:
    if not isinstance(table, dict):
        raise Misuse(f'{where}: found {table!r}, expected a table headed ["name.of.the.check"]')
    for word in table:
        _known(word, list(_WORDS), f"{where}: key", f"one of {', '.join(_WORDS)}")
    kinds = [k for k in _KINDS if k in table]
    if len(kinds) != 1:
        raise Misuse(f"{where}: found {kinds or 'no limit'}, expected exactly one of {', '.join(_KINDS)}")
    source = table.get("source")
    if not isinstance(source, str) or not source:
        raise Misuse(f"{where}: found no source, expected source = where the limit comes from")
    found = _of_kind(kinds[0], table[kinds[0]], table.get("watch"), source, where)
    return replace(found, material=_number(table["material"], where)) if "material" in table else found


def _of_kind(kind: str, breach: Any, watch: Any, source: str, where: str) -> Limits:
    if kind == "between":
        return _ordered(Limits.between(_pair(breach, where), watch and _pair(watch, where), source), where)
    line = None if watch is None else _number(watch, where)
    make = Limits.at_least if kind == "at_least" else Limits.at_most
    return _ordered(make(_number(breach, where), line, source), where)


def _ordered(limits: Limits, where: str) -> Limits:
    lows = limits.breach_low, limits.watch_low
    highs = limits.watch_high, limits.breach_high
    for small, large in (lows, highs, (limits.breach_low, limits.breach_high)):
        if small is not None and large is not None and small > large:
            raise Misuse(f"{where}: found {small} before {large}, expected the watch line inside the limit")
    return limits


def _pair(value: Any, where: str) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise Misuse(f"{where}: found {value!r}, expected two numbers [low, high]")
    return _number(value[0], where), _number(value[1], where)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise Misuse(f"{where}: found {value!r}, expected a number")
    return float(value)


def _known(word: str, known: list[str], where: str, expected: str) -> None:
    if word not in known:
        close = get_close_matches(word, known, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise Misuse(f"{where}: found {word!r}, expected {expected}{hint}")
