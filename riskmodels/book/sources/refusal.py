"""What is said when DuckDB can't read a source: where, what was found, what was expected."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from riskmodels.book.csv_head import csv_problem
from riskmodels.book.sources.address import located, place_of
from riskmodels.book.sources.relation import one_line
from riskmodels.core.errors import DataRefused, Locked, RiskmodelsError


def refusal(source: str | Path, error: duckdb.Error) -> RiskmodelsError:
    """The error of ours for one DuckDB raised while it read a staged relation of the source.

    Files are read when their relation is, so a line that isn't CSV shows only then.
    """
    if "CSV Error on Line" in str(error) or "CSV Parser" in str(error):
        return DataRefused(f"{_file(source, str(error))}: {csv_problem(error)}")
    return unreadable(source, error)


def unreadable(source: str | Path, error: duckdb.Error) -> RiskmodelsError:
    """What to say of a source DuckDB can't read at all."""
    if "Could not set lock" in str(error) or "Conflicting lock" in str(error):
        return Locked(f"{place_of(source)}: another process is writing it")
    return DataRefused(f"{place_of(source)}: cannot be read: {one_line(error)}")


def _file(source: str | Path, text: str) -> str:
    """The file of the source that DuckDB stopped in; a copy made to change the encoding has the name of its file."""
    path, named = located(source), re.search(r"^\s*file = (.+)$", text, re.MULTILINE)
    if isinstance(path, Path) and path.is_dir() and named:
        return str(path / Path(named[1]).name)
    return place_of(source)
