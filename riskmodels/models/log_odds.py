"""What every good/bad model has in common: probabilities and the likelier class follow from the log-odds of bad."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags


class LogOddsModel(ClassifierMixin, BaseEstimator):
    """A classifier of two classes, `classes_` with bad last, by its `decision_function`; values may be missing."""

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities of good and of bad: n x 2."""
        bad = expit(self.decision_function(X))
        return np.column_stack([1 - bad, bad])

    def predict(self, X: Any) -> np.ndarray:
        """The likelier class of each row."""
        bad = self.decision_function(X) > 0
        return self.classes_[bad.astype(int)]

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags
