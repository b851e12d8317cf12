"""Page 1 of a development: may the candidate go to validation, five key figures, the checks, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.front import KeyFigure
from riskmodels.reporting.pages.candidate_front import front_page
from riskmodels.reporting.pages.page import joined

if TYPE_CHECKING:
    from riskmodels.reporting.pages.development import ScorecardDevelopment


def front(report: ScorecardDevelopment) -> Iterator[Block]:
    """Masthead, opinion, key figures, checks, changes and decisions."""
    title = _("Development of the rating of debtors")
    return front_page(report, title, _subtitle(report), _reason(report), _key_figures(report))


def _subtitle(report: ScorecardDevelopment) -> str:
    words = _("Book {book}, what was known on {date}; {n} drivers, sha256 {digest}")
    stored = report.stored
    return words.format(book=report.whole.name, date=report.as_of, n=len(stored.drivers), digest=stored.digest[:12])


def _reason(report: ScorecardDevelopment) -> str:
    made = report.made
    size = made.size
    words = _(
        "Made of {rows} debtor quarters of {obligors} debtors, {bad} of which defaulted within a year at least once."
    )
    said = words.format(rows=f"{size.rows:,}", obligors=f"{size.obligors:,}", bad=size.obligors_with_a_bad)
    if made.no_trial:
        return joined(said, _("The sample can't be parted, so nothing says how the model does on others."))
    ranked = _(
        "Developed on a part alone, it ranks other debtors with an AUC of {other}, and later quarters with {later}."
    )
    auc = {name: figure(found.value, "score") for name, found in made.ranking.items()}
    return joined(said, ranked.format(other=auc["hold-out"], later=auc["out-of-time"]))


def _key_figures(report: ScorecardDevelopment) -> tuple[KeyFigure, ...]:
    made = report.made
    later = next(c for c in report.checks if c.name == "development.rank.out_of_time")
    return (
        KeyFigure(_("Debtors"), made.size.obligors, "count"),
        KeyFigure(_("Debtors with a default"), made.size.obligors_with_a_bad, "count"),
        KeyFigure(_("Bad rate"), made.size.bads / made.size.rows, "rate"),
        KeyFigure(_("Drivers"), len(report.stored.drivers), "count"),
        KeyFigure(_("AUC out of time, 95% interval"), later.value, "score", interval=later.interval),
    )
