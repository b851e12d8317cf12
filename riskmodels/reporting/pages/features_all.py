"""The table of all features: everything that was measured of each, for the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.reporting.body import Column, Table
from riskmodels.reporting.pages.driver_words import sign_word
from riskmodels.reporting.pages.features_words import direction_word, fault_words, part_word

if TYPE_CHECKING:
    from riskmodels.reporting.pages.features import FeatureReport


def all_table(report: FeatureReport) -> Table:
    """Every feature that was built, one row each, strongest first."""
    return Table.of("features", all_features(report), _columns(), title=_("All features"))


def all_features(report: FeatureReport) -> pd.DataFrame:
    """Every feature that was built with all that was measured of it, in words, strongest first."""
    table = report.review.features.sort_values("iv", ascending=False, kind="stable", na_position="last")
    return table.assign(
        title=table["feature"].map(report.titles),
        part=table["part"].map(part_word),
        expected=table["sign"].map(sign_word),
        found=table["direction"].map(direction_word),
        said=table["faults"].map(fault_words),
        representative=table["representative"].map(report.titles),
        verdict=table["verdict"].map(str),
    ).reset_index(drop=True)


def _columns() -> list[Column]:
    return [
        Column("feature", _("Column")),
        Column("title", _("Feature")),
        Column("part", _("Part of the catalogue")),
        Column("verdict", _("Result"), "verdict"),
        Column("said", _("Fault")),
        Column("filled", _("Filled"), "share"),
        Column("fall", _("Lost lately"), "share"),
        Column("distinct", _("Distinct values"), "count"),
        Column("common", _("Most frequent value"), "share"),
        Column("psi", _("PSI"), "index"),
        Column("critical", _("By chance"), "index"),
        Column("n", _("Cases"), "count"),
        Column("bad", _("Obligors with an event"), "count"),
        Column("iv", _("Information value"), "score"),
        Column("auc", _("AUC"), "score"),
        Column("low", _("95% from"), "score"),
        Column("high", _("to"), "score"),
        Column("p_value", _("p, AUC is 0.5 (Holm)"), "p"),
        Column("expected", _("Expected")),
        Column("found", _("Direction")),
        Column("wrong_p", _("p, direction is right (Holm)"), "p"),
        Column("order_p", _("p, rate runs one way (Holm)"), "p"),
        Column("cluster", _("Cluster"), "count"),
        Column("representative", _("Representative")),
        Column("likeness", _("Likeness to it"), "number"),
    ]
