"""Whether grades move as grades should: every test of the moves, and the steps that are out of order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Section, Table
from riskmodels.reporting.pages.page import say_counts, unrun
from riskmodels.reporting.pages.tested import table_of_tests, unrun_table
from riskmodels.validation.migration.moves import moves_of, shares
from riskmodels.validation.migration.steps import Steps, steps

if TYPE_CHECKING:
    from riskmodels.reporting.pages.migration import RatingMigration

LISTED = 12
"""Steps out of order that are named, the clearest first."""


def tests_page(report: RatingMigration) -> Iterator[Block]:
    """Every test of the moves, and the steps where a farther grade is likelier than the one before it."""
    name, ran = _("Tests of the moves"), [c for c in report.checks if not c.reason]
    if not ran:
        yield from unrun("8", name, report.checks[0].reason)
        return
    yield Section.of("8", name, say_counts(report.checks), _lead(), ran)
    title = _("Do grades move as grades should?")
    yield table_of_tests(ran, "moves_tested", title, report.whole.currency)
    yield _out_of_order(report)
    if len(ran) < len(report.checks):
        yield unrun_table(report.checks, "moves_not_run")


def _lead() -> str:
    return _(
        "Bandwidths tell how far moves go, by number of debtors. The test of steps holds each grade against the next "
        "one nearer to where a debtor began, in each row: from a sound scale a debtor goes to the nearer one at least "
        "as often. Ratings that ended count among those who could have moved."
    )


def _out_of_order(report: RatingMigration) -> Table:
    """The cells likelier than their nearer neighbour, the clearest first."""
    moves = moves_of(report.found.cohorts)
    found = steps(moves.total)
    rows = _cells(found, np.array(moves.grades), shares(moves.total)).head(LISTED)
    columns = [
        Column("from", _("From")),
        Column("to", _("To")),
        Column("share", _("Share"), "share"),
        Column("near", _("Nearer grade"), quiet=True),
        Column("near_share", _("Its share"), "share", quiet=True),
        Column("z", _("z"), "number"),
        Column("p", _("p"), "p"),
        Column("holm_p", _("Holm p"), "p"),
    ]
    caption = _("Holm p: adjusted over the {n} cells that can be compared.").format(n=found.tests)
    title = _("Steps out of order, the clearest first")
    return Table.of("out_of_order", rows, columns, title=title, caption=caption)


def _cells(found: Steps, grades: np.ndarray, p: np.ndarray) -> pd.DataFrame:
    row, column = np.nonzero(found.gap < 0)
    near = column + np.sign(row - column)
    table = pd.DataFrame(
        {
            "from": grades[row],
            "to": grades[column],
            "share": p[row, column],
            "near": grades[near],
            "near_share": p[row, near],
            "z": found.z[row, column],
            "p": found.p[row, column],
            "holm_p": found.holm_p[row, column],
        }
    )
    return table.sort_values("z", kind="stable")
