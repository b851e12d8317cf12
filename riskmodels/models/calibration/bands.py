"""A rating scale's bounds told in points: which score parts which grades."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import logit

from riskmodels.core.scale import RatingScale
from riskmodels.core.text import gettext as _
from riskmodels.models.calibration.record import Calibration
from riskmodels.models.scorecard.points import Scale


def score_bounds(scale: RatingScale, points: Scale, calibration: Calibration | None = None) -> np.ndarray:
    """The score at each of the K - 1 PD bounds, falling; one above the first is in the best grade.

    score = offset - factor x logit(p), where p is the PD bound, or the card's own probability that `calibration` turns
    into it. A card of whole points comes as near as its rounding allows.
    """
    p = np.array(scale.bounds) if calibration is None else calibration.reached(scale.bounds)
    return points.offset - points.factor * np.asarray(logit(p))


def score_bands(scale: RatingScale, points: Scale, calibration: Calibration | None = None) -> pd.DataFrame:
    """The scale's table with the scores between which each grade lies, above `score from`, up to `score to`."""
    bounds = score_bounds(scale, points, calibration)
    ends = {_("score from"): np.append(bounds, -np.inf), _("score to"): np.append(np.inf, bounds)}
    return scale.table().assign(**ends)
