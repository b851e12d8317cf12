"""The challenger: LightGBM with the signs the trade expects, the same bits on every run."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.boosting.choice import Tried, inner_folds, tried
from riskmodels.models.boosting.presets import AUTO, PRESETS, candidates
from riskmodels.models.coding import categories, coded
from riskmodels.models.inputs import Sample, checked_frame, checked_sample, columns_state, names, recall_columns
from riskmodels.models.panel.rows import origins_of

_log = logging.getLogger(__name__)


class Booster(ClassifierMixin, BaseEstimator):
    """Probability of bad from boosted trees, monotone where a sign is expected.

    Parameters
    ----------
    signs : +1 (more is worse), -1 (more is better) or 0 (free): a dict by column, 0 for the others, or one per column.
    preset : size of the model. auto takes the one of `PRESETS` with the least log loss over three inner folds; a name
        takes that one; a mapping gives LightGBM's own settings.
    max_rounds, patience : at most so many trees; early stopping that long after the best round of the inner folds.
        All rows are then fitted with the best number of rounds.
    rounds : trees, of the smallest preset, when a side of an inner fold would hold fewer than 10 bads or goods or the
        dates are too few for the gap. `card()` then says so under `no_choice`, and the log as a warning.
    gap : months of the outcome window, which keep the sides of the inner folds apart when `fit` is given dates.
    seed, threads : the same seed gives the same bits, whatever the number of threads.
    """

    def __init__(
        self,
        signs: Mapping[str, int] | Sequence[int] | None = None,
        preset: str | Mapping[str, Any] = AUTO,
        max_rounds: int = 600,
        rounds: int = 100,
        patience: int = 30,
        gap: int = 0,
        seed: int = 0,
        threads: int = 1,
    ) -> None:
        self.signs = signs
        self.preset = preset
        self.max_rounds = max_rounds
        self.rounds = rounds
        self.patience = patience
        self.gap = gap
        self.seed = seed
        self.threads = threads

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None, dates: Any = None) -> Booster:
        """Choose the preset and the number of trees on inner folds, then fit all rows; the greater value of y is bad.

        `groups` names each row's obligor: inner folds then hold whole obligors. `dates` (datetime64) are the days the
        rows were observed on: inner folds then go forward in time. With both they do both.
        """
        sizes = candidates(self.preset)
        sample = checked_sample(self, X, y, sample_weight, _obligors(groups))
        origins = None if dates is None else origins_of(dates, sample.given)[sample.used]
        self.categories_ = categories(sample.frame)
        self.signs_ = signs_of(self)
        common = parameters(self)
        data = _dataset(self, sample, common)
        folds, self.no_choice_ = inner_folds(sample.y, sample.groups, origins, self.gap, self.seed)
        self.tried_ = tried(sizes, common, data, folds, self.max_rounds, self.patience) if folds else ()
        unjudged = Tried(next(iter(sizes)), float("inf"), self.rounds)
        best = min(self.tried_, key=lambda each: each.loss, default=unjudged)
        if self.no_choice_:
            _log.warning("booster: %s; %d rounds of preset %s are taken", self.no_choice_, best.rounds, best.name)
        self.trees_ = lgb.train({**common, **sizes[best.name]}, data, num_boost_round=best.rounds)
        self.preset_, self.classes_, self.sample_ = best.name, sample.classes, sample.described()
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds of bad, one per row."""
        return self._predicted(X, raw_score=True)

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities of good and of bad: n x 2."""
        bad = self._predicted(X)
        return np.column_stack([1 - bad, bad])

    def predict(self, X: Any) -> np.ndarray:
        """The likelier class of each row."""
        bad = self.decision_function(X) > 0
        return self.classes_[bad.astype(int)]

    def contributions(self, X: Any) -> pd.DataFrame:
        """Log-odds of bad by column, and `base`; a row's sum is its log-odds (exact TreeSHAP, by LightGBM)."""
        parts = self._predicted(X, pred_contrib=True)
        index = X.index if isinstance(X, pd.DataFrame) else None
        return pd.DataFrame(parts, index=index, columns=[*names(self), "base"])

    def summary(self) -> pd.DataFrame:
        """One row per column, most gain first: share of the gain, number of splits, sign it was held to."""
        check_is_fitted(self)
        gain, splits = (self.trees_.feature_importance(kind) for kind in ("gain", "split"))
        columns = {
            _("feature"): names(self),
            _("gain share"): gain / (gain.sum() or 1.0),
            _("splits"): splits,
            _("sign"): list(self.signs_),
        }
        return pd.DataFrame(columns).sort_values(_("gain share"), ascending=False, ignore_index=True, kind="stable")

    def sizes(self) -> pd.DataFrame:
        """One row per preset tried on the inner folds: mean log loss, best number of rounds, whether it was taken.

        Empty when none could be tried; `card()` then says why under `no_choice`.
        """
        check_is_fitted(self)
        columns = {
            _("preset"): [each.name for each in self.tried_],
            _("what it is for"): [_(PRESETS[each.name].use) if each.name in PRESETS else "" for each in self.tried_],
            _("log loss"): [each.loss for each in self.tried_],
            _("rounds"): [each.rounds for each in self.tried_],
            _("taken"): [each.name == self.preset_ for each in self.tried_],
        }
        return pd.DataFrame(columns)

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        signs = dict(zip(names(self), self.signs_))
        losses = {each.name: each.loss for each in self.tried_}
        size = {"preset": self.preset_, "inner_losses": losses, "no_choice": self.no_choice_}
        return {"model": "booster", "trees": self.trees_.num_trees(), **size, "signs": signs, **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values, and the trees as text under `lightgbm`, that `from_state` turns back into the same model."""
        check_is_fitted(self)
        return {
            "parameters": {**self.get_params(), "signs": list(self.signs_)},
            "preset": self.preset_,
            "tried": [vars(each) for each in self.tried_],
            "no_choice": self.no_choice_,
            "columns": columns_state(self),
            "classes": self.classes_.tolist(),
            "categories": self.categories_,
            "sample": self.sample_,
            "lightgbm": self.trees_.model_to_string(),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Booster:
        """The model `to_state` described."""
        model = cls(**state["parameters"])
        model.classes_, model.categories_ = np.array(state["classes"]), state["categories"]
        model.signs_, model.sample_ = tuple(state["parameters"]["signs"]), state["sample"]
        model.preset_, model.tried_ = state["preset"], tuple(Tried(**each) for each in state["tried"])
        model.no_choice_ = state["no_choice"]
        model.trees_ = lgb.Booster(model_str=state["lightgbm"])
        recall_columns(model, state["columns"])
        return model

    def _predicted(self, X: Any, **kind: bool) -> np.ndarray:
        check_is_fitted(self)
        frame = checked_frame(self, X, reset=False)
        return self.trees_.predict(coded(frame, self.categories_), num_threads=self.threads, **kind)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags


def parameters(model: Booster) -> dict[str, Any]:
    """The settings all presets share, in LightGBM's words."""
    free = not any(model.signs_)
    signs = {} if free else {"monotone_constraints": list(model.signs_)}
    shared = {"feature_pre_filter": False}  # one set of data serves presets with different least leaves
    return {"objective": "binary", **shared, **signs, **reproducible(model.seed, model.threads)}


def reproducible(seed: int, threads: int) -> dict[str, Any]:
    """Settings under which LightGBM gives the same bits on every run and any number of threads, and says nothing."""
    return {
        "seed": seed,
        "num_threads": threads,
        "deterministic": True,
        "force_col_wise": True,  # by rows, each thread sums a part of them, and the bits depend on how many there are
        "verbosity": -1,
    }


def _dataset(model: Booster, sample: Sample, common: dict[str, Any]) -> lgb.Dataset:
    values = coded(sample.frame, model.categories_)
    options = {"weight": sample.weight, "categorical_feature": places_of(model), "free_raw_data": False}
    return lgb.Dataset(values, sample.y, params=common, **options)


def _obligors(groups: Any) -> Any:
    if groups is not None and is_datetime64_any_dtype(np.asarray(groups)):
        raise Misuse("groups: found dates, expected the obligor of each row; dates are given as `dates`")
    return groups


def places_of(model: Any) -> list[int]:
    """Positions of the fitted model's columns of text."""
    return [i for i, name in enumerate(names(model)) if name in model.categories_]


def signs_of(model: Any) -> tuple[int, ...]:
    """The sign each of the fitted model's columns is held to; refused where `signs` doesn't fit the columns."""
    known = names(model)
    given = model.signs if isinstance(model.signs, Mapping) else dict(zip(known, model.signs or ()))
    if model.signs is not None and not isinstance(model.signs, Mapping) and len(model.signs) != len(known):
        raise Misuse(f"signs: found {len(model.signs)}, expected {len(known)}, one per column")
    if strange := sorted(set(given) - set(known)):
        raise Misuse(f"signs: found no columns {strange} in X; it has {known}")
    if text := sorted(name for name, sign in given.items() if sign and name in model.categories_):
        raise Misuse(f"signs: found a sign for {text}, which hold text; expected one for numbers only")
    return tuple(int(given.get(name, 0)) for name in known)
