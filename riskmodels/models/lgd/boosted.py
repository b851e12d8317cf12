"""The share lost by boosted trees: LightGBM's cross-entropy of a target in [0, 1], the same bits on every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm as lgb
import numpy as np
from sklearn.utils.validation import check_is_fitted

from riskmodels.models.boosting.trees import BoostedTrees, dataset, settings, signs_of
from riskmodels.models.coding import categories
from riskmodels.models.inputs import columns_state, names, recall_columns
from riskmodels.models.lgd.sample import ShareSample, checked_shares
from riskmodels.models.lgd.share_model import ShareModel
from riskmodels.models.rounds import ENOUGH, boosted, inner_holdout

SIZES = ("learning_rate", "num_leaves", "min_child_samples", "reg_lambda")


class BoostedLGD(BoostedTrees, ShareModel):
    """Expected share in [0, 1], such as an LGD, from boosted trees, monotone where a sign is expected.

    Parameters
    ----------
    signs : +1 (more loses more), -1 or 0 (free): a dict by column, 0 for the others, or one per column.
    outside : what becomes of a target beyond [0, 1]: refuse, or clip.
    max_rounds, patience, holdout : at most so many trees; early stopping that long after the best round on the
        held-out share, by whole obligors or the latest dates when `fit` is given groups, else at random within those
        above and those not above the mean. All rows are then fitted with the best number of rounds. `rounds` trees
        are taken when the sample is too small to hold out.
    learning_rate, num_leaves, min_child_samples, reg_lambda : LightGBM's own, set for samples of some thousands.
    seed, threads : the same seed gives the same bits, on any number of threads.
    """

    def __init__(
        self,
        signs: Mapping[str, int] | Sequence[int] | None = None,
        outside: str = "refuse",
        max_rounds: int = 600,
        rounds: int = 100,
        patience: int = 50,
        holdout: float = 0.2,
        learning_rate: float = 0.05,
        num_leaves: int = 7,
        min_child_samples: int = 20,
        reg_lambda: float = 1.0,
        seed: int = 0,
        threads: int = 1,
    ) -> None:
        self.signs = signs
        self.outside = outside
        self.max_rounds = max_rounds
        self.rounds = rounds
        self.patience = patience
        self.holdout = holdout
        self.learning_rate = learning_rate
        self.num_leaves = num_leaves
        self.min_child_samples = min_child_samples
        self.reg_lambda = reg_lambda
        self.seed = seed
        self.threads = threads

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> BoostedLGD:
        """Choose the number of trees on held-out rows, then fit them on all.

        `groups` names each row's obligor, or its date (datetime64), for the inner split.
        """
        sample = checked_shares(self, X, y, sample_weight, groups)
        self.categories_ = categories(sample.frame)
        self.signs_ = signs_of(self)
        asked = settings(self, "cross_entropy", **{name: getattr(self, name) for name in SIZES})
        data, held = dataset(self, sample, asked), _held_out(self, sample)
        self.trees_ = boosted(asked, data, held, self.max_rounds, self.rounds, self.patience)
        self.sample_ = sample.described()
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Expected share of each row."""
        return self._predicted(X)

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        signs = dict(zip(names(self), self.signs_))
        return {"model": "boosted_share", "trees": self.trees_.num_trees(), "signs": signs, **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values, and the trees as text under `lightgbm`, that `from_state` turns back into the same model."""
        check_is_fitted(self)
        return {
            "parameters": {**self.get_params(), "signs": list(self.signs_)},
            "columns": columns_state(self),
            "categories": self.categories_,
            "sample": self.sample_,
            "lightgbm": self.trees_.model_to_string(),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> BoostedLGD:
        """The model `to_state` described."""
        model = cls(**state["parameters"])
        model.categories_, model.sample_ = state["categories"], state["sample"]
        model.signs_ = tuple(state["parameters"]["signs"])
        model.trees_ = lgb.Booster(model_str=state["lightgbm"])
        recall_columns(model, state["columns"])
        return model


def _held_out(model: BoostedLGD, sample: ShareSample) -> np.ndarray:
    """Rows to choose the number of trees on; none where those above the mean or the others are too few to be split."""
    high = (sample.y > np.average(sample.y, weights=sample.weight)).astype(float)
    if min(high.sum(), len(high) - high.sum()) < 2 * ENOUGH:
        return np.zeros(len(high), dtype=bool)
    return inner_holdout(high, sample.groups, model.holdout, model.seed)
