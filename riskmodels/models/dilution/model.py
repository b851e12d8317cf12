"""The dilution rate of a pair by its features: a fractional logit, weighed against the pair's own record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_is_fitted

from riskmodels.models.dilution.shrinkage import POOLED, Floats, beta_interval
from riskmodels.models.inputs import SampleError, checked_frame, columns_state, recall_columns
from riskmodels.models.lgd.fractional import FractionalLGD
from riskmodels.models.lgd.sample import checked_shares
from riskmodels.models.lgd.share_model import ShareModel


class DilutionModel(ShareModel):
    """Expected dilution rate by fractional response, and how far rates of pairs scatter around it.

    `predict` is what a pair of such features dilutes; `posterior` draws it to the pair's own record, by its effective
    invoices against `prior_size_`, those that the model's word counts for (a beta-binomial around the model's rate).

    Parameters
    ----------
    outside : what becomes of a rate beyond [0, 1]: refuse, or clip (credits above the invoice are errors or set-off).
    """

    def __init__(self, outside: str = "refuse") -> None:
        self.outside = outside

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None, trials: ArrayLike | None = None
    ) -> DilutionModel:
        """Fit on rates y with what was invoiced as weight; `groups` names each row's client, for errors.

        `trials` are the effective invoices behind each rate (n), as `pair_rates` gives them; without, the scatter isn't
        estimated and `posterior` is the prediction.
        """
        sample = checked_shares(self, X, y, sample_weight, groups)
        self.response_ = FractionalLGD().fit(sample.frame, sample.y, sample.weight, sample.groups)
        self.prior_size_ = POOLED
        if trials is not None:
            told = _checked_trials(trials, len(X))
            terms = len(self.response_.fit_.estimates)
            self.prior_size_ = prior_size(sample.y, self.response_.predict(sample.frame), told[sample.used], terms)
        self.sample_ = sample.described()
        return self

    def predict(self, X: Any) -> Floats:
        """Expected dilution rate of each row by its features alone."""
        check_is_fitted(self)
        return self.response_.predict(checked_frame(self, X, reset=False))

    def posterior(self, X: Any, rate: ArrayLike, trials: ArrayLike, confidence: float = 0.95) -> pd.DataFrame:
        """`rate`, `low` and `high` of each row, by its features, its own rate and the invoices that rests on."""
        expected, told = self.predict(X), _checked_trials(trials, len(X))
        own = np.asarray(rate, dtype=float)
        if own.shape != expected.shape or not ((own >= 0) & (own <= 1)).all():
            raise SampleError("rate: found values outside [0, 1] or not one per row, expected the share credited")
        size = self.prior_size_ + told
        found = (self.prior_size_ * expected + told * own) / size
        low, high = beta_interval(found, found * (1 - found) / (size + 1), confidence)
        index = X.index if isinstance(X, pd.DataFrame) else None
        return pd.DataFrame({"rate": found, "low": low, "high": high}, index=index)

    def summary(self) -> pd.DataFrame:
        """The coefficients, as `FractionalLGD.summary` gives them."""
        check_is_fitted(self)
        return self.response_.summary()

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        return {**self.response_.card(), "model": "dilution", "prior_size": self.prior_size_, **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same model."""
        check_is_fitted(self)
        return {
            "parameters": self.get_params(),
            "columns": columns_state(self),
            "response": self.response_.to_state(),
            "prior_size": self.prior_size_,
            "sample": self.sample_,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> DilutionModel:
        """The model `to_state` described."""
        model = cls(**state["parameters"])
        model.response_, model.sample_ = FractionalLGD.from_state(state["response"]), state["sample"]
        model.prior_size_ = float(state["prior_size"])
        recall_columns(model, state["columns"])
        return model


def prior_size(rate: Floats, expected: Floats, trials: Floats, terms: int) -> float:
    """Invoices that the expected rate counts for, by moments: 1 / (size + 1) = excess of chi2 / sum of trials.

    chi2 = sum n (r - m)^2 / (m (1 - m)) is rows - terms if pairs differ by chance only; POOLED then.
    """
    pearson = (trials * (rate - expected) ** 2 / (expected * (1 - expected))).sum()
    excess = (pearson - ((trials > 0).sum() - terms)) / max(trials.sum(), 1e-300)
    return float(np.clip(1 / excess - 1, 0.0, POOLED)) if excess > 0 else POOLED


def _checked_trials(trials: ArrayLike, rows: int) -> Floats:
    told = np.asarray(trials, dtype=float)
    if told.shape != (rows,) or not (np.isfinite(told) & (told >= 0)).all():
        raise SampleError(f"trials: found {told.shape} values or some missing or below 0, expected {rows}, one per row")
    return told
