"""The page of stability: has the population moved since development, when, and what moved the score?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import columns_of
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import bars
from riskmodels.reporting.pages.driver_words import driver_title
from riskmodels.reporting.pages.judgement_shared import measures
from riskmodels.reporting.pages.page import unrun
from riskmodels.validation.checks.stability import both_parties, counted, shift_of, shifts_of
from riskmodels.validation.score_shift import shift_by_driver, shift_by_period
from riskmodels.validation.stability import Shift

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def stability(judged: ModelValidation) -> Iterator[Block]:
    """The score's and the drivers' distributions now against development, by quarter, and what moved the score."""
    name = _("Stability")
    if judged.lacking or judged.development is None:
        yield from unrun("8", name, judged.lacking or _("no development sample was given"))
        return
    checks = judged.of_group("stability")
    development, now = judged.development, judged.sample
    moved, score = shifts_of(judged.case), shift_of(judged.case, judged.case.score)
    yield Section.of("8", name, _finding(score, moved), "", checks)
    yield _score(score, counted(judged.case), measures(checks, "stability_measures", _("Measures of stability")))
    if "period" in now:
        yield _periods(judged, development)
    if moved:
        yield _drifts(moved)
    if (told := _contributions(judged, development)) is not None:
        yield told


def _finding(score: Shift, moved: dict[str, Shift]) -> str:
    said = figure(score.value, "index")
    if not moved:
        return _("The score's PSI against development is {psi}").format(psi=said)
    name, worst = next(iter(moved.items()))
    words = _("The score's PSI is {psi}; the driver that moved most is {driver}, PSI {worst}")
    return words.format(psi=said, driver=driver_title(name), worst=figure(worst.value, "index"))


def _score(score: Shift, treated: str, side: Table) -> Figure:
    shares = {"current": score.table["current_share"], "reference": score.table["reference_share"]}
    caption = _(
        "Tenths of the development score, lowest first. PSI {psi}; samples of this size reach {critical} by chance in "
        "one case of twenty, {treated}."
    )
    return Figure.of(
        "psi",
        bars.psi,
        pd.DataFrame({"bin": [str(i + 1) for i in range(len(score.table))], **shares}),
        title=_("Score, later data against development"),
        caption=caption.format(
            psi=figure(score.value, "index"), critical=figure(score.critical, "index"), treated=treated
        ),
        side=side,
    )


def _periods(judged: ModelValidation, development: pd.DataFrame) -> Table:
    column, now = judged.case.score, judged.sample
    rows = shift_by_period(development[column], now[column], now["period"], parties=both_parties(judged.case))
    columns = [
        Column("period", _("Quarter to"), "date"),
        Column("n", _("Cases"), "count"),
        Column("psi", _("PSI"), "index"),
        Column("critical", _("By chance, 1 in 20"), "index", quiet=True),
    ]
    title = _("Score against development, quarter by quarter")
    return Table.of("score_shift_periods", rows, columns, title=title, half=True)


def _drifts(moved: dict[str, Shift]) -> Table:
    rows = [{"driver": driver_title(n), "psi": s.value, "critical": s.critical} for n, s in moved.items()]
    columns = [
        Column("driver", _("Driver")),
        Column("psi", _("PSI"), "index"),
        Column("critical", _("By chance, 1 in 20"), "index", quiet=True),
    ]
    return Table.of("drift", pd.DataFrame(rows), columns, title=_("Drivers, most moved first"), half=True)


def _contributions(judged: ModelValidation, development: pd.DataFrame) -> Table | None:
    """Each driver's part of the shift of the mean score; None for a score that can't be taken apart."""
    model = judged.stored.models["champion"] if judged.stored else None
    if model is None or not hasattr(model, "contributions"):
        return None
    before, now = (model.contributions(columns_of(model, frame)) for frame in (development, judged.sample))
    rows = shift_by_driver(before, now)
    columns = [
        Column("driver", _("Driver")),
        Column("before", _("Development"), "number", quiet=True),
        Column("now", _("Later data"), "number", quiet=True),
        Column("shift", _("Shift"), "number"),
    ]
    whole = rows[["before", "now", "shift"]].sum().to_frame().T.assign(driver=_("Score"))
    return Table.of(
        "score_shift",
        rows.assign(driver=rows["driver"].map(driver_title)),
        columns,
        title=_("What moved the score"),
        subtitle=_("mean contribution to the log-odds"),
        totals=whole,
    )
