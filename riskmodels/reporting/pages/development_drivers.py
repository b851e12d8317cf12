"""Which features were taken and why not the others, and what each bin of a driver is worth."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.models.binning.binner import feature
from riskmodels.models.scorecard.offered import expected_signs
from riskmodels.models.scorecard.rules import told
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import features as figures
from riskmodels.reporting.pages.driver_words import driver_title, sign_word
from riskmodels.reporting.pages.page import joined

if TYPE_CHECKING:
    from riskmodels.reporting.pages.development import ScorecardDevelopment

MOST_ROWS, PANELS = 20, 4


def drivers_page(report: ScorecardDevelopment) -> Iterator[Block]:
    """The drivers with signs and collinearity, and what became of every feature offered."""
    used, selection = report.stored.drivers, report.stored.selection
    finding = _("{used} drivers carry the model, chosen from {offered} features")
    yield Section.of(
        "3",
        _("Drivers"),
        finding.format(used=len(used), offered=len(selection)),
        _("Every feature was offered with the sign that the trade expects, and had to keep it."),
        report.of_group("drivers"),
    )
    yield _drivers(report)
    yield selection_table(selection, used)


def _drivers(report: ScorecardDevelopment) -> Table:
    made, signs = report.made, expected_signs()
    iv = {d: feature(made.card.binner_, d).iv for d in report.stored.drivers}
    rows = pd.DataFrame(
        {
            "driver": [driver_title(d) for d in iv],
            "expected": [sign_word(signs[d]) for d in iv],
            "iv": list(iv.values()),
            "vif": made.vifs.reindex(list(iv)).to_numpy(),
            "missing": made.known[list(iv)].isna().mean().to_numpy(),
        }
    ).sort_values("iv", ascending=False, kind="stable")
    columns = [
        Column("driver", _("Driver")),
        Column("expected", _("Larger values: risk"), quiet=True),
        Column("iv", _("Information value"), "score"),
        Column("vif", _("Variance inflation"), "number"),
        Column("missing", _("Missing"), "share", quiet=True),
    ]
    return Table.of("drivers", rows, columns, title=_("The drivers, most information first"))


def selection_table(selection: pd.DataFrame, used: Collection[str]) -> Table:
    """What became of every feature offered, most information first, in words; `used` carry the model."""
    shown = selection.head(MOST_ROWS)
    rows = pd.DataFrame(
        {
            "feature": shown["feature"].map(driver_title),
            "iv": shown["iv"],
            "reason": [_outcome(row, row["feature"] in used) for row in shown.to_dict("records")],
        }
    )
    columns = [
        Column("feature", _("Feature")),
        Column("iv", _("Information value"), "score"),
        Column("reason", _("What became of it"), quiet=True),
    ]
    more = len(selection) - len(shown)
    rest = ngettext("One more was left out.", "{n} more were left out.", more).format(n=more) if more > 0 else ""
    return Table.of("selection", rows, columns, title=_("Every feature offered, most information first"), caption=rest)


def _outcome(row: dict[Any, Any], used: bool) -> str:
    """Taken, or why not; a feature that it names in words."""
    if row["taken"]:
        return _("taken") if used else _("chosen, then dropped: beside the others it had the wrong sign")
    other = row["other"] and driver_title(row["other"])
    return told(row["reason"], row["figure"], row["limit"], other)


def bins_page(report: ScorecardDevelopment) -> Iterator[Block]:
    """Bad rate by bin of the strongest drivers, every bin as a table, and the overrides."""
    made = report.made
    table = _bins_table(report)
    trail = made.card.binner_.overrides()
    if len(trail):
        finding = ngettext(
            "Bins of one driver were fixed by hand", "Bins of {n} drivers were fixed by hand", len(trail)
        )
        said = finding.format(n=len(trail))
    else:
        said = _("All bins were found by search, none was fixed by hand")
    lead = _(
        "Bins hold at least 5% of cases and keep the sign expected. Missing values have a bin of their own, which "
        "counts as average where it looks better than the average on few defaults."
    )
    yield Section("4", _("Bins"), said, lead)
    yield Figure.of(
        "bins",
        figures.rates,
        _panels(report),
        title=_("Bad rate by bin, strongest drivers"),
        width="full",
        height=48,
        caption=_("Regular bins only, lowest values first, with the ends of the values seen."),
    )
    yield table
    if len(trail):
        yield Table.of("overrides", trail.astype(str), title=_("Bins fixed by hand: who, why, before and after"))


def _panels(report: ScorecardDevelopment) -> pd.DataFrame:
    made = report.made
    found = sorted((feature(made.card.binner_, d) for d in report.stored.drivers), key=lambda f: -f.iv)[:PANELS]
    parts = []
    for each in found:
        k = len(each.bins)
        n = (each.good + each.bad)[:k]
        values = made.known[each.name].dropna()
        rate = np.divide(each.bad[:k], n, out=np.zeros(k), where=n > 0)
        told = {"panel": driver_title(each.name), "unit": "number", "against": False}
        ends = {"low": float(values.min()), "high": float(values.max())}
        parts.append(pd.DataFrame({"bin": range(1, k + 1), "rate": rate, **told, **ends}))
    return pd.concat(parts, ignore_index=True)


def _bins_table(report: ScorecardDevelopment) -> Table:
    card = report.made.card
    table = card.points_table()
    table = table.set_axis(["driver", "bin", "n", "share", "rate", "woe", "points", *table.columns[7:]], axis=1)
    rows = table[table["bin"].notna()].assign(driver=lambda t: t["driver"].map(driver_title))
    rows["driver"] = rows["driver"].where(~rows["driver"].duplicated(), "")
    columns = [
        Column("driver", _("Driver")),
        Column("bin", _("Bin")),
        Column("n", _("Cases"), "count"),
        Column("share", _("Share"), "share", quiet=True),
        Column("rate", _("Bad rate"), "rate", shade="plum"),
        Column("woe", _("WoE"), "score"),
        Column("points", _("Points"), "count"),
    ]
    base = int(table["points"].iloc[0])
    caption = joined(
        _("Base {base} points.").format(base=base), _("WoE above 0 is worse than the average; more points are better.")
    )
    return Table.of(
        "points", rows, columns, title=_("Every bin with its weight of evidence and points"), caption=caption
    )
