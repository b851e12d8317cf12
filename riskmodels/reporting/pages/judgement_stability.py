"""The page of stability: has the population moved since development?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import bars
from riskmodels.reporting.pages.driver_words import driver_title
from riskmodels.reporting.pages.judgement_shared import measures
from riskmodels.reporting.pages.page import unrun
from riskmodels.validation.stability import csi, psi

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def stability(judged: ModelValidation) -> Iterator[Block]:
    """The score's and the drivers' distributions, now against development."""
    name = _("Stability")
    if judged.lacking or judged.development is None:
        yield from unrun("8", name, judged.lacking or _("no development sample was given"))
        return
    checks = judged.of_group("stability")
    development, now, score_column = judged.development, judged.sample, judged.case.score
    moved = csi(development, now, judged.drivers)
    yield Section.of("8", name, _shift_finding(moved), "", checks)
    score = psi(development[score_column], now[score_column])
    shares = {"current": score.table["current_share"], "reference": score.table["reference_share"]}
    yield Figure.of(
        "psi",
        bars.psi,
        pd.DataFrame({"bin": [str(i + 1) for i in range(len(score.table))], **shares}),
        title=_("Score, later data against development"),
        caption=_(
            "Tenths of the development score, lowest first. PSI {psi}; samples of this size reach "
            "{critical} by chance in one case of twenty."
        ).format(psi=figure(score.value, "index"), critical=figure(score.critical, "index")),
        side=measures(checks, "stability_measures", _("Measures of stability")),
    )
    yield _drifts(moved)


def _shift_finding(moved: dict) -> str:
    if not moved:
        return _("No driver could be compared with development")
    name, worst = next(iter(moved.items()))
    words = _("The driver that moved most is {driver}, PSI {psi}")
    return words.format(driver=driver_title(name), psi=figure(worst.value, "index"))


def _drifts(moved: dict) -> Table:
    rows = [{"driver": driver_title(n), "psi": s.value, "critical": s.critical} for n, s in moved.items()]
    columns = [
        Column("driver", _("Driver")),
        Column("psi", _("PSI"), "index"),
        Column("critical", _("By chance, 1 in 20"), "index", quiet=True),
    ]
    return Table.of(
        "drift",
        pd.DataFrame(rows, columns=["driver", "psi", "critical"]),
        columns,
        title=_("Drivers, most moved first"),
    )
