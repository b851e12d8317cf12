"""The dilution to expect of each client and debtor, with its interval."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.dilution import pair_rates
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import losses as figures
from riskmodels.reporting.pages.losses_words import claim_word
from riskmodels.reporting.pages.page import unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.losses import LossAndDilution

LARGEST = 15


def pairs_page(report: LossAndDilution) -> Iterator[Block]:
    """The largest pairs' rates with intervals, and those above the book's beyond doubt."""
    name = _("Dilution by client and debtor")
    if report.no_dilution:
        yield from unrun("6", name, report.no_dilution)
        return
    rates = pair_rates(report.history, report.pattern)
    book = report.pattern.expected
    rates["name"] = [claim_word(c, d) for c, d in zip(rates["client_id"], rates["debtor_id"])]
    above = rates[rates["low"] > book].sort_values("low", ascending=False)
    yield Section("6", name, _finding(rates, above), _lead())
    yield _forest(_largest(rates), book)
    yield _table(report, _largest(rates), "pairs", _("The largest pairs"))
    if len(above):
        title = _("Pairs whose interval lies above the book's rate")
        yield _table(report, above.head(LARGEST), "pairs_above", title)


def _largest(rates: pd.DataFrame) -> pd.DataFrame:
    return rates.sort_values(["invoiced", "name"], ascending=[False, True]).head(LARGEST)


def _finding(rates: pd.DataFrame, above: pd.DataFrame) -> str:
    if above.empty:
        words = _("No interval of {n} pairs lies above the book's rate")
        return words.format(n=f"{len(rates):,}")
    words = _("The interval of {k} of {n} pairs lies above the book's rate; most clearly {name}, {rate}")
    worst = above.iloc[0]
    return words.format(k=len(above), n=f"{len(rates):,}", name=worst["name"], rate=figure(worst["rate"], "rate"))


def _lead() -> str:
    return _(
        "A pair's own rate rests on few invoices, so it is drawn to its client's and that to the book's, the more the "
        "fewer they are (beta-binomial). Immature invoices count for the part of their credit notes that has come."
    )


def _forest(rows: pd.DataFrame, book: float) -> Figure:
    return Figure.of(
        "pair_rates",
        figures.forest,
        rows[["name", "rate", "low", "high", "raw"]].rename(columns={"rate": "value"}),
        title=_("Expected dilution of the largest pairs"),
        width="full",
        height=18 + 6 * len(rows),
        options={
            "unit": "rate",
            "label": _("Dilution rate with its 95% interval; hollow: the pair's own record"),
            "line": book,
            "named": _("book {rate}").format(rate=figure(book, "rate")),
        },
        caption=_("Plum where the interval leaves out the book's rate."),
    )


def _table(report: LossAndDilution, rows: pd.DataFrame, name: str, title: str) -> Table:
    columns = [
        Column("client_id", _("Client")),
        Column("debtor_id", _("Debtor")),
        Column("invoices", _("Invoices"), "count"),
        Column("invoiced", _("Invoiced"), "money"),
        Column("credited", _("Credited"), "money"),
        Column("raw", _("Own record"), "rate", quiet=True),
        Column("rate", _("Expected"), "rate"),
        Column("low", _("95% from"), "rate", quiet=True),
        Column("high", _("to"), "rate", quiet=True),
    ]
    return Table.of(name, rows, columns, title=title, currency=report.book.currency)
