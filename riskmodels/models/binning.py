"""Monotone optimal binning as a scikit-learn transformer: variables in, weights of evidence out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import ClassifierTags, Tags
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.binning_search import TRENDS, Rules, best_starts
from riskmodels.models.bins import BinnedFeature, Cuts, Groups, binned, unlisted
from riskmodels.models.inputs import (
    Sample,
    checked_frame,
    checked_sample,
    columns_state,
    is_text,
    names,
    recall_columns,
)


def trends_from_signs(signs: Mapping[str, int]) -> dict[str, str]:
    """The trend each expected sign asks for: +1 (more is worse) ascending, -1 descending, 0 auto."""
    words = {1: "ascending", -1: "descending", 0: "auto"}
    return {name: words[sign] for name, sign in signs.items()}


class Binner(TransformerMixin, BaseEstimator):
    """Weights of evidence of numeric and text columns, on the bins with the greatest information value.

    Parameters
    ----------
    trends : how WoE may run over a number's bins: ascending, descending, auto (the better of the two) or none;
        one word, or a dict by column, auto for columns it doesn't name. Categories are ordered by bad rate.
    cuts : bins given by the user, obeyed as they are: column -> list of cut points (a number; left-closed bins)
        or list of lists of categories.
    max_bins : most bins per column, missing not counted.
    min_share : least share of the sample's weight in a bin.
    min_events : least bads, and least goods, in a bin.
    prebins : the search runs over at most this many ordered groups of nearly equal weight.
    """

    def __init__(
        self,
        trends: str | Mapping[str, str] = "auto",
        cuts: Mapping[str, Sequence] | None = None,
        max_bins: int = 8,
        min_share: float = 0.05,
        min_events: float = 5,
        prebins: int = 200,
    ) -> None:
        self.trends = trends
        self.cuts = cuts
        self.max_bins = max_bins
        self.min_share = min_share
        self.min_events = min_events
        self.prebins = prebins

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Binner:
        """Find the bins of each column; the greater of the two values of y is bad."""
        sample = checked_sample(self, X, y, sample_weight)
        _check_parameters(self, sample.frame)
        self.classes_ = sample.classes
        self.features_ = [_fit_column(self, sample, name) for name in sample.frame.columns]
        return self

    def transform(self, X: Any) -> np.ndarray:
        """WoE of each value: n x columns; missing by its own bin, unseen categories 0, the average."""
        check_is_fitted(self)
        frame = checked_frame(self, X, reset=False)
        return np.column_stack([f.transform(frame[name]) for f, name in zip(self.features_, frame.columns)])

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns, unchanged."""
        check_is_fitted(self)
        return np.array(names(self), dtype=object)

    def summary(self) -> pd.DataFrame:
        """One row per column: number of bins, trend found, information value, weight of missing values."""
        check_is_fitted(self)
        rows = [(f.name, len(f.bins), f.trend, f.iv, f.good[-1] + f.bad[-1]) for f in self.features_]
        return pd.DataFrame(rows, columns=[_("feature"), _("bins"), _("trend"), _("IV"), _("missing")])

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same binner."""
        check_is_fitted(self)
        cuts = None if self.cuts is None else {name: list(cut) for name, cut in self.cuts.items()}
        return {
            "parameters": {**self.get_params(), "cuts": cuts},
            "columns": columns_state(self),
            "classes": self.classes_.tolist(),
            "features": [feature.to_state() for feature in self.features_],
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Binner:
        """The binner `to_state` described."""
        binner = cls(**state["parameters"])
        binner.classes_ = np.array(state["classes"])
        binner.features_ = [BinnedFeature.from_state(feature) for feature in state["features"]]
        recall_columns(binner, state["columns"])
        return binner

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.classifier_tags = ClassifierTags(multi_class=False)
        tags.input_tags.allow_nan = True
        return tags


def feature(binner: Binner, name: str) -> BinnedFeature:
    """The bins of one column of a fitted binner."""
    found = {f.name: f for f in binner.features_}
    if name not in found:
        raise Misuse(f"binner: found no column {name!r}, expected one of {list(found)}")
    return found[name]


def _check_parameters(binner: Binner, frame: pd.DataFrame) -> None:
    trends = {} if isinstance(binner.trends, str) else binner.trends
    for what, given in (("trends", trends), ("cuts", binner.cuts or {})):
        if strange := sorted(set(given) - set(frame.columns)):
            raise Misuse(f"{what}: found no columns {strange} in X; it has {list(frame.columns)}")
    words = {binner.trends} if isinstance(binner.trends, str) else set(trends.values())
    if strange := sorted(words - set(TRENDS)):
        raise Misuse(f"trends: found {strange}, expected {', '.join(TRENDS)}")


def _fit_column(binner: Binner, sample: Sample, name: str) -> BinnedFeature:
    values = sample.frame[name]
    if binner.cuts and name in binner.cuts:
        bins = _given(values, binner.cuts[name])
    else:
        rules = Rules(binner.max_bins, binner.min_share * sample.weight.sum(), binner.min_events)
        bins = _searched(values, sample, _trend(binner, name), rules, binner.prebins)
    return binned(values, bins, sample.y, sample.weight, binner.min_events)


def _trend(binner: Binner, name: str) -> str:
    return binner.trends if isinstance(binner.trends, str) else binner.trends.get(name, "auto")


def _given(values: pd.Series, cuts: Sequence) -> Cuts | Groups:
    if not is_text(values):
        return Cuts(tuple(sorted(float(cut) for cut in cuts)))
    if strange := unlisted(values, cuts):
        raise Misuse(f"cuts: {values.name}: found {strange} in the sample but in no group of categories")
    return Groups(tuple(tuple(map(str, group)) for group in cuts))


def _searched(values: pd.Series, sample: Sample, trend: str, rules: Rules, prebins: int) -> Cuts | Groups:
    text = is_text(values)
    levels, good, bad = _levels(values, sample)
    if not len(levels):
        return Groups(()) if text else Cuts(())
    if text:
        order = np.argsort(bad / (good + bad), kind="stable")
        levels, good, bad, trend = levels[order], good[order], bad[order], "none"
    firsts = _prebin_starts(good + bad, prebins)
    merged = np.add.reduceat(good, firsts), np.add.reduceat(bad, firsts)
    inner = firsts[best_starts(*merged, _totals(sample), trend, rules)][1:]
    if text:
        return Groups(tuple(tuple(map(str, group)) for group in np.split(levels, inner)))
    return Cuts(tuple(map(float, levels[inner])))


def _levels(values: pd.Series, sample: Sample) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct known values in order, with the weight of good and of bad at each."""
    known = values.notna().to_numpy()
    levels, place = np.unique(values[known].to_numpy(), return_inverse=True)
    weight, y = sample.weight[known], sample.y[known]
    good, bad = (np.bincount(place, weight * part, len(levels)) for part in (1 - y, y))
    return levels, good, bad


def _totals(sample: Sample) -> tuple[float, float]:
    bad = float(sample.weight @ sample.y)
    return float(sample.weight.sum()) - bad, bad


def _prebin_starts(weights: np.ndarray, prebins: int) -> np.ndarray:
    """First level of each of at most `prebins` runs of levels of nearly equal weight."""
    if len(weights) <= prebins:
        return np.arange(len(weights))
    before = np.cumsum(weights) - weights
    slots = np.floor(before / weights.sum() * prebins)
    return np.flatnonzero(np.diff(slots, prepend=-1))
