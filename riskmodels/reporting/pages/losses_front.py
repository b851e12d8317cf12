"""Page 1 of losses and dilution: what to use, five key figures, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import NotRun, Text
from riskmodels.reporting.front import Decision, Decisions, KeyFigure, KeyFigures, Masthead
from riskmodels.reporting.pages.losses_models import finding
from riskmodels.reporting.pages.page import joined
from riskmodels.reporting.pages.tested import votes

if TYPE_CHECKING:
    from riskmodels.reporting.pages.losses import LossAndDilution


def front(report: LossAndDilution) -> Iterator[Block]:
    """Masthead, the answers, key figures, the tests that vote and what is asked; what this book can't say, and why."""
    words = _("Book {book}, what was known on {date}")
    yield Masthead(_("Loss given default and dilution"), words.format(book=report.whole.name, date=report.as_of))
    if said := tuple(s for s in (_losses(report), _cover(report), _dilution(report)) if s):
        yield Text(said)
    if keys := _key_figures(report):
        yield KeyFigures(keys)
    for name, reason in ((_("Loss given default"), report.no_losses), (_("Dilution"), report.no_dilution)):
        if reason:
            yield NotRun(name, reason)
    yield votes(report.checks, report.before.values, report.book.currency)
    if asked := _decisions(report):
        yield Decisions(asked)


def _losses(report: LossAndDilution) -> str:
    if report.no_losses:
        return ""
    claims, final = report.losses.claims, report.losses.final
    words = _(
        "{n} finished workouts of {debtors} debtors lost {lgd} on average; {young} claims are too young to count."
    )
    said = words.format(
        n=len(final),
        debtors=final["debtor_id"].nunique(),
        lgd=figure(final["lgd"].mean(), "share"),
        young=len(claims) - len(final),
    )
    return joined(said, _("{finding}.").format(finding=finding(report)) if not report.no_models else "")


def _cover(report: LossAndDilution) -> str:
    if report.no_losses or report.open.empty:
        return ""
    words = _(
        "With the cover they have, open claims of {money} would lose {lgd} if all defaulted today, {stressed} in bad "
        "times."
    )
    expected = _expected(report)
    return words.format(
        money=figure(report.open["ead"].sum(), "money", report.book.currency),
        lgd=figure(expected, "share"),
        stressed=figure(float(report.stress.apply([expected])[0]), "share"),
    )


def _expected(report: LossAndDilution) -> float:
    return float(np.average(report.covered.lgd, weights=report.open["ead"]))


def _dilution(report: LossAndDilution) -> str:
    if report.no_dilution:
        return ""
    held, currency = report.reserve, report.book.currency
    words = _(
        "Credit notes take {rate} of what is invoiced; {amount} held back, {share} of the open balance, covers them."
    )
    amount = figure(held.amount, "money", currency)
    return words.format(rate=figure(held.expected, "rate"), amount=amount, share=figure(held.rate, "rate"))


def _key_figures(report: LossAndDilution) -> tuple[KeyFigure, ...]:
    found: list[KeyFigure] = []
    if not report.no_losses:
        found += [
            KeyFigure(_("Mean LGD of finished claims"), report.stress.long_run, "share"),
            KeyFigure(_("Downturn LGD"), float(report.stress.apply([report.stress.long_run])[0]), "share"),
        ]
        if len(report.open):
            found.append(KeyFigure(_("LGD of the open book with its cover"), _expected(report), "share"))
    if not report.no_dilution:
        found += [
            KeyFigure(_("Expected dilution"), report.reserve.expected, "rate"),
            KeyFigure(_("Dilution reserve"), report.reserve.amount, "money", currency=report.book.currency),
        ]
    return tuple(found)


def _decisions(report: LossAndDilution) -> tuple[Decision, ...]:
    asked = []
    if not report.no_losses:
        found = report.stress
        words = _("Take {lgd} as the LGD of claims in default, {stressed} in bad times")
        stressed = figure(float(found.apply([found.long_run])[0]), "share")
        asked.append(
            Decision(words.format(lgd=figure(found.long_run, "share"), stressed=stressed), _("Risk committee"))
        )
    if not report.no_dilution:
        words = _("Hold a dilution reserve of {rate} of the open balance")
        asked.append(Decision(words.format(rate=figure(report.reserve.rate, "rate")), _("Risk committee")))
    return tuple(asked)
