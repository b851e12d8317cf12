"""A made portfolio of 300 obligors with about a dozen defaults whose truth is known, for the worked example and tests.

Four drivers; the log-odds of default are level + TRUTH' units, units as in `DRIVERS`, the level set so that 12
defaults are expected. Agencies grade the first 120 obligors by the true log-odds and an error of their own of 0.7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from riskmodels.core.text import gettext as _
from riskmodels.models.expert.drivers import Driver, Standard
from riskmodels.models.expert.hybrid import HybridScorecard, design, limits
from riskmodels.models.scorecard.firth import firth, intercept_for

DRIVERS = (
    Driver("late_share", 1, Standard(0.20, 0.12)),
    Driver("leverage", 1, Standard(0.60, 0.15)),
    Driver("current_ratio", -1, Standard(1.40, 0.45)),
    Driver("years_known", -1, Standard(8.0, 4.0)),
)
ORDER = ("late_share >= leverage >= current_ratio >= years_known",)
TRUTH = np.array([0.8, 0.5, 0.4, 0.2])
OBLIGORS, EXPECTED, GRADED = 300, 12, 120
SCALE = {"A": 0.005, "BBB": 0.01, "BB": 0.02, "B": 0.04, "CCC": 0.08, "CC": 0.16, "C": 0.32}


@dataclass(frozen=True)
class FewDefaults:
    """Drivers (n rows), outcomes (n,), 1 = default, true PDs (n,), the true level, external grades or None."""

    frame: pd.DataFrame
    outcome: np.ndarray
    true_pd: np.ndarray
    level: float
    external: np.ndarray


def drawn(seed: int) -> FewDefaults:
    """One portfolio of the truth above; the number of defaults varies from seed to seed."""
    rng = np.random.default_rng(seed)
    latent = 0.9 * rng.standard_normal((OBLIGORS, 4)) + 0.4 * rng.standard_normal((OBLIGORS, 1))
    frame = pd.DataFrame({d.name: _raw(d, latent[:, i]) for i, d in enumerate(DRIVERS)})
    index = true_units(frame) @ TRUTH
    level = intercept_for(index, EXPECTED / OBLIGORS)
    external = _graded(level + index + 0.7 * rng.standard_normal(OBLIGORS))
    external[GRADED:] = None
    true_pd = expit(level + index)
    return FewDefaults(frame, (rng.random(OBLIGORS) < true_pd).astype(int), true_pd, level, external)


def worked_example() -> FewDefaults:
    """The first portfolio, by seed, that has exactly 12 defaults."""
    return next(book for seed in range(1000) if (book := drawn(seed)).outcome.sum() == EXPECTED)


def true_units(frame: pd.DataFrame) -> np.ndarray:
    """Risk units (n x 4) of the drivers, more is worse."""
    return np.column_stack([(d.sign or 1) * d.form.units(frame[d.name]) for d in DRIVERS if d.form is not None])


def _raw(driver: Driver, latent: np.ndarray) -> np.ndarray:
    """Values of a driver in its own unit, never negative."""
    form = driver.form
    if not isinstance(form, Standard):
        raise TypeError(f"{driver.name}: the example's drivers are standardised")
    return np.maximum(form.typical + (driver.sign or 1) * form.spread * latent, 0.0)


def _graded(log_odds: np.ndarray) -> np.ndarray:
    rates = logit(np.array(list(SCALE.values())))
    nearest = np.abs(log_odds[:, None] - rates).argmin(axis=1)
    return np.array(list(SCALE), dtype=object)[nearest]


def compared(book: FewDefaults, card: HybridScorecard) -> pd.DataFrame:
    """Truth beside the plain logit, Firth's and the hybrid: a row per model and driver, at the card's confidence."""
    units, confidence = design(card, book.frame)[:, 1:], card.confidence
    penalised = firth(units, book.outcome, confidence=confidence)
    slopes = [penalised.estimates[1:], penalised.low[1:], penalised.high[1:]]
    low, high = limits(card.draws_, card.theta_, confidence)
    found = {
        _("plain logit"): _plain(units, book.outcome, confidence),
        _("Firth's logit"): slopes,
        _("hybrid"): [card.theta_[1:], low[1:], high[1:]],
    }
    columns = (_("driver"), _("truth"), _("estimate"), _("low"), _("high"))
    tables = {m: pd.DataFrame(dict(zip(columns, (card.elicited_.names, TRUTH, *v)))) for m, v in found.items()}
    return pd.concat(tables, names=[_("model")]).reset_index(level=0)


def _plain(units: np.ndarray, outcome: np.ndarray, confidence: float) -> list[np.ndarray]:
    """Coefficients of maximum likelihood and the ends of Wald's intervals."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    fit = GLM(outcome, np.column_stack([np.ones(len(units)), units]), family=Binomial()).fit()
    return [np.asarray(fit.params)[1:], *np.asarray(fit.conf_int(1 - confidence))[1:].T]
