"""Bins a person fixed against the search, and the trail they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.binning.bins import Cuts, Groups


@dataclass(frozen=True)
class Override:
    """Bins a person gives: cut points of a number or groups of categories; who, why and on what day.

    `on` is a date or its ISO text, and kept as text; empty where no day is stated. Refused without who and why.
    """

    cuts: Sequence[Any]
    who: str
    why: str
    on: str | date = ""

    def __post_init__(self) -> None:
        for name in ("who", "why"):
            found = getattr(self, name)
            if not isinstance(found, str) or not found.strip():
                raise Misuse(f"override: {name}: found {found!r}, expected {name} asked for these bins")
        object.__setattr__(self, "on", _day(self.on))

    def to_state(self) -> dict[str, Any]:
        """Plain values that Override(**state) turns back into the same."""
        return {"cuts": plain(self.cuts), "who": self.who, "why": self.why, "on": self.on}


@dataclass(frozen=True)
class Overridden:
    """What an override did to a column: bins and strength the search found, and those that were given.

    Strength is the information value, or the share of variance explained. `who`, `why` and `on` are empty where bare
    cuts were given: nobody signed them.
    """

    column: str
    who: str
    why: str
    on: str
    before: dict[str, Any]
    after: dict[str, Any]
    strength_before: float
    strength_after: float

    def to_state(self) -> dict[str, Any]:
        """Plain values that Overridden(**state) turns back into the same."""
        return asdict(self)

    def told(self) -> list[Any]:
        """What a row of the trail shows, in the order of the fields; what nobody stated is said not to be."""
        return [_("not stated") if value == "" else value for value in vars(self).values()]


def overridden(
    column: str, given: Any, before: tuple[Cuts | Groups, float], after: tuple[Cuts | Groups, float]
) -> Overridden:
    """The trail of bins given for a column; `before` and `after` are bins with their strength."""
    signed = (given.who, given.why, str(given.on)) if isinstance(given, Override) else ("", "", "")
    return Overridden(column, *signed, before[0].to_state(), after[0].to_state(), before[1], after[1])


def plain(value: Any) -> Any:
    """The value in lists, dicts, numbers and text, as a JSON file holds it; an override with who and why."""
    if isinstance(value, Override):
        return value.to_state()
    if isinstance(value, (np.ndarray, np.generic, pd.Series, pd.Index)):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def recalled(cuts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Cuts by column as they were given, from what `plain` made of them."""
    if cuts is None:
        return None
    return {name: Override(**asked) if isinstance(asked, Mapping) else asked for name, asked in cuts.items()}


def _day(on: Any) -> str:
    if not isinstance(on, (str, date)) or pd.isna(on):
        raise Misuse(f"override: on: found {on!r}, expected a date like 2026-06-30")
    return parse_date(on, "override: on").isoformat() if on else ""
