"""What the figures stand on: the pages on data, and the appendix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Section, Table
from riskmodels.reporting.closing import Glossary
from riskmodels.reporting.pages.page import limits_used

if TYPE_CHECKING:
    from riskmodels.reporting.pages.review import PortfolioReview


def data_page(review: PortfolioReview) -> Iterator[Block]:
    """The checks of the data the figures stand on."""
    checks = review.quality
    bad = [c for c in checks if c.verdict in (Verdict.BREACH, Verdict.WATCH)]
    finding = (
        ngettext("One data check needs a look", "{n} data checks need a look", len(bad)).format(n=len(bad))
        if bad
        else _("The data hold what the figures need")
    )
    yield Section.of("5", _("Data"), finding, "", checks)
    rows = pd.DataFrame(
        [
            {
                "check": c.title,
                "value": figure(c.value, c.unit),
                "n": c.n,
                "note": c.reason or c.subject,
                "verdict": str(c.verdict),
            }
            for c in checks
        ]
    )
    columns = [
        Column("check", _("Check")),
        Column("value", _("Value"), right=True, judged=True),
        Column("n", _("Rows"), "count"),
        Column("note", _("Note"), quiet=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    yield Table.of("data_quality", rows, columns, title=_("Data quality"))


def appendix_page(review: PortfolioReview) -> Iterator[Block]:
    """Limits with their sources, and the words."""
    yield Section("6", _("Appendix"), _("Limits, sources and words"))
    yield limits_used(review.checks[: len(review.checks) // len(review.book.currencies)], review.currency)
    yield Glossary(
        _("Words"),
        (
            (_("days past due"), _("close of the day less the original due date")),
            (_("open balance"), _("amount less payments, credit notes and write-offs known by the close of the day")),
            (_("dilution"), _("credit notes of 12 months over invoices of 12 months")),
            (_("HHI"), _("sum of squared shares of the open balance; 1 over it is the effective number of names")),
            (_("CEI"), _("(beginning + sales - end) / (beginning + sales - not yet due) x 100")),
        ),
    )
