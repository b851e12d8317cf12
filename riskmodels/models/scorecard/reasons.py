"""Reason codes: which drivers cost a case its points, in the codes and sentences a desk has agreed on.

A driver's loss is what it gives at the reference less what it gives this case: at its mean over the sample the card was
fitted on, at its best bin, or at a neutral bin of average odds. A card from elsewhere has no sample, so it has no mean.
Drivers that share a code are named once, with their losses added. Reference: Siddiqi (2006), Credit Risk Scorecards,
chapter 6; Regulation B (12 CFR 1002.9) asks for the principal reasons, usually no more than four.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.core.text import LANGUAGES, language
from riskmodels.models.inputs import names
from riskmodels.models.scorecard.model import Scorecard
from riskmodels.models.scorecard.points import DriverPoints

if TYPE_CHECKING:
    from riskmodels.models.cards.card import CardDriver, PointsCard
    from riskmodels.models.cards.imported import ImportedScorecard

MEAN, BEST, NEUTRAL = "mean", "best", "neutral"
REFERENCES = (MEAN, BEST, NEUTRAL)
MISSING, SPECIALS = "missing", "specials"


@dataclass(frozen=True)
class Reason:
    """A code and its sentence in each language."""

    code: str
    en: str
    zh: str

    def told(self) -> str:
        """The sentence in the language in force."""
        return self.zh if language() == "zh" else self.en


@dataclass(frozen=True)
class ReasonCodes:
    """What each driver's loss is called, and which losses are named.

    reasons : by driver. missing : by driver, another reason where the case has no value; the first where there is none.
    reference : mean, best or neutral. top : at most so many codes per case. least : a loss below so many points isn't
    named. specials : by driver and special code of its bins, written as text, another reason where the case has it.
    """

    reasons: Mapping[str, Reason]
    missing: Mapping[str, Reason]
    reference: str = MEAN
    top: int = 4
    least: float = 1.0
    specials: Mapping[str, Mapping[str, Reason]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.reference not in REFERENCES:
            raise Misuse(f"reasons: reference: found {self.reference!r}, expected one of {', '.join(REFERENCES)}")
        if self.top < 1 or not self.least > 0:
            raise Misuse(f"reasons: found top {self.top} and least {self.least}, expected at least 1 and above 0")
        known: dict[str, Reason] = {}
        special = [reason for own in self.specials.values() for reason in own.values()]
        for reason in (*self.reasons.values(), *self.missing.values(), *special):
            if known.setdefault(reason.code, reason) != reason:
                raise Misuse(f"reasons: found two sentences for the code {reason.code}, expected one")


def reason_codes(card: Scorecard | ImportedScorecard, X: Any, codes: ReasonCodes) -> pd.DataFrame:
    """One row per case and reason named, the greatest loss first.

    Columns: case (its label in X), rank, code, points_lost, reason (in the language in force).
    Of equal losses the code of the driver that stands first in the card comes first. A case that loses nothing against
    the reference has no row.
    """
    parts = card.partial_scores(X).drop(columns="base")
    if bare := [name for name in parts.columns if name not in codes.reasons]:
        raise Misuse(f"reasons: found none for {bare}, expected one for each driver of the card")
    absent = _in_place_of_values(codes, card, X, list(parts.columns))
    named = _named(codes, list(parts.columns))
    sense, points = _sense(card), parts.to_numpy()
    lost = losses(sense * points, sense * reference_points(card, codes.reference), _codes(codes, parts, absent, named))
    return _frame(parts.index, lost, named, codes)


def reference_points(card: Scorecard | ImportedScorecard, reference: str) -> np.ndarray:
    """Points each driver gives at the reference, in the card's order.

    Of an imported card: best is the best of all bins, where no sample says which of them are held; neutral lies between
    the bins of WoE just below and just above 0; the mean is refused.
    """
    if (given := getattr(card, "points_card", None)) is not None:
        return np.array([_given(driver, reference, given) for driver in given.drivers])
    return np.array([_at(driver, reference) for driver in card.card_points().drivers.values()])


def losses(points: np.ndarray, reference: np.ndarray, code: np.ndarray) -> np.ndarray:
    """Points lost by case and code (n x codes) from points by driver (n x p) and each one's code number (n x p)."""
    lost = np.maximum(reference - points, 0.0)
    found = np.zeros((len(points), int(code.max(initial=-1)) + 1))
    for driver in range(points.shape[1]):
        found[np.arange(len(points)), code[:, driver]] += lost[:, driver]
    return found


def read_reason_codes(path: str | Path) -> ReasonCodes:
    """The reason codes of a TOML file.

    `reference`, `top` and `least` stand at its head; `[reasons.<driver>]` holds code, en and zh,
    `[reasons.<driver>.missing]` the same for cases without a value, `[reasons.<driver>.specials."-999"]` for those with
    a special code.
    """
    try:
        told = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as found:
        raise Misuse(f"{path}: found no TOML that can be read ({found})") from found
    return reason_codes_of(told, str(path))


def reason_codes_of(told: Mapping[str, Any], where: str = "reasons") -> ReasonCodes:
    """The reason codes of plain values, as `read_reason_codes` finds them in a file."""
    heads = {key: told[key] for key in ("reference", "top", "least") if key in told}
    if strange := sorted(set(told) - {*heads, "reasons"}):
        raise Misuse(f"{where}: found {strange}, expected reference, top, least and reasons")
    by_driver = dict(told.get("reasons", {}))
    reasons = {name: _reason(entry, f"{where}: {name}") for name, entry in by_driver.items()}
    missing = {n: _reason(e[MISSING], f"{where}: {n}.{MISSING}") for n, e in by_driver.items() if MISSING in e}
    specials = {n: _of_specials(e[SPECIALS], f"{where}: {n}") for n, e in by_driver.items() if SPECIALS in e}
    return ReasonCodes(reasons, missing, **heads, specials=specials)


