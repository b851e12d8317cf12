"""Reject inference: rejected applicants added to a sample of accepted ones, under a stated assumption.

Outcomes of rejects were never seen, so nothing here is learnt about them: what the sample gains is the assumption, a
multiple of the bad rate, which must come from outside (a bureau, a pilot that accepted everybody, another lender).
Where acceptance hung on recorded columns alone and the model holds them, the accepted tell what the rejects would have
done, and the multiple is 1; where it hung on what no column records, no method of this kind can find the multiple.
Errors of a model fitted on the augmented sample are too small: the rows added carry no evidence.
Reference: Siddiqi (2006), Credit Risk Scorecards, chapter 6; Crook and Banasik (2004), J. of Banking and Finance 28.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.inputs import SampleError

FUZZY, PARCELLING = "fuzzy", "parcelling"
NO_INFORMATION = mark(
    "Reject inference adds no information of its own: the rejects' bad rate is assumed, not observed, and errors of a "
    "model fitted on this sample are too small."
)


@dataclass(frozen=True)
class Assumed:
    """What was assumed: the method, the multiple of the bad rate (by band for parcelling), and the table of bands.

    Bands, for parcelling: band (1 is the best), from, to (probability), accepts, bads, expected_bads (by the model),
    rejects, model_says (mean probability of rejects), multiple, assumed_bad_rate, bads_assigned.
    """

    method: str
    multiple: tuple[float, ...]
    bands: pd.DataFrame


@dataclass(frozen=True)
class Augmented:
    """Accepts and rejects as one sample: X, y (1 = bad), weight, groups, all by row, and what was assumed.

    `inferred` marks rows of rejects. Rows that stand for one reject share a group, and so do rows of one obligor where
    groups were given, so that folds and errors by group never count a reject twice.
    """

    X: pd.DataFrame
    y: np.ndarray
    weight: np.ndarray
    groups: np.ndarray
    inferred: np.ndarray
    assumed: Assumed

    def summary(self) -> pd.DataFrame:
        """One row for accepts, rejects and both: cases, bads, bad rate; those of rejects are assumed."""
        rows = [
            (_("accepted, observed"), *_counts(self, ~self.inferred)),
            (_("rejected, assumed"), *_counts(self, self.inferred)),
            (_("together"), *_counts(self, np.ones(len(self.y), dtype=bool))),
        ]
        return pd.DataFrame(rows, columns=[_("cases of"), _("weight"), _("bads"), _("bad rate")])

    def note(self) -> str:
        """What a reader of any figure from this sample must know."""
        return _(NO_INFORMATION)


def fuzzy(
    X: pd.DataFrame,
    y: Any,
    rejects: pd.DataFrame,
    model: Any,
    multiple: float = 1.0,
    sample_weight: Any = None,
    reject_weight: Any = None,
    groups: tuple[Any, Any] | None = None,
) -> Augmented:
    """Accepts, and every reject twice: as bad with weight p and as good with weight 1 - p.

    p is the model's probability moved by one step on the log-odds scale, the same for all, so that the rejects' mean p
    is `multiple` times what the model says. `groups` are the obligors of accepts and of rejects.
    """
    accepted = _accepted(X, y, sample_weight)
    weight, said = _rejected(X, rejects, model, reject_weight)
    chance = scaled(said, weight, multiple)
    part = pd.concat([rejects[X.columns], rejects[X.columns]], ignore_index=True)
    outcome = np.repeat([1.0, 0.0], len(rejects))
    weights = np.concatenate([weight * chance, weight * (1 - chance)])
    names = _groups(groups, len(X), len(rejects), twice=True)
    return _together(X, accepted, part, outcome, weights, names, Assumed(FUZZY, (multiple,), pd.DataFrame()))


def parcelling(
    X: pd.DataFrame,
    y: Any,
    rejects: pd.DataFrame,
    model: Any,
    multiple: float | Sequence[float] = 1.0,
    bands: int = 10,
    seed: int = 0,
    sample_weight: Any = None,
    reject_weight: Any = None,
    groups: tuple[Any, Any] | None = None,
) -> Augmented:
    """Accepts, and rejects each called good or bad by lot, band by band, at an assumed bad rate.

    Bands hold equal numbers of applicants, best first, by the model's probability p. A band's assumed rate is the
    rejects' mean p, times (bads + 1/2) / (sum of p + 1/2) of its accepts, times `multiple` (one for all, or one per
    band), at most 1. In narrow bands that is the accepts' bad rate times the multiple; in wide ones it minds that
    rejects are worse than accepts of the same band, and where nobody was accepted it is what the model says.
    """
    accepted = _accepted(X, y, sample_weight)
    weight, said = _rejected(X, rejects, model, reject_weight)
    own = _probabilities(model, X)
    edges = np.unique(np.quantile(np.concatenate([own, said]), np.arange(1, bands) / bands))
    found = _bands(accepted, own, said, edges, multiple)
    theirs = np.searchsorted(edges, said, side="right")
    outcome = _drawn(theirs, found["assumed_bad_rate"].to_numpy(), np.random.default_rng(seed))
    found["bads_assigned"] = np.bincount(theirs, outcome, len(found)).astype(int)
    assumed = Assumed(PARCELLING, tuple(found["multiple"].tolist()), found)
    names = _groups(groups, len(X), len(rejects), twice=False)
    return _together(X, accepted, rejects[X.columns], outcome, weight, names, assumed)


def scaled(probability: np.ndarray, weight: np.ndarray, multiple: float) -> np.ndarray:
    """The probabilities moved by one step of log-odds, so that their weighted mean is `multiple` times as high."""
    mean = float(np.average(probability, weights=weight))
    if not 0 < multiple * mean < 1:
        raise Misuse(
            f"multiple: found {multiple} on a mean probability of {mean:.4f}, expected the product between 0 and 1"
        )
    odds = logit(np.clip(probability, 1e-12, 1 - 1e-12))
    step = brentq(lambda t: float(np.average(expit(odds + t), weights=weight)) - multiple * mean, -60, 60, xtol=1e-14)
    return expit(odds + step)


def _accepted(X: pd.DataFrame, y: Any, sample_weight: Any) -> tuple[np.ndarray, np.ndarray]:
    """Outcome (1 = bad) and weight of the accepts."""
    values = np.asarray(y)
    classes = np.unique(values[~pd.isna(values)])
    if pd.isna(values).any() or len(classes) != 2:
        raise SampleError(
            f"y: found {len(classes)} distinct values and {int(pd.isna(values).sum())} missing among accepts, "
            "expected two, good and bad, and none missing"
        )
    return (values == classes[1]).astype(float), _weights(sample_weight, len(X), "sample_weight", len(values))


def _rejected(X: pd.DataFrame, rejects: pd.DataFrame, model: Any, weight: Any) -> tuple[np.ndarray, np.ndarray]:
    """Weight of the rejects and the model's probability of bad of each."""
    if missing := [c for c in X.columns if c not in rejects]:
        raise SampleError(f"rejects: found no columns {missing}, expected those of the accepts")
    if not len(rejects):
        raise SampleError("rejects: found no rows, expected some")
    return _weights(weight, len(rejects), "reject_weight", len(rejects)), _probabilities(model, rejects)


