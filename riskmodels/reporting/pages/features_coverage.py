"""What was built, and how far it is filled: the page on the catalogue and on coverage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import features as figures
from riskmodels.reporting.pages.features_words import at_fault, named, part_word, rest
from riskmodels.reporting.pages.page import joined

if TYPE_CHECKING:
    from riskmodels.reporting.pages.features import FeatureReport

MOST_ROWS, MOST_MONTHS, MOST_NAMED = 18, 12, 6


def coverage_page(report: FeatureReport) -> Iterator[Block]:
    """Built and switched off by part of the catalogue, with reasons; filled shares by month; what hardly varies."""
    name, checks = _("Catalogue and coverage"), [*report.of_group("catalogue"), *report.of_group("coverage")]
    if reason := report.review.unjudged("columns"):
        yield Section("1", name, _("No feature could be built on this book"), "", Verdict.NOT_RUN)
        yield NotRun(name, reason)
    else:
        yield Section.of("1", name, _finding(report), _lead(report), checks)
        yield _parts(report)
    if not report.review.offered["available"].all():
        yield _off(report)
    if report.review.columns:
        yield from _filled(report)
        yield from _constant(report)


def _finding(report: FeatureReport) -> str:
    table = report.review.offered
    off = int((~table["available"]).sum())
    short = report.review.coverage
    n = int((short["filled"] < 1).sum())
    built = _("{n} features are built").format(n=len(table) - off)
    if off:
        built = _("{n} features are built, {off} switched off").format(n=len(table) - off, off=off)
    if not n:
        return _("{built}, each filled in every row").format(built=built)
    worst = short.iloc[int(short["filled"].to_numpy().argmin())]
    words = _("{built}; the emptiest is filled in {share} of rows")
    return words.format(built=built, share=figure(float(worst["filled"]), "share"))


def _lead(report: FeatureReport) -> str:
    whom = _("Looked at are those with invoices in the year before each month end.")
    if report.review.alive is None:
        whom = _("Looked at are all that are known at each month end.")
    missing = _(
        "A ratio without a base, such as a share of settled invoices where none was settled, is missing; counts and "
        "amounts are then 0."
    )
    return joined(whom, missing)


def _parts(report: FeatureReport) -> Table:
    by = report.review.features.groupby("part", sort=False)
    table = by.agg(
        built=("feature", "size"),
        filled=("filled", "median"),
        telling=("telling", "sum"),
        held=("verdict", lambda v: int((v == Verdict.BREACH).sum())),
        watch=("verdict", lambda v: int((v == Verdict.WATCH).sum())),
    ).reset_index()
    off = report.review.offered.groupby("part")["available"].agg(lambda a: int((~a).sum()))
    table["off"] = table["part"].map(off)
    order = {p: i for i, p in enumerate(dict.fromkeys(report.review.offered["part"]))}
    table = table.sort_values("part", key=lambda p: p.map(order)).assign(name=lambda t: t["part"].map(part_word))
    sums = table[["built", "off", "telling", "held", "watch"]].sum().to_frame().T
    columns = [
        Column("name", _("Part of the catalogue")),
        Column("built", _("Built"), "count"),
        Column("off", _("Switched off"), "count"),
        Column("filled", _("Median filled"), "share"),
        Column("telling", _("Tell bad from good"), "count"),
        Column("held", _("Held back"), "count"),
        Column("watch", _("On watch"), "count"),
    ]
    return Table.of(
        "parts", table, columns, title=_("The catalogue, part by part"), totals=sums.assign(name=_("Total"))
    )


def _off(report: FeatureReport) -> Table:
    table = report.review.offered
    off = table[~table["available"]].groupby("reason", sort=False)["feature"].agg(list)
    frame = pd.DataFrame({"reason": off.index, "n": off.map(len).to_numpy()})
    frame["names"] = [named(report, names, MOST_NAMED) for names in off]
    frame = frame.sort_values("n", ascending=False, kind="stable")
    columns = [
        Column("reason", _("Reason")),
        Column("n", _("Features"), "count"),
        Column("names", _("Which"), quiet=True),
    ]
    return Table.of("switched_off", frame, columns, title=_("Switched off, and why"))


def _filled(report: FeatureReport) -> Iterator[Figure]:
    """The features that are missing most, month by month."""
    short = report.review.coverage.sort_values(["filled", "feature"], kind="stable")
    worst = short[short["filled"] < 1].head(MOST_ROWS)["feature"].tolist()
    if not worst:
        return
    monthly = report.review.filled
    shown = monthly.iloc[spaced(len(monthly))][worst]
    frame = shown.rename_axis("as_of").reset_index().melt("as_of", var_name="feature")
    frame = frame.assign(title=frame["feature"].map(report.titles), when=frame["as_of"].dt.strftime("%Y-%m"))
    yield Figure.of(
        "filled",
        figures.heat,
        frame[["feature", "title", "when", "value"]],
        title=_filled_title(report),
        caption=_("The {n} least filled features; one column for each month end shown. n = {rows} rows.").format(
            n=len(worst), rows=f"{len(report.review.frame):,}"
        ),
        width="full",
        height=16 + 6.2 * len(worst),
        options={"label": _("Filled share of rows, per cent")},
    )


def _filled_title(report: FeatureReport) -> str:
    n = int((report.review.coverage["fall"] > 0).sum())
    if not n:
        return _("No feature lost values lately")
    words = ngettext("One feature is filled less than before", "{n} features are filled less than before", n)
    return words.format(n=n)


def spaced(months: int, most: int = MOST_MONTHS) -> list[int]:
    """At most so many of some months, evenly apart, the last among them."""
    step = -(-months // most)
    return sorted(range(months - 1, -1, -step))


def _constant(report: FeatureReport) -> Iterator[Table]:
    """Features with one of the faults of coverage."""
    hit = at_fault(report, ("empty", "filled", "fall", "common", "infinite"))
    if hit.empty:
        return
    columns = [
        Column("title", _("Feature")),
        Column("filled", _("Filled"), "share"),
        Column("common", _("Most frequent value"), "share"),
        Column("fall", _("Lost lately"), "share"),
        Column("said", _("Fault")),
        Column("verdict", _("Result"), "verdict"),
    ]
    title = _("Rarely filled, or hardly varying")
    yield Table.of("coverage_faults", hit.head(MOST_ROWS), columns, title=title, caption=rest(hit, MOST_ROWS))
