"""How much a panel is worth: rows of one obligor tell less than as many rows of different ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.models.panel.rows import bads_of, obligors_of


@dataclass(frozen=True)
class Size:
    """Counts of a sample, and its design effect: how many rows are worth one independent row.

    The design effect is the variance of the bad rate by clusters of obligors over its variance as if rows were
    independent (Kish 1965); nan with a single obligor.
    """

    rows: int
    bads: int
    obligors: int
    obligors_with_a_bad: int
    design_effect: float

    @property
    def effective_rows(self) -> float:
        """Number of independent rows that would tell the bad rate as precisely, at most the rows there are."""
        return float(self.rows / np.maximum(self.design_effect, 1.0))


def effective_size(y: Any, obligor: Any) -> Size:
    """The counts of a sample and what it is worth; y holds good and bad, `obligor` who each row is.

    With p the bad rate of n rows and e_g the sum of y - p over the rows of obligor g of G, the design effect is
    [G / (G - 1) sum e_g^2 / n^2] / [p (1 - p) / n].
    """
    bad, number = bads_of(y), obligors_of(obligor, len(y))
    rate, n = bad.mean(), len(bad)
    sums, count = np.bincount(number, bad - rate), number.max() + 1
    clustered = count / (count - 1) * (sums**2).sum() / n**2 if count > 1 else float("nan")
    ever = int((np.bincount(number, bad) > 0).sum())
    return Size(n, int(bad.sum()), int(count), ever, float(clustered / (rate * (1 - rate) / n)))


def size_table(sizes: Mapping[str, Size]) -> pd.DataFrame:
    """One row per named sample: rows, bads, bad rate, obligors, obligors with a bad, independent rows it is worth."""
    columns = {
        _("sample"): list(sizes),
        _("rows"): [size.rows for size in sizes.values()],
        _("bads"): [size.bads for size in sizes.values()],
        _("bad rate"): [size.bads / size.rows for size in sizes.values()],
        _("obligors"): [size.obligors for size in sizes.values()],
        _("obligors with a bad"): [size.obligors_with_a_bad for size in sizes.values()],
        _("independent rows"): [size.effective_rows for size in sizes.values()],
    }
    return pd.DataFrame(columns)


def size_bars(size: Size, *, ax: Any) -> Any:
    """Bars from all rows down to the obligors that were ever bad, which is what a model can learn from."""
    labels = [_("rows"), _("independent rows"), _("obligors"), _("bads"), _("obligors with a bad")]
    values = [size.rows, size.effective_rows, size.obligors, size.bads, size.obligors_with_a_bad]
    bars = ax.barh(labels[::-1], values[::-1])
    ax.bar_label(bars, fmt="{:,.0f}", padding=3)
    ax.margins(x=0.12)
    ax.set_xlabel(_("number"))
    text = _("{rows:,} rows of {obligors:,} obligors are worth {worth:,.0f} independent ones")
    ax.set_title(text.format(rows=size.rows, obligors=size.obligors, worth=size.effective_rows))
    return ax
