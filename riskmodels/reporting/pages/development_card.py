"""The scorecard's equation, and the challenger beside it with how far explanations stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.explain import importance
from riskmodels.models.inputs import columns_of
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import bars
from riskmodels.reporting.pages.driver_words import driver_title

if TYPE_CHECKING:
    from riskmodels.reporting.pages.development import ScorecardDevelopment


def card_page(report: ScorecardDevelopment) -> Iterator[Block]:
    """The coefficients with intervals clustered by debtor, what was dropped, and the points."""
    card = report.made.card
    scale = report.stored.card["models"]["champion"]["scale"]
    words = _("{base} points at odds of {odds} to 1, {pdo} points double them")
    finding = words.format(base=f"{scale['base_score']:g}", odds=f"{scale['base_odds']:g}", pdo=f"{scale['pdo']:g}")
    lead = _("Log-odds of default per unit of weight of evidence: 1 says a driver adds what it tells alone.")
    yield Section.of("5", _("Scorecard"), finding, lead, report.of_group("points"))
    yield _coefficients(report)
    dropped = card.dropped()
    if len(dropped):
        rows = dropped.set_axis(["feature", "coefficient", "reason"], axis=1)
        columns = [
            Column("feature", _("Feature")),
            Column("coefficient", _("Coefficient"), "score"),
            Column("reason", _("Reason"), quiet=True),
        ]
        rows["feature"] = rows["feature"].map(driver_title)
        yield Table.of("dropped", rows, columns, title=_("Left out by the equation"))


def _coefficients(report: ScorecardDevelopment) -> Table:
    table = report.made.card.summary()
    table = table.iloc[:, :6].set_axis(["term", "estimate", "error", "low", "high", "p"], axis=1)
    table["term"] = [table["term"].iloc[0], *map(driver_title, table["term"].iloc[1:])]
    columns = [
        Column("term", _("Term")),
        Column("estimate", _("Estimate"), "score"),
        Column("error", _("Standard error"), "score", quiet=True),
        Column("low", _("95% from"), "score"),
        Column("high", _("to"), "score"),
        Column("p", _("p value"), "p"),
    ]
    return Table.of("coefficients", table, columns, title=_("The equation, errors clustered by debtor"))


def challenger_page(report: ScorecardDevelopment) -> Iterator[Block]:
    """What drives the challenger, and whether the scorecard's explanations would stand on another draw."""
    found = report.made.explained
    ranks = found.ranks["kendall"].mean()
    same = found.same_reasons.mean()
    words = _("On other draws of debtors the order of drivers agrees by {ranks}, and {same} of rows keep their reasons")
    finding = words.format(ranks=figure(ranks, "score"), same=figure(same, "share"))
    lead = _(
        "The scorecard was fitted again on {n} draws of whole debtors. The challenger is LightGBM, held to the same "
        "signs; its size was chosen on folds of whole debtors."
    )
    yield Section.of(
        "8", _("Explanations and challenger"), finding, lead.format(n=len(found.ranks)), report.of_group("explained")
    )
    yield _stability(report)
    yield _challenger(report)


def _stability(report: ScorecardDevelopment) -> Table:
    table = report.made.explained.drivers
    table = table.iloc[:, :6].set_axis(["driver", "share", "low", "high", "sign", "agreement"], axis=1)
    rows = table.assign(driver=table["driver"].map(driver_title))
    columns = [
        Column("driver", _("Driver")),
        Column("share", _("Share of the score's spread"), "share"),
        Column("low", _("95% from"), "share", quiet=True),
        Column("high", _("to"), "share", quiet=True),
        Column("agreement", _("Draws with the same direction"), "share"),
    ]
    return Table.of("explained", rows, columns, title=_("Weight of each driver, and how it varies between draws"))


def _challenger(report: ScorecardDevelopment) -> Figure:
    challenger = report.stored.models["challenger"]
    table = importance(challenger.contributions(columns_of(challenger, report.made.known))).head(12)
    return Figure.of(
        "challenger_shap",
        bars.importance,
        pd.DataFrame({"driver": table.iloc[:, 0].map(driver_title), "importance": table.iloc[:, 1]}),
        title=_("What drives the challenger: its twelve strongest features"),
        width="full",
        height=9 * len(table),
        options={"unit": "number", "label": _("Mean absolute SHAP value, log-odds")},
    )
