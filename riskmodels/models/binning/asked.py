"""What a person asks of a binner, checked before anything is sought: parameters, special codes, bins."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.models.binning.bins import Cuts, Groups, unlisted
from riskmodels.models.binning.fitting import check_trends
from riskmodels.models.binning.override import Override, plain
from riskmodels.models.inputs import is_text

WHOLE = ("max_bins", "prebins")
SHARES = ("min_share", "max_p", "min_steady")
AMOUNTS = ("min_count", "min_expected", "min_events", "min_category")
BY_COLUMN: dict[str, tuple[Any, str]] = {
    "trends": (str, "a word or "),
    "cuts": (type(None), ""),
    "specials": ((list, type(None)), "a list or "),
}
"""Parameters that a dict gives by column, and what else they may be for all columns."""
SHOWN = 80
"""Characters of a value that a message shows."""
OWN_BIN = "missing values have a bin of their own"


def check_parameters(binner: Any, frame: pd.DataFrame) -> None:
    """Refuse, in one line, parameters that no bins of these columns can be sought with."""
    _check_numbers(binner)
    _check_by_column(binner, list(frame.columns))
    _check_words(binner.trends)
    for name in frame.columns:
        special = special_values(frame[name], binner.specials)
        if (cuts := (binner.cuts or {}).get(name)) is not None:
            stated(frame[name], cuts, special)


def stated(values: pd.Series, asked: Any, specials: tuple[tuple[Any, ...], ...]) -> Cuts | Groups:
    """The bins that a person fixed for a column: cut points of a number, in any order, or groups of categories.

    Refused: cuts that aren't finite numbers; a category in no group or in two, an empty group, a missing value in one.
    """
    where = f"cuts: {values.name}"
    listed = _listed(asked.cuts if isinstance(asked, Override) else asked, where)
    if not is_text(values):
        return Cuts(tuple(sorted({_number(cut, where) for cut in listed})), specials)
    return Groups(_groups(values, listed, specials, where), specials)


def special_values(values: pd.Series, asked: Any) -> tuple[tuple[Any, ...], ...]:
    """The special codes of a column, each group a bin of its own; `asked` as in the binner's `specials`.

    A list for all columns may hold numbers and text: a column of numbers has those that are numbers. Refused: what can
    be no code of the column it was named for, a missing value, an empty group, a code twice.
    """
    where, own = f"specials: {values.name}", isinstance(asked, Mapping)
    groups = _listed(asked.get(values.name) if own else asked, where)
    found = [tuple(_code(v, values, own, where) for v in _members(group, where)) for group in groups]
    known = tuple(filter(None, (tuple(code for code in group if code is not None) for group in found)))
    _once([code for group in known for code in group], where)
    return known


def _check_numbers(binner: Any) -> None:
    for what in WHOLE:
        found = getattr(binner, what)
        if not isinstance(found, Integral) or int(found) < 1:
            raise Misuse(f"{what}: found {plain(found)!r}, expected a whole number from 1")
    most = {**dict.fromkeys(SHARES, 1.0), **dict.fromkeys(AMOUNTS, sys.float_info.max)}
    for what, bound in most.items():
        found = getattr(binner, what)
        if not isinstance(found, Real) or not 0 <= float(found) <= bound:
            expected = "0 to 1" if what in SHARES else "a number from 0"
            raise Misuse(f"{what}: found {plain(found)!r}, expected {expected}")


def _check_by_column(binner: Any, names: Sequence[str]) -> None:
    for what, (kinds, alone) in BY_COLUMN.items():
        asked = plain(getattr(binner, what))
        if isinstance(asked, dict):
            if strange := sorted(set(asked) - set(names)):
                raise Misuse(f"{what}: found no columns {strange} in X; it has {list(names)}")
        elif not isinstance(asked, kinds):
            raise Misuse(f"{what}: found {_shown(asked)}, expected {alone}a dict by column")


def _check_words(trends: Any) -> None:
    words = [trends] if isinstance(trends, str) else list(trends.values())
    if strange := [word for word in words if not isinstance(word, str)]:
        raise Misuse(f"trends: found {strange[0]!r}, expected a word")
    check_trends(trends)


def _groups(
    values: pd.Series, listed: list[Any], specials: tuple[tuple[str, ...], ...], where: str
) -> tuple[tuple[str, ...], ...]:
    for group in listed:
        if not isinstance(group, list):
            raise Misuse(f"{where}: found {_shown(group)}, expected a list of categories, for the column holds text")
    groups = tuple(tuple(_category(v, where) for v in _members(group, where)) for group in listed)
    _once([v for group in (*groups, *specials) for v in group], where)
    if strange := unlisted(values, [*groups, *specials]):
        raise Misuse(f"{where}: found {strange} in the sample but in no group of categories")
    return groups


def _shown(value: Any) -> str:
    """The value on one line of a message."""
    return " ".join(repr(value).split())[:SHOWN]


def _listed(asked: Any, where: str) -> list[Any]:
    found = plain(asked)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Misuse(f"{where}: found {_shown(found)}, expected a list")
    return found


def _members(group: Any, where: str) -> list[Any]:
    if group == []:
        raise Misuse(f"{where}: found an empty group, expected one value or more in each")
    return group if isinstance(group, list) else [group]


def _once(values: list[Any], where: str) -> None:
    if twice := [value for value, times in Counter(values).items() if times > 1]:
        raise Misuse(f"{where}: found {twice[0]!r} twice, expected each value once, specials included")


def _number(value: Any, where: str) -> float:
    number = _read(value) if isinstance(value, Real) else None
    if number is None:
        raise Misuse(f"{where}: found {_shown(value)}, expected finite numbers, for the column holds numbers")
    return number


def _read(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _category(value: Any, where: str) -> str:
    if not isinstance(value, (str, Real)) or value != value:
        raise Misuse(f"{where}: found {_shown(value)}, expected text or numbers; {OWN_BIN}")
    return str(value)


def _code(value: Any, values: pd.Series, own: bool, where: str) -> str | float | None:
    """The value as the column would hold it; None where a column of numbers can't hold the text of a common list."""
    text = _category(value, where)
    if is_text(values):
        return text
    number = _read(value)
    if number is None and (own or not isinstance(value, str)):
        raise Misuse(f"{where}: found {_shown(value)}, expected finite numbers, for the column holds numbers")
    return number
