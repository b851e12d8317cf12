"""The models of LGD against each other, on claims of debtors none of them has seen, and which to use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.lgd.comparison import scores, simplest
from riskmodels.models.lgd.fractional import FractionalLGD
from riskmodels.models.lgd.trial import FOLDS, candidates
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table, Text
from riskmodels.reporting.figures import losses as figures
from riskmodels.reporting.pages.losses_words import driver_word, model_word
from riskmodels.reporting.pages.page import joined, listed, unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.losses import LossAndDilution

SQUARED_POINTS = 1e4
"""Squared percentage points in one squared share."""


def models_page(report: LossAndDilution) -> Iterator[Block]:
    """Errors on unseen debtors, differences with their intervals, which model to use, what the logit says."""
    name = _("Models of LGD")
    if report.no_models:
        yield from unrun("2", name, report.no_models)
        return
    yield Section("2", name, finding(report), _lead(report))
    yield _differences(report)
    yield Text(tuple(_reasons(report)))
    yield _scores(report)
    yield _coefficients(report)


def finding(report: LossAndDilution) -> str:
    """Which model to use."""
    used = simplest(report.differences)
    if used == "mean":
        return _("No model beats the mean of all claims: use {lgd} for every claim").format(lgd=_mean(report))
    return _("Use the model: {name}").format(name=model_word(used))


def _mean(report: LossAndDilution) -> str:
    return figure(report.sample.y.mean(), "share")


def _lead(report: LossAndDilution) -> str:
    words = _(
        "Each claim is predicted by models that saw none of its debtor's: {folds} folds of whole debtors, the same for "
        "all ({n} claims of {debtors} debtors). The simplest model is used that none beats beyond its interval."
    )
    debtors = pd.Series(report.sample.groups).nunique()
    return words.format(folds=FOLDS, n=len(report.sample.y), debtors=debtors)


def _differences(report: LossAndDilution) -> Figure:
    table = report.differences
    words = _("{first} less {second}")
    rows = pd.DataFrame(
        {
            "name": [
                words.format(first=model_word(first), second=model_word(second))
                for first, second in zip(table["first"], table["second"])
            ],
            "value": table["difference"] * SQUARED_POINTS,
            "low": table["low"] * SQUARED_POINTS,
            "high": table["high"] * SQUARED_POINTS,
        }
    )
    label = _("Difference of mean squared errors, squared percentage points; left of 0 the first is better")
    return Figure.of(
        "model_differences",
        figures.forest,
        rows,
        title=_("Models against each other"),
        width="full",
        height=14 + 8 * len(rows),
        options={"unit": "number", "label": label, "line": 0.0},
        caption=_("95% intervals by debtor; plum where an interval leaves out 0."),
    )


def _reasons(report: LossAndDilution) -> Iterator[str]:
    used, table = simplest(report.differences), report.differences
    beaten = table.loc[table["low"] > 0, ["first", "second"]]
    if beaten.empty:
        yield _("Every interval holds 0: on these claims the models are not distinguishable, so the simplest is used.")
    else:
        pairs = [_("{a} by {b}").format(a=model_word(a), b=model_word(b)) for a, b in beaten.itertuples(index=False)]
        yield _("Beaten beyond chance: {pairs}.").format(pairs=listed(pairs, 4))
    stages = candidates(report.sample)["two_stage"].fit(report.sample.X, report.sample.y, groups=report.sample.groups)
    if all(stage.model is None for stage in stages.stages_[:2]):
        yield _(
            "Too few claims lost nothing or all, so the two stages have no ends to model: they are the fractional "
            "logit here."
        )
    if used == "mean":
        coming = _coming(report)
        yield joined(
            _("Drivers may tell more once more workouts are over."),
            _("{n} more end within a year of {date}.").format(n=coming, date=report.as_of) if coming else "",
        )


def _coming(report: LossAndDilution) -> int:
    """Workouts that end within the year after the date."""
    last = report.losses.claims["over_on"]
    day = pd.Timestamp(report.as_of)
    return int(((last > day) & (last <= day + pd.DateOffset(years=1))).sum())


def _scores(report: LossAndDilution) -> Table:
    table = scores(report.sample.y, report.predictions).set_axis(["model", "mae", "rmse", "r2", "gauc"], axis=1)
    table["model"] = table["model"].map(model_word)
    columns = [
        Column("model", _("Model")),
        Column("mae", _("Mean absolute error"), "rate"),
        Column("rmse", _("Root of mean squared error"), "rate"),
        Column("r2", _("R² (0: no better than the mean)"), "score"),
        Column("gauc", _("gAUC (0.5: chance)"), "score"),
    ]
    return Table.of("model_scores", table, columns, title=_("Errors on debtors the model has not seen"))


def _coefficients(report: LossAndDilution) -> Table:
    sample = report.sample
    model = FractionalLGD().fit(sample.X, sample.y, groups=sample.groups)
    table = model.summary().set_axis(["term", "estimate", "error", "low", "high", "p", "change"], axis=1).iloc[1:]
    slope = table["change"] / table["estimate"]
    rows = table.assign(
        term=table["term"].map(driver_word), low=table["low"] * slope, high=table["high"] * slope
    ).sort_values("p", kind="stable")
    columns = [
        Column("term", _("Driver")),
        Column("change", _("Change of LGD"), "rate"),
        Column("low", _("95% from"), "rate", quiet=True),
        Column("high", _("to"), "rate", quiet=True),
        Column("p", _("p value"), "p"),
    ]
    caption = _(
        "Mean change of the LGD for one standard deviation more, all else equal; intervals by debtor, and too narrow "
        "with so few of them to be more than a hint."
    )
    return Table.of("drivers", rows, columns, title=_("What the fractional logit says of the drivers"), caption=caption)
