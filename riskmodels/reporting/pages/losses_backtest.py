"""What a year ago was expected of losses and dilution, held against what came since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult, not_run
from riskmodels.core.dates import add_months
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.lgd.comparison import simplest
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import losses as figures
from riskmodels.reporting.pages.losses_words import model_word
from riskmodels.reporting.pages.page import unrun
from riskmodels.reporting.pages.tested import table_of_tests, unrun_table
from riskmodels.validation.checks.check import Check, run_all
from riskmodels.validation.losses.cases import LossCases
from riskmodels.validation.losses.checks import DILUTION, LGD
from riskmodels.validation.losses.shortfall import shortfalls
from riskmodels.validation.losses.since import MONTHS
from riskmodels.validation.losses.suite import default_limits

if TYPE_CHECKING:
    from riskmodels.reporting.pages.losses import LossAndDilution

SHARES = ("level", "level_by_amount", "recovery", "dilution")


def loss_checks(report: LossAndDilution) -> list[CheckResult]:
    """The checks of the LGD, its workout and recovery."""
    if report.no_losses:
        return _unrun(LGD, report.no_losses)
    if report.claims_since.empty:
        words = _("no workouts of two debtors were over by {date}, so nothing was estimated then")
        return _unrun(LGD, words.format(date=_then(report)))
    return run_all(LGD, LossCases(report.claims_since), default_limits())


def dilution_checks(report: LossAndDilution) -> list[CheckResult]:
    """The check of dilution."""
    if report.no_dilution:
        return _unrun(DILUTION, report.no_dilution)
    if report.dilution_since.empty:
        words = _("nothing was invoiced by {date}, or no credit notes since are in")
        return _unrun(DILUTION, words.format(date=_then(report)))
    return run_all(DILUTION, LossCases(report.dilution_since), default_limits())


def backtest_page(report: LossAndDilution) -> Iterator[Block]:
    """What was expected and came, as a picture and with every test; the tests that could not run."""
    name, ran = _("Back-test"), [c for c in report.checks if not c.reason]
    if not ran:
        yield from unrun("8", name, report.checks[0].reason)
        return
    yield Section.of("8", name, _finding(report), _lead(report), ran)
    drawn = _gaps(ran)
    if len(drawn):
        yield _picture(drawn)
    yield table_of_tests(ran, "backtest", _("Estimates of a year ago against what came"), report.book.currency)
    if any(c.name.endswith("loss.level") for c in ran):
        yield _pools(report)
    if len(ran) < len(report.checks):
        yield unrun_table(report.checks, "backtest_not_run")


def _unrun(checks: tuple[Check, ...], reason: str) -> list[CheckResult]:
    return [
        not_run(c.name, _(c.title), reason, unit=c.unit, limits=default_limits()[c.name], primary=c.primary)
        for c in checks
    ]


def _then(report: LossAndDilution) -> str:
    return add_months(report.as_of, -MONTHS).isoformat()


def _finding(report: LossAndDilution) -> str:
    found = {c.name.removeprefix("validation.loss."): c for c in report.checks if not c.reason}
    said = []
    if "level" in found:
        words = _("claims over since lost {came} where {expected} was expected")
        said.append(_said(words, found["level"], "share"))
    if "dilution" in found:
        words = _("{came} of what was invoiced was diluted where {expected} was expected")
        said.append(_said(words, found["dilution"], "rate"))
    together = _("; ").join(said) or _("too little has come since to say whether estimates were right")
    return together[:1].upper() + together[1:]


def _said(words: str, check: CheckResult, unit: str) -> str:
    came, expected = (figure(check.detail[key], unit) for key in ("realised", "estimated"))
    return words.format(came=came, expected=expected)


def _lead(report: LossAndDilution) -> str:
    used = "mean" if report.no_models else simplest(report.differences)
    words = _(
        "Estimates are those of {date}, with nothing known later: of losses by the model in use ({model}), of dilution "
        "by pair. Held against them are the workouts that ended since, and what was invoiced since and has its credit "
        "notes."
    )
    return words.format(date=_then(report), model=model_word(used))


def _gaps(ran: list[CheckResult]) -> pd.DataFrame:
    """The checks in shares that have an interval: name, value, low, high."""
    kept = [c for c in ran if c.name.rsplit(".", 1)[1] in SHARES and c.interval]
    rows = [(c.title, c.value, *(c.interval or ())) for c in kept]
    return pd.DataFrame(rows, columns=["name", "value", "low", "high"])


def _picture(gaps: pd.DataFrame) -> Figure:
    return Figure.of(
        "backtest_gaps",
        figures.forest,
        gaps,
        title=_("How much worse than expected a year ago it came"),
        width="full",
        height=18 + 8 * len(gaps),
        options={
            "unit": "rate",
            "label": _("Realised less estimated, with its 95% interval"),
            "line": 0.0,
            "named": _("as expected"),
        },
        caption=_("Right of the line it came worse; plum where the interval leaves the line out."),
    )


def _pools(report: LossAndDilution) -> Table:
    """The LGD with recourse and without, expected and realised."""
    pair = LossCases(report.claims_since).loss
    frame = pair.rows.assign(gap=pair.gap)
    recourse = frame["pool"].map({True: _("with recourse"), False: _("without recourse")}).fillna(_("not told"))
    table = shortfalls(pair.gap, recourse, None, pair.clusters)
    means = frame.groupby(recourse.to_numpy())[["estimated", "realised"]].mean()
    rows = table.join(means, on="group")
    columns = [
        Column("group", _("Claims")),
        Column("n", _("Cases"), "count"),
        Column("estimated", _("Expected LGD"), "share"),
        Column("realised", _("Realised"), "share"),
        Column("gap", _("Gap"), "share"),
        Column("low", _("95% from"), "share", quiet=True),
        Column("high", _("to"), "share", quiet=True),
        Column("holm_p", _("Holm p"), "p"),
    ]
    caption = _("A group of too few independent cases has no interval and no p.")
    return Table.of("backtest_pools", rows, columns, title=_("Expected and realised LGD by recourse"), caption=caption)
