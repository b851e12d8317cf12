"""Quarterly migration of the three tiers, by number and by amount."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.scale import TIERS
from riskmodels.core.text import gettext as _
from riskmodels.models.transitions import migration, moves
from riskmodels.portfolio.migration import Migration, tier_moves, tier_stock
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import migration as figures

if TYPE_CHECKING:
    from riskmodels.reporting.pages.migration import RatingMigration

LISTED = 10
"""Debtors named that fell by a tier or more."""


def tiers_page(report: RatingMigration) -> Iterator[Block]:
    """Tiers over quarters as a picture, the moves of each quarter, and the last quarter from tier to tier."""
    found = report.found
    lead = _(
        "Tiers of the grades in force. Up and down count debtors rated at both quarter ends; amounts up and down are "
        "owed at the later one, those that defaulted at the earlier one."
    )
    yield Section("6", _("Tiers"), tiers_finding(report), lead)
    yield Figure.of(
        "tiers",
        figures.tier_moves,
        _picture(found),
        title=_("Tiers by quarter, and their moves against the quarter before"),
        width="full",
        height=96,
        caption=_(
            "Above: shares of debtors and of what they owe. Below: shares that moved; default is of the quarter before."
        ),
    )
    yield _by_quarter(report)
    yield from _last_quarter(report)


def tiers_finding(report: RatingMigration) -> str:
    """How the share of the best tier changed over a year, and how many debtors fell and rose in the last quarter."""
    found = report.found
    best = tier_stock(found).query("tier == @found.scale.tiers[0]")["share_amount"]
    last, currency = tier_moves(found).iloc[-1], report.whole.currency
    words = _(
        "{tier} owes {now} of the balance, {then} a year before; in the last quarter {down} debtors fell a tier "
        "({fallen}) and {up} rose ({raised})"
    )
    return words.format(
        tier=_(TIERS[found.scale.tiers[0]]).capitalize(),
        now=figure(best.iloc[-1], "share"),
        then=figure(best.iloc[max(-5, -len(best))], "share"),
        down=int(last["down"]),
        up=int(last["up"]),
        fallen=figure(float(last["amount_down"]), "money", currency),
        raised=figure(float(last["amount_up"]), "money", currency),
    )


def _picture(found: Migration) -> pd.DataFrame:
    """Rows of panel, part, when, series and value for the figure."""
    stock, moved = tier_stock(found), tier_moves(found)
    total = stock.groupby("quarter")[["n", "amount"]].sum()
    before = total.shift()
    parts = []
    for panel, size, prefix in ((_("By number"), "n", ""), (_("By amount"), "amount", "amount_")):
        held = stock.assign(series=[_(TIERS[t]) for t in stock["tier"]], value=stock[f"share_{size}"], part="stock")
        parts.append(held.assign(panel=panel)[["panel", "part", "quarter", "series", "value"]])
        for key, word in (("up", _("up")), ("down", _("down")), ("defaulted", _("defaulted"))):
            base = (before if key == "defaulted" else total)[size].reindex(moved["quarter"]).to_numpy()
            rows = pd.DataFrame({"quarter": moved["quarter"], "value": moved[prefix + key] / base})
            parts.append(rows.assign(panel=panel, part="moves", series=word))
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(when=[f"{q:%y}Q{q.quarter}" for q in pd.DatetimeIndex(frame["quarter"])]).drop(
        columns="quarter"
    )


def _by_quarter(report: RatingMigration) -> Table:
    columns = [
        Column("quarter", _("Quarter to"), "date"),
        Column("rated", _("Rated"), "count"),
        Column("up", _("Up"), "count"),
        Column("down", _("Down"), "count"),
        Column("no_move", _("No move"), "count", quiet=True),
        Column("new", _("New"), "count", quiet=True),
        Column("gone", _("Gone"), "count", quiet=True),
        Column("defaulted", _("Defaulted"), "count"),
        Column("amount_up", _("Amount up"), "money"),
        Column("amount_down", _("Amount down"), "money"),
        Column("amount_defaulted", _("Amount defaulted"), "money"),
    ]
    caption = _("Gone: without a rating now, since in default or owing nothing.")
    return Table.of(
        "quarters",
        tier_moves(report.found),
        columns,
        title=_("Moves of tiers by quarter"),
        caption=caption,
        currency=report.whole.currency,
    )


def _last_quarter(report: RatingMigration) -> Iterator[Table]:
    """From tier to tier in the last quarter, and the debtors that fell, those that owe most first."""
    found, currency = report.found, report.whole.currency
    days = sorted(found.rated["as_of"].unique())
    tiers = dict(zip(found.scale.grades, found.scale.tiers))
    moved = moves(found.rated, tiers, days[-2].date(), days[-1].date())
    table = migration(moved, tiers).set_axis(["from", "to", "parties", "share", "before", "after"], axis=1)
    columns = [
        Column("from", _("From")),
        Column("to", _("To")),
        Column("parties", _("Debtors"), "count"),
        Column("share", _("Share"), "share", shade="blue"),
        Column("after", _("Owed"), "money"),
    ]
    yield Table.of(
        "last_quarter", table, columns, title=_("The last quarter, tier to tier"), half=True, currency=currency
    )
    fell = moved[moved["steps"] > 0].sort_values(["amount_after", "party_id"], ascending=[False, True]).head(LISTED)
    names = {side: [_(TIERS[t]) for t in fell[side]] for side in ("before", "after")}
    columns = [
        Column("party_id", _("Debtor")),
        Column("before", _("From")),
        Column("after", _("To")),
        Column("amount_after", _("Owed"), "money"),
    ]
    title = _("Fell by a tier or more, largest first")
    yield Table.of("fell", fell.assign(**names), columns, title=title, half=True, currency=currency)
