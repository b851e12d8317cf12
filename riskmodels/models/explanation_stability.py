"""Whether a model's explanations would stand had other obligors been drawn: importance, directions, reasons.

A model is fitted again on samples of whole obligors, and each refit explains the same rows. What differs between
refits is luck of the sample, and no reason to give anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, spearmanr
from sklearn.base import clone

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.explain import BASE, raising
from riskmodels.models.inputs import same_length
from riskmodels.models.panel.folds import obligor_folds
from riskmodels.models.panel.rows import bads_of, obligors_of

REFITS = 20


@dataclass(frozen=True)
class ExplanationStability:
    """How far the refits agree with the model fitted on all rows.

    drivers : one row per column, most important first: feature, share of importance, low and high (95 % of refits),
        sign of its effect (0 for categories, which have no order), share of refits with the same sign.
    ranks : one row per refit: Kendall's tau-b and Spearman's rho of its importances with the full model's.
    spread : rows x columns: standard deviation of each contribution over the refits, in log-odds.
    same_reasons : per row, the share of refits that name the same leading reasons as the full model.
    """

    drivers: pd.DataFrame
    ranks: pd.DataFrame
    spread: pd.DataFrame
    same_reasons: pd.Series

    def summary(self) -> pd.DataFrame:
        """One row per measure of agreement: its mean over refits, drivers or rows; 1 is perfect, spread aside."""
        measures = {
            _("rank agreement of importance (Kendall)"): self.ranks["kendall"].mean(),
            _("rank agreement of importance (Spearman)"): self.ranks["spearman"].mean(),
            _("sign agreement, by share of importance"): self._sign_agreement(),
            _("rows whose reasons stay the same"): self.same_reasons.mean(),
            _("standard deviation of a contribution (log-odds)"): self.spread.to_numpy().mean(),
        }
        return pd.DataFrame({_("measure"): list(measures), _("value"): list(measures.values())})

    def _sign_agreement(self) -> float:
        agreement, share = self.drivers[_("sign agreement")], self.drivers[_("share")]
        return float(np.average(agreement, weights=share)) if share.sum() else float("nan")


@dataclass(frozen=True)
class _View:
    """What one fit says: importance and sign of each column, contributions and named reasons of the rows."""

    size: np.ndarray
    sign: np.ndarray
    parts: np.ndarray
    reasons: np.ndarray


def explanation_stability(
    model: Any,
    X: pd.DataFrame,
    y: Any,
    groups: Any = None,
    rows: pd.DataFrame | None = None,
    samples: Iterable[np.ndarray] | None = None,
    top: int = 3,
    seed: int = 0,
    by_row: Mapping[str, Any] | None = None,
) -> ExplanationStability:
    """How stable the explanations of a `Scorecard` or `Booster` are; the model is cloned, never changed.

    `groups` names each row's obligor (each row its own without). `rows` are those whose reasons are compared, all
    of X by default. `samples` give the positions of the rows of each refit: `bootstrap_samples` by default, or
    `fold_samples`. `top` is the number of reasons. `by_row` is what else the model's `fit` is given for each
    row, such as its `cohorts`.
    """
    same_length(X, y=y)
    obligor = np.arange(len(X)) if groups is None else obligors_of(groups, len(X))
    if samples is None:
        samples = bootstrap_samples(bads_of(y), obligor, REFITS, seed)
    shown = X if rows is None else rows
    told = {"groups": obligor, **{name: np.asarray(values) for name, values in (by_row or {}).items()}}
    same_length(X, **told)
    full = _fitted(model, X, y, told, np.arange(len(X)))
    values = _orders(X, _parts(full, X))
    reference = _view(full, X, shown, values, top)
    refits = [_view(_fitted(model, X, y, told, take), X, shown, values, top) for take in samples]
    if len(refits) < 2:
        raise Misuse(f"samples: found {len(refits)}, expected two or more")
    return _compared(X, shown, reference, refits)


def bootstrap_samples(bad: np.ndarray, obligor: np.ndarray, refits: int, seed: int) -> Iterator[np.ndarray]:
    """Row positions of each refit: all rows of obligors drawn with replacement; `obligor` numbers from 0.

    Obligors ever bad and never bad are drawn apart, each as many as there are, so that no sample is without bads.
    """
    rng, ever = np.random.default_rng(seed), np.bincount(obligor, bad) > 0
    rows = np.split(np.argsort(obligor, kind="stable"), np.cumsum(np.bincount(obligor))[:-1])
    strata = [kind for kind in (np.flatnonzero(~ever), np.flatnonzero(ever)) if len(kind)]
    for _refit in range(refits):
        drawn = np.concatenate([rng.choice(kind, len(kind)) for kind in strata])
        yield np.concatenate([rows[i] for i in drawn])


def fold_samples(bad: np.ndarray, obligor: np.ndarray, n_splits: int, seed: int) -> Iterator[np.ndarray]:
    """Row positions of each refit: all but one fold of obligors; `obligor` numbers from 0."""
    return (learn for learn, _test in obligor_folds(bad, obligor, n_splits, seed))


def share_intervals(drivers: pd.DataFrame, *, ax: Any, top: int = 12) -> Any:
    """Each driver's share of the importance as a dot, with the interval of the refits; the most important on top."""
    names, share, low, high = (drivers.iloc[:top, i][::-1].to_numpy() for i in range(4))
    places = np.arange(len(names))
    ax.hlines(places, low, high)
    ax.plot(share, places, "o")
    ax.set_yticks(places, names, parse_math=False)
    ax.xaxis.set_major_formatter(lambda value, _place: f"{value:.0%}")
    ax.set_xlabel(_("share of importance, with the range of 95 % of refits"))
    title = _("{name} carries {share:.0%} of the model, {low:.0%} to {high:.0%} in refits")
    ax.set_title(title.format(name=names[-1], share=share[-1], low=low[-1], high=high[-1]), parse_math=False)
    return ax


