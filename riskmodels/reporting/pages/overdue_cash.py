"""What past forecasts of cash were worth, and what open invoices are expected to bring in the weeks to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure, money
from riskmodels.core.text import gettext as _
from riskmodels.models.cash.forecast import BANDS, CashForecast
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import overdue as figures
from riskmodels.reporting.pages.page import joined, listed
from riskmodels.validation.overdue_development.cash import WEEKS, CashEvidence

if TYPE_CHECKING:
    from riskmodels.reporting.pages.overdue import OverdueDevelopment


def cash_page(report: OverdueDevelopment) -> Iterator[Block]:
    """Past forecasts beside what came with their coverage and errors, then the forecast from today."""
    found = report.cash_evidence
    yield Section.of("8", _("Cash forecast"), _finding(found), _lead(), found.checks)
    if found.no_test:
        yield NotRun(_("Back-test of the cash forecast"), found.no_test)
    else:
        yield _past(found)
        yield _errors(found)
        yield _coverage(found)
    if found.forecast is None:
        yield NotRun(_("Forecast from today"), found.no_forecast)
    else:
        yield _ahead(found, found.forecast)


def _finding(found: CashEvidence) -> str:
    parts = []
    if found.forecast is not None:
        sums = _own(found, found.forecast, "horizon").iloc[0]
        words = _("Open invoices are to bring {amount} in {weeks} weeks, {low} to {high} in 80 of 100 cases")
        told = {
            key: money(float(sums[c]), found.currency)
            for key, c in (("amount", "expected"), ("low", "low_80"), ("high", "high_80"))
        }
        parts.append(words.format(weeks=WEEKS, **told))
    if not found.no_test:
        weeks = found.coverage.query("span == 'week' and band == 80").iloc[0]
        words = _("such bands held {share} of {n} past weeks")
        parts.append(words.format(share=figure(float(weeks["share"]), "share"), n=int(weeks["n"])))
    return _("; ").join(parts) or _("Not run")


def _lead() -> str:
    return _(
        "Cash on invoices open when a forecast is made, and on bills held then as they mature; invoices issued later "
        "bring theirs on top. Past forecasts are by a model trained before the first of them; the strength of common "
        "shocks was learnt, each time, from what was over by then."
    )


def _past(found: CashEvidence) -> Figure:
    weeks = found.tested[found.tested["span"] == "week"]
    outside = int((~weeks["actual"].between(weeks["low_95"], weeks["high_95"])).sum())
    caption = _(
        "Dots: what came; plum, {n} of {all} weeks, outside the 95% band. {origins} forecasts of {weeks} weeks."
    )
    return Figure.of(
        "cash_past",
        figures.cash_weeks,
        weeks.drop(columns=["currency", "span"]),
        title=_("Past forecasts by week, and what came"),
        width="full",
        height=66,
        options={"currency": found.currency},
        caption=caption.format(n=outside, all=len(weeks), origins=weeks["origin"].nunique(), weeks=WEEKS),
    )


def _errors(found: CashEvidence) -> Table:
    columns = [
        Column("span", _("Weeks ahead")),
        Column("n", _("Cases"), "count"),
        Column("bias", _("Bias"), "share"),
        Column("wape", _("WAPE"), "share"),
        *(Column(f"held_{band}", _("Within {band}% band").format(band=band), "share") for band in BANDS),
    ]
    caption = _(
        "Bias: forecast over actual, less 1; above zero less came than was foretold. WAPE: sum of absolute errors over "
        "the sum of what came."
    )
    rows = found.spans.assign(span=[_span_word(span) for span in found.spans["span"]])
    return Table.of("cash_errors", rows, columns, title=_("Errors by weeks ahead"), caption=caption)


def _span_word(span: str) -> str:
    named = {"week": _("every week"), "horizon": _("sum of {weeks} weeks").format(weeks=WEEKS)}
    return named.get(span, span)


def _coverage(found: CashEvidence) -> Table:
    rows = found.coverage
    rows = rows.assign(span=rows["span"].map(_span_word), stated=rows["band"] / 100)
    columns = [
        Column("span", _("Forecast of")),
        Column("stated", _("Band"), "share", decimals=0),
        Column("n", _("Forecasts"), "count"),
        Column("held", _("Held"), "count"),
        Column("share", _("Share"), "share"),
        Column("p_value", _("Kupiec's p"), "p"),
    ]
    caption = _(
        "H0: the band holds as often as it says (Kupiec 1995), forecasts taken as independent; weeks of one forecast "
        "move together, so that a small p of weeks says less than it seems."
    )
    return Table.of("cash_coverage", rows, columns, title=_("How often the bands held"), caption=caption)


def _own(found: CashEvidence, ahead: CashForecast, span: str) -> pd.DataFrame:
    """The rows of a forecast in the evidence's currency."""
    return ahead.table[(ahead.table["currency"] == found.currency) & (ahead.table["span"] == span)]


def _ahead(found: CashEvidence, ahead: CashForecast) -> Figure:
    weeks = _own(found, ahead, "week")
    columns = [
        Column("ends_on", _("Week to"), "date"),
        Column("expected", _("Expected"), "money"),
        Column("low_80", _("80% from"), "money", quiet=True),
        Column("high_80", _("to"), "money", quiet=True),
    ]
    totals = _own(found, ahead, "horizon").astype({"ends_on": object}).assign(ends_on=_("Sum"))
    side = Table.of("cash_side", weeks, columns, title=_("By week"), totals=totals, currency=found.currency)
    return Figure.of(
        "cash_ahead",
        figures.cash_weeks,
        weeks.drop(columns=["currency", "span"]).assign(origin=weeks["begins_on"].min()),
        title=_("The next {weeks} weeks").format(weeks=WEEKS),
        height=76,
        options={"currency": found.currency},
        caption=_resting_on(found, ahead),
        side=side,
    )


def _resting_on(found: CashEvidence, ahead: CashForecast) -> str:
    """What the forecast rests on, what it leaves out, and the other currencies."""
    words = _(
        "Of {open} open, and {bills} of bills held; {dilution} of what settles invoices is taken off as no cash. "
        "Standard deviations of shocks on the log hazard: debtors {debtor}, industries {industry}, the period {period}."
    )
    shocks = dict(zip(("debtor", "industry", "period"), (figure(s, "number") for s in ahead.spreads), strict=True))
    open_amount = money(ahead.open_amount.get(found.currency, 0.0), found.currency)
    own = _own(found, ahead, "horizon").iloc[0]
    bills = money(float(own["bills_held"]), found.currency)
    told = words.format(open=open_amount, bills=bills, dilution=figure(ahead.dilution, "share"), **shocks)
    left = ahead.left_out.get(found.currency, 0.0)
    out = _("Nothing is expected of {amount} that are older, or on longer terms, than the model saw.")
    sums = ahead.table[(ahead.table["span"] == "horizon") & (ahead.table["currency"] != found.currency)]
    others = [money(float(amount), str(c)) for c, amount in zip(sums["currency"], sums["expected"])]
    more = _("In other currencies: {amounts}.").format(amounts=listed(others)) if others else ""
    return joined(told, out.format(amount=money(left, found.currency)) if left > 0 else "", more)
