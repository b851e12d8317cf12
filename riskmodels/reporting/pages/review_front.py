"""Page 1 of the portfolio review: the answer, five key figures, the checks, what changed, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict, counts
from riskmodels.core.numbers import figure, money
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.front import (
    Changes,
    Decision,
    Decisions,
    KeyFigure,
    KeyFigures,
    Masthead,
    Opinion,
    Verdicts,
)
from riskmodels.reporting.pages.page import joined, say_counts
from riskmodels.reporting.words import limit_text

if TYPE_CHECKING:
    from riskmodels.reporting.pages.review import PortfolioReview


def front(review: PortfolioReview) -> Iterator[Block]:
    """Masthead, opinion, key figures, checks, changes and decisions."""
    yield Masthead(_("Portfolio review of receivables"), _subtitle(review))
    yield Opinion.of(review.checks, say_counts(review.checks), _reason(review))
    yield KeyFigures(_key_figures(review))
    yield Verdicts(
        tuple(review.checks),
        previous=review.previous,
        trends={c.name: _trend(c) for c in review.checks},
        title=_("Limits and figures"),
        trend_title=_("8 quarters"),
        note=_note(review),
        currency=review.currency,
    )
    yield Changes.between(review.checks, review.previous, review.compared)
    if asked := _decisions(review):
        yield Decisions(asked)


def _subtitle(review: PortfolioReview) -> str:
    n = int(_now(review)["open"])
    currencies = _(", ").join(review.book.currencies)
    words = _("Book {book}, close of {date}; {n} open invoices in {currency}; all currencies: {currencies}")
    if len(review.book.currencies) == 1:
        words = _("Book {book}, close of {date}; {n} open invoices, amounts in {currency}")
    return words.format(
        book=review.whole.name, date=review.as_of, n=f"{n:,}", currency=review.currency, currencies=currencies
    )


def _reason(review: PortfolioReview) -> str:
    now = _now(review)
    said = [
        _("{balance} is open, {share} of it past due and {npl} more than 90 days past due.").format(
            balance=money(now["balance"], review.currency),
            share=figure(now["overdue"], "share"),
            npl=figure(now["over_90"], "rate"),
        )
    ]
    number = counts(review.checks)
    if number[Verdict.WATCH]:
        said.append(_("Beyond a warning line: {n}.").format(n=number[Verdict.WATCH]))
    if number[Verdict.NOT_RUN]:
        said.append(_("Not run: {n}, with the reason beside each.").format(n=number[Verdict.NOT_RUN]))
    return joined(*said)


def _key_figures(review: PortfolioReview) -> tuple[KeyFigure, ...]:
    now, before, currency = _now(review), _before(review), review.currency
    shown = [
        (_("Open balance"), "balance", "money"),
        (_("Past due"), "overdue", "share"),
        (_("More than 90 days past due"), "over_90", "rate"),
        (_("Days sales outstanding"), "dso", "days"),
        (_("Ten largest debtors"), "top10_debtor", "share"),
    ]
    return tuple(KeyFigure(label, now[c], unit, before.get(c), currency) for label, c, unit in shown)


def _trend(check: CheckResult) -> tuple[float | None, ...]:
    return tuple(check.detail.get("trend", {}).values())


def _note(review: PortfolioReview) -> str:
    line = _("Watch: beyond the warning line, inside the limit. A check not run never counts as within.")
    where = _("Warning lines and sources: appendix.")
    previous = review.compared and _("Previous: {what}.").format(what=review.compared)
    return joined(line, previous, where)


def _decisions(review: PortfolioReview) -> tuple[Decision, ...]:
    broken = [c for c in review.checks if c.verdict is Verdict.BREACH]
    words = _("{title} at {value} (limit {limit}): accept until the next report, or set a plan")
    return tuple(
        Decision(
            words.format(
                title=c.title,
                value=figure(c.value, c.unit, review.currency),
                limit=limit_text(c.limits, c.unit, review.currency),
            ),
            _("Risk committee, this meeting"),
        )
        for c in broken
    )


def _now(review: PortfolioReview) -> pd.Series:
    return _at(review, -1)


def _before(review: PortfolioReview) -> pd.Series:
    return _at(review, 0) if review.quarter_before else pd.Series(dtype=float)


def _at(review: PortfolioReview, place: int) -> pd.Series:
    figures = review.figures
    return figures[figures["currency"] == review.currency].iloc[place]
