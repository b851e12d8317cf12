"""Coefficients of several models side by side, with their intervals and the truth where it is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from riskmodels.core.text import gettext as _

COLOURS = ("#8c8c8c", "#d98a29", "#1f5f99")
APART = 0.22  # between two models of one driver, where drivers are 1 apart


def forest(table: pd.DataFrame, *, ax: Axes) -> Axes:
    """Draw the rows of `example.compared`: a mark and an interval per model and driver, the truth as a line.

    The horizontal axis is log-odds per risk unit.
    """
    driver, model = _("driver"), _("model")
    names, models = list(dict.fromkeys(table[driver])), list(dict.fromkeys(table[model]))
    for i, name in enumerate(models):
        rows = table[table[model] == name]
        places = np.array([names.index(d) for d in rows[driver]]) + APART * (i - (len(models) - 1) / 2)
        middle, low, high = (rows[_(key)].to_numpy() for key in ("estimate", "low", "high"))
        colour = COLOURS[i % len(COLOURS)]
        ax.errorbar(middle, places, xerr=[middle - low, high - middle], fmt="o", color=colour, label=name, capsize=3)
    truth = table.drop_duplicates(driver)[_("truth")].to_numpy()
    ax.vlines(truth, np.arange(len(names)) - 0.4, np.arange(len(names)) + 0.4, color="black", label=_("truth"))
    ax.axvline(0, color="black", linewidth=0.5)
    ax.set_yticks(range(len(names)), names, parse_math=False)
    ax.invert_yaxis()
    ax.set_xlabel(_("log-odds of default per risk unit"))
    ax.set_title(_("What experts know narrows what twelve defaults leave open"))
    ax.legend(frameon=False)
    return ax