def _weights(weight: Any, n: int, what: str, outcomes: int) -> np.ndarray:
    found = np.ones(n) if weight is None else np.asarray(weight, dtype=float)
    if len(found) != n or outcomes != n:
        raise SampleError(f"{what}, y: found {len(found)} and {outcomes} values, expected {n}, one per row")
    if not (found >= 0).all() or not found.any():
        raise SampleError(f"{what}: found negative, missing or no positive weights, expected none below 0")
    return found


def _probabilities(model: Any, X: pd.DataFrame) -> np.ndarray:
    columns = getattr(model, "feature_names_in_", X.columns)
    return np.asarray(model.predict_proba(X[list(columns)])[:, 1], dtype=float)


def _bands(
    accepted: tuple[np.ndarray, np.ndarray], own: np.ndarray, said: np.ndarray, edges: np.ndarray, multiple: Any
) -> pd.DataFrame:
    """The table of bands, from outcome and weight of accepts and the probabilities of accepts and rejects."""
    (y, weight), k = accepted, len(edges) + 1
    multiples = np.full(k, multiple, dtype=float) if np.ndim(multiple) == 0 else np.asarray(multiple, dtype=float)
    if len(multiples) != k or not (multiples > 0).all():
        raise Misuse(f"multiple: found {multiples.tolist()}, expected one above 0, or one for each of the {k} bands")
    mine, theirs = (np.searchsorted(edges, p, side="right") for p in (own, said))
    accepts, bads, expected = (np.bincount(mine, weight * part, k) for part in (np.ones(len(y)), y, own))
    rejects = np.bincount(theirs, minlength=k)
    mean = np.divide(np.bincount(theirs, said, k), rejects, out=np.full(k, np.nan), where=rejects > 0)
    columns = {
        "band": np.arange(1, k + 1),
        "from": [0.0, *edges],
        "to": [*edges, 1.0],
        "accepts": accepts,
        "bads": bads,
        "expected_bads": expected,
        "rejects": rejects,
        "model_says": mean,
        "multiple": multiples,
        "assumed_bad_rate": np.minimum(mean * (bads + 0.5) / (expected + 0.5) * multiples, 1.0),
    }
    return pd.DataFrame(columns)


def _drawn(band: np.ndarray, rate: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """1 for the rejects that the lot calls bad: in each band its rate of them, to a whole number up or down."""
    outcome = np.zeros(len(band))
    for number in np.unique(band):
        rows = np.flatnonzero(band == number)
        bad = int(np.floor(rate[number] * len(rows) + rng.random()))  # right on average
        outcome[rng.permutation(rows)[:bad]] = 1.0
    return outcome


def _groups(groups: tuple[Any, Any] | None, accepts: int, rejects: int, twice: bool) -> np.ndarray:
    own = np.arange(accepts) if groups is None else np.asarray(groups[0])
    theirs = np.arange(accepts, accepts + rejects) if groups is None else np.asarray(groups[1])
    if len(own) != accepts or len(theirs) != rejects:
        raise SampleError(
            f"groups: found {len(own)} for accepts and {len(theirs)} for rejects, expected {accepts} and {rejects}"
        )
    return np.concatenate([own, theirs, theirs] if twice else [own, theirs])


def _together(
    X: pd.DataFrame,
    accepted: tuple[np.ndarray, np.ndarray],
    part: pd.DataFrame,
    outcome: np.ndarray,
    weight: np.ndarray,
    groups: np.ndarray,
    assumed: Assumed,
) -> Augmented:
    frame = pd.concat([X, part], ignore_index=True)
    y, weights = np.concatenate([accepted[0], outcome]), np.concatenate([accepted[1], weight])
    inferred = np.arange(len(frame)) >= len(X)
    return Augmented(frame, y, weights, groups, inferred, assumed)


def _counts(sample: Augmented, rows: np.ndarray) -> tuple[float, float, float]:
    weight, bads = float(sample.weight[rows].sum()), float(sample.weight[rows] @ sample.y[rows])
    return weight, bads, bads / weight
