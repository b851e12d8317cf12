"""The appendix of an overdue model's development: limits with their sources, words, and what the run was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Section
from riskmodels.reporting.closing import Glossary, Identity
from riskmodels.reporting.pages.page import limits_used

if TYPE_CHECKING:
    from riskmodels.reporting.pages.overdue import OverdueDevelopment


def appendix_page(report: OverdueDevelopment) -> Iterator[Block]:
    """Limits with their sources, the words, and what the run was made of."""
    yield Section("10", _("Appendix"), _("Limits, sources and identity"))
    yield limits_used(report.checks, report.book.currency)
    yield Glossary(
        _("Words"),
        (
            (_("Hazard"), _("chance that an invoice still open at the beginning of an interval is paid within it")),
            (
                _("Censored"),
                _("still open when the book was read: known to have lasted so long, not how long it lasts"),
            ),
            (_("AUC"), _("chance that a bad case is scored riskier than a good one; Gini is 2 AUC - 1")),
            (_("Curve's Brier"), _("mean squared error of the chance to be open, averaged over days past due")),
            (
                _("Band of days"),
                _("days between two quantiles of the time to settlement, such as the 10th and the 90th"),
            ),
            (_("Roll rate"), _("share of a bucket's balance that stands one bucket further a month on")),
        ),
    )
    card = report.stored.card
    yield Identity(data=card["book_sha256"][:12], code=card["code_sha256"][:12], model=report.stored.digest[:12])
