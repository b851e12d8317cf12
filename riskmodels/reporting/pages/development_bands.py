"""Score bands side by side, and grades with what few defaults allow to say of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.scale import TIERS
from riskmodels.core.text import gettext as _
from riskmodels.models.low_default import jeffreys_interval, prudent_bounds
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import development as figures
from riskmodels.reporting.pages.banded import bands_table
from riskmodels.reporting.pages.development_level import level_table
from riskmodels.reporting.pages.development_sample import PART_WORDS
from riskmodels.reporting.pages.page import unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.development import ScorecardDevelopment

CONFIDENCE = 0.75


def bands_page(report: ScorecardDevelopment) -> Iterator[Block]:
    """Bad rate by score band on development, other debtors and later quarters."""
    name, made = _("Ranking"), report.made
    if made.bands is None:
        yield from unrun("6", name, made.no_trial)
        return
    yield Section.of("6", name, _finding(report), _lead(), report.of_group("rank", "bands"))
    table = made.bands.table.assign(sample=lambda t: [_(PART_WORDS[s]) for s in t["sample"]])
    yield Figure.of(
        "bands",
        figures.score_bands,
        table,
        title=_("Bad rate by score band"),
        width="full",
        height=88,
        caption=_(
            "Bands of about equally many cases in development, equal scores together, riskiest first; "
            "95% intervals by debtor."
        ),
    )
    words = {name: _(word) for name, word in PART_WORDS.items()}
    yield bands_table(made.bands, _("Points"), words)
    yield _totals(report)


def _finding(report: ScorecardDevelopment) -> str:
    auc = {name: figure(found.value, "score") for name, found in report.made.ranking.items()}
    words = _("AUC {own} on its own sample, {other} on other debtors, {later} on later quarters")
    return words.format(own=auc["development"], other=auc["hold-out"], later=auc["out-of-time"])


def _lead() -> str:
    return _("A scorecard developed by the same recipe on the development part alone; bands are fixed there.")


def _totals(report: ScorecardDevelopment) -> Table:
    bands = report.made.bands
    totals = bands.totals if bands else pd.DataFrame()
    ranking = report.made.ranking
    rows = totals.assign(
        auc=[ranking[s].value for s in totals["sample"]],
        auc_low=[ranking[s].low for s in totals["sample"]],
        auc_high=[ranking[s].high for s in totals["sample"]],
        sample=[_(PART_WORDS[s]) for s in totals["sample"]],
    )
    columns = [
        Column("sample", _("Sample")),
        Column("n", _("Cases"), "count"),
        Column("bads", _("Bad"), "count"),
        Column("rate", _("Bad rate"), "rate"),
        Column("auc", _("AUC"), "score"),
        Column("auc_low", _("95% from"), "score", quiet=True),
        Column("auc_high", _("to"), "score", quiet=True),
        Column("ks", _("KS"), "score"),
        Column("psi", _("PSI"), "index"),
        Column("psi_critical", _("By chance, 1 in 20"), "index", quiet=True),
        Column("inversions", _("Bands out of order"), "count"),
    ]
    return Table.of("samples", rows, columns, title=_("Samples as a whole"))


def grades_page(report: ScorecardDevelopment) -> Iterator[Block]:
    """Grades, tiers, and the PD that the defaults seen allow: Jeffreys' interval and the most prudent bound."""
    scale = report.stored.recipe.SCALE
    rows = _grades(report)
    seen = int((rows["n"] > 0).sum())
    finding = _("{seen} of {all} grades are in use; from grade {weak} on debtors are of weak quality").format(
        seen=seen, all=len(rows), weak=scale.grades[scale.tiers.index("weak")]
    )
    lead = _(
        "The last quarter of each debtor. The most prudent bound takes each grade together with all worse ones, as if "
        "they were no worse (Pluto and Tasche 2005, {confidence}, no correlation)."
    ).format(confidence=figure(CONFIDENCE, "share"))
    yield Section("7", _("Grades"), finding, lead)
    columns = [
        Column("grade", _("Grade")),
        Column("tier", _("Tier"), quiet=True),
        Column("bounds", _("Probability"), right=True, quiet=True),
        Column("n", _("Debtors"), "count"),
        Column("bads", _("Bad"), "count"),
        Column("rate", _("Observed"), "rate"),
        Column("low", _("95% from"), "rate", quiet=True),
        Column("high", _("to"), "rate", quiet=True),
        Column("prudent", _("Most prudent PD"), "rate"),
    ]
    yield Table.of("grades", rows, columns, title=_("Grades and what was seen in them"))
    yield level_table(report)


def _grades(report: ScorecardDevelopment) -> pd.DataFrame:
    made, scale = report.made, report.stored.recipe.SCALE
    last = made.known.sort_values("period", kind="stable").drop_duplicates("obligor", keep="last")
    code = pd.Series(scale.grade(last["probability"]).codes)
    n = code.value_counts().reindex(range(len(scale.grades)), fill_value=0).to_numpy()
    bads = last["outcome"].reset_index(drop=True).groupby(code).sum().reindex(range(len(scale.grades)), fill_value=0)
    low, high = jeffreys_interval(n, bads.to_numpy())
    edges = [figure(e, "rate") for e in scale.edges]
    return pd.DataFrame(
        {
            "grade": scale.grades,
            "tier": [_(TIERS[t]) for t in scale.tiers],
            "bounds": [_("{low} to {high}").format(low=a, high=b) for a, b in pairwise(edges)],
            "n": n,
            "bads": bads.to_numpy(),
            "rate": bads.to_numpy() / pd.Series(n).where(n > 0).to_numpy(),
            "low": low,
            "high": high,
            "prudent": prudent_bounds(n, bads.to_numpy(), CONFIDENCE),
        }
    )
