"""The level of the PDs: what they are anchored on, and what that did to each part of the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import columns_of
from riskmodels.models.rating import LONG_RUN
from riskmodels.reporting.body import Column, Table
from riskmodels.reporting.pages.development_sample import PART_WORDS

if TYPE_CHECKING:
    from riskmodels.reporting.pages.development import ScorecardDevelopment


def level_table(report: ScorecardDevelopment) -> Table:
    """The observed rate and the mean PD before and after calibration, of the model and of each part of its trial."""
    columns = [
        Column("sample", _("Sample")),
        Column("n", _("Cases"), "count"),
        Column("observed", _("Observed"), "rate"),
        Column("before", _("Mean PD of the card"), "rate", quiet=True),
        Column("after", _("Mean PD calibrated"), "rate"),
    ]
    return Table.of("level", _parts(report), columns, title=_("Level of the PDs"), caption=_told(report))


def _parts(report: ScorecardDevelopment) -> pd.DataFrame:
    made, card = report.made, report.made.card
    own = card.predict_proba(columns_of(card, made.known))[:, 1]
    trial = {_("Trial, {part}").format(part=_(PART_WORDS[name])): rows for name, rows in made.parts.items()}
    samples = {_("The model, all rows"): made.known.assign(uncalibrated=own), **trial}
    facts = {"observed": "outcome", "before": "uncalibrated", "after": "probability"}
    rows = [{"sample": s, "n": len(f)} | {k: f[c].mean() for k, c in facts.items()} for s, f in samples.items()]
    return pd.DataFrame(rows)


def _told(report: ScorecardDevelopment) -> str:
    told = report.stored.card["level"]
    words = (
        _(
            "{sample} of all rows defaulted. PDs are anchored on {tendency}, the long-run mean of the yearly default "
            "rates at {n} origins: all log-odds move by {shift}; the trial is anchored on its own development part. In "
            "the anchor each year counts the same, here each row does."
        )
        if told["found"] == LONG_RUN
        else _(
            "{sample} of all rows defaulted. PDs are anchored on {tendency}, a stated tendency: all log-odds move by "
            "{shift}; so is the trial. In the anchor each year counts the same, here each row does."
        )
    )
    return words.format(
        sample=figure(told["sample_rate"], "rate"),
        tendency=figure(told["central_tendency"], "rate"),
        n=len(told["long_run"]["origins"]),
        shift=figure(told["shift"], "number"),
    )
