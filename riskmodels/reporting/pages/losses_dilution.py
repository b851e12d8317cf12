"""How credit notes come after their invoices, and what to hold against them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.dilution import development, vintages
from riskmodels.models.dilution.maturation import RIPE
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table, Text
from riskmodels.reporting.figures import bars
from riskmodels.reporting.figures import losses as figures
from riskmodels.reporting.pages.page import unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.losses import LossAndDilution

SHOWN, AGES, DRAWN = 12, 7, 24


def ripening_page(report: LossAndDilution) -> Iterator[Block]:
    """The development triangle of credit notes, and each month's rate once all has come."""
    name = _("Dilution by vintage")
    if report.no_dilution:
        yield from unrun("5", name, report.no_dilution)
        return
    yield Section("5", name, _finding(report), _lead(report))
    yield _months(report)
    yield _triangle(report)


def _finding(report: LossAndDilution) -> str:
    words = _("{rate} of what was invoiced ends as a credit note, {recent} in the last twelve ripe months")
    return words.format(rate=figure(report.pattern.expected, "rate"), recent=figure(report.reserve.expected, "rate"))


def _lead(report: LossAndDilution) -> str:
    words = _(
        "Credit notes lag their invoices, nine tenths of them by up to {months} months, so a young month looks good "
        "for being young. What is still to come is expected from all months that have been seen that long "
        "(Bornhuetter and Ferguson)."
    )
    return words.format(months=int(np.argmax(report.pattern.emerged >= RIPE)))


def _months(report: LossAndDilution) -> Figure:
    table = vintages(report.history, report.pattern).tail(DRAWN)
    rows = table[["month"]].assign(came=table["raw"], left=table["rate"] - table["raw"]).fillna(0.0)
    return Figure.of(
        "dilution_months",
        figures.dilution_months,
        rows.reset_index(drop=True),
        title=_("Dilution by month of invoice"),
        width="full",
        height=60,
        options={"expected": report.reserve.expected, "spike": report.reserve.spike_month},
        caption=_("Expected: mean of the last twelve months whose credit notes are nearly all in; plum: the highest."),
    )


def _triangle(report: LossAndDilution) -> Table:
    table = development(report.history, report.pattern)
    ages = list(table.columns[2:])[:AGES]
    columns = [
        Column("month", _("Invoices of")),
        Column("invoiced", _("Invoiced"), "money"),
        *(Column(age, _("{n} months on").format(n=age) if age != "0" else _("Same month"), "rate") for age in ages),
    ]
    pooled = np.cumsum(report.pattern.rates)[: len(ages)]
    total = pd.DataFrame({"month": [_("All months")], "invoiced": [table["invoiced"].sum()], **dict(zip(ages, pooled))})
    return Table.of(
        "dilution_triangle",
        table.tail(SHOWN),
        columns,
        title=_("Share of each month's invoices credited by the months after"),
        totals=total,
        caption=_("Whole months only; empty where a month isn't over yet."),
        currency=report.book.currency,
    )


def reserve_page(report: LossAndDilution) -> Iterator[Block]:
    """The dynamic reserve, step by step."""
    name = _("Dilution reserve")
    if report.no_dilution:
        yield from unrun("7", name, report.no_dilution)
        return
    held, currency = report.reserve, report.book.currency
    words = _("Hold {amount} against dilution, {rate} of the open balance")
    finding = words.format(amount=figure(held.amount, "money", currency), rate=figure(held.rate, "rate"))
    yield Section("7", name, finding, _reserve_lead())
    yield Figure.of(
        "reserve",
        bars.bridge,
        reserve_steps(report),
        title=_("From the expected dilution to the reserve"),
        width="full",
        height=62,
        options={"unit": "rate"},
        caption=_("Shares of the open balance."),
    )
    yield _parts(report)
    if held.rate >= 1:
        yield Text((_("The reserve is the whole balance: the spike is out of proportion to what is expected."),))


def _reserve_lead() -> str:
    return _(
        "Reserve = [stress x ED + (DS - ED) x DS / ED] x DHR: ED the expected rate, DS its highest month, DHR what is "
        "invoiced over the horizon in which credit notes come, by the open balance. The stress is the house's choice."
    )


def reserve_steps(report: LossAndDilution) -> pd.DataFrame:
    """The steps from the expected rate to the reserve: step, amount; the first and the last are totals."""
    held = report.reserve
    spike = (held.spike - held.expected) * held.spike / held.expected if held.expected > 0 else 0.0
    stress = (held.stress - 1) * held.expected
    steps = {
        _("Expected"): held.expected,
        _("Stress, {times}").format(times=figure(held.stress, "multiple")): stress,
        _("Room for the spike"): spike,
        _("Horizon, {times}").format(times=figure(held.horizon_ratio, "multiple")): held.rate
        - held.expected
        - stress
        - spike,
        _("Reserve"): held.rate,
    }
    return pd.DataFrame({"step": list(steps), "amount": list(steps.values())})


def _parts(report: LossAndDilution) -> Table:
    held, currency = report.reserve, report.book.currency
    told = {
        _("Expected dilution (ED)"): figure(held.expected, "rate"),
        _("Spike (DS)"): _("{rate} in {month}").format(rate=figure(held.spike, "rate"), month=held.spike_month),
        _("Deviation of monthly rates"): figure(held.volatility, "rate"),
        _("Mean time from invoice to credit note"): _("{n} months").format(n=f"{report.pattern.lag:.1f}"),
        _("Horizon"): _("{n} months").format(n=held.horizon),
        _("Horizon ratio (DHR)"): figure(held.horizon_ratio, "multiple"),
        _("Stress"): figure(held.stress, "multiple"),
        _("Open balance"): figure(held.balance, "money", currency),
        _("Reserve"): figure(held.amount, "money", currency),
    }
    rows = pd.DataFrame({"part": list(told), "value": list(told.values())})
    columns = [Column("part", _("Part")), Column("value", _("Rate or amount"), right=True)]
    return Table.of("reserve_parts", rows, columns, title=_("The reserve's parts"))
