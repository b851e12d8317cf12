"""The share lost by a fractional logit: one equation, readable coefficients, errors clustered by obligor."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import checked_frame, columns_state, recall_columns
from riskmodels.models.lgd.design import Design, design
from riskmodels.models.lgd.quasi import QuasiFit, fit_quasi
from riskmodels.models.lgd.sample import ShareSample, checked_shares
from riskmodels.models.lgd.share_model import ShareModel


class FractionalLGD(ShareModel):
    """Expected share in [0, 1], such as an LGD, by fractional response: a logit of the share itself.

    Numbers are standardised with their tails drawn in, missing ones are the mean with a flag, categories are flags; a
    column that others already give is left out. An unseen category is the average one.

    Parameters
    ----------
    outside : what becomes of a target beyond [0, 1]: refuse, or clip (a loss above the exposure is modelled as whole).
    """

    def __init__(self, outside: str = "refuse") -> None:
        self.outside = outside

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> FractionalLGD:
        """Fit on shares y; `groups` names each row's obligor: errors are then robust to dependence inside obligors."""
        self._take(checked_shares(self, X, y, sample_weight, groups))
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Expected share of each row."""
        columns = self._columns(X)
        return expit(self.fit_.log_odds(columns))

    def interval(self, X: Any, confidence: float = 0.95) -> pd.DataFrame:
        """`low` and `high` of the expected share of each row, by the error of its log-odds; not of a single outcome."""
        columns = self._columns(X)
        middle, half = self.fit_.log_odds(columns), norm.ppf(0.5 + confidence / 2) * self.fit_.deviation(columns)
        index = X.index if isinstance(X, pd.DataFrame) else None
        return pd.DataFrame({"low": expit(middle - half), "high": expit(middle + half)}, index=index)

    def summary(self) -> pd.DataFrame:
        """One row per term: estimate (log-odds per standard deviation or flag), error, 95 % interval, p value, and the
        mean change of the share; without errors when these mean nothing."""
        check_is_fitted(self)
        fit, terms = self.fit_, self.design_.names()
        error = np.sqrt(np.diag(fit.covariance)) if fit.trusted else np.full(len(fit.estimates), np.nan)
        columns = {
            _("term"): [_("intercept"), *(terms[i] for i in fit.columns)],
            _("estimate"): fit.estimates,
            _("standard error"): error,
            _("low"): fit.estimates - norm.ppf(0.975) * error,
            _("high"): fit.estimates + norm.ppf(0.975) * error,
            _("p value"): 2 * norm.sf(np.abs(fit.estimates / np.where(error > 0, error, np.nan))),
            _("change of the share"): [np.nan, *(fit.slope * fit.estimates[1:])],
        }
        return pd.DataFrame(columns)

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        terms = self.design_.names()
        left_out = [name for i, name in enumerate(terms) if i not in self.fit_.columns]
        return {"model": "fractional", "left_out": left_out, "errors_trusted": self.fit_.trusted, **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same model."""
        check_is_fitted(self)
        return {
            "parameters": self.get_params(),
            "columns": columns_state(self),
            "design": self.design_.to_state(),
            "fit": self.fit_.to_state(),
            "sample": self.sample_,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> FractionalLGD:
        """The model `to_state` described."""
        model = cls(**state["parameters"])
        model.design_, model.fit_ = Design.from_state(state["design"]), QuasiFit.from_state(state["fit"])
        model.sample_ = state["sample"]
        recall_columns(model, state["columns"])
        return model

    def _take(self, sample: ShareSample) -> None:
        self.design_ = design(sample.frame, sample.weight)
        self.fit_ = fit_quasi(self.design_.transform(sample.frame), sample.y, sample.weight, sample.groups)
        self.sample_ = sample.described()

    def _columns(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        return self.design_.transform(checked_frame(self, X, reset=False))
