"""The page of robustness: does the model hold in each segment, over time, without its largest name, under noise?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import losses
from riskmodels.reporting.pages.driver_words import driver_title
from riskmodels.reporting.pages.judgement_noise import noise
from riskmodels.reporting.pages.judgement_shared import measures, unjudged
from riskmodels.reporting.pages.page import unrun
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.checks.robustness import last_half, new_obligors
from riskmodels.validation.checks.told import table_of
from riskmodels.validation.discrimination import auc
from riskmodels.validation.leaving_out import Fared, fared, without_largest
from riskmodels.validation.slices import AMOUNT, FEWEST, SEGMENT

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

WORST, INVERTED = "validation.robustness.segments.worst", "validation.robustness.segments.inverted"
MOST_ROWS = 16


def robustness(judged: ModelValidation) -> Iterator[Block]:
    """The AUC of each segment against the rest, the sample by parts and without its largest names, and noise."""
    name = _("Robustness")
    if reason := unjudged(judged):
        yield from unrun("11", name, reason)
        return
    checks = judged.of_group("robustness")
    worst, inverted = (next(c for c in checks if c.name == n) for n in (WORST, INVERTED))
    yield Section.of("11", name, _finding(worst, inverted), "", checks)
    yield measures(checks, "robustness_measures", _("Measures of robustness"))
    table = table_of(worst)
    if worst.reason:
        yield NotRun(_("Segments"), worst.reason)
    else:
        if table["auc"].notna().sum() > 1 and table["high"].max() > table["low"].min():
            yield _picture(table, judged.case)
        yield _segments(table)
    yield _parts(judged.case)
    yield from noise(judged)


def _finding(worst: CheckResult, inverted: CheckResult) -> str:
    if inverted.value:
        names = [slice_name(row) for row in inverted.detail["segments"]]
        return _("In {segment} the safer cases go bad more often").format(segment=_(", ").join(names))
    if worst.reason:
        return _("Without segments to compare, only the sample as a whole was put to the test")
    told = {"segment": slice_name(worst.detail), **{n: figure(worst.detail[n], "score") for n in ("auc", "rest")}}
    if worst.verdict in (Verdict.BREACH, Verdict.WATCH):
        return _("It ranks worst in {segment}: AUC {auc} against {rest} elsewhere").format(**told)
    if worst.verdict is Verdict.NO_EVIDENCE:
        return _("The segments are too small to show that none is weak; the weakest: {segment}").format(**told)
    return _("No segment ranks worse than the rest by more than chance; the weakest: {segment}").format(**told)


def slice_name(row: Any) -> str:
    """A slice in a reader's words: a segment's name, a third of the amounts, a driver and its value."""
    slicing, level = str(row["slicing"]), str(row["level"])
    if slicing == SEGMENT:
        return level
    if slicing == AMOUNT:
        thirds = {"1": _("the smallest amounts"), "2": _("the middle amounts"), "3": _("the largest amounts")}
        return thirds.get(level, level)
    return f"{driver_title(slicing)}: {level}"


def _picture(table: pd.DataFrame, case: Case) -> Figure:
    shown = table[table["auc"].notna()].head(MOST_ROWS)
    frame = pd.DataFrame({"name": [slice_name(row) for row in shown.to_dict("records")]})
    frame[["value", "low", "high"]] = shown[["auc", "low", "high"]].to_numpy(float)
    caption = _(
        "Weakest first; 95% intervals that allow for repeated parties; plum: the interval leaves out the whole."
    )
    whole = auc(case.outcome, case.risk)
    return Figure.of(
        "segments",
        losses.forest,
        frame,
        title=_("AUC by segment"),
        width="full",
        height=max(40, 9 * len(frame) + 20),
        options={"unit": "score", "label": _("AUC"), "line": whole, "named": _("all cases")},
        caption=caption,
    )


def _segments(table: pd.DataFrame) -> Table:
    rows = table.assign(name=[slice_name(row) for row in table.to_dict("records")])
    columns = [
        Column("name", _("Segment")),
        Column("n", _("Cases"), "count"),
        Column("events", _("Bad"), "count"),
        Column("auc", _("AUC"), "score"),
        Column("rest", _("Elsewhere"), "score", quiet=True),
        Column("gap", _("Difference"), "score"),
        Column("p_value", _("Holm p"), "p"),
        Column("inverted_p", _("Wrong way round, Holm p"), "p", quiet=True),
    ]
    caption = _(
        "Segments with fewer than ten bad or good cases are not compared. H0: the segment ranks no worse than the rest."
    )
    return Table.of("segment_tests", rows, columns, title=_("Segments against the rest of the cases"), caption=caption)


def _parts(case: Case) -> Table:
    """The sample whole, without its largest names, of new and known obligors, and by halves of the time."""
    rows = [{"part": name, **_told(found, case)} for name, found in _fared_parts(case)]
    columns = [
        Column("part", _("Cases taken")),
        Column("n", _("Cases"), "count"),
        Column("events", _("Bad"), "count"),
        *([Column("share", _("Share of the amount"), "share", quiet=True)] if case.weight is not None else []),
        Column("auc", _("AUC"), "score"),
        *([Column("ratio", _("Observed over expected"), "multiple")] if case.score == PROBABILITY else []),
        *([Column("amount_ratio", _("by amount"), "multiple")] if _by_amount(case) else []),
    ]
    title = _("The same figures without the largest names, for new obligors and by halves of the time")
    caption = _("Parts with fewer than ten bad or good cases have no AUC.")
    return Table.of("parts", pd.DataFrame(rows), columns, title=title, caption=caption)


def _by_amount(case: Case) -> bool:
    return case.score == PROBABILITY and case.weight is not None


def _fared_parts(case: Case) -> Iterator[tuple[str, Fared]]:
    everyone = np.ones(case.n, bool)
    yield _("All"), _of(case, everyone)
    names = {"obligor": _("Without the largest obligor"), "client": _("Without the largest client")}
    for party, name in names.items():
        if party in case.mature and case.mature[party].notna().any():
            yield name, without_largest(case.mature[party], *_arrays(case)).without
    for column, part, first, second in _splits(case):
        mask = part(case) if column in case.mature else ~everyone
        if mask.any() and not mask.all():
            yield first, _of(case, mask)
            yield second, _of(case, ~mask)


def _splits(case: Case) -> list[tuple[str, Any, str, str]]:
    halves = ("period", last_half, _("Last half of the time"), _("First half of the time"))
    if case.reference is None or "obligor" not in case.development.sample:
        return [halves]
    return [("obligor", new_obligors, _("Obligors new since development"), _("Obligors known in development")), halves]


def _arrays(case: Case) -> tuple[Any, ...]:
    probability = case.probability if case.score == PROBABILITY else None
    return case.outcome, case.risk, probability, case.weight


def _of(case: Case, mask: np.ndarray) -> Fared:
    return fared(*(None if a is None else a[mask] for a in _arrays(case)))  # type: ignore[arg-type]


def _told(found: Fared, case: Case) -> dict[str, float]:
    whole = float(case.weight.sum()) if case.weight is not None else float("nan")
    known = {**vars(found), "auc": found.auc if min(found.events, found.n - found.events) >= FEWEST else float("nan")}
    return {**known, "share": found.amount / whole if whole else float("nan")}
