"""The score-band table: what each band of a score held and what came of it, one sample beside the other.

The bands are fixed on the first sample, development, and applied to the others. The riskiest band comes first; missing
scores are a band of their own, the last one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, hypergeom

from riskmodels.core.errors import Misuse
from riskmodels.core.numbers import MINUS
from riskmodels.core.scale import RatingScale
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import SampleError
from riskmodels.models.shares import shares_by

Floats = NDArray[np.float64]
Higher = Literal["riskier", "safer"]

FLOOR = 1e-4
"""Least share of a band in the PSI, so that one that is empty in a sample counts."""


class Scored(NamedTuple):
    """Cases of one sample: score, y (1 bad, 0 good, NaN not known yet), weight, obligor (for clustered intervals)."""

    score: ArrayLike
    y: ArrayLike
    weight: ArrayLike | None = None
    obligor: ArrayLike | None = None


@dataclass(frozen=True)
class Bands:
    """Bands of a score: K - 1 rising cuts, K names, lowest scores first; a score on a cut is in the band `closed` says.

    `closed` is "right" when a band includes its upper cut, "left" when it includes its lower one.
    """

    cuts: Floats
    names: tuple[str, ...]
    closed: Literal["right", "left"] = "right"

    def place(self, score: ArrayLike) -> NDArray[np.int64]:
        """The band of each score, 0 to K - 1 by rising score, K for a missing one."""
        x = np.asarray(score, float)
        found = np.searchsorted(self.cuts, x, side="left" if self.closed == "right" else "right")
        return np.where(np.isnan(x), len(self.names), found)


@dataclass(frozen=True)
class ScoreBands:
    """The table in long form, and a row per sample.

    `table`: sample, band (0 the riskiest), name, missing (whether it holds the missing scores), n (cases), weight,
    bads, rate, effective (number of independent cases), low, high (95 %), share (of the sample's weight), cum_goods,
    cum_bads (shares up to and with the band), ks (their distance), lift (rate over the sample's), psi (part of it).
    `totals`: sample, young (left out: outcome not known yet), n, bads, rate, low, high, ks (largest), psi, inversions
    (bands with a lower rate than the next safer one), p_value (of the clearest of them, Bonferroni over the neighbours;
    NaN without any), psi_critical (what chance alone exceeds in one of twenty).
    """

    bands: Bands
    table: pd.DataFrame
    totals: pd.DataFrame

    def wide(self) -> pd.DataFrame:
        """One row per band, samples side by side: columns (sample, figure)."""
        shown = ["n", "bads", "rate", "low", "high", "cum_goods", "cum_bads", "ks", "lift", "psi"]
        wide = self.table.pivot(index=["band", "name"], columns="sample", values=shown).swaplevel(axis=1)
        samples = list(dict.fromkeys(self.table["sample"]))
        wide = wide[[(sample, column) for sample in samples for column in shown]]
        return wide.droplevel("band").rename_axis(columns=("", "")).astype({(s, "n"): "int64" for s in samples})


def score_bands(
    samples: Mapping[str, Scored | tuple[Any, ...]], bands: int | Sequence[float] | RatingScale = 10, *, higher: Higher
) -> ScoreBands:
    """The score-band table of samples by name, development first.

    `bands` is a number of bands with equally many development cases each (fewer where scores tie), rising cuts (a
    score on one is in the band below), or a rating scale for probabilities. `higher` says what a higher score means:
    "safer" for points, "riskier" for probabilities. Equal-count bands without a case in any sample are left out, given
    ones stay. Cases whose outcome is not known are left out and counted.
    """
    if higher not in ("riskier", "safer"):
        raise Misuse(f"higher: found {higher!r}, expected 'riskier' or 'safer'")
    if not samples:
        raise Misuse("samples: found none, expected development and any others")
    cases = {name: _cases(name, Scored(*given)) for name, given in samples.items()}
    known = {name: frame[frame["y"].notna()] for name, frame in cases.items()}
    first = next(iter(known))
    if known[first].empty:
        raise SampleError(f"{first}: found no case with a known outcome, expected some to fix the bands on")
    fixed = _bands(bands, known[first]["score"].dropna().to_numpy(), higher)
    table = _table(
        {name: _sample(frame, fixed, higher) for name, frame in known.items()},
        given=not isinstance(bands, int | np.integer),
    )
    young = {name: int(frame["y"].isna().sum()) for name, frame in cases.items()}
    totals = [{"sample": s, "young": young[s], **_total(known[s], table[table["sample"] == s])} for s in known]
    return ScoreBands(fixed, table, _with_critical(pd.DataFrame(totals), table["band"].nunique()))


def inversions(rate: ArrayLike, effective: ArrayLike) -> tuple[int, float]:
    """How many bands, riskiest first, have a lower rate than the next safer one, and the p-value of the clearest.

    Bands without a case are passed over. Fisher's exact test of neighbours on effective numbers, one-sided, times the
    number of neighbours; NaN without an inversion.
    """
    r, n = np.asarray(rate, float), np.asarray(effective, float)
    used = np.isfinite(r) & (n > 0)
    r, n = r[used], np.maximum(np.round(n[used]), 1)
    wrong = np.flatnonzero(r[:-1] < r[1:])
    if not len(wrong):
        return 0, float("nan")
    d = np.round(r * n)
    p = hypergeom.sf(d[wrong + 1] - 1, n[wrong] + n[wrong + 1], d[wrong] + d[wrong + 1], n[wrong + 1])
    return len(wrong), float(min(p.min() * (len(r) - 1), 1.0))


def psi_parts(reference: ArrayLike, current: ArrayLike) -> Floats:
    """Each band's part of the PSI from shares: (current - reference) log(current / reference), floored at 1e-4."""
    before, now = np.maximum(np.asarray(reference, float), FLOOR), np.maximum(np.asarray(current, float), FLOOR)
    return np.asarray((now - before) * np.log(now / before))


def _cases(name: str, given: Scored) -> pd.DataFrame:
    """The cases with weight: score, y, weight, obligor."""
    n = len(np.asarray(given.score))
    weight = np.ones(n) if given.weight is None else given.weight
    obligor = np.arange(n) if given.obligor is None else np.asarray(given.obligor)
    frame = {c: _numbers(name, c, v) for c, v in (("score", given.score), ("y", given.y), ("weight", weight))}
    for column, values in {**frame, "obligor": obligor}.items():
        if len(values) != n:
            raise SampleError(f"{name}: {column}: found {len(values)} values, expected {n}, one per score")
    table = pd.DataFrame({**frame, "obligor": obligor})
    _check(name, table)
    return table[table["weight"] > 0].reset_index(drop=True)


def _numbers(name: str, column: str, values: ArrayLike) -> Floats:
    try:
        return pd.to_numeric(pd.Series(np.asarray(values))).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise SampleError(f"{name}: {column}: found text, expected numbers") from None


def _check(name: str, frame: pd.DataFrame) -> None:
    if np.isinf(frame["score"]).any():
        raise SampleError(f"{name}: score: found infinite values, expected finite or missing")
    if odd := sorted(set(frame["y"].dropna()) - {0.0, 1.0}):
        raise SampleError(f"{name}: y: found {odd[0]:g}, expected 0, 1 or missing")
    if not (frame["weight"] >= 0).all() or np.isinf(frame["weight"]).any():
        raise SampleError(f"{name}: weight: found a negative, infinite or missing one, expected 0 or more")


def _bands(bands: int | Sequence[float] | RatingScale, score: Floats, higher: Higher) -> Bands:
    if isinstance(bands, RatingScale):
        if higher == "safer":
            raise Misuse("bands: found a rating scale with higher='safer', expected probabilities, higher='riskier'")
        return Bands(np.asarray(bands.bounds), bands.grades, "left")
    if isinstance(bands, int | np.integer):
        return _equal_count(score, int(bands))
    cuts = np.asarray(bands, float)
    if not len(cuts) or not np.isfinite(cuts).all() or (np.diff(cuts) <= 0).any():
        raise Misuse(f"bands: found cuts {list(bands)}, expected at least one and each above the one before")
    return Bands(cuts, _names(cuts))


def _equal_count(score: Floats, bands: int) -> Bands:
    if bands < 2:
        raise Misuse(f"bands: found {bands}, expected 2 or more")
    if not len(score):
        raise SampleError("score: found only missing ones in the first sample, expected some to fix the bands on")
    values = np.unique(score)
    if len(values) == 1:
        # One value says nothing, but what differs from it later must not hide in its band.
        only = f"{values[0]:.6g}"
        return Bands(np.array([np.nextafter(values[0], -np.inf), values[0]]), (f"< {only}", only, f"> {only}"))
    quantiles = np.quantile(score, np.arange(1, bands) / bands, method="averaged_inverted_cdf")
    cuts = values[:-1] if len(values) <= bands else np.unique(quantiles)
    return Bands(cuts, _names(cuts))


def _names(cuts: Floats) -> tuple[str, ...]:
    """The bands as intervals, with four digits or as many as tell the cuts apart."""
    digits = next((d for d in range(4, 17) if len({f"{c:.{d}g}" for c in cuts}) == len(cuts)), 17)
    ends = [f"{MINUS}∞", *(f"{c:.{digits}g}".replace("-", MINUS) for c in cuts), "∞"]
    return tuple(f"({a}, {b}" + (")" if b == "∞" else "]") for a, b in pairwise(ends))


def _sample(frame: pd.DataFrame, bands: Bands, higher: Higher) -> pd.DataFrame:
    """One row per band and one for missing scores, riskiest first: everything that needs this sample alone."""
    k = len(bands.names)
    place = bands.place(frame["score"])
    order = np.append(np.arange(k)[::-1] if higher == "riskier" else np.arange(k), k)
    found = shares_by(place, frame["y"], k + 1, frame["weight"], frame["obligor"]).iloc[order].reset_index(drop=True)
    found.insert(0, "name", np.array([*bands.names, _("missing")], dtype=object)[order])
    found.insert(1, "missing", order == k)
    return found.rename(columns={"events": "bads", "share": "rate"})


def _table(parts: dict[str, pd.DataFrame], given: bool) -> pd.DataFrame:
    """All samples below each other, without bands that no sample has a case in, unless they were given."""
    filled = pd.concat([part["n"] for part in parts.values()], axis=1).sum(axis=1) > 0
    missing = next(iter(parts.values()))["missing"]
    used = filled | ~missing if given else filled
    tables = [_cumulated(part[used].reset_index(drop=True)).assign(sample=name) for name, part in parts.items()]
    table = _with_psi(pd.concat(tables, ignore_index=True))
    leading = ["sample", "band"]
    return table[[*leading, *(c for c in table.columns if c not in leading)]]


def _cumulated(part: pd.DataFrame) -> pd.DataFrame:
    bads, weight = part["bads"], part["weight"]
    goods = weight - bads
    shares = {"share": weight / weight.sum(), "cum_goods": goods.cumsum() / goods.sum()}
    table = part.assign(band=range(len(part)), **shares, cum_bads=bads.cumsum() / bads.sum())
    table["ks"] = (table["cum_bads"] - table["cum_goods"]).abs()
    return table.assign(lift=part["rate"] / (bads.sum() / weight.sum()) if bads.sum() else np.nan)


def _with_psi(table: pd.DataFrame) -> pd.DataFrame:
    shares = table.pivot(index="band", columns="sample", values="share")
    first = shares[table["sample"].iloc[0]].to_numpy()
    parts = {name: psi_parts(first, shares[name]) for name in shares}
    return table.assign(psi=[parts[s][b] for s, b in zip(table["sample"], table["band"])])


def _total(frame: pd.DataFrame, own: pd.DataFrame) -> dict[str, Any]:
    """What holds for a sample as a whole; `own` are its rows of the table."""
    whole = shares_by(np.zeros(len(frame), int), frame["y"], 1, frame["weight"], frame["obligor"]).iloc[0]
    ranked = own[~own["missing"]]
    count, p = inversions(ranked["rate"], ranked["effective"])
    level = {
        "n": len(frame),
        "bads": whole["events"],
        "rate": whole["share"],
        "low": whole["low"],
        "high": whole["high"],
    }
    psi = float(own["psi"].sum(min_count=1))
    return {**level, "ks": own["ks"].max(), "psi": psi, "inversions": count, "p_value": p}


def _with_critical(totals: pd.DataFrame, bands: int) -> pd.DataFrame:
    """The totals with the PSI that two samples of one population exceed in one of twenty cases. Yurdakul 2018."""
    n = totals["n"].to_numpy(float)
    with np.errstate(divide="ignore"):
        critical = (1 / n[0] + 1 / n) * chi2.isf(0.05, max(bands - 1, 1))
    critical[0] = np.nan
    return totals.assign(psi_critical=critical)
