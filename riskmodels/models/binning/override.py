"""Bins a person fixed against the search, and the trail they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from riskmodels.core.errors import Misuse
from riskmodels.models.binning.bins import Cuts, Groups


@dataclass(frozen=True)
class Override:
    """Bins a person gives: cut points of a number or groups of categories; who, why and on what day (ISO)."""

    cuts: Sequence[Any]
    who: str
    why: str
    on: str = ""

    def __post_init__(self) -> None:
        for name in ("who", "why"):
            if not getattr(self, name).strip():
                raise Misuse(f"override: found no {name}, expected {name} asked for these bins")

    def __len__(self) -> int:
        return len(self.cuts)


@dataclass(frozen=True)
class Overridden:
    """What an override did to a column: bins and strength the search found, and those that were given.

    Strength is the information value, or the share of variance explained. `who` and `why` are empty where bare cuts
    were given.
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


def overridden(
    column: str, given: Any, before: tuple[Cuts | Groups, float], after: tuple[Cuts | Groups, float]
) -> Overridden:
    """The trail of bins given for a column; `before` and `after` are bins with their strength."""
    signed = (given.who, given.why, given.on) if isinstance(given, Override) else ("", "", "")
    return Overridden(column, *signed, before[0].to_state(), after[0].to_state(), before[1], after[1])


def plain(cuts: Any) -> list[Any]:
    """The cuts or groups that were given, signed or not."""
    return list(cuts.cuts) if isinstance(cuts, Override) else list(cuts)
