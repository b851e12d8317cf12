"""Why open invoices are expected late: some of them in words and bars, and what moves the whole book."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.errors import DataRefused
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.delay_reasons import TIMING
from riskmodels.models.explain import BASE
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table, Text
from riskmodels.reporting.figures import overdue as figures
from riskmodels.reporting.pages.delay_words import delay_sentences
from riskmodels.reporting.pages.driver_words import SUBJECT_WORDS, driver_title
from riskmodels.reporting.pages.page import joined, unrun
from riskmodels.validation.overdue_development.reasons import OpenReasons

if TYPE_CHECKING:
    from riskmodels.reporting.pages.overdue import OverdueDevelopment

DRAWN = 6
"""Drivers that have a row of their own in the picture."""


def reasons_page(report: OverdueDevelopment) -> Iterator[Block]:
    """Expected days late of some open invoices, made up of their reasons, and the drivers by days over the book."""
    name = _("Reasons")
    try:
        found = report.reasons_evidence
        refused = "" if len(found.invoices) else _("no open invoice that the model can tell of")
    except DataRefused as error:
        refused = str(error)
    if refused:
        yield from unrun("7", name, refused)
        return
    yield Section("7", name, _finding(found), _lead(found))
    if len(found.picked):
        yield _picture(found)
        yield Text(tuple(_sentences(found, report.book.currency)))
        yield _picked_table(found, report.book.currency)
    else:
        yield NotRun(_("Invoices one by one"), _("none that isn't due yet is expected late"))
    yield _driver_table(found)


def _finding(found: OpenReasons) -> str:
    days = found.by_driver().set_index("driver")["days"]
    shares = days.groupby([name.split("_")[0] for name in days.index]).sum().sort_values(ascending=False) / days.sum()
    first = str(shares.index[0])
    if first not in SUBJECT_WORDS:
        words = _("{driver} moves the day of payment most, by {days} on average")
        return words.format(driver=_title(str(days.index[0])), days=figure(float(days.iloc[0]), "days"))
    words = _("Of the days that set open invoices apart, {share} come from features of the {subject}")
    return words.format(share=figure(float(shares.iloc[0]), "share"), subject=_(SUBJECT_WORDS[first]))


def _lead(found: OpenReasons) -> str:
    words = _(
        "Days against an average invoice of the same terms and age; they add up to the expected days late exactly. "
        "Told one by one: of the invoices not due yet those with the largest open amount times expected days late, "
        "one for each debtor."
    )
    left = _("{n} open invoices are older, or have longer terms, than any the model saw; nothing is said of them.")
    return joined(words, left.format(n=f"{found.untold:,}") if found.untold else "")


def _title(driver: str) -> str:
    return _("The day itself (trees)") if driver == TIMING else driver_title(driver)


def _picture(found: OpenReasons) -> Figure:
    frame = _parts(found)
    return Figure.of(
        "delay_reasons",
        figures.delay_reasons,
        frame,
        title=_("Expected days late, and what they are made of"),
        width="full",
        height=22 + 8.5 * frame["row"].nunique(),
        caption=_("Each column adds up from the average invoice, top, to the expected days late, bottom."),
    )


def _parts(found: OpenReasons) -> pd.DataFrame:
    """Rows of the picture: panel, told, row, days, kind."""
    days = found.picked.drop(columns=BASE)
    order = days.abs().sum().sort_values(ascending=False, kind="stable").index
    drawn, rest = order[:DRAWN], order[DRAWN:]
    shown = found.invoices.loc[found.picked.index, ["invoice_id", "debtor_id"]].itertuples(index=False, name=None)
    parts = [
        _column(row, list(drawn), list(rest)).assign(panel=name, told=_("debtor {debtor}").format(debtor=debtor))
        for (name, debtor), (_place, row) in zip(shown, found.picked.iterrows(), strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def _column(row: pd.Series, drawn: list[str], rest: list[str]) -> pd.DataFrame:
    """One invoice's rows: the average invoice, its drivers, the rest of them in one, and the sum."""
    told = [(_("Average invoice"), row[BASE], "base"), *((_title(name), row[name], "driver") for name in drawn)]
    told += [(_("All else"), row[rest].sum(), "driver")] if rest else []
    told.append((_("Expected days late"), row.sum(), "total"))
    return pd.DataFrame(told, columns=["row", "days", "kind"])


def _sentences(found: OpenReasons, currency: str) -> Iterator[str]:
    """One sentence for each of the invoices told."""
    rows = found.invoices.loc[found.picked.index]
    for name, told in zip(rows["invoice_id"], delay_sentences(found.picked, rows, currency=currency), strict=True):
        yield _("{invoice}: {reasons}").format(invoice=name, reasons=told)


def _picked_table(found: OpenReasons, currency: str) -> Table:
    rows = found.invoices.loc[found.picked.index]
    rows = rows.assign(to_due=rows["terms_days"] - rows["age_days"], average=found.picked[BASE])
    columns = [
        Column("invoice_id", _("Invoice")),
        Column("debtor_id", _("Debtor")),
        Column("open_amount", _("Open amount"), "money"),
        Column("due_on", _("Due date"), "date"),
        Column("to_due", _("Days to go"), "count"),
        Column("average", _("Average invoice"), "number", quiet=True, decimals=1),
        Column("days_late", _("Expected days late"), "number", decimals=1),
        Column("late", _("P(late)"), "share", shade="plum"),
    ]
    return Table.of("reasons_told", rows, columns, title=_("The invoices told one by one"), currency=currency)


def _driver_table(found: OpenReasons) -> Table:
    rows = found.by_driver()
    rows = rows.assign(driver=rows["driver"].map(_title), takes=np.where(rows["takes"] == 0, 0.0, rows["takes"]))
    columns = [
        Column("driver", _("Driver")),
        Column("days", _("Days, mean size"), "number"),
        Column("adds", _("of which adds"), "number", quiet=True),
        Column("takes", _("takes"), "number", quiet=True),
        Column("share", _("Share of invoices it delays"), "share", shade="plum"),
    ]
    caption = _("{n} of {all} open invoices, evenly spread; means over all of them.").format(
        n=f"{len(found.spread):,}", all=f"{len(found.invoices):,}"
    )
    title = _("What moves the expected day of payment over the book")
    return Table.of("reasons_by_driver", rows, columns, title=title, caption=caption)
