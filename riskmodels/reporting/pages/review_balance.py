"""What is open: the pages on ageing and on whom the balance hangs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import Verdict
from riskmodels.core.numbers import figure, money
from riskmodels.core.text import gettext as _
from riskmodels.portfolio.ageing import ageing, compare
from riskmodels.portfolio.balances import ledger_balance
from riskmodels.portfolio.concentration import largest
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import bars

if TYPE_CHECKING:
    from riskmodels.reporting.pages.review import PortfolioReview


BAD_FROM = 4
"""The first bucket that is non-performing: 91-180 days."""


def ageing_page(review: PortfolioReview) -> Iterator[Block]:
    """The open balance by days past due, per currency, beside the quarter before."""
    checks = review.of_group("asset_quality")
    yield Section.of("1", _("Ageing"), _ageing_finding(review), _ageing_lead(review), checks)
    for currency in review.currencies:
        yield from _ageing_of(review, currency)


def _ageing_finding(review: PortfolioReview) -> str:
    table = _aged(review, review.currency)
    late, bad = table["share"][1:].sum(), table["share"][BAD_FROM:].sum()
    return _("{late} of the balance is past due, {bad} by more than 90 days").format(
        late=figure(late, "share"), bad=figure(bad, "rate")
    )


def _ageing_lead(review: PortfolioReview) -> str:
    if review.book.has("payments"):
        return _(
            "Days past due run from the original due date to the close of the day; an invoice counts with what is open."
        )
    return _("The book has no payments: every invoice counts as open with its whole amount, so this is an upper bound.")


def _aged(review: PortfolioReview, currency: str) -> pd.DataFrame:
    day = review.quarter_before
    table = compare(review.book, day) if day else ageing(review.book)
    return table[table["currency"] == currency].reset_index(drop=True)


def _ageing_of(review: PortfolioReview, currency: str) -> Iterator[Block]:
    table = _aged(review, currency)
    past = table[table["bucket"] > 0]
    breach = (past["bucket"] >= BAD_FROM) & _too_old(review, currency)
    frame = pd.DataFrame({"bucket": past["name"], "share": past["share"], "breach": breach})
    if "share_before" in past:
        frame["previous"] = past["share_before"]
    columns = [Column("name", _("Days past due")), Column("invoices", _("Invoices"), "count")]
    columns += [Column("balance", _("Balance"), "money"), Column("share", _("Share"), "share")]
    if "share_before" in table:
        columns.append(Column("share_before", _("Quarter before"), "share", quiet=True))
    total = table.sum(numeric_only=True).to_frame().T.assign(name=_("Total"))
    side = Table.of(
        f"ageing_{currency}",
        table,
        columns,
        title=_("Balance by age, {currency}").format(currency=currency),
        totals=total,
        currency=currency,
    )
    yield Figure.of(
        f"ageing_bars_{currency}",
        bars.ageing,
        frame,
        title=_("Past-due balance by age, {currency}").format(currency=currency),
        caption=_("Open balance by days past due of the original due date. n = {n} invoices, {balance}.").format(
            n=f"{int(table['invoices'].sum()):,}", balance=money(table["balance"].sum(), currency)
        ),
        options={"previous_label": str(review.quarter_before)} if "previous" in frame else {},
        side=side,
    )


def _too_old(review: PortfolioReview, currency: str) -> bool:
    """Whether the balance more than 90 days past due is beyond its limit: only then are its bars red."""
    found = [c for c in review.checks if "over_90" in c.name and c.subject == currency]
    return any(c.verdict is Verdict.BREACH for c in found)


def concentration_page(review: PortfolioReview) -> Iterator[Block]:
    """The largest debtors, per currency, by their number in the ledger."""
    top = largest(review.book)
    first = top[(top["currency"] == review.currency) & (top["rank"] == 1)].iloc[0]
    finding = _("The largest debtor holds {share} of the balance").format(share=figure(first["share"], "share"))
    lead = _("Debtors are told apart by their number; names are shown as the ledger last had them.")
    yield Section.of("2", _("Concentration"), finding, lead, review.of_group("concentration"))
    for currency in review.currencies:
        yield _largest_table(review, top[top["currency"] == currency], currency)


def _largest_table(review: PortfolioReview, top: pd.DataFrame, currency: str) -> Table:
    others = top["rank"] == 0
    rest = top[others].assign(name=_("{n} others").format(n=int(top.loc[others, "parties"].sum())))
    every = top[["balance", "overdue", "share", "invoices"]].sum().to_frame().T.assign(name=_("Total"))
    columns = [
        Column("rank", "", "count", quiet=True),
        Column("debtor_id", _("Debtor")),
        Column("name", _("Name"), quiet=True),
        Column("invoices", _("Invoices"), "count"),
        Column("balance", _("Balance"), "money"),
        Column("overdue", _("Past due"), "money"),
        Column("share", _("Share"), "share"),
        Column("cumulative", _("Cumulative"), "share", quiet=True),
    ]
    totals = pd.concat([rest, every], ignore_index=True).drop(columns=["rank", "debtor_id", "cumulative"])
    gap = float(top["balance"].sum()) - ledger_balance(review.book, currency)
    return Table.of(
        f"largest_debtors_{currency}",
        top[~others],
        columns,
        title=_("Largest debtors, {currency}").format(currency=currency),
        totals=totals,
        caption=_(
            "By open balance. Difference to the ledger (invoices less what was paid, credited and written off): {gap}."
        ).format(gap=f"{gap:,.2f}".replace("-0.00", "0.00")),
        currency=currency,
    )
