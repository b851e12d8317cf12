"""What the features of financial statements are made of: ratios now, a year before, and against what is normal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from riskmodels.features.beside import Abnormal, days_of_year, days_of_year_change
from riskmodels.features.facts import HISTORY, PEERS, STATEMENTS
from riskmodels.features.facts.accounts import RATIOS
from riskmodels.features.facts.norms import SUMS
from riskmodels.features.facts.statements import BEFORE
from riskmodels.features.feature import Feature
from riskmodels.features.formulas import ratio, ratio_change
from riskmodels.features.measures import Facts, Last, Value

ACCOUNTS_OF = ("debtor", "client", "chain")
"""Whose accounts: of a debtor, of a client, of the core enterprise that heads a chain."""
EARLIER_STATEMENTS, OTHERS = 4, 10
"""How many statements or peers it takes to say what is normal."""


def both(name: str, *prefixes: str) -> tuple[Last, ...]:
    """The two sides of a ratio, of the newest statement that states them: `before_` is a year before."""
    its = RATIOS[name]
    return together(STATEMENTS, *(partial(_side, a, p) for p in prefixes or ("",) for a in (its.part, its.whole)))


def together(facts: Facts, *values: Value) -> tuple[Last, ...]:
    """The latest values of one and the same fact: the latest in which none is missing."""
    return tuple(Last(facts, value, where=partial(_stated, values)) for value in values)


def now_and_change(name: str, unit: str, sign: int, now: str, change: str) -> tuple[Feature, Feature]:
    """A ratio of the newest statement, and what it is above that of the same period a year before."""
    formula, moved = (days_of_year, days_of_year_change) if unit == "days" else (ratio, ratio_change)
    return (
        Feature(f"{name}_now", now, unit, sign, formula, both(name), ACCOUNTS_OF),
        Feature(f"{name}_change_now", change, unit, sign, moved, both(name, "", BEFORE), ACCOUNTS_OF),
    )


def abnormal(name: str, sign: int, of_own: str, of_peers: str) -> tuple[Feature, Feature]:
    """How abnormal a ratio is beside the party's own earlier statements, and beside those of its industry."""
    own, others = Abnormal(EARLIER_STATEMENTS), Abnormal(OTHERS)
    return (
        Feature(f"{name}_z_own_now", of_own, "number", sign, own, _normal(HISTORY, name), ACCOUNTS_OF),
        Feature(f"{name}_z_peers_now", of_peers, "number", sign, others, _normal(PEERS, name), ACCOUNTS_OF),
    )


def cell(r: Any, prefix: str = "") -> Callable[[str], Any]:
    """The columns of the newest statement by name, or of the one a year before."""
    return lambda column: r[f"{prefix}{column}"]


def _normal(facts: Facts, name: str) -> tuple[Last, ...]:
    return together(facts, *(partial(_column, c) for c in (name, *(f"{name}_{s}" for s in SUMS))))


def _column(name: str, r: Any) -> Any:
    return r[name]


def _side(amount: Callable[[Callable[[str], Any]], Any], prefix: str, r: Any) -> Any:
    return amount(cell(r, prefix))


def _stated(values: tuple[Value, ...], r: Any) -> Any:
    found = values[0](r).notnull()
    for value in values[1:]:
        found = found & value(r).notnull()
    return found
