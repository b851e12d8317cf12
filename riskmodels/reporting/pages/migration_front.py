"""The answer of a migration study first, then who was re-rated and how; at the end the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.scale import TIERS
from riskmodels.core.text import gettext as _
from riskmodels.models.transitions.rerating import WHY
from riskmodels.portfolio.migration import by_period, directions, steadied, tier_moves
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Section, Table, Text
from riskmodels.reporting.closing import Glossary, Identity
from riskmodels.reporting.front import KeyFigure, KeyFigures, Masthead
from riskmodels.reporting.pages.migration_default import curves_finding, homogeneity_finding
from riskmodels.reporting.pages.migration_matrices import matrices_finding
from riskmodels.reporting.pages.migration_tiers import tiers_finding
from riskmodels.reporting.pages.page import limits_used
from riskmodels.reporting.pages.tested import lights

if TYPE_CHECKING:
    from riskmodels.reporting.pages.migration import RatingMigration


def front(report: RatingMigration) -> Iterator[Block]:
    """Masthead, five key figures, the answers in a sentence each, and the tests that could run."""
    yield Masthead(_("Migration of the ratings of debtors"), _subtitle(report))
    yield KeyFigures(_key_figures(report))
    answers = matrices_finding(report), curves_finding(report), homogeneity_finding(report)[0], tiers_finding(report)
    yield Text(tuple(_("{sentence}.").format(sentence=said) for said in answers))
    yield lights([c for c in report.checks if not c.reason], report.before.values, report.whole.currency)


def _subtitle(report: RatingMigration) -> str:
    rated = report.found.rated
    words = _("Book {book}, known on {date}; {n} quarter ends from {first}; rating trained on {trained}")
    return words.format(
        book=report.whole.name,
        date=report.as_of,
        n=rated["as_of"].nunique(),
        first=f"{rated['as_of'].min():%Y-%m-%d}",
        trained=report.stored.trained,
    )


def _key_figures(report: RatingMigration) -> tuple[KeyFigure, ...]:
    found = report.found
    shares = directions(found.matrices["cohort"])
    last = by_period(found.cohorts).iloc[-1]
    moved = tier_moves(found).iloc[-1]
    return (
        KeyFigure(_("Debtors rated now"), int(moved["rated"]), "count"),
        KeyFigure(_("Keep their grade for a year"), shares["stay"], "share"),
        KeyFigure(_("Downgraded within a year"), shares["down"], "share"),
        KeyFigure(
            _("Defaulted in the last year, 95% interval"),
            last["default"],
            "rate",
            interval=(float(last["low"]), float(last["high"])),
        ),
        KeyFigure(_("Owed by debtors whose tier fell, last quarter"), moved["amount_down"], "money", None, _in(report)),
    )


def _in(report: RatingMigration) -> str:
    return report.whole.currency


def rerating_page(report: RatingMigration) -> Iterator[Block]:
    """How many are in which grade now and a year ago, and what the rule with hysteresis held back."""
    rule, kept = report.rule, steadied(report.found.rated)
    proposed, held = kept["moves"]
    finding = _(
        "Of {proposed} changes of grade the scale proposes, the rule lets {held} happen; {n} fewer are taken back"
    )
    lead = _(
        "Each debtor that owes something is scored at every quarter end with what was known then. Its grade moves when "
        "the PD passes a bound by {margin}, or stays beyond it for {quarters} quarter ends in a row. Quarters until "
        "{learnt} were learnt from: their grades fit better than new ones will."
    )
    yield Section(
        "1",
        _("Re-rating"),
        finding.format(
            held=f"{held:,}", proposed=f"{proposed:,}", n=int(kept["returns"].iloc[0] - kept["returns"].iloc[1])
        ),
        lead.format(margin=figure(rule.margin, "share"), quarters=rule.quarters, learnt=report.stored.card["last"]),
    )
    yield _in_force(report)
    yield _reasons(report.found.rated)


def _in_force(report: RatingMigration) -> Table:
    rated, scale = report.found.rated, report.found.scale
    days = sorted(rated["as_of"].unique())
    now, before = (rated[rated["as_of"] == day] for day in (days[-1], days[max(-5, -len(days))]))
    rows = pd.DataFrame({"grade": scale.grades, "tier": [_(TIERS[t]) for t in scale.tiers]})
    for name, part in (("before", before), ("now", now)):
        by = part.groupby("grade", observed=False)["amount"].agg(["size", "sum"]).reindex(list(scale.grades))
        rows[name], rows[f"{name}_owed"] = by["size"].to_numpy(), (by["sum"] / by["sum"].sum()).to_numpy()
    columns = [
        Column("grade", _("Grade")),
        Column("tier", _("Tier"), quiet=True),
        Column("before", _("Year before"), "count", quiet=True),
        Column("now", _("Debtors"), "count"),
        Column("before_owed", _("Year before"), "share", quiet=True),
        Column("now_owed", _("Owed"), "share", shade="blue"),
    ]
    return Table.of("in_force", rows, columns, title=_("Grades in force"), half=True)


def _reasons(rated: pd.DataFrame) -> Table:
    counted = rated["why"].value_counts().reindex(list(WHY), fill_value=0)
    rows = pd.DataFrame(
        {"why": [_(w) for w in WHY], "n": counted.to_numpy(), "share": (counted / len(rated)).to_numpy()}
    )
    columns = [
        Column("why", _("What became of the grade")),
        Column("n", _("Times"), "count"),
        Column("share", _("Share"), "share", quiet=True),
    ]
    return Table.of("why", rows[rows["n"] > 0], columns, title=_("What the rule did"), half=True)


def appendix_page(report: RatingMigration) -> Iterator[Block]:
    """The words, and what the run was made of."""
    yield Section("9", _("Appendix"), _("Words and identity"))
    yield limits_used(report.checks, report.whole.currency)
    yield Glossary(
        _("Words"),
        (
            (_("Cohort"), _("who was in which grade at the beginning of a year, and where it was at its end")),
            (_("Duration"), _("how long grades were held and where they went then; rates taken as constant in time")),
            (_("Aalen-Johansen"), _("the moves of each day among those at risk, multiplied up; rates may change")),
            (
                _("95% interval"),
                _("by drawing whole debtors again, or from the variance of the moves (Aalen-Johansen)"),
            ),
            (_("Default"), _("more than 90 days past due on a material part of what is owed")),
            (
                _("Not rated"),
                _("owes nothing at the quarter end; counts neither as safe nor as bad until it owes again"),
            ),
        ),
    )
    card = report.stored.card
    yield Identity(data=card["book_sha256"][:12], code=card["code_sha256"][:12], model=report.stored.digest[:12])