def _of_specials(told: Any, where: str) -> dict[str, Reason]:
    if not isinstance(told, Mapping):
        raise Misuse(f"{where}.{SPECIALS}: found {told!r}, expected a table for each special code")
    return {str(value): _reason(entry, f"{where}.{SPECIALS}.{value}") for value, entry in told.items()}


def _reason(entry: Any, where: str) -> Reason:
    own = entry if isinstance(entry, Mapping) else {}
    words = {key: value for key, value in own.items() if key not in (MISSING, SPECIALS)}
    if set(words) != {"code", *LANGUAGES} or not all(isinstance(w, str) and w.strip() for w in words.values()):
        raise Misuse(f"{where}: found {sorted(words)}, expected code, {' and '.join(LANGUAGES)}, none of them empty")
    return Reason(**words)


def _at(driver: DriverPoints, reference: str) -> float:
    if reference == NEUTRAL:
        return driver.moved
    held = driver.weight > 0
    if reference == BEST:
        return float(driver.points[held].max())
    return float(np.average(driver.points, weights=driver.weight))


def _given(driver: CardDriver, reference: str, card: PointsCard) -> float:
    """Points at the reference of a driver that came with its points alone, or with its WoE."""
    if reference == BEST:
        return min(driver.points) if card.more_is_worse else max(driver.points)
    if reference == MEAN:
        raise Misuse(f"reasons: reference: found {MEAN!r} of a card without its sample, expected {BEST!r}")
    known = sorted((w, p) for w, p in zip(driver.woe or (), driver.points) if w is not None)
    if not known or not known[0][0] <= 0 <= known[-1][0]:
        found = f"found {NEUTRAL!r}, but {driver.name} tells no WoE on both sides of 0"
        raise Misuse(f"reasons: reference: {found}, expected {BEST!r}")
    return float(np.interp(0.0, *np.transpose(known)))


def _sense(card: Scorecard | ImportedScorecard) -> int:
    """1 where more points are better, -1 where they are worse."""
    return -1 if getattr(getattr(card, "points_card", None), "more_is_worse", False) else 1


def _absent(card: Scorecard | ImportedScorecard, X: Any, drivers: Sequence[str]) -> np.ndarray:
    """Whether each case lacks each driver's value: n x p."""
    return _values(card, X, drivers).isna().to_numpy()


def _values(card: Any, X: Any, drivers: Sequence[str]) -> pd.DataFrame:
    frame = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X), columns=list(names(card)))
    return frame[list(drivers)]


def _in_place_of_values(codes: ReasonCodes, card: Any, X: Any, drivers: Sequence[str]) -> np.ndarray:
    """What each case has in place of each driver's value: n x p.

    0 nothing, it has one; 1 missing; from 2 on the driver's special codes that have a reason, in their order.
    """
    found, values = _absent(card, X, drivers).astype(int), _values(card, X, drivers)
    for place, driver in enumerate(drivers):
        for number, code in enumerate(_special_codes(codes, card, driver), 2):
            found[values[driver].isin([code]).to_numpy(), place] = number
    return found


def _special_codes(codes: ReasonCodes, card: Any, driver: str) -> list[Any]:
    """The driver's special codes that have a reason, as its bins hold them; others are refused."""
    told = codes.specials.get(driver, {})
    imported = getattr(card, "points_card", None)
    drivers = card.binner_.features_ if imported is None else imported.drivers
    known = [v for each in drivers if each.name == driver for group in each.bins.specials for v in group]
    found = [[v for v in known if _same(v, text)] for text in told]
    if strange := [text for text, values in zip(told, found) if not values]:
        raise Misuse(f"reasons: {driver}: {SPECIALS}: found {strange}, expected special codes of the card: {known}")
    return [values[0] for values in found]


def _same(code: Any, text: str) -> bool:
    try:
        return bool(code == type(code)(text))
    except ValueError:
        return False


def _of(codes: ReasonCodes, driver: str) -> list[Reason]:
    """The driver's reasons: for its values, for missing ones, for special codes."""
    usual = codes.reasons[driver]
    return [usual, codes.missing.get(driver, usual), *codes.specials.get(driver, {}).values()]


def _named(codes: ReasonCodes, drivers: Sequence[str]) -> list[Reason]:
    """The distinct reasons of the drivers in their order, those for missing values and special codes after."""
    return list(dict.fromkeys(reason for driver in drivers for reason in _of(codes, driver)))


def _codes(codes: ReasonCodes, parts: pd.DataFrame, absent: np.ndarray, named: Sequence[Reason]) -> np.ndarray:
    """Number of the reason each driver's loss belongs to, case by case: n x p."""
    place = {reason: number for number, reason in enumerate(named)}
    found = np.empty(absent.shape, dtype=int)
    for column, driver in enumerate(parts.columns):
        found[:, column] = np.array([place[reason] for reason in _of(codes, driver)])[absent[:, column]]
    return found


def _frame(cases: pd.Index, lost: np.ndarray, named: Sequence[Reason], codes: ReasonCodes) -> pd.DataFrame:
    order = np.argsort(-np.round(lost, 9), axis=1, kind="stable")[:, : codes.top]
    amount = np.take_along_axis(lost, order, axis=1)
    row, rank = np.nonzero(amount >= codes.least)
    reasons = [named[number] for number in order[row, rank]]
    columns = {
        "case": cases[row],
        "rank": rank + 1,
        "code": [reason.code for reason in reasons],
        "points_lost": amount[row, rank],
        "reason": [reason.told() for reason in reasons],
    }
    return pd.DataFrame(columns)
