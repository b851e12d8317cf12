"""Features in the reader's words: a title for each column, the faults, the parts of the catalogue, the population."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import NBSP
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.features.each import FAULTS
from riskmodels.validation.features.power import AGREES, CONTRADICTS, NEITHER, NOT_RUN, OPEN

if TYPE_CHECKING:
    from riskmodels.reporting.pages.features import FeatureReport

KEYS = {
    "debtor": mark("debtors"),
    "client": mark("clients"),
    "pair": mark("pairs of client and debtor"),
    "chain": mark("supply chains"),
    "industry": mark("industries"),
}
LINKED = {"chain": mark("of its supply chain"), "industry": mark("of its industry")}
DIRECTIONS = {
    AGREES: mark("as expected"),
    OPEN: mark("not contradicted"),
    CONTRADICTS: mark("contradicted"),
    NEITHER: mark("none expected"),
    NOT_RUN: mark("not run"),
}


def title(meaning: str, name: str, of: str = "") -> str:
    """What a feature is: the meaning in the language of the run, what it is linked to, and the window of its name."""
    told = (_(LINKED[of]) if of in LINKED else "", _window(name.rsplit("_", 1)[-1]))
    within = _(", ").join(word for word in told if word)
    return _("{meaning} ({window})").format(meaning=meaning, window=within) if within else meaning


def titles(report: FeatureReport) -> dict[str, str]:
    """The title of each feature by its column, two of the same words told apart by the column's name."""
    table = report.review.offered
    said = {f: title(m, f, of) for f, m, of in zip(table["feature"], table["meaning"], table["of"], strict=True)}
    often = Counter(said.values())
    return {f: w if often[w] == 1 else f"{w} [{f}]" for f, w in said.items()}


def named(report: FeatureReport, names: Sequence[str], most: int) -> str:
    """Titles of features in a row, the rest as a number."""
    shown = _("; ").join(report.titles[n] for n in names[:most])
    more = len(names) - most
    return shown if more <= 0 else _("{shown} and {rest} more").format(shown=shown, rest=more)


def fault_words(names: Sequence[str]) -> str:
    """What is wrong with a feature, in a row."""
    return _("; ").join(_(FAULTS[name]) for name in names)


def at_fault(report: FeatureReport, wanted: Sequence[str]) -> pd.DataFrame:
    """The features with one of some faults and all that was measured of them, with `title`, `said` and `verdict`."""
    found = report.review.faults
    mine = found[found["fault"].isin(wanted)].groupby("feature", sort=False)
    told = pd.DataFrame({"said": mine["fault"].agg(list).map(fault_words), "verdict": mine["verdict"].first()})
    table = told.join(report.review.measures.set_index("feature")).rename_axis("feature").reset_index()
    return table.assign(title=table["feature"].map(report.titles), verdict=table["verdict"].map(str))


def rest(table: pd.DataFrame, most: int) -> str:
    """That more rows than those shown are in the table of all features; empty when there aren't."""
    more = len(table) - most
    return _("{n} more are in the table of all features.").format(n=more) if more > 0 else ""


def direction_word(direction: str) -> str:
    """What was found of a feature's direction."""
    return _(DIRECTIONS[direction])


def part_word(part: str) -> str:
    """The name of a part of the catalogue; of what a pack or a quant adds, the word for all of it."""
    return _(part) if part else _("Added to the catalogue")


def key_word(key: str) -> str:
    """The keys the features are of, in the plural."""
    return _(KEYS[key]) if key in KEYS else key


def _window(end: str) -> str:
    if end[-1:] in "dm" and end[:-1].isdigit():
        words = _("{n} days") if end.endswith("d") else _("{n} months")
        return words.format(n=end[:-1]).replace(" ", NBSP)
    return _("whole history") if end == "ever" else ""
