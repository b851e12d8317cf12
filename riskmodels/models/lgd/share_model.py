"""What every model of a share in [0, 1] tells scikit-learn of itself."""

from __future__ import annotations

from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils import Tags


class ShareModel(RegressorMixin, BaseEstimator):
    """A regressor whose target is a share; values may be missing."""

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.regressor_tags.poor_score = True  # its checks score targets that are no shares
        return tags
