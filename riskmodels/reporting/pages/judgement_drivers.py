"""The page of drivers: how far each moves the answers, the sign expected and found, and what drives the challenger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.models.scorecard.offered import expected_signs
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import bars
from riskmodels.reporting.pages.driver_words import driver_title, sign_word
from riskmodels.reporting.pages.judgement_concept import evidence, of_a_sample
from riskmodels.reporting.pages.judgement_weights import DAYS, Weights, weights_of
from riskmodels.reporting.pages.page import unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

STRONGEST = 12


def drivers(judged: ModelValidation) -> Iterator[Block]:
    """What drives the model, the signs expected and found, and what was left out."""
    name = _("Conceptual soundness")
    if judged.lacking:
        yield from unrun("3", name, judged.lacking)
        return
    if judged.stored is None:
        yield from of_a_sample(judged, name)
        return
    selection = judged.model.selection
    used, offered = len(judged.model.drivers), len(selection)
    finding = _("{used} drivers carry the model, chosen from {offered} features").format(used=used, offered=offered)
    lead = _(
        "Chosen by information value on the development sample; a feature too much like one already "
        "chosen was left out."
    )
    yield Section.of("3", name, finding, lead, judged.of_group("concept"))
    weights = weights_of(judged.model, "champion", judged.sample) or _by_value(judged)
    yield _weights(weights)
    yield _driver_table(judged, weights)
    if rival := weights_of(judged.model, "challenger", judged.sample):
        yield _challenger(rival)
    yield from evidence(judged)


def _by_value(judged: ModelValidation) -> Weights:
    """The weights of a model that tells no contributions: its drivers' information value in development."""
    iv = judged.model.selection.set_index("feature")["iv"].reindex(judged.model.drivers)
    table = pd.DataFrame({"driver": iv.index, "size": iv.to_numpy(), "share": (iv / iv.sum()).to_numpy()})
    return Weights(table, "iv", "")


def _weights(weights: Weights) -> Figure:
    words = {DAYS: _("Share of the days by which drivers move an expected day"), "iv": _("Share of information value")}
    return Figure.of(
        "importance",
        bars.importance,
        _shown(weights.table, "share"),
        title=_("Weight of each driver"),
        width="full",
        height=max(40, 9 * len(weights.table)),
        options={"label": words.get(weights.unit, _("Share of the score's spread"))},
        caption=weights.caption,
    )


def _challenger(weights: Weights) -> Figure:
    """What drives the challenger: its strongest features by mean absolute contribution."""
    strongest = weights.table.head(STRONGEST)
    label = _("Mean days added or taken") if weights.unit == DAYS else _("Mean absolute SHAP value, log-odds")
    return Figure.of(
        "challenger_shap",
        bars.importance,
        _shown(strongest, "size"),
        title=_("What drives the challenger: its strongest features"),
        width="full",
        height=9 * len(strongest),
        options={"unit": "number", "label": label},
        caption=weights.caption,
    )


def _shown(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return pd.DataFrame({"driver": table["driver"].map(driver_title), "importance": table[column]})


def _driver_table(judged: ModelValidation, weights: Weights) -> Table:
    selection, signs, names = judged.model.selection.set_index("feature"), expected_signs(), weights.table["driver"]
    found = judged.sample[judged.sample["outcome"].notna()]
    rows = weights.table.assign(
        name=names.map(driver_title),
        expected=[sign_word(signs[d]) for d in names],
        found=[sign_word(_direction(found[d], found["outcome"])) for d in names],
        iv=selection["iv"].reindex(names).to_numpy(),
        missing=judged.sample[list(names)].isna().mean().to_numpy(),
    )
    columns = [
        Column("name", _("Driver")),
        Column("expected", _("Expected"), quiet=True),
        Column("found", _("Found")),
        *([Column("size", _("Days"), "number", decimals=1)] if weights.unit == DAYS else []),
        Column("share", _("Weight"), "share"),
        Column("iv", _("Information value"), "score"),
        Column("missing", _("Missing"), "share", quiet=True),
    ]
    return Table.of(
        "drivers",
        rows,
        columns,
        title=_("Drivers, with the sign expected and the one found on later data"),
        caption=_("Found: the sign of the rank correlation with the outcome; dash when it is weaker than 0.02."),
    )


def _direction(values: pd.Series, outcome: pd.Series) -> int:
    together = float(values.rank().corr(outcome)) if len(values) > 2 and values.nunique() > 1 else 0.0
    return 0 if abs(together) < 0.02 or together != together else (1 if together > 0 else -1)
