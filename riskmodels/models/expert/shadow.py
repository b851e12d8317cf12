"""The shadow rating: what an agency's grade would be, from drivers, learnt on the obligors an agency has graded."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit, softmax
from scipy.stats import norm
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.expert.drivers import Form, form_from, form_of, form_state
from riskmodels.models.inputs import (
    SampleError,
    checked_frame,
    columns_state,
    fingerprint,
    names,
    recall_columns,
    same_length,
)
from riskmodels.models.scorecard.firth import intercept_for


class ShadowRating(ClassifierMixin, BaseEstimator):
    """The external grade of an obligor, and the PD that goes with it, by regression on standardised drivers.

    The log-odds of each grade's long-run default rate are regressed on the drivers; the grade whose log-odds lie
    nearest is given, and the internal PD needs no default of one's own.

    Parameters
    ----------
    scale : long-run default rate of each external grade; None when only their order is known: grades then are
        numbers or words in sorted order, best first, one notch apart, and there is no PD.
    """

    def __init__(self, scale: Mapping[Any, float] | None = None) -> None:
        self.scale = scale

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> ShadowRating:
        """Fit to external grades y (n,); errors are robust to clusters of rows of one obligor, `groups`."""
        frame = checked_frame(self, X, reset=True)
        grades = column_or_1d(y, warn=True)
        check_classification_targets(grades)
        same_length(frame, y=grades, **({} if groups is None else {"groups": groups}))
        weight = _check_sample_weight(sample_weight, frame, dtype=np.float64, ensure_non_negative=True)
        used = weight > 0
        self.classes_, self.targets_ = _ladder(self.scale, grades[used])
        self.forms_: dict[str, Form] = {name: form_of(frame.loc[used, name], weight[used]) for name in frame.columns}
        target = self.targets_[_places(self.classes_, grades[used])]
        clusters = None if groups is None else np.asarray(groups)[used]
        self.theta_, self.covariance_ = _regressed(_design(self, frame[used]), target, weight[used], clusters)
        self._settle(_design(self, frame[used]) @ self.theta_, target, weight[used])
        self.sample_ = _described(frame[used], target, weight[used], clusters)
        return self

    def _settle(self, line: np.ndarray, target: np.ndarray, weight: np.ndarray) -> None:
        """Spread of grades about the line, and the shift at which the mean PD is that of the external grades."""
        spread = float(np.sqrt(np.average((target - line) ** 2, weights=weight)))
        self.spread_ = max(spread, 1e-3 * float(np.ptp(self.targets_)))
        rate = float(np.average(expit(target), weights=weight))
        self.shift_ = float("nan") if self.scale is None else intercept_for(line, rate, weight)

    def decision_line(self, X: Any) -> np.ndarray:
        """The line (n,) on the scale of the grades: log-odds of default, or places when no rates were given."""
        check_is_fitted(self)
        return _design(self, checked_frame(self, X, reset=False)) @ self.theta_

    def internal_pd(self, X: Any) -> np.ndarray:
        """PD of each row (n,); its mean over the fitted sample is that of the external grades."""
        line = self.decision_line(X)
        if self.scale is None:
            raise Misuse("scale: found no default rates of grades, expected one per grade; without them there is no PD")
        return expit(line + self.shift_)

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probability of each grade of `classes_`: n x K; normal about the line, grades alike beforehand."""
        off = self.decision_line(X)[:, None] - self.targets_
        return softmax(-((off / self.spread_) ** 2) / 2, axis=1)

    def predict(self, X: Any) -> np.ndarray:
        """The nearest grade of each row."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return self.classes_[likeliest]

    def places(self, grades: Any) -> np.ndarray:
        """Place of each grade in the scale (n,), 0 the best, for `rank_agreement`."""
        check_is_fitted(self)
        return _places(self.classes_, np.asarray(grades))

    def summary(self) -> pd.DataFrame:
        """One row per term: estimate (per standard deviation), standard error, 95 % interval, p value."""
        check_is_fitted(self)
        error = np.sqrt(np.diag(self.covariance_))
        columns = {
            _("term"): [_("intercept"), *self.forms_],
            _("estimate"): self.theta_,
            _("standard error"): error,
            _("low"): self.theta_ - norm.ppf(0.975) * error,
            _("high"): self.theta_ + norm.ppf(0.975) * error,
            _("p value"): 2 * norm.sf(np.abs(self.theta_) / np.maximum(error, 1e-300)),
        }
        return pd.DataFrame(columns)

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        kind = {"model": "shadow rating", "grades": self.classes_.tolist(), "drivers": names(self)}
        return {**kind, "spread": self.spread_, **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same rating."""
        check_is_fitted(self)
        arrays = {key: getattr(self, key).tolist() for key in ("targets_", "theta_", "covariance_")}
        scale = None if self.scale is None else [[grade, float(rate)] for grade, rate in self.scale.items()]
        numbers = {"spread_": self.spread_, "shift_": None if self.scale is None else self.shift_}
        forms = {name: form_state(form) for name, form in self.forms_.items()}
        classes = self.classes_.tolist()
        return {
            **arrays,
            **numbers,
            "scale": scale,
            "classes": classes,
            "forms": forms,
            "columns": columns_state(self),
            "sample": self.sample_,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> ShadowRating:
        """The rating `to_state` described."""
        rating = cls(scale=None if state["scale"] is None else dict(map(tuple, state["scale"])))
        for key in ("targets_", "theta_", "covariance_"):
            setattr(rating, key, np.array(state[key], dtype=float))
        rating.spread_ = state["spread_"]
        rating.shift_ = float("nan") if state["shift_"] is None else state["shift_"]
        rating.classes_, rating.sample_ = np.array(state["classes"]), state["sample"]
        rating.forms_ = {name: form_from(form) for name, form in state["forms"].items()}
        recall_columns(rating, state["columns"])
        return rating

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.poor_score = True  # grades lie on a line; the checks' three clouds don't
        return tags


def _ladder(scale: Mapping[Any, float] | None, grades: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Grades, best first, and the place of each on the scale of the line."""
    found = np.unique(grades)
    if len(found) < 2:
        raise SampleError(f"y: found {len(found)} class of grades among rows with weight, expected two or more")
    if scale is None:
        return found, np.arange(len(found), dtype=float)
    rates = np.array(list(scale.values()), dtype=float)
    if len(set(rates.tolist())) < len(rates) or not ((rates > 0) & (rates < 1)).all():
        raise Misuse(f"scale: found default rates {rates.tolist()}, expected different ones strictly between 0 and 1")
    if strange := sorted(set(found.tolist()) - set(scale)):
        raise SampleError(f"y: found grades {strange} that the scale doesn't have; it has {list(scale)}")
    order = np.argsort(rates)
    return np.array(list(scale))[order], logit(rates[order])


def _places(classes: np.ndarray, grades: np.ndarray) -> np.ndarray:
    place = {grade: i for i, grade in enumerate(classes.tolist())}
    if strange := sorted({g for g in grades.tolist() if g not in place}):
        raise SampleError(f"grades: found {strange}, expected some of {classes.tolist()}")
    return np.array([place[grade] for grade in grades.tolist()], dtype=int)


def _design(rating: ShadowRating, frame: pd.DataFrame) -> np.ndarray:
    units = (form.units(frame[name]) for name, form in rating.forms_.items())
    return np.column_stack([np.ones(len(frame)), *units])


def _regressed(
    design: np.ndarray, target: np.ndarray, weight: np.ndarray, groups: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Least squares with weights as counts: coefficients and covariance, robust to clusters when there are groups."""
    from statsmodels.genmod.families import Gaussian
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools import sm_exceptions as warned

    clusters = {} if groups is None else {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(groups)[0]}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", warned.SpecificationWarning)  # clusters of weighted rows
        warnings.simplefilter("ignore", warned.SingularMatrixWarning)  # an empty column: its coefficient is 0
        warnings.simplefilter("ignore", warned.PerfectSeparationWarning)  # grades exactly on the line
        warnings.simplefilter("ignore", RuntimeWarning)  # no rows to spare: the errors are nan, and are shown so
        fit = GLM(target, design, family=Gaussian(), freq_weights=weight).fit(**clusters)
        return np.asarray(fit.params), np.asarray(fit.cov_params())


def _described(frame: pd.DataFrame, target: np.ndarray, weight: np.ndarray, groups: Any) -> dict[str, Any]:
    clusters = None if groups is None else len(pd.unique(groups))
    figures = {"rows": len(frame), "weight": float(weight.sum()), "clusters": clusters}
    return {**figures, "sample_sha256": fingerprint(frame, target, weight)}
