"""Page 1 of an overdue model's development: may it go to validation, five key figures, the checks, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.front import KeyFigure
from riskmodels.reporting.pages.candidate_front import front_page
from riskmodels.reporting.pages.overdue_words import engine_word
from riskmodels.reporting.pages.page import joined

if TYPE_CHECKING:
    from riskmodels.reporting.pages.overdue import OverdueDevelopment


def front(report: OverdueDevelopment) -> Iterator[Block]:
    """Masthead, opinion, key figures, checks, changes and decisions."""
    title = _("Development of the overdue model")
    return front_page(report, title, _subtitle(report), _reason(report), _key_figures(report))


def _subtitle(report: OverdueDevelopment) -> str:
    stored = report.stored
    words = _("Book {book}, what was known on {date}; {engine} hazard, {n} drivers, sha256 {digest}")
    return words.format(
        book=report.whole.name,
        date=report.as_of,
        engine=engine_word(stored.models["champion"].choice_.engine),
        n=len(stored.drivers),
        digest=stored.digest[:12],
    )


def _reason(report: OverdueDevelopment) -> str:
    made = report.made
    words = _("Made of {n} invoices of {debtors} debtors, {late} of which were late.")
    said = words.format(
        n=f"{len(made.sample):,}",
        debtors=f"{made.sample['obligor'].nunique():,}",
        late=f"{int(made.sample['outcome'].sum()):,}",
    )
    if made.trial is None:
        return joined(
            said, _("The book is too short for a trial, so nothing says how the model does on later invoices.")
        )
    words = _("Trained a year earlier, it foretold the {n} invoices issued since with an AUC of {auc}.")
    auc = made.trial.figure("champion", "auc_late")["value"]
    return joined(said, words.format(n=f"{len(made.trial.judged):,}", auc=figure(auc, "score")))


def _key_figures(report: OverdueDevelopment) -> tuple[KeyFigure, ...]:
    sample, found = report.made.sample, {c.name: c for c in report.checks}
    auc, error, gain = (found[f"overdue.{name}"] for name in ("rank.late", "days.error", "days.gain"))
    return (
        KeyFigure(_("Invoices"), len(sample), "count"),
        KeyFigure(_("Late share"), float(sample["outcome"].mean()), "share"),
        KeyFigure(_("AUC of late, 95% interval"), auc.value, "score", interval=auc.interval),
        KeyFigure(_("Error of days to payment"), error.value, "days"),
        KeyFigure(_("Gained on the debtor's own mean"), gain.value, "days"),
    )
