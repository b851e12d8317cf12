"""The buckets of days past due in which a balance is told: not due, 1-30, 31-60, 61-90, 91-180, 181-360, over 360."""

from __future__ import annotations

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

EDGES = (0, 30, 60, 90, 180, 360)
"""The last day past due of each bucket but the last."""
NAMES = (mark("not due"), "1-30", "31-60", "61-90", "91-180", "181-360", ">360")


def bucket_names() -> list[str]:
    """The buckets in order, in the language in force."""
    return [_(name) for name in NAMES]
