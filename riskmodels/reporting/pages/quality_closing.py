"""The close of the data-quality report: findings in the reader's words, limits and their sources, the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Section
from riskmodels.reporting.closing import Findings, Glossary
from riskmodels.reporting.pages.page import joined, limits_used
from riskmodels.reporting.pages.quality_words import consequence, where
from riskmodels.validation.findings import Finding

if TYPE_CHECKING:
    from riskmodels.reporting.pages.quality import DataQuality


def appendix_page(report: DataQuality) -> Iterator[Block]:
    """Findings, limits with their sources, and the words."""
    yield Section("6", _("Findings and limits"), _finding(report))
    yield Findings(
        tuple(_as_finding(n, c, report.book.currency) for n, c in enumerate(report.beyond, start=1)),
        title=_("Findings"),
    )
    yield limits_used(report.checks, report.book.currency)
    yield Glossary(
        _("Words"),
        (
            (_("event"), _("the day a row is about: an invoice's issue, a payment's day")),
            (_("known"), _("the day from which a row counts; the event's own where the source has none")),
            (_("late"), _("known more than five days after the event")),
            (_("expected month"), _("median of the twelve months before, with the season of the other years")),
            (_("difference"), _("payments, credit notes and write-offs beyond the amount of their invoice")),
        ),
    )


def _finding(report: DataQuality) -> str:
    if not report.beyond:
        return _("Nothing is left to be done")
    broken = sum(c.verdict is Verdict.BREACH for c in report.beyond)
    return _("{broken} to correct, {watched} to look at").format(broken=broken, watched=len(report.beyond) - broken)


def _as_finding(number: int, check: CheckResult, currency: str) -> Finding:
    said = _("{title}: {value}.").format(title=check.title, value=figure(check.value, check.unit, currency))
    return Finding(
        f"D{number:02d}",
        "S2" if check.verdict is Verdict.BREACH else "S3",
        joined(said, consequence(check)),
        where(check),
        _("Owner of the data"),
    )
