"""Which engine foretold later invoices better, and which features it reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, NotRun, Section, Table
from riskmodels.reporting.pages.development_drivers import selection_table
from riskmodels.reporting.pages.overdue_words import engine_word

if TYPE_CHECKING:
    from riskmodels.reporting.pages.overdue import OverdueDevelopment


def choice_page(report: OverdueDevelopment) -> Iterator[Block]:
    """The engines on forward folds, and what became of every feature offered."""
    tried = _tried(report)
    champion = report.stored.models["champion"].choice_.engine
    name = _("Engine and drivers")
    lead = _(
        "Both engines learnt, at three dates, from what was known the day before, and foretold the invoices issued "
        "until the next. The loss is minus the log-likelihood of the hazard per invoice, in which an open invoice "
        "counts for as long as it was seen; the lesser mean is taken, the logit on a tie."
    )
    yield Section.of("3", name, _finding(tried, champion, len(report.stored.drivers)), lead)
    if tried.empty:
        yield NotRun(_("Engines on later invoices"), _("too few invoices ended in a fold to try engines on"))
    else:
        yield _trials(tried)
    yield selection_table(report.stored.selection, report.stored.drivers)


def _tried(report: OverdueDevelopment) -> pd.DataFrame:
    """Loss by origin, an engine a column; empty where nothing could be tried."""
    told: list[dict[str, Any]] = report.stored.card["models"]["champion"]["choice"]["tried"]
    if not told:
        return pd.DataFrame()
    table = pd.DataFrame(told).pivot(index=["origin", "invoices"], columns="engine", values="loss")
    return table.reset_index()


def _finding(tried: pd.DataFrame, champion: str, drivers: int) -> str:
    if tried.empty:
        words = _("{engine} hazard with {n} drivers; nothing could be tried, so the readable engine stands")
        return words.format(engine=engine_word(champion), n=drivers)
    mean = tried[["logit", "lightgbm"]].mean()
    other = mean.drop(champion).index[0]
    words = _("{engine} hazard with {n} drivers: loss per later invoice {own}, the other's {other}")
    return words.format(
        engine=engine_word(champion),
        n=drivers,
        own=figure(mean[champion], "score"),
        other=figure(mean[other], "score"),
    )


def _trials(tried: pd.DataFrame) -> Table:
    both = {"origin": _("Mean"), "invoices": tried["invoices"].sum(), **tried[["logit", "lightgbm"]].mean()}
    columns = [
        Column("origin", _("Learnt until")),
        Column("invoices", _("Later invoices"), "count"),
        Column("logit", engine_word("logit"), "score"),
        Column("lightgbm", engine_word("lightgbm"), "score"),
    ]
    title = _("Log loss per later invoice, by engine")
    return Table.of("engines", tried, columns, title=title, totals=pd.DataFrame([both]))
