"""Do features mean today what they meant in the first months: quartiles by month, and how far each has moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.checks import Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import features as figures
from riskmodels.reporting.pages.features_coverage import spaced
from riskmodels.reporting.pages.features_words import at_fault, rest
from riskmodels.reporting.pages.page import joined
from riskmodels.validation.features.drift import standing
from riskmodels.validation.features.each import PREFIX

if TYPE_CHECKING:
    from riskmodels.reporting.pages.features import FeatureReport

MOST_ROWS, PANELS, FULL = 18, 6, 0.5
"""Rows and panels shown, and the PSI at which a cell has its full tint."""


def stability_page(report: FeatureReport) -> Iterator[Block]:
    """Quartiles of the strongest features, the PSI of those that moved most, and those that drifted."""
    name = _("Stability")
    if reason := report.review.unjudged("months"):
        yield Section("2", name, _("Nothing can be said of drift"), "", Verdict.NOT_RUN)
        yield NotRun(name, reason)
        return
    yield Section.of("2", name, _finding(report), _lead(report), report.of_group("stability"))
    if strongest(report, PANELS):
        yield _quartiles(report)
    yield _moved(report)
    drifted = at_fault(report, ("psi",))
    if len(drifted):
        yield _drifted(drifted)


def _finding(report: FeatureReport) -> str:
    steady = report.review.measures.set_index("feature")["psi"].dropna()
    found = report.review.faults
    drifted = found[(found["fault"] == "psi") & (found["verdict"] == Verdict.BREACH)]
    if drifted.empty:
        worst = str(steady.idxmax())
        words = _("No feature drifted; the one that moved most has a PSI of {psi}: {title}")
        return words.format(psi=figure(float(steady[worst]), "index"), title=report.titles[worst])
    n, whole = len(drifted), int(drifted["feature"].str.endswith("_ever").sum())
    head = ngettext("One of {all} features drifted", "{n} of {all} features drifted", n)
    said = head.format(n=n, all=len(steady))
    if not whole:
        return said
    words = ngettext(
        "{said}; one of them counts the whole history, which grows",
        "{said}; {n} of them count the whole history, which grows",
        whole,
    )
    return words.format(said=said, n=whole)


def _lead(report: FeatureReport) -> str:
    days = report.review.days
    first, last = days[0], days[report.review.reference - 1]
    words = _(
        "Each month is held against {first} to {last}, taken together. A drift counts when it held in two of the last "
        "three months and is more than samples of this size show by chance."
    )
    return words.format(first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")


def strongest(report: FeatureReport, most: int) -> list[str]:
    """The features that tell most, one from each cluster; the first of the catalogue where nothing is told."""
    table = report.review.measures
    own = table[table["representative"] == table["feature"]]
    return own.sort_values("iv", ascending=False, kind="stable", na_position="last")["feature"].head(most).tolist()


def _quartiles(report: FeatureReport) -> Figure:
    shown = _spread_out(report)[:PANELS]
    units = report.review.offered.set_index("feature")["unit"]
    by = report.review.frame.groupby("as_of")[shown].quantile(np.array([0.25, 0.5, 0.75]))
    parts = [_panel(by[name].unstack(), report.titles[name], str(units[name])) for name in shown]
    return Figure.of(
        "quartiles",
        figures.quartiles,
        pd.concat(parts, ignore_index=True),
        title=_("Median (line) and middle half (band) of the strongest features"),
        caption=_(
            "One feature of each cluster, by information value, whose values differ. Rows without a value are left out."
        ),
        width="full",
        height=42 * (-(-len(shown) // 3)),
    )


def _spread_out(report: FeatureReport) -> list[str]:
    """The strongest features whose middle half isn't one value; all of them where it is for each."""
    names = strongest(report, len(report.review.columns))
    ends = report.review.frame[names].quantile([0.25, 0.75])
    return [n for n in names if ends[n].iloc[1] > ends[n].iloc[0]] or names


def _panel(by: pd.DataFrame, title: str, unit: str) -> pd.DataFrame:
    values = {"low": by[0.25], "median": by[0.5], "high": by[0.75]}
    return pd.DataFrame(
        {"panel": title, "unit": unit, "when": pd.DatetimeIndex(by.index).strftime("%Y-%m"), **values}
    ).reset_index(drop=True)


def _moved(report: FeatureReport) -> Figure:
    moved = report.review.drift
    worst = standing(moved)["psi"].sort_values(ascending=False, kind="stable").index[:MOST_ROWS].tolist()
    months = np.sort(moved["as_of"].unique())
    kept = months[spaced(len(months))]
    mine = moved[moved["feature"].isin(worst) & moved["as_of"].isin(kept)]
    mine = mine.assign(rank=mine["feature"].map({n: i for i, n in enumerate(worst)})).sort_values(["rank", "as_of"])
    frame = pd.DataFrame(
        {
            "feature": mine["feature"],
            "title": mine["feature"].map(report.titles),
            "when": mine["as_of"].dt.strftime("%Y-%m"),
            "value": mine["psi"],
            "critical": mine["critical"],
        }
    )
    limit = report.review.limits[f"{PREFIX}psi"].breach_high
    return Figure.of(
        "psi_by_month",
        figures.heat,
        frame.reset_index(drop=True),
        title=_("PSI by month, the features that moved most first"),
        caption=_("Red: above the limit of {limit}. Ten bins of the first months, missing values their own.").format(
            limit=figure(limit, "number")
        ),
        width="full",
        height=16 + 6.2 * len(worst),
        options={"unit": "index", "full": FULL, "limit": limit, "label": _("Population stability index")},
    )


def _drifted(table: pd.DataFrame) -> Table:
    columns = [
        Column("title", _("Feature")),
        Column("psi", _("PSI"), "index", judged=True),
        Column("critical", _("By chance"), "index", quiet=True),
        Column("iv", _("Information value"), "score"),
        Column("verdict", _("Result"), "verdict"),
    ]
    ordered = table.sort_values("psi", ascending=False, kind="stable")
    caption = _("PSI: held in two of the last three months. By chance: reached by one of twenty reports of noise.")
    return Table.of(
        "drifted",
        ordered.head(MOST_ROWS),
        columns,
        title=_("Features that drifted"),
        caption=joined(caption, rest(ordered, MOST_ROWS)),
    )
