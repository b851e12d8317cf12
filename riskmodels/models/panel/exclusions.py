"""What a sample leaves out, row by row counted with its reason, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.dates import parse_date
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import SampleError
from riskmodels.models.panel.rows import later, origins_of

Steps = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Waterfall:
    """Rows kept (one boolean per row), and how it came to that: a table with one line per reason.

    Table columns: step, rows and obligors left out by it, rows and obligors left after it.
    """

    kept: np.ndarray
    table: pd.DataFrame

    @property
    def left_out(self) -> int:
        """Number of rows left out by all steps together."""
        return int((~self.kept).sum())


def exclusions(frame: pd.DataFrame, steps: Steps, obligor: str = "obligor") -> Waterfall:
    """Rows that no step leaves out, and the waterfall of reasons.

    `steps` are pairs of a reason and the rows it leaves out (one boolean per row), in the order they are applied: a
    row counts for the first reason that meets it, so the counts add up. An obligor is left out by the step that takes
    its last row.
    """
    if obligor not in frame:
        raise SampleError(f"frame: found no column {obligor!r}, expected it to name each row's obligor")
    kept = np.ones(len(frame), dtype=bool)
    rows = [(_("all rows"), 0, 0, *_counts(frame, kept, obligor))]
    for reason, out in steps:
        before = _counts(frame, kept, obligor)
        kept = kept & ~_mask(out, frame, reason)
        after = _counts(frame, kept, obligor)
        rows.append((reason, before[0] - after[0], before[1] - after[1], *after))
    columns = [_("step"), _("rows left out"), _("obligors left out"), _("rows left"), _("obligors left")]
    return Waterfall(kept, pd.DataFrame(rows, columns=columns))


def mature(
    frame: pd.DataFrame, as_of: str | date, months: int, period: str = "period", obligor: str = "obligor"
) -> Waterfall:
    """Rows whose outcome window of so many months was over at the close of `as_of`; the others are counted.

    A young row is left out even if it is bad already: among the young only the bads can show yet, so keeping them
    would make the young look worse than they are.
    """
    day = parse_date(as_of, "as_of")
    young = later(origins_of(frame[period], len(frame)), months) > np.datetime64(day, "D")
    reason = _("outcome window of {months} months not over on {day}").format(months=months, day=day)
    return exclusions(frame, [(reason, young)], obligor)


def _mask(out: Any, frame: pd.DataFrame, reason: str) -> np.ndarray:
    mask = np.asarray(out)
    if mask.dtype != bool or mask.shape != (len(frame),):
        raise SampleError(
            f"{reason}: found {mask.dtype} values of shape {mask.shape}, expected {len(frame)} booleans, one per row"
        )
    return mask


def _counts(frame: pd.DataFrame, kept: np.ndarray, obligor: str) -> tuple[int, int]:
    return int(kept.sum()), frame.loc[kept, obligor].nunique()
