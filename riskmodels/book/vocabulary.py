"""What tables and columns are called: in Chinese, and in the files of others (`vocabulary.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

WEAKER = "~"
"""Marks a name that fits if nothing better does; twice, one that fits if not even such a one does."""


@dataclass(frozen=True)
class Called:
    """What one column may be called: its Chinese name, names that fit, weaker ones, and the weakest."""

    zh: str
    names: tuple[str, ...]
    weaker: tuple[str, ...]
    weakest: tuple[str, ...]


@cache
def vocabulary() -> dict[str, Any]:
    """The whole file as it stands."""
    return tomllib.loads((files("riskmodels.book") / "vocabulary.toml").read_text(encoding="utf-8"))


@cache
def table_zh(table: str) -> str:
    """The Chinese name of a table."""
    return str(vocabulary()["tables"][table]["zh"])


@cache
def called(table: str, column: str) -> Called:
    """What a column of a table may be called; one that the table doesn't name is called as in every table."""
    given = vocabulary()["tables"][table]["columns"].get(column) or vocabulary()["common"][column]
    written = [column, *(name for text in given for name in _spoken(text))]
    marked = [(len(name) - len(name.lstrip(WEAKER)), name.lstrip(WEAKER).strip()) for name in written]
    return Called(given[0], *(_once([name for marks, name in marked if marks == rank]) for rank in range(3)))


def column_zh(table: str, column: str) -> str:
    """The Chinese name of a column."""
    return called(table, column).zh


def sheet_names(table: str) -> tuple[str, ...]:
    """What a file or sheet that holds the table may be called."""
    entry = vocabulary()["tables"][table]
    return _once([table, entry["zh"], *entry["sheets"]])


def recodings(table: str, column: str) -> dict[str, tuple[str, ...]]:
    """For each word we allow in a column, what others write instead."""
    given = vocabulary()["tables"][table].get("values", {}).get(column, {})
    return {ours: tuple(theirs) for ours, theirs in given.items()}


def reasons() -> list[tuple[str, tuple[str, ...]]]:
    """Why columns of some names can't be facts of a ledger: the reason and the names."""
    return [(entry["why"], tuple(entry["words"])) for entry in vocabulary()["unused"]]


def _spoken(text: str) -> list[str]:
    """A name with each of the words that a {placeholder} in it stands for."""
    for word, spoken in vocabulary()["words"].items():
        if (mark := "{" + word + "}") in text:
            return [text.replace(mark, each) for each in spoken]
    return [text]


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
