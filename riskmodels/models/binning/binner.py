"""Monotone optimal binning as scikit-learn transformers: variables in, weights of evidence or means out."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import ClassifierTags, RegressorTags, Tags
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.binning.asked import check_parameters, special_values, stated
from riskmodels.models.binning.fitting import Search, Target, searched
from riskmodels.models.binning.override import Overridden, overridden, plain, recalled
from riskmodels.models.binning.search import Rules
from riskmodels.models.binning.strength import quality
from riskmodels.models.binning.worth import BinnedFeature, BinnedMean, averaged, binned
from riskmodels.models.inputs import (
    checked_frame,
    checked_regression,
    checked_sample,
    columns_state,
    recall_columns,
)

CONVENTION = {
    "sign": "WoE = ln(share of bad / share of good): more is worse",
    "smoothing": "where a count is empty, half a case of the rarer class and as large a share of the other are added",
    "missing": "a bin of its own; if it expects few events, smoothed and never better than the average",
    "special": "as missing, a bin for each",
    "unseen": "the average",
}
"""How every stored binning is to be read; one that says otherwise is refused."""


def trends_from_signs(signs: Mapping[str, int]) -> dict[str, str]:
    """The trend each expected sign asks for: +1 (more is worse) ascending, -1 descending, 0 auto."""
    words = {1: "ascending", -1: "descending", 0: "auto"}
    return {name: words[sign] for name, sign in signs.items()}


class _Binning(OneToOneFeatureMixin, TransformerMixin, BaseEstimator, metaclass=ABCMeta):
    """What binners of both kinds of target share."""

    binned_type: ClassVar[Any]

    def __init__(
        self,
        trends: str | Mapping[str, str] = "auto",
        cuts: Mapping[str, Sequence] | None = None,
        specials: Sequence | Mapping[str, Sequence] | None = None,
        max_bins: int = 8,
        min_share: float = 0.05,
        min_count: float = 0,
        min_expected: float = 5,
        min_events: float = 0,
        max_p: float = 1.0,
        min_steady: float = 0.0,
        min_category: float = 10,
        prebins: int = 200,
    ) -> None:
        self.trends = trends
        self.cuts = cuts
        self.specials = specials
        self.max_bins = max_bins
        self.min_share = min_share
        self.min_count = min_count
        self.min_expected = min_expected
        self.min_events = min_events
        self.max_p = max_p
        self.min_steady = min_steady
        self.min_category = min_category
        self.prebins = prebins

    @abstractmethod
    def _worth(self, values: pd.Series, bins: Any, target: Target) -> Any:
        """The column with what its bins are worth."""

    @abstractmethod
    def _strength(self, feature: Any) -> float:
        """How much the bins of a column tell."""

    def _fit(self, frame: pd.DataFrame, target: Target) -> Self:
        check_parameters(self, frame)
        if self.min_steady > 0 and target.cohort is None:
            raise Misuse(f"min_steady: found {self.min_steady:g} without cohorts, expected `cohorts`, one per row of X")
        self.overrides_: list[Overridden] = []
        self.features_ = [self._column(frame[name], target) for name in frame.columns]
        return self

    def _column(self, values: pd.Series, target: Target) -> Any:
        special = special_values(values, self.specials)
        fixed = (self.cuts or {}).get(str(values.name))
        found = self._worth(values, searched(values, target, _search(self, str(values.name), target, special)), target)
        if fixed is None:
            return found
        asked = self._worth(values, stated(values, fixed, special), target)
        before, after = ((f.bins, self._strength(f)) for f in (found, asked))
        self.overrides_.append(overridden(str(values.name), fixed, before, after))
        return asked

    def transform(self, X: Any) -> np.ndarray:
        """What each value's bin is worth: n x columns; missing and special by their own bins, unseen the average."""
        check_is_fitted(self)
        frame = checked_frame(self, X, reset=False)
        return np.column_stack([f.transform(frame[name]) for f, name in zip(self.features_, frame.columns)])

    def overrides(self) -> pd.DataFrame:
        """One row per column whose bins were given: who, why, when, bins and strength before and after.

        Bare cuts, which nobody signed, are said to be so: who, why and when are "not stated".
        """
        check_is_fitted(self)
        rows = [o.told() for o in self.overrides_]
        heads = [_("feature"), _("who"), _("why"), _("on"), _("before"), _("after")]
        return pd.DataFrame(rows, columns=[*heads, _("strength before"), _("strength after")])

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same binner."""
        check_is_fitted(self)
        return {
            "convention": CONVENTION,
            "parameters": plain(self.get_params(deep=False)),
            "columns": columns_state(self),
            "classes": np.asarray(getattr(self, "classes_", ())).tolist(),
            "features": [feature.to_state() for feature in self.features_],
            "overrides": [o.to_state() for o in self.overrides_],
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """The binner `to_state` described."""
        if state["convention"] != CONVENTION:
            raise DataRefused(f"binning: found the convention {state['convention']}, expected {CONVENTION}")
        parameters = state["parameters"]
        binner = cls(**{**parameters, "cuts": recalled(parameters["cuts"])})
        if state["classes"]:
            binner.classes_ = np.array(state["classes"])
        binner.features_ = [cls.binned_type.from_state(feature) for feature in state["features"]]
        binner.overrides_ = [Overridden(**o) for o in state["overrides"]]
        recall_columns(binner, state["columns"])
        return binner

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.allow_nan = True
        return tags


class Binner(_Binning):
    """Weights of evidence of numeric and text columns, on the bins with the greatest information value.

    Parameters
    ----------
    trends : how WoE may run over a number's bins: ascending, descending, auto (the better of the two), peak (rising,
        then falling; one of the two may be empty), valley or none; one word, or a dict by column, auto for columns it
        doesn't name. Categories are ordered by bad rate.
    cuts : bins given by the user, obeyed as they are: column -> list of cut points (a number; left-closed bins)
        or list of lists of categories, or an `Override` that holds them with who and why; `overrides()` tells of them.
    specials : values that are codes, not amounts, each a bin of its own (or a list of values one bin together): a list
        for all columns, of which a column of numbers has the numbers, or a dict by column. They are set apart before
        cuts are sought, inside the range or not.
    max_bins : most bins per column, specials and missing not counted.
    min_share, min_count : least share of the sample's weight, and least weight, in a bin.
    min_expected : a bin must be large enough to expect so many bads, and goods, at the sample's rates: fewer than twice
        as many in all leave one bin. A bin that expects them and has none is evidence, not chance.
    min_events : least bads, and least goods, that a bin must hold.
    max_p : highest p value between neighbours (chi-square), 1 for any.
    min_steady : least share of the cohorts given to `fit` in which neighbours stand in the order they have in all.
    min_category : categories that weigh less than this are taken together before bins are sought.
    prebins : the search runs over at most this many ordered groups of nearly equal number.
    """

    binned_type = BinnedFeature

    def fit(self, X: Any, y: Any, sample_weight: Any = None, cohorts: Any = None) -> Binner:
        """Find the bins of each column; the greater of the two values of y is bad, `cohorts` names each row's."""
        sample = checked_sample(self, X, y, sample_weight, cohorts=cohorts)
        self.classes_ = sample.classes
        self._fit(sample.frame, Target("bad", sample.y, sample.weight, sample.cohorts))
        return self

    def summary(self) -> pd.DataFrame:
        """One row per column: number of bins, trend found, share missing, and the statistics of `quality`."""
        check_is_fitted(self)
        return pd.DataFrame([{**_summed(f, f.good + f.bad), **quality(f).told()} for f in self.features_])

    def _worth(self, values: pd.Series, bins: Any, target: Target) -> BinnedFeature:
        return binned(values, bins, target.y, target.weight, self.min_expected)

    def _strength(self, feature: Any) -> float:
        return float(feature.iv)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags = ClassifierTags(multi_class=False)
        return tags


