"""Drawings of report figures: `f(frame, *, ax) -> Axes`, one theme, no global state."""

from riskmodels.reporting.figures.acceptance import profit
from riskmodels.reporting.figures.bars import ageing, bridge, concentration, exclusions, importance, psi
from riskmodels.reporting.figures.curves import (
    cohorts,
    over_time,
    recalibrated,
    reliability,
    roc,
    score_distribution,
    strip,
)
from riskmodels.reporting.figures.development import cures, maturation, roll_rates, score_bands
from riskmodels.reporting.figures.features import heat, intervals, likeness, quartiles, rates
from riskmodels.reporting.figures.forecasts import bucket_forecast
from riskmodels.reporting.figures.losses import cover, dilution_months, forest, recovery, tenths
from riskmodels.reporting.figures.migration import default_curves, default_rates, tier_moves, transitions
from riskmodels.reporting.figures.monitoring import key_series
from riskmodels.reporting.figures.overdue import cash_weeks, delay_reasons
from riskmodels.reporting.figures.payments import endings, payment_curve, young
from riskmodels.reporting.figures.quality import fullness, lateness, months
from riskmodels.reporting.figures.theme import draw, theme, to_svg

__all__ = [
    "ageing",
    "bridge",
    "bucket_forecast",
    "cash_weeks",
    "cohorts",
    "concentration",
    "cover",
    "cures",
    "default_curves",
    "default_rates",
    "delay_reasons",
    "dilution_months",
    "draw",
    "endings",
    "exclusions",
    "forest",
    "fullness",
    "heat",
    "importance",
    "intervals",
    "key_series",
    "lateness",
    "likeness",
    "maturation",
    "months",
    "over_time",
    "payment_curve",
    "profit",
    "psi",
    "quartiles",
    "rates",
    "recalibrated",
    "recovery",
    "reliability",
    "roc",
    "roll_rates",
    "score_bands",
    "score_distribution",
    "strip",
    "tenths",
    "theme",
    "tier_moves",
    "to_svg",
    "transitions",
    "young",
]
