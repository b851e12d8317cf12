"""What the ledger says over time: the pages on reconciliation, timeliness and sudden shifts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.book.quality.cash import outstanding
from riskmodels.book.quality.shifts import STREAMS, monthly
from riskmodels.book.quality.timeliness import LATE_DAYS
from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure, money
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import quality as figures

if TYPE_CHECKING:
    from riskmodels.reporting.pages.quality import DataQuality

TOP = 15


def reconciliation_page(report: DataQuality) -> Iterator[Block]:
    """Paid, credited, written off and open against invoiced, by client; the accounts by month."""
    checks = report.of_groups("reconciliation")
    lead = _(
        "Paid, credited, written off and open must add up to what was invoiced; what exceeds it is the difference."
    )
    yield Section.of("3", _("Reconciliation"), _difference_finding(report), lead, checks)
    for currency in report.clients["currency"].dropna().unique():
        yield _clients(report.clients[report.clients["currency"] == currency], str(currency))
    accounts = next(c for c in checks if c.name == "book.reconciliation.accounts")
    if accounts.verdict is Verdict.NOT_RUN:
        yield NotRun(accounts.title, accounts.reason)
    else:
        yield _accounts(report)


def _difference_finding(report: DataQuality) -> str:
    check = next(c for c in report.checks if c.name == "book.reconciliation.difference")
    if check.verdict is Verdict.NOT_RUN:
        return _("Nothing can be reconciled: {reason}").format(reason=check.reason)
    over = report.clients[report.clients["over_invoices"] > 0]
    if over.empty:
        return _("The ledger adds up: no invoice is credited beyond its amount")
    first = over.iloc[0]
    words = ngettext(
        "One invoice is credited beyond its amount, by {amount}; its client is {client}",
        "{n} invoices are credited beyond their amount; client {client} has the largest difference, {amount}",
        int(over["over_invoices"].sum()),
    )
    amount = money(float(first["over"]), str(first["currency"]))
    return words.format(n=f"{int(over['over_invoices'].sum()):,}", client=first["client_id"], amount=amount)


def _clients(clients: pd.DataFrame, currency: str) -> Table:
    sums = ["invoices", "invoiced", "paid", "noted", "written_off", "open", "over"]
    shown, rest = clients.head(TOP), clients.iloc[TOP:]
    totals = [clients[sums].sum().to_frame().T.assign(client_id=_("Total"))]
    if len(rest):
        name = _("{n} others").format(n=len(rest))
        totals.insert(0, rest[sums].sum().to_frame().T.assign(client_id=name))
    left = clients[["paid", "noted", "written_off", "open"]].to_numpy(float).sum()
    gap = left - clients["over"].sum() - clients["invoiced"].sum()
    columns = [
        Column("client_id", _("Client")),
        Column("invoices", _("Invoices"), "count"),
        Column("invoiced", _("Invoiced"), "money"),
        Column("paid", _("Paid"), "money"),
        Column("noted", _("Credited"), "money"),
        Column("written_off", _("Written off"), "money"),
        Column("open", _("Still open"), "money"),
        Column("over", _("Difference"), "money"),
    ]
    caption = _("Largest difference first. Paid + credited + written off + open - difference - invoiced: {gap}.")
    return Table.of(
        f"clients_{currency}",
        shown,
        columns,
        title=_("Reconciliation by client, {currency}").format(currency=currency),
        totals=pd.concat(totals, ignore_index=True),
        caption=caption.format(gap=f"{abs(gap):,.2f}" if abs(gap) < 0.005 else f"{gap:,.2f}"),
        currency=currency,
    )


def _accounts(report: DataQuality) -> Table:
    table = outstanding(report.book).assign(difference=lambda t: t["outstanding"] - t["balance"])
    columns = [
        Column("month", _("Month end"), "date"),
        Column("balance", _("By the accounts"), "money"),
        Column("outstanding", _("By the ledger"), "money"),
        Column("difference", _("Difference"), "money"),
        Column("gap", _("Share"), "rate"),
    ]
    return Table.of(
        "accounts",
        table,
        columns,
        title=_("Advances outstanding, accounts against ledger"),
        caption=_("Advances less principal repaid, as booked by the month's end."),
        currency=report.book.currency,
    )


def timeliness_page(report: DataQuality) -> Iterator[Block]:
    """How long each table takes to be known."""
    checks = report.of_groups("timeliness")
    table = report.delays.sort_values(["judged", "late"], ascending=[False, False], kind="stable").reset_index(
        drop=True
    )
    yield Section.of("4", _("Timeliness"), _late_finding(checks), _late_lead(checks), checks)
    columns = [
        Column("table", _("Table")),
        Column("rows", _("Rows"), "count"),
        Column("median", _("Median"), "days"),
        Column("p95", _("95% within"), "days"),
    ]
    slow = next(c for c in checks if c.name == "book.timeliness.slowest_table")
    side = Table.of("delays", table, columns, title=_("Days from event to known"))
    yield Figure.of(
        "lateness",
        figures.lateness,
        table,
        title=_("Rows known late, by table"),
        caption=_("n = {n} rows. Days run from the event to the day the row was known.").format(
            n=f"{int(table['rows'].sum()):,}"
        ),
        height=14 + 4.6 * len(table),
        options={"limit": slow.limits.breach_high} if slow.limits else {},
        side=side,
    )


def _late_finding(checks: list[CheckResult]) -> str:
    late = next(c for c in checks if c.name == "book.timeliness.late_known")
    share = figure(late.value, "share")
    return _("{share} of the factor's own rows were known more than {days} days late").format(
        share=share, days=LATE_DAYS
    )


def _late_lead(checks: list[CheckResult]) -> str:
    gaps = [c for c in checks if "months_without" in c.name and c.value]
    if not gaps:
        return _("No month is without rows in a table that is in regular use.")
    found = {label: months for c in gaps for label, months in c.detail["examples"].items()}
    said = _("; ").join(f"{label} {_(', ').join(months)}" for label, months in found.items())
    return _("Months without any row: {months}.").format(months=said)


def shifts_page(report: DataQuality) -> Iterator[Block]:
    """Monthly figures beside what the year before and the season lead to expect."""
    checks = report.of_groups("shifts")
    found = [c for c in checks if c.value]
    lead = _("Expected: the median of the twelve months before, times the usual departure of the calendar month.")
    yield Section.of("5", _("Sudden shifts"), _shift_finding(found), lead, checks)
    ran = [s for s, c in zip(STREAMS, checks, strict=True) if c.verdict is not Verdict.NOT_RUN]
    for check in checks:
        if check.verdict is Verdict.NOT_RUN:
            yield NotRun(check.title, check.reason)
    if ran:
        yield _months(report, {s.name: _panel_name(s.table, s.column, report.book.currency) for s in ran})


def _shift_finding(found: list[CheckResult]) -> str:
    if not found:
        return _("No month breaks with the year before it")
    months = sorted({month for c in found for month in c.detail["factors"]})
    words = ngettext(
        "One month breaks with the year before it: {months}",
        "{n} months break with the year before: {months}",
        len(months),
    )
    return words.format(n=len(months), months=_(", ").join(months[:6]))


def _panel_name(table: str, column: str, currency: str) -> str:
    names = {
        ("invoices", "rows"): _("Invoices, number"),
        ("invoices", "amount"): _("Invoices, amount in {currency}"),
        ("payments", "rows"): _("Payments, number"),
        ("payments", "amount"): _("Payments, amount in {currency}"),
    }
    return names[table, column].format(currency=currency)


def _months(report: DataQuality, names: dict[str, str]) -> Figure:
    parts = [
        monthly(report.book, s).assign(panel=names[s.name], unit="count" if s.column == "rows" else "money")
        for s in STREAMS
        if s.name in names
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.assign(when=frame["month"].dt.strftime("%Y-%m"))
    return Figure.of(
        "monthly_figures",
        figures.months,
        frame[["panel", "when", "value", "expected", "flagged", "unit"]],
        title=_("Monthly figures; dashed: expected, plum: a sudden shift"),
        caption=_(
            "Full months only, in {currency}; a shift is beyond 1.5 times and five robust standard deviations."
        ).format(currency=report.book.currency),
        width="full",
        height=52 * ((len(names) + 1) // 2),
    )
