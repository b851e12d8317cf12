"""How far scores move when drivers are measured with an error, and what of training is drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, NotRun, Table
from riskmodels.validation.discrimination import auc
from riskmodels.validation.leaving_out import perturbed
from riskmodels.validation.reperformance import GIVEN, spread

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

SHARES, SEED, ROWS = (0.05, 0.10, 0.25), 0, 5_000
"""Noise as a share of each driver's standard deviation, the seed of its draws, and how many cases are scored anew."""


def noise(judged: ModelValidation) -> Iterator[Block]:
    """The AUC and the scores under noise; not run without a model that can score again. Then another seed."""
    stored = judged.stored
    if stored is None:
        yield NotRun(_("Noise and another seed"), _("there is no stored model to score or train again"))
        return
    yield _table(judged)
    if hasattr(stored.models["champion"], "logit_"):
        reason = _("nothing in the training of a scorecard is drawn at random")
    else:
        reason = _(
            "the features that were not chosen are not stored, so that it can't be trained again from its folder"
        )
    yield NotRun(_("Another seed"), reason)


def _table(judged: ModelValidation) -> Table:
    kept = spread(judged.case.mature, ROWS).copy()
    rows = [_under(judged, kept, share) for share in (0.0, *SHARES)]
    columns = [
        Column("noise", _("Noise, share of a standard deviation"), "share"),
        Column("auc", _("AUC"), "score"),
        Column("moved", _("Mean change of the probability"), "rate"),
        Column("regraded", _("Change of grade"), "share"),
    ]
    words = _("Normal errors on every numeric driver, drawn with seed {seed}; {n} cases scored anew.")
    caption = words.format(seed=SEED, n=f"{len(kept):,}")
    title = _("What errors in the drivers would do")
    return Table.of("noise", pd.DataFrame(rows), columns, title=title, caption=caption, half=True)


def _under(judged: ModelValidation, kept: pd.DataFrame, share: float) -> dict[str, float]:
    asked = perturbed(kept, list(judged.drivers), share, SEED).drop(columns=GIVEN, errors="ignore")
    found = judged.model.recipe.scored(judged.model.models, asked.copy())
    p, before = found["probability"].to_numpy(float), kept["probability"].to_numpy(float)
    grades = found["grade"].astype("str").to_numpy() != kept["grade"].astype("str").to_numpy()
    return {
        "noise": share,
        "auc": auc(kept["outcome"].to_numpy(float), p),
        "moved": float(np.abs(p - before).mean()),
        "regraded": float(grades.mean()),
    }