class MeanBinner(_Binning):
    """Mean target of numeric and text columns, on the bins that explain the most of its variance.

    Parameters as of `Binner`, where the mean stands for WoE; `min_expected` and `min_events` are not used.
    """

    binned_type = BinnedMean

    def fit(self, X: Any, y: Any, sample_weight: Any = None, cohorts: Any = None) -> MeanBinner:
        """Find the bins of each column for a target of numbers."""
        sample = checked_regression(self, X, y, sample_weight, cohorts=cohorts)
        self._fit(sample.frame, Target("mean", sample.y, sample.weight, sample.cohorts))
        return self

    def summary(self) -> pd.DataFrame:
        """One row per column: number of bins, trend found, share missing, share of variance explained."""
        check_is_fitted(self)
        return pd.DataFrame([{**_summed(f, f.n), _("explained"): f.explained} for f in self.features_])

    def _worth(self, values: pd.Series, bins: Any, target: Target) -> BinnedMean:
        return averaged(values, bins, target.y, target.weight)

    def _strength(self, feature: Any) -> float:
        return float(feature.explained)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.regressor_tags = RegressorTags()
        return tags


def feature(binner: Binner | MeanBinner, name: str) -> Any:
    """The bins of one column of a fitted binner, with what they are worth."""
    found = {f.name: f for f in binner.features_}
    if name not in found:
        raise Misuse(f"binner: found no column {name!r}, expected one of {list(found)}")
    return found[name]


def _summed(found: BinnedFeature | BinnedMean, n: np.ndarray) -> dict[str, Any]:
    """What both kinds tell of a column; n is the weight by code, missing last."""
    told = {_("feature"): found.name, _("bins"): len(found.bins), _("trend"): found.trend}
    return {**told, _("missing"): n[-1] / n.sum()}


def _search(binner: _Binning, name: str, target: Target, specials: tuple[tuple[Any, ...], ...]) -> Search:
    least = max(binner.min_share * target.weight.sum(), binner.min_count, _enough(target, binner.min_expected))
    rules = Rules(binner.max_bins, least, binner.min_events, binner.max_p, binner.min_steady)
    trend = binner.trends if isinstance(binner.trends, str) else binner.trends.get(name, "auto")
    return Search(trend, rules, specials, binner.prebins, binner.min_category)


def _enough(target: Target, expected: float) -> float:
    """Cases among which so many bads and so many goods are expected."""
    n, bad = target.totals
    return expected * n / min(bad, n - bad) if target.kind == "bad" else 0.0
