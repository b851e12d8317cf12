"""Page 1 of the data-quality report: can the book be relied on, five key figures, the checks, what is to be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict, counts
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.front import Changes, Decision, Decisions, KeyFigure, KeyFigures, Masthead, Opinion, Verdicts
from riskmodels.reporting.pages.page import joined, listed
from riskmodels.reporting.pages.quality_words import suspect, where
from riskmodels.reporting.words import limit_text

if TYPE_CHECKING:
    from riskmodels.reporting.pages.quality import DataQuality


def front(report: DataQuality) -> Iterator[Block]:
    """Masthead, opinion, key figures, checks, changes and decisions."""
    yield Masthead(_("Data quality of the book"), _subtitle(report))
    yield Opinion.of(report.checks, _sentence(report), _reason(report))
    yield KeyFigures(_key_figures(report))
    yield Verdicts(
        tuple(report.checks),
        previous=report.before.values,
        title=_("Checks and limits"),
        note=_note(),
        currency=report.book.currency,
    )
    if report.before.as_of:
        since = _("the report of {date}").format(date=report.before.as_of)
        yield Changes.between(report.checks, report.before.values, since)
    if asked := _decisions(report):
        yield Decisions(asked)


def _subtitle(report: DataQuality) -> str:
    tables = report.delays
    return _("Book {book}, close of {date}; {n} rows in {tables} tables, currencies {currencies}").format(
        book=report.whole.name,
        date=report.as_of,
        n=f"{int(tables['rows'].sum()):,}",
        tables=len(tables),
        currencies=_(", ").join(c for c in report.book.currencies if isinstance(c, str)),
    )


def _sentence(report: DataQuality) -> str:
    broken = [c.title for c in report.checks if c.verdict is Verdict.BREACH]
    watched = [c.title for c in report.checks if c.verdict is Verdict.WATCH]
    if broken:
        head = ngettext(
            "The book can't be relied on as it is, one check fails",
            "The book can't be relied on as it is, {n} checks fail",
            len(broken),
        ).format(n=len(broken))
        return _("{head}: {names}").format(head=head, names=listed(broken, 2))
    if watched:
        head = ngettext(
            "The book holds, one check calls for a look", "The book holds, {n} checks call for a look", len(watched)
        ).format(n=len(watched))
        return _("{head}: {names}").format(head=head, names=listed(watched, 2))
    return _("The book holds: every check that could be run is within its limit")


def _reason(report: DataQuality) -> str:
    number = counts(report.checks)
    if not report.beyond:
        said = [_("Keys, references, dates and balances agree with one another.")]
    else:
        n = sum(suspect(c) for c in report.beyond)
        worst = max(report.beyond, key=suspect)
        said = [_("{n} rows or figures are to be looked at.").format(n=f"{n:,}")]
        if place := where(worst):
            said.append(_("Most of them: {title} ({where}).").format(title=worst.title, where=place))
    if number[Verdict.NOT_RUN]:
        said.append(_("Not run: {n}, with the reason beside each.").format(n=number[Verdict.NOT_RUN]))
    return joined(*said)


def _key_figures(report: DataQuality) -> tuple[KeyFigure, ...]:
    before = report.before.values
    own = report.delays[report.delays["judged"]]
    late = next(c for c in report.checks if c.name == "book.timeliness.late_known")
    gap = next(c for c in report.checks if c.name == "book.reconciliation.difference")
    judged = report.columns[report.columns["judged"]]
    was = before.get(late.name)
    return (
        KeyFigure(_("Rows in own tables"), float(own["rows"].sum()), "count"),
        KeyFigure(_("To be looked at"), float(sum(suspect(c) for c in report.beyond)), "count"),
        KeyFigure(_("Cells filled"), _filled(judged["filled"], judged["rows"]), "share"),
        KeyFigure(_("Booked within five days"), 1 - (late.value or 0.0), "share", None if was is None else 1 - was),
        KeyFigure(_("Difference of the ledger"), gap.value, "rate", before.get(gap.name)),
    )


def _filled(shares: pd.Series, rows: pd.Series) -> float:
    return float((shares * rows).sum() / rows.sum())


def _note() -> str:
    return joined(
        _("Watch: beyond the warning line, inside the limit. A check not run never counts as within."),
        _("Warning lines and sources: appendix."),
    )


def _decisions(report: DataQuality) -> tuple[Decision, ...]:
    broken = [c for c in report.checks if c.verdict is Verdict.BREACH]
    return tuple(
        Decision(_asked(c, report.book.currency), _("Owner of the data, before the next report")) for c in broken
    )


def _asked(check: CheckResult, currency: str) -> str:
    words = _("{title} at {value} (limit {limit}): correct at the source, or explain in writing")
    return words.format(
        title=check.title,
        value=figure(check.value, check.unit, currency),
        limit=limit_text(check.limits, check.unit, currency),
    )