def _fitted(model: Any, X: pd.DataFrame, y: Any, told: Mapping[str, np.ndarray], take: np.ndarray) -> Any:
    by_row = {name: values[take] for name, values in told.items()}
    return clone(model).fit(X.iloc[take], np.asarray(y)[take], **by_row)


def _parts(fitted: Any, X: pd.DataFrame) -> pd.DataFrame:
    """Contributions in the order of X's columns, 0 for those the model dropped, `base` last."""
    return fitted.contributions(X).reindex(columns=[*X.columns, BASE], fill_value=0.0)


def _orders(X: pd.DataFrame, parts: pd.DataFrame) -> np.ndarray:
    """What a contribution should move with: ranks of numbers, the full model's own contributions for categories.

    Centred, missing values at 0: n x columns.
    """
    number = pd.api.types.is_numeric_dtype
    columns = [X[name].rank() if number(X[name]) else parts[name] for name in X.columns]
    return np.column_stack([(column - column.mean()).fillna(0.0) for column in columns])


def _view(fitted: Any, X: pd.DataFrame, rows: pd.DataFrame, values: np.ndarray, top: int) -> _View:
    parts, shown = _parts(fitted, X), _parts(fitted, rows)
    inner = parts.drop(columns=BASE).to_numpy()
    sign = np.sign(((inner - inner.mean(axis=0)) * values).sum(axis=0))
    return _View(
        np.abs(inner).mean(axis=0), sign, shown.drop(columns=BASE).to_numpy(), raising(shown, parts.mean(), top)
    )


def _compared(X: pd.DataFrame, rows: pd.DataFrame, full: _View, refits: list[_View]) -> ExplanationStability:
    spread = np.std([refit.parts for refit in refits], axis=0, ddof=1)
    same = np.mean([(refit.reasons == full.reasons).all(axis=1) for refit in refits], axis=0)
    ranks = [(_tau(full.size, refit.size), _rho(full.size, refit.size)) for refit in refits]
    return ExplanationStability(
        _drivers(X, full, refits),
        pd.DataFrame(ranks, columns=["kendall", "spearman"]),
        pd.DataFrame(spread, index=rows.index, columns=X.columns),
        pd.Series(same, index=rows.index),
    )


def _drivers(X: pd.DataFrame, full: _View, refits: list[_View]) -> pd.DataFrame:
    low, high = np.quantile([_shares(refit.size) for refit in refits], [0.025, 0.975], axis=0)
    ordered = np.array([pd.api.types.is_numeric_dtype(X[name]) for name in X.columns])
    columns = {
        _("feature"): X.columns,
        _("share"): _shares(full.size),
        _("low"): low,
        _("high"): high,
        _("sign"): np.where(ordered, full.sign, 0).astype(int),
        _("sign agreement"): np.mean([refit.sign == full.sign for refit in refits], axis=0),
    }
    return pd.DataFrame(columns).sort_values(_("share"), ascending=False, ignore_index=True, kind="stable")


def _shares(size: np.ndarray) -> np.ndarray:
    return size / (size.sum() or 1.0)


def _tau(a: np.ndarray, b: np.ndarray) -> float:
    return float(kendalltau(a, b).statistic)


def _rho(a: np.ndarray, b: np.ndarray) -> float:
    return float(spearmanr(a, b).statistic)
