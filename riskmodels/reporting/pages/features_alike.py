"""Which features say the same, and whether any sees the future: the pages on redundancy and on leakage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table, Text
from riskmodels.reporting.figures import features as figures
from riskmodels.reporting.pages.features_stability import strongest
from riskmodels.reporting.pages.features_words import named
from riskmodels.reporting.pages.page import joined, listed
from riskmodels.validation.features.alike import ALIKE, ordered

if TYPE_CHECKING:
    from riskmodels.reporting.pages.features import FeatureReport

MOST_CLUSTERS, MOST_NAMED, MOST_CELLS, MOST_ROWS = 15, 5, 14, 20


def alike_page(report: FeatureReport) -> Iterator[Block]:
    """Clusters with the feature that speaks for each, and how alike these are."""
    name = _("Redundancy")
    if reason := report.review.unjudged("columns"):
        yield Section("4", name, _("No feature could be built on this book"), "", Verdict.NOT_RUN)
        yield NotRun(name, reason)
        return
    lead = _(
        "A cluster's features are alike by a rank correlation of {alike} on average; the one of most information value "
        "speaks for it. A model needs one of each cluster at most."
    ).format(alike=figure(ALIKE, "number"))
    yield Section.of("4", name, _finding(report), lead, report.of_group("alike"))
    if (report.review.clusters["size"] > 1).any():
        yield _clusters(report)
    if report.review.clusters["cluster"].nunique() > 2:
        yield _likeness(report)


def _finding(report: FeatureReport) -> str:
    table = report.review.clusters
    n = table["cluster"].nunique()
    if n == len(table):
        return _("No two of {all} features say the same").format(all=len(table))
    largest = table[table["cluster"] == 1]
    words = _("{all} features say {n} different things; the largest cluster holds {size}")
    return words.format(all=len(table), n=n, size=len(largest))


def _clusters(report: FeatureReport) -> Table:
    table = report.review.clusters[report.review.clusters["size"] > 1]
    iv = report.review.measures.set_index("feature")["iv"]
    by = table.groupby("cluster")
    frame = pd.DataFrame(
        {
            "representative": by["representative"].first().map(report.titles),
            "iv": by["representative"].first().map(iv),
            "size": by.size(),
            "likeness": by["likeness"].apply(lambda v: float(v.iloc[1:].median())),
            "others": by["feature"].agg(lambda names: named(report, names.tolist()[1:], MOST_NAMED)),
        }
    ).reset_index()
    columns = [
        Column("cluster", ""),
        Column("representative", _("Speaks for the cluster")),
        Column("iv", _("IV"), "score"),
        Column("size", _("Features"), "count"),
        Column("likeness", _("Median likeness"), "number"),
        Column("others", _("The others"), quiet=True),
    ]
    more = len(frame) - MOST_CLUSTERS
    words = ngettext("One smaller cluster is in the workbook.", "{n} smaller clusters are in the workbook.", more)
    caption = words.format(n=more) if more > 0 else ""
    title = _("Features that say the same, largest cluster first")
    return Table.of("clusters", frame.head(MOST_CLUSTERS), columns, title=title, caption=caption)


def _likeness(report: FeatureReport) -> Figure:
    names = strongest(report, MOST_CELLS)
    correlation = report.review.correlation.reindex(index=names, columns=names)
    order = ordered(correlation)
    found = correlation.loc[order, order].rename(index=report.titles, columns=report.titles)
    frame = found.rename_axis("title").reset_index().melt("title", var_name="other")
    return Figure.of(
        "likeness",
        figures.likeness,
        frame,
        title=_likeness_title(found),
        caption=_("One feature of each cluster, those alike beside each other. n = {n} rows.").format(
            n=f"{len(report.review.frame):,}"
        ),
        width="full",
        height=16 + 6.6 * len(names),
    )


def _likeness_title(found: pd.DataFrame) -> str:
    strength = found.abs().to_numpy()
    top = max(strength[i, j] for i in range(len(strength)) for j in range(i))
    return _("How alike the strongest features are: {top} at most").format(top=figure(float(top), "number"))


def leak_page(report: FeatureReport) -> Iterator[Block]:
    """What the leak test was run on, what it said, and what moved the values that moved."""
    name = _("Leakage")
    if reason := report.review.unjudged("leak"):
        yield Section("5", name, _("No feature could be built on this book"), "", Verdict.NOT_RUN)
        yield NotRun(name, reason)
        return
    proof = report.review.proof
    yield Section.of("5", name, _leak_finding(report), _leak_lead(report), report.of_group("leak"))
    if len(proof.evidence):
        yield _offending(report)
    if proof.untested:
        words = _("Not proved, as the debtors drawn have no such data: {names}.")
        yield Text((words.format(names=listed(list(proof.untested), MOST_ROWS)),))


def _leak_finding(report: FeatureReport) -> str:
    proof = report.review.proof
    n = len(proof.moved)
    if n:
        return ngettext("One feature sees the future", "{n} features see the future", n).format(n=n)
    return _("No feature sees the future: not one of {n} moves when later facts do").format(n=len(proof.catalogue))


def _leak_lead(report: FeatureReport) -> str:
    proof = report.review.proof
    words = _(
        "Whatever became known after {day} was made another in a part of the book: {debtors} debtors with their "
        "{invoices} invoices, {rows} rows in all. No value of that day may move by a bit."
    )
    said = words.format(day=proof.days[0], **{k: f"{v:,}" for k, v in proof.size.items()})
    return joined(
        said, _("Each table that hangs on invoices has rows in that part; what only other rows show is missed.")
    )


def _offending(report: FeatureReport) -> Table:
    table = report.review.proof.evidence
    table = table.assign(title=table["feature"].map(lambda f: report.titles.get(f, f)))
    columns = [
        Column("title", _("Feature")),
        Column("ids", _("Key")),
        Column("before", _("Value"), right=True),
        Column("after", _("With another future"), right=True),
        Column("table", _("Table")),
        Column("key", _("Later row")),
        Column("known_on", _("Known on"), "date"),
    ]
    shown = table.head(MOST_ROWS)
    return Table.of("moved", shown, columns, title=_("Values that moved, and the later rows that move them"))
