"""Section 5, ranking: does the model score bad cases riskier than good ones, and as well as at development?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import EN_DASH, NBSP, figure
from riskmodels.core.text import gettext as _
from riskmodels.models.score_bands import Bands, Scored, score_bands
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Figure, Section, Table
from riskmodels.reporting.figures import curves
from riskmodels.reporting.pages.banded import bands_table
from riskmodels.reporting.pages.judgement_rank_tables import by_part, errors_table, further_table
from riskmodels.reporting.pages.judgement_shared import unjudged
from riskmodels.reporting.pages.page import joined, unrun
from riskmodels.reporting.pages.tested import CHALLENGED, table_of_tests
from riskmodels.validation.case import PARTIES, POINTS, PROBABILITY, Case
from riskmodels.validation.discrimination import roc_curve

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

BANDS = 10
AUC = "validation.discrimination.auc.out_of_time"
FALL = "validation.discrimination.auc_fall.delta"


def discrimination(judged: ModelValidation) -> Iterator[Block]:
    """ROC of model and challenger, the measures and their errors, the AUC by segment and quarter, the score bands."""
    name = _("Discrimination")
    if reason := unjudged(judged):
        yield from unrun("5", name, reason)
        return
    checks = judged.of_group("discrimination")
    by_name = {c.name: c for c in checks}
    yield Section.of("5", name, _finding(by_name[AUC], by_name[FALL]), _lead(judged, by_name[FALL]), checks)
    yield _roc(judged.case, further_table(judged.case))
    title = _("Measures of discrimination, what each test asks, and what it could miss")
    yield table_of_tests(checks, "discrimination_tests", title, judged.currency, CHALLENGED)
    yield errors_table(judged.case)
    yield from by_part(judged)
    yield _bands(judged.case)


def _finding(auc: CheckResult, fall: CheckResult) -> str:
    """How well cases are ordered, and whether that is less than it was."""
    if auc.value is None:
        return _("Ranking can't be judged on these cases")
    share = figure(auc.value, "share")
    if fall.verdict in (Verdict.BREACH, Verdict.WATCH):
        words = _("A bad case is scored riskier than a good one in {share} of pairs, down from {before}")
        return words.format(share=share, before=figure(fall.detail["initial"], "share"))
    if auc.verdict is Verdict.NO_EVIDENCE:
        words = _("{share} of pairs are in order, but the cases are too few to rely on that")
        return words.format(share=share)
    if fall.verdict is Verdict.WITHIN:
        words = _("A bad case is scored riskier than a good one in {share} of pairs, no less than at development")
        return words.format(share=share)
    return _("A bad case is scored riskier than a good one in {share} of pairs").format(share=share)


def _lead(judged: ModelValidation, fall: CheckResult) -> str:
    compared = joined(_dependence(judged.case), judged.words.compared)
    if "initial" not in fall.detail:
        return compared
    before = _("On the development sample the AUC was {auc}.").format(auc=figure(fall.detail["initial"], "score"))
    return joined(compared, before)


def _dependence(case: Case) -> str:
    """What intervals do about cases that share a party."""
    if len(case.parties) > 1:
        return _("Intervals allow for cases of one obligor, and of one client, depending on each other.")
    if "obligor" in case.parties:
        return _("Intervals allow for cases of one obligor depending on each other.")
    if "client" in case.parties:
        return _("Intervals allow for cases of one client depending on each other.")
    if any(party in case.mature for party in PARTIES):
        return _("Cases are taken as independent: each is of another party, or all of one.")
    return _("Cases are taken as independent: no column tells whose they are.")


def _roc(case: Case, side: Table) -> Figure:
    lines = {_("model"): _curve(case, case.score)}
    if "challenger" in case.mature and case.having("challenger").n:
        lines[_("challenger")] = _curve(case.having("challenger"), "challenger")
    parts = [line.assign(curve=name) for name, line in lines.items() if not line.isna().any(axis=None)]
    return Figure.of(
        "roc",
        curves.roc,
        pd.concat(parts, ignore_index=True)[["curve", "x", "y"]],
        title=_("Bad cases caught against good cases caught"),
        height=90,
        caption=_("ROC on {n} later cases.").format(n=f"{case.n:,}"),
        side=side,
    )


def _curve(case: Case, score: str) -> pd.DataFrame:
    """At most 400 places of a long curve, its ends among them: more can't be seen."""
    x, y = roc_curve(case.outcome, case.mature[score].to_numpy(dtype=float))
    keep = np.unique(np.linspace(0, len(x) - 1, min(len(x), 400)).astype(int))
    return pd.DataFrame({"x": x[keep], "y": y[keep]})


def _bands(case: Case) -> Table:
    samples = {"then": case.reference, "now": case}
    scored = {name: _scored(of, case.in_points) for name, of in samples.items() if of is not None and of.n}
    bands = score_bands(scored, BANDS, higher="safer" if case.in_points else "riskier")
    caption = _("Bands hold equally many cases of the first sample; 95% intervals allow for repeated obligors.")
    if case.score == PROBABILITY:
        bands = replace(bands, table=bands.table.assign(name=bands.table["name"].replace(_as_rates(bands.bands))))
    heading = _("Probability") if case.score == PROBABILITY else _("Score")
    return bands_table(bands, heading, {"then": _("Development"), "now": _("Later data")}, caption)


def _scored(case: Case, in_points: bool) -> Scored:
    known = case.mature[POINTS] if in_points else case.risk
    return Scored(known, case.outcome, obligor=case.cluster)


def _as_rates(bands: Bands) -> dict[str, str]:
    """What to call each band of probabilities: its ends in per cent, where those tell the bands apart."""
    cuts = [figure(cut, "rate") for cut in bands.cuts]
    if not cuts:
        return {}
    names = [f"≤{NBSP}{cuts[0]}", *(f"{a} {EN_DASH} {b}" for a, b in pairwise(cuts)), f">{NBSP}{cuts[-1]}"]
    return dict(zip(bands.names, names)) if len(set(names)) == len(bands.names) else {}
