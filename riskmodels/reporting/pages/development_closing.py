"""The appendix of a development: limits with their sources, words, and what the run was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Section
from riskmodels.reporting.closing import Glossary, Identity
from riskmodels.reporting.pages.page import limits_used

if TYPE_CHECKING:
    from riskmodels.reporting.pages.development import ScorecardDevelopment


def appendix_page(report: ScorecardDevelopment) -> Iterator[Block]:
    """Limits with their sources, the words, and what the run was made of."""
    yield Section("9", _("Appendix"), _("Limits, sources and identity"))
    yield limits_used(report.checks, report.book.currency)
    yield Glossary(
        _("Words"),
        (
            (_("WoE"), _("weight of evidence: logarithm of a bin's share of bad over its share of good cases")),
            (_("Information value"), _("how far bins part bad from good: sum of differences of shares times WoE")),
            (_("AUC"), _("chance that a bad case is scored riskier than a good one; Gini is 2 AUC - 1")),
            (_("KS"), _("largest distance between the cumulative shares of bad and of good cases")),
            (_("PSI"), _("population stability index: how far a distribution has moved from the development sample")),
            (
                _("Variance inflation"),
                _("how much of a driver the others say already: 1 for nothing, 10 for nine tenths"),
            ),
        ),
    )
    card = report.stored.card
    yield Identity(data=card["book_sha256"][:12], code=card["code_sha256"][:12], model=report.stored.digest[:12])
