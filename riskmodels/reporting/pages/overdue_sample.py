"""Who the model learnt from, how invoices end, and what leaving out the open ones would have said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import payments as figures
from riskmodels.reporting.pages.overdue_words import STATES

if TYPE_CHECKING:
    from riskmodels.reporting.pages.overdue import OverdueDevelopment

COMMON = ("open", "paid")


def sample_page(report: OverdueDevelopment) -> Iterator[Block]:
    """The invoices learnt from, quarter by quarter, open ones among them."""
    sample = report.made.sample
    too_young = int(sample["outcome"].isna().sum())
    finding = _("{n} invoices of {debtors} debtors; {late} of those due were late").format(
        n=f"{len(sample):,}",
        debtors=f"{sample['obligor'].nunique():,}",
        late=figure(float(sample["outcome"].mean()), "share"),
    )
    lead = _(
        "One row per invoice issued before {date}, seen the day before its issue; those of the book's first three "
        "months are left out, for they have no history. {open} were too young to be late or not: they count as open "
        "for as long as they were."
    )
    said = lead.format(date=report.as_of, open=f"{too_young:,}")
    yield Section.of("1", _("Sample"), finding, said, report.of_group("sample"))
    yield _by_quarter(sample)


def _by_quarter(sample: pd.DataFrame) -> Table:
    quarter = sample["period"].dt.to_period("Q")
    table = sample.groupby(quarter).agg(
        n=("outcome", "size"),
        debtors=("obligor", "nunique"),
        amount=("weight", "sum"),
        known=("outcome", "count"),
        rate=("outcome", "mean"),
        terms=("terms_days", "median"),
    )
    rows = table.assign(quarter=[f"{q.year} Q{q.quarter}" for q in table.index], young=table["n"] - table["known"])
    columns = [
        Column("quarter", _("Issued in")),
        Column("n", _("Invoices"), "count"),
        Column("debtors", _("Debtors"), "count"),
        Column("terms", _("Median terms, days"), "count", quiet=True),
        Column("young", _("Too young to say"), "count"),
        Column("rate", _("Late share of the others"), "share", shade="plum"),
    ]
    return Table.of("quarters", rows, columns, title=_("Invoices by quarter of issue"))


def endings_page(report: OverdueDevelopment) -> Iterator[Block]:
    """How invoices end by days past due, and the bias that leaving out open invoices makes."""
    found = report.made.endings
    name = _("How invoices end")
    lead = _(
        "Share of invoices, parts by their amount, that had ended so by each day; invoices still open are censored, "
        "not left out (Aalen-Johansen, 95% bands follow debtors)."
    )
    if found.empty:
        yield Section.of("2", name, _("Nothing has ended yet"), lead)
        return
    yield Section.of("2", name, _ends_finding(found), lead)
    shown = found.assign(name=[_(STATES[s]) for s in found["state"]])
    happened = shown.groupby("state")["share"].transform("max") > 0
    common = shown["state"].isin(COMMON)
    yield _ends(shown[common], "endings", _("Paid, and still open"))
    if (happened & ~common).any():
        yield _ends(shown[happened & ~common], "endings_rare", _("Otherwise ended"))
    yield from _censoring(report)


def _ends(shown: pd.DataFrame, name: str, title: str) -> Figure:
    frame = shown[["name", "day", "share", "low", "high"]]
    options = {"label": _("Share of invoices")}
    return Figure.of(name, figures.endings, frame, title=title, width="half", height=62, options=options)


def _ends_finding(found: pd.DataFrame) -> str:
    at = found.set_index(["state", "day"])["share"]
    words = _("{due} are still open at the close of the due date, {month} thirty days later")
    return words.format(due=figure(at["open", 0], "share"), month=figure(at["open", 30], "share"))


def _censoring(report: OverdueDevelopment) -> Iterator[Block]:
    trial = report.made.trial
    title = _("What leaving out open invoices would have said")
    if trial is None:
        yield NotRun(title, report.made.no_trial)
        return
    rows = trial.young.assign(name=_ages(trial.young))
    plotted = rows[rows[["dropped", "model", "came"]].notna().all(axis=1)]
    caption = _(
        "Invoices issued shortly before {date}, as known on that day; what came is known a year later. Those settled "
        "so early are the punctual ones."
    ).format(date=trial.day)
    if len(plotted):
        frame = plotted[["name", "dropped", "survival", "model", "came"]]
        yield Figure.of("young", figures.young, frame, title=title, width="full", height=52, caption=caption)
    yield _young(rows)


def _ages(young: pd.DataFrame) -> list[str]:
    words = _("{low} to {high} days old")
    return [words.format(low=int(low) + 1, high=int(high)) for low, high in young[["from_days", "to_days"]].to_numpy()]


def _young(rows: pd.DataFrame) -> Table:
    columns = [
        Column("name", _("Invoices then")),
        Column("n", _("Number"), "count"),
        Column("open", _("Still open"), "share", quiet=True),
        Column("dropped", _("Late, settled alone"), "share"),
        Column("survival", _("Kaplan-Meier"), "share"),
        Column("model", _("Model"), "share"),
        Column("came", _("What came"), "share"),
    ]
    few = int((rows["settled"] < 100).sum())
    note = ngettext(
        "In one row fewer than 100 invoices were settled: Kaplan-Meier rests on few there.",
        "In {n} rows fewer than 100 invoices were settled: Kaplan-Meier rests on few there.",
        few,
    )
    caption = note.format(n=few) if few else ""
    return Table.of("young_shares", rows, columns, title=_("Share late, said then and come since"), caption=caption)
