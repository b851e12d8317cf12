"""The challenger: LightGBM with the signs the trade expects, the same bits on every run."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.boosting.choice import Tried, inner_folds, tried
from riskmodels.models.boosting.presets import AUTO, PRESETS, candidates
from riskmodels.models.boosting.trees import BoostedTrees, dataset, settings, signs_of
from riskmodels.models.coding import categories
from riskmodels.models.inputs import checked_sample, columns_state, names, recall_columns
from riskmodels.models.log_odds import LogOddsModel
from riskmodels.models.panel.rows import origins_of

_log = logging.getLogger(__name__)


class Booster(BoostedTrees, LogOddsModel):
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
        # one set of data serves presets with different least leaves
        common = settings(self, "binary", feature_pre_filter=False)
        data = dataset(self, sample, common)
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


def _obligors(groups: Any) -> Any:
    if groups is not None and is_datetime64_any_dtype(np.asarray(groups)):
        raise Misuse("groups: found dates, expected the obligor of each row; dates are given as `dates`")
    return groups
