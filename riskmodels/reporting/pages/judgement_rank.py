"""The page of ranking: does the model score bad cases riskier than good ones, and did it in development?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.numbers import EN_DASH, NBSP, figure
from riskmodels.core.text import gettext as _
from riskmodels.models.score_bands import Bands, Scored, score_bands
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import curves
from riskmodels.reporting.pages.banded import bands_table
from riskmodels.reporting.pages.judgement_shared import mature, measures, unjudged
from riskmodels.reporting.pages.page import joined, unrun
from riskmodels.validation.case import RISK
from riskmodels.validation.discrimination import roc_curve
from riskmodels.validation.tables import by_period

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

BANDS = 10


def discrimination(judged: ModelValidation) -> Iterator[Block]:
    """ROC of model and challenger, the measures, and the AUC by quarter."""
    name = _("Discrimination")
    if reason := unjudged(judged):
        yield from unrun("5", name, reason)
        return
    checks = judged.of_group("discrimination")
    yield Section.of("5", name, _rank_finding(checks), _rank_lead(judged, checks), checks)
    yield Figure.of(
        "roc",
        curves.roc,
        _roc(mature(judged), judged.case.score),
        title=_("Bad cases caught against good cases caught"),
        height=90,
        caption=_("ROC on {n} later cases.").format(n=f"{len(mature(judged)):,}"),
        side=measures(checks, "discrimination_measures", _("Measures of discrimination")),
    )
    if judged.development is not None:
        yield _bands(judged.development, judged.sample, judged.case.score)
    if "period" in judged.sample:
        yield _periods(judged)


def _rank_finding(checks: list[CheckResult]) -> str:
    auc = next(c for c in checks if c.name.endswith("auc.out_of_time"))
    if auc.value is None:
        return _("Ranking can't be judged on these cases")
    words = _("A bad case is scored riskier than a good one in {share} of pairs")
    return words.format(share=figure(auc.value, "share"))


def _rank_lead(judged: ModelValidation, checks: list[CheckResult]) -> str:
    compared = judged.words.compared
    fall = next(c for c in checks if c.name.endswith("auc_fall.p"))
    if "initial" not in fall.detail:
        return compared
    before = _("On the development sample the AUC was {auc}.").format(auc=figure(fall.detail["initial"], "score"))
    return joined(compared, before)


def _roc(known: pd.DataFrame, score: str) -> pd.DataFrame:
    parts = []
    for name, column in ((_("model"), score), (_("challenger"), "challenger")):
        if column not in known:
            continue
        cases = known[known[column].notna()]
        x, y = roc_curve(cases["outcome"], cases[column])
        keep = _thinned(len(x))
        parts.append(pd.DataFrame({"curve": name, "x": x[keep], "y": y[keep]}))
    return pd.concat(parts, ignore_index=True)


def _thinned(n: int, most: int = 400) -> np.ndarray:
    """At most so many places of a long curve, its ends among them: more can't be seen."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).astype(int))


def _bands(development: pd.DataFrame, sample: pd.DataFrame, score: str) -> Table:
    then, now = (f[f["outcome"].notna() & f[score].notna()] for f in (development, sample))
    samples = {"then": then, "now": now}
    scored = {n: Scored(f[score], f["outcome"], obligor=f.get("obligor")) for n, f in samples.items()}
    bands = score_bands(scored, BANDS, higher="riskier")
    caption = _("Bands hold equally many cases of the development sample; 95% intervals allow for repeated obligors.")
    names, head = ({}, _("Risk")) if score == RISK else (_as_rates(bands.bands), _("Probability"))
    bands = replace(bands, table=bands.table.assign(name=bands.table["name"].replace(names)))
    return bands_table(bands, head, {"then": _("Development"), "now": _("Later data")}, caption)


def _as_rates(bands: Bands) -> dict[str, str]:
    """What to call each band of probabilities: its ends in per cent, where those tell the bands apart."""
    cuts = [figure(cut, "rate") for cut in bands.cuts]
    names = [f"≤{NBSP}{cuts[0]}", *(f"{a} {EN_DASH} {b}" for a, b in pairwise(cuts)), f">{NBSP}{cuts[-1]}"]
    return dict(zip(bands.names, names)) if len(set(names)) == len(bands.names) else {}


def _periods(judged: ModelValidation) -> Table:
    table = by_period(judged.sample, "period")
    columns = [
        Column("period", _("Quarter to"), "date"),
        Column("n", _("Cases"), "count"),
        Column("events", _("Bad"), "count"),
        Column("observed", _("Observed"), "share"),
        Column("expected", _("Expected"), "share"),
        Column("auc", _("AUC"), "score"),
        Column("censored", _("Too young"), "count", quiet=True),
    ]
    return Table.of("periods", table, columns, title=judged.words.quarters)
