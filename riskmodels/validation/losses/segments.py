"""The ECB's twelve segments of LGD by name."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.models.lgd.comparison import SEGMENTS, segments

_ENDS = ("0", *(f"{100 * end:g}" for end in SEGMENTS))
NAMES = (
    *(f"{low}\N{EN DASH}{high}%" for low, high in pairwise(_ENDS)),
    "\N{GREATER-THAN OR EQUAL TO}100%",
)
"""0-5, 5-10, 10-20 ... 90-100 %, and 100 % or more."""


def segment_names(share: ArrayLike) -> pd.Series:
    """The name of the segment of each share (n,), in the order of the segments."""
    return pd.Series(
        pd.Categorical.from_codes(segments(np.asarray(share, float)), categories=pd.Index(NAMES), ordered=True)
    )
