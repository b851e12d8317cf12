"""Twelve months of migration by three estimators, how much it moves, and the ratings the book itself recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.errors import DataRefused
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.transitions import TransitionMatrix, cohort_matrix
from riskmodels.portfolio.migration import directions, mobility
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import migration as figures
from riskmodels.reporting.pages.page import joined

if TYPE_CHECKING:
    from riskmodels.reporting.pages.migration import RatingMigration

ESTIMATORS = {"cohort": mark("Cohort"), "duration": mark("Duration"), "aalen_johansen": mark("Aalen-Johansen")}
"""What a reader calls the estimators."""
SHOWN = 0.0005
"""Probabilities below are left out of the table where all three are."""


def matrices_page(report: RatingMigration) -> Iterator[Block]:
    """The three matrices as a picture, PD by grade with intervals, and every move with its intervals."""
    matrices = report.found.matrices
    last = matrices["aalen_johansen"]
    lead = _(
        "Cohort and duration pool all quarters; Aalen-Johansen tells the twelve months to {date} alone. Duration "
        "counts moves within the year too, so that a default by way of worse grades has a probability in every grade."
    )
    yield Section("2", _("Twelve months"), matrices_finding(report), lead.format(date=last.last))
    frame = pd.concat([panel_of(m, _(ESTIMATORS[name])) for name, m in matrices.items()], ignore_index=True)
    yield Figure.of(
        "matrices",
        figures.transitions,
        frame,
        title=_("Where grades go within twelve months"),
        width="full",
        height=62,
        caption=_("Per cent of each row; empty: none; 95% intervals in the table below."),
    )
    yield Figure.of(
        "pd_by_grade",
        figures.default_rates,
        rates_frame(report),
        title=_("Default within twelve months by grade"),
        width="full",
        height=66,
        caption=_("A grade whose interval lies above its band is too good a grade for those in it."),
    )
    yield _moves_table(matrices)


def matrices_finding(report: RatingMigration) -> str:
    """Who stays, moves and defaults within a year, in a sentence."""
    shares = {k: figure(v, "share") for k, v in directions(report.found.matrices["cohort"]).items()}
    words = _("Within a year {stay} of debtors keep their grade, {down} fall, {up} rise and {default} default")
    return words.format(**shares)


def panel_of(matrix: TransitionMatrix, name: str) -> pd.DataFrame:
    """A matrix as rows of panel, from, to, p, low, high, without the row of default."""
    k = len(matrix.states)
    i, j = (a.ravel() for a in np.indices((k - 1, k)))
    names = np.array([*matrix.states[:-1], _("D")], dtype=object)
    values = {side: getattr(matrix, side)[i, j] for side in ("p", "low", "high")}
    return pd.DataFrame({"panel": name, "from": names[i], "to": names[j], **values})


def rates_frame(report: RatingMigration) -> pd.DataFrame:
    """PD by grade and estimator with its interval, and the bounds of the grade."""
    edges = report.found.scale.edges
    rows = [
        {
            "grade": matrix.states[i],
            "estimator": _(ESTIMATORS[name]),
            "p": matrix.p[i, -1],
            "low": matrix.low[i, -1],
            "high": matrix.high[i, -1],
            "bound_low": edges[i],
            "bound_high": edges[i + 1],
        }
        for name, matrix in report.found.matrices.items()
        for i in range(len(matrix.states) - 1)
    ]
    return pd.DataFrame(rows)


def _order(both: dict[str, TransitionMatrix]) -> str:
    """Whether default rises from grade to grade by each of the ratings."""
    rises, not_so = (
        _("{ratings}: default rises with every grade."),
        _("{ratings}: default doesn't rise with every grade."),
    )
    said = [rises if (np.diff(_defaults(m)) >= 0).all() else not_so for m in both.values()]
    return joined(*(words.format(ratings=label) for words, label in zip(said, both, strict=True)))


def _defaults(matrix: TransitionMatrix) -> np.ndarray:
    column = matrix.p[:-1, -1]
    return column[~np.isnan(column)]


def _moves_table(matrices: dict[str, TransitionMatrix]) -> Table:
    first = matrices["cohort"]
    k = len(first.states)
    i, j = (a.ravel() for a in np.indices((k - 1, k)))
    names = np.array([*first.states[:-1], _("default")], dtype=object)
    rows = pd.DataFrame({"from": names[i], "to": names[j], "n": first.at_risk[i], "moves": first.counts[i, j]})
    for name, matrix in matrices.items():
        for side in ("p", "low", "high"):
            rows[f"{name}_{side}"] = getattr(matrix, side)[i, j]
    rows = rows[(rows[[f"{name}_p" for name in matrices]] >= SHOWN).any(axis=1)]
    columns = [Column("from", _("From")), Column("to", _("To"))]
    columns += [Column("n", _("Cases"), "count", quiet=True), Column("moves", _("Moves"), "count", quiet=True)]
    for name in matrices:
        columns.append(Column(f"{name}_p", _(ESTIMATORS[name]), "share", shade="blue"))
        columns.append(Column(f"{name}_low", _("95% from"), "share", quiet=True))
        columns.append(Column(f"{name}_high", _("to"), "share", quiet=True))
    caption = _("Cases and moves are those of the cohorts; {n} debtors whose rating ended are left out of them.")
    told = caption.format(n=f"{int(first.withdrawn.sum()):,}")
    return Table.of("moves", rows, columns, title=_("Every move with its 95% intervals"), caption=told)


def mobility_page(report: RatingMigration) -> Iterator[Block]:
    """How much the rating moves, in figures, by each estimator."""
    rows = pd.DataFrame([{"by": _(ESTIMATORS[k]), **mobility(m)} for k, m in report.found.matrices.items()])
    moved = figure(float(rows["prais"].iloc[0]), "number")
    finding = _("Mobility is {moved}; 0 would be a rating that never moves, 1 one whose start tells nothing of its end")
    lead = _(
        "A rating that looks at payment behaviour now (point in time) moves more than one that looks through the "
        "cycle. Singular values weigh far moves more; bandwidths tell how far moves go: 0 to the next grade, 1 to the "
        "farthest."
    )
    yield Section("5", _("Mobility"), finding.format(moved=moved), lead)
    yield mobility_table("mobility", rows, _("Mobility by estimator"), _("Estimator"))


def mobility_table(name: str, rows: pd.DataFrame, title: str, by: str) -> Table:
    """The table of mobility figures; the rows are named by their column `by`."""
    columns = [
        Column("by", by),
        Column("up", _("Up"), "share"),
        Column("stay", _("No move"), "share"),
        Column("down", _("Down"), "share"),
        Column("default", _("Default"), "share"),
        Column("prais", _("Mobility (Prais)"), "number"),
        Column("svd", _("Mean singular value"), "number"),
        Column("wider_up", _("Bandwidth up"), "number", quiet=True),
        Column("wider_down", _("Bandwidth down"), "number", quiet=True),
    ]
    return Table.of(name, rows, columns, title=title)


def recorded_page(report: RatingMigration) -> Iterator[Block]:
    """The ratings as the book recorded them, beside the re-rating."""
    name, found = _("As recorded"), report.found
    try:
        recorded = cohort_matrix(found.recorded, seed=report.seed)
    except DataRefused as refused:
        yield Section("7", name, _("Not run"))
        yield NotRun(name, str(refused))
        return
    both = {_("As recorded"): recorded, _("Re-rated"): found.matrices["cohort"]}
    shares = [figure(directions(m)["stay"], "share") for m in both.values()]
    finding = _("As the book recorded them, {then} of grades last a year; re-rated by the model {now} do")
    lead = _("The ratings of the book until {date}, the final grade where a person changed the model's; by cohort.")
    yield Section("7", name, finding.format(then=shares[0], now=shares[1]), lead.format(date=report.as_of))
    frame = pd.concat([panel_of(m, label) for label, m in both.items()], ignore_index=True)
    title = _("Ratings as recorded, and by the model")
    yield Figure.of("recorded", figures.transitions, frame, title=title, width="full", height=66, caption=_order(both))
    rows = pd.DataFrame([{"by": label, **mobility(m)} for label, m in both.items()])
    yield mobility_table("recorded_mobility", rows, _("Mobility of both"), _("Ratings"))
