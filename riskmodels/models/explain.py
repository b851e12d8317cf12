"""Why a model says what it says: importance, reasons in words, and pictures of contributions.

All start from a contributions frame, as `Scorecard.contributions` and `Booster.contributions` give it: log-odds of
bad by column, and `base`; a row's sum is its log-odds, exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _

BASE = "base"


def importance(contributions: pd.DataFrame) -> pd.DataFrame:
    """One row per column, most important first: mean absolute contribution (log-odds) and its share."""
    size = contributions.drop(columns=BASE).abs().mean().sort_values(ascending=False, kind="stable")
    share = size / (size.sum() or 1.0)
    columns = {_("feature"): size.index, _("mean contribution"): size.to_numpy(), _("share"): share.to_numpy()}
    return pd.DataFrame(columns)


def reasons(contributions: pd.DataFrame, values: pd.DataFrame, average: pd.Series, top: int = 3) -> pd.Series:
    """The drivers that raise a row's risk most against the average row, in words: "late_share 0.62; amount 5200".

    `values` are the rows as scored, `average` the mean contribution by column over the reference sample. A row with no
    driver above the average says so.
    """
    drivers = [name for name in contributions.columns if name != BASE]
    excess, order = _leading(contributions, average, top)
    rows = values[drivers].itertuples(index=False, name=None)
    texts = [_reason(drivers, row, gain, best) for row, gain, best in zip(rows, excess, order)]
    return pd.Series(texts, index=contributions.index, name=_("reasons"), dtype="str")


def raising(contributions: pd.DataFrame, average: pd.Series, top: int = 3) -> np.ndarray:
    """Which drivers `reasons` names in each row: n x columns booleans, `base` left out."""
    excess, order = _leading(contributions, average, top)
    named = np.zeros(excess.shape, dtype=bool)
    np.put_along_axis(named, order, True, axis=1)
    return named & (excess > 0)


def _leading(contributions: pd.DataFrame, average: pd.Series, top: int) -> tuple[np.ndarray, np.ndarray]:
    """Contributions above the average row's, n x columns, and the places of the greatest of each row, n x top."""
    parts = contributions.drop(columns=BASE)
    excess = (parts - average[parts.columns]).to_numpy()
    return excess, np.argsort(-excess, axis=1, kind="stable")[:, :top]


def _reason(drivers: list[str], row: tuple, excess: np.ndarray, best: np.ndarray) -> str:
    raising = [f"{drivers[i]} {_shown(row[i])}" for i in best if excess[i] > 0]
    return _("; ").join(raising) or _("no driver above the average")


def _shown(value: Any) -> str:
    if pd.isna(value):
        return _("missing")
    return value if isinstance(value, str) else f"{value:.4g}"


def importance_bars(frame: pd.DataFrame, *, ax: Any, top: int = 12) -> Any:
    """Bars of an `importance` frame, the most important on top."""
    names, sizes, shares = (frame.iloc[:top, i][::-1] for i in range(3))
    ax.barh(np.arange(len(names)), sizes)
    ax.set_yticks(np.arange(len(names)), names, parse_math=False)
    ax.set_xlabel(_("mean absolute contribution (log-odds)"))
    title = _("{name} carries {share:.0%} of the model").format(name=names.iloc[-1], share=shares.iloc[-1])
    ax.set_title(title, parse_math=False)
    return ax


def _colour(values: pd.Series) -> pd.Series:
    """The values; 0 for categories, which have no high and low and so share one colour."""
    return values.astype(float) if pd.api.types.is_numeric_dtype(values) else values.map(lambda _value: 0.0)


def beeswarm(contributions: pd.DataFrame, values: pd.DataFrame, *, ax: Any, top: int = 12) -> Any:
    """A dot per row and column: its contribution across, its value by colour (drawn by shap)."""
    import shap  # it takes seconds to import, and only pictures need it

    drivers = [name for name in contributions.columns if name != BASE]
    shown = values[drivers].apply(_colour)
    explanation = shap.Explanation(contributions[drivers].to_numpy(), data=shown.to_numpy(), feature_names=drivers)
    options = {"plot_size": None, "show": False, "group_remaining_features": False}
    shap.plots.beeswarm(explanation, max_display=top, ax=ax, color_bar_label=_("value of the column"), **options)
    ax.figure.axes[-1].set_yticks([0, 1], [_("Low"), _("High")])  # the colour bar, which shap labels in English
    for label in ax.get_yticklabels():
        label.set_parse_math(False)
    ax.set_xlabel(_("contribution (log-odds)"))
    ax.set_title(_("Contributions of each row, by column"))
    return ax
