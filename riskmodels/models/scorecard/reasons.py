"""Reason codes: which drivers cost a case its points, in the codes and sentences a desk has agreed on.

A driver's loss is what it gives at the reference less what it gives this case: at its mean over the sample the card was
fitted on, at its best bin, or at a neutral bin of average odds. A card from elsewhere has no sample, so it has no mean.
Drivers that share a code are named once, with their losses added. Reference: Siddiqi (2006), Credit Risk Scorecards,
chapter 6; Regulation B (12 CFR 1002.9) asks for the principal reasons, usually no more than four.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
MISSING = "missing"


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
    named.
    """

    reasons: Mapping[str, Reason]
    missing: Mapping[str, Reason]
    reference: str = MEAN
    top: int = 4
    least: float = 1.0

    def __post_init__(self) -> None:
        if self.reference not in REFERENCES:
            raise Misuse(f"reasons: reference: found {self.reference!r}, expected one of {', '.join(REFERENCES)}")
        if self.top < 1 or not self.least > 0:
            raise Misuse(f"reasons: found top {self.top} and least {self.least}, expected at least 1 and above 0")
        known: dict[str, Reason] = {}
        for reason in (*self.reasons.values(), *self.missing.values()):
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
    absent = _absent(card, X, list(parts.columns))
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

    `reference`, `top` and `least` stand at its head; `[reasons.<driver>]` holds code, en and zh, and
    `[reasons.<driver>.missing]` the same for cases without a value.
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
    return ReasonCodes(reasons, missing, **heads)


def _reason(entry: Any, where: str) -> Reason:
    words = {key: value for key, value in entry.items() if key != MISSING} if isinstance(entry, Mapping) else {}
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
    frame = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X), columns=list(names(card)))
    return frame[list(drivers)].isna().to_numpy()


def _named(codes: ReasonCodes, drivers: Sequence[str]) -> list[Reason]:
    """The distinct reasons of the drivers in their order, those for missing values after their driver's own."""
    told = [reason for d in drivers for reason in (codes.reasons[d], codes.missing.get(d)) if reason is not None]
    return list(dict.fromkeys(told))


def _codes(codes: ReasonCodes, parts: pd.DataFrame, absent: np.ndarray, named: Sequence[Reason]) -> np.ndarray:
    """Number of the reason each driver's loss belongs to, case by case: n x p."""
    place = {reason: number for number, reason in enumerate(named)}
    usual = np.array([place[codes.reasons[d]] for d in parts.columns], dtype=int)
    without = np.array([place[codes.missing.get(d, codes.reasons[d])] for d in parts.columns], dtype=int)
    return np.where(absent, without, usual)


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
