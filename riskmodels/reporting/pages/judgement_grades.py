"""Section 7, grades: in order, apart from each other, alike inside, and how cases and amounts lie over them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import bars
from riskmodels.reporting.figures.migration import transitions
from riskmodels.reporting.pages.judgement_shared import unjudged
from riskmodels.reporting.pages.page import joined, unrun
from riskmodels.reporting.pages.tested import CHALLENGED, table_of_tests
from riskmodels.validation.case import Case
from riskmodels.validation.checks.grades import by_risk, halves_of
from riskmodels.validation.grade_order import neighbours
from riskmodels.validation.grades import concentration_index, concentration_p
from riskmodels.validation.migration.moves import Moves, shares

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

MOVES = ".migration."


def grades(judged: ModelValidation) -> Iterator[Block]:
    """Neighbours and halves of grades, then how cases and amounts lie over them."""
    name, number = _("Grades"), "7"
    if reason := unjudged(judged) or _ungraded(judged.case):
        yield from unrun(number, name, reason)
        return
    checks, case = judged.of_group("grades"), judged.case.cohorts.having("grade")
    table = by_risk(case)
    yield Section.of(number, name, _finding(checks, len(table)), _lead(table), checks)
    own, moved = ([c for c in checks if (MOVES in c.name) is side] for side in (False, True))
    if (lying := _lying(judged.case, table)) is not None:
        yield lying
    reasons = {c.name: c.reason for c in checks}
    yield _neighbours(table, reasons["validation.grades.inversions"])
    yield _inside(case, reasons["validation.grades.mixed"])
    yield _concentration(judged.case)
    title = _("Measures and tests of grades")
    yield table_of_tests(own, "grade_tests", title, judged.currency, CHALLENGED)
    yield _moved(judged.moves)
    if not isinstance(judged.moves, str):
        title = _("Measures and tests of the moves")
        yield table_of_tests(moved, "move_tests", title, judged.currency, CHALLENGED)


def _ungraded(case: Case) -> str:
    """Why there are no grades to judge; empty when there are."""
    if "grade" not in case.mature or case.mature["grade"].isna().all():
        return _("no grades in the sample")
    if case.score != "probability":
        return _("the score ranks cases and gives no probability")
    return "" if case.mature["grade"].nunique() > 1 else _("fewer than two grades have cases")


def _finding(checks: list[CheckResult], grades: int) -> str:
    found = {c.name.removeprefix("validation.grades."): c for c in checks}
    wrong, alike, inside = found["inversions"], found["merged"], found["mixed"]
    if wrong.value:
        return ngettext(
            "One pair of neighbouring grades stands in the wrong order",
            "{n} pairs of neighbouring grades stand in the wrong order",
            int(wrong.value),
        ).format(n=int(wrong.value))
    if alike.value:
        return ngettext(
            "One pair of neighbouring grades is not distinguishable",
            "{n} pairs of neighbouring grades are not distinguishable",
            int(alike.value),
        ).format(n=int(alike.value))
    if inside.verdict in (Verdict.WATCH, Verdict.BREACH):
        return _("Grades are in order, but grade {grade} holds more than one risk").format(grade=inside.detail["grade"])
    if wrong.value is None:
        return _("Whether grades are in order can't be told")
    return _("No two neighbours of {n} grades stand in the wrong order beyond chance").format(n=grades)


def _lead(table: pd.DataFrame) -> str:
    first, last = table.iloc[0], table.iloc[-1]
    words = _("From {low} in grade {first} to {high} in grade {last}.")
    rates = {"low": figure(first["rate"], "rate"), "high": figure(last["rate"], "rate")}
    return joined(words.format(first=first["grade"], last=last["grade"], **rates), _largest(table))


def _largest(table: pd.DataFrame) -> str:
    grade, n = table["grade"].tolist(), table["n"].to_numpy()
    words = _("Grade {grade} holds {share} of the cases.")
    return words.format(grade=grade[int(n.argmax())], share=figure(n.max() / n.sum(), "share"))


def _lying(case: Case, table: pd.DataFrame) -> Figure | None:
    """Cases by grade now against development; None where there is none."""
    before, names = case.reference, table["grade"].astype("str")
    if before is None or "grade" not in before.sample:
        return None
    frame = pd.DataFrame({"bin": names, "current": _share(case, names), "reference": _share(before, names)})
    title, caption = _("How cases lie over the grades"), _("All scored cases, mature or not, lowest probability first.")
    return Figure.of("grade_shares", bars.psi, frame, title=title, caption=caption, width="full")


def _share(case: Case, names: pd.Series, weight: str = "") -> np.ndarray:
    """The share of cases, or of amounts, in each grade."""
    grade = case.sample["grade"].astype("str")
    by = case.sample[weight].groupby(grade).sum() if weight else grade.value_counts()
    counts = by.reindex(names).fillna(0.0).to_numpy(float)
    return np.asarray(counts / counts.sum())


def _neighbours(table: pd.DataFrame, untested: str) -> Table:
    """Each pair of neighbours; no p-values where they wouldn't hold."""
    found, rate = neighbours(table["pd"], table["n"], table["observed"]), table["rate"].to_numpy()
    pairs = [_("{grade} and {next}").format(grade=a, next=b) for a, b in pairwise(table["grade"])]
    p_values = {"apart": found.apart_p, "inverted": found.inverted_p, "power": found.power}
    rows = pd.DataFrame({"pair": pairs, "better": rate[:-1], "worse": rate[1:], **p_values})
    columns = [
        Column("pair", _("Grades")),
        Column("better", _("Rate of the better"), "rate"),
        Column("worse", _("Rate of the worse"), "rate"),
    ]
    tests = [
        Column("apart", _("Apart, Holm p"), "p"),
        Column("inverted", _("Inverted, Holm p"), "p"),
        Column("power", _("Power"), "share", quiet=True),
    ]
    caption = _(
        "Apart: H0 no rise of the bad rate; inverted: H0 no fall. Fisher's exact tests, Holm over the pairs. Power: "
        "the chance of distinguishing them if their probabilities are right."
    )
    title = _("Each grade against the next")
    if untested:
        return Table.of("grade_neighbours", rows, columns, title=title, caption=_untested(untested))
    return Table.of("grade_neighbours", rows, [*columns, *tests], title=title, caption=caption)


def _untested(reason: str) -> str:
    return _("Not tested: {reason}.").format(reason=reason)


def _inside(case: Case, untested: str) -> Table:
    """The halves of each grade; no p-values where they wouldn't hold."""
    names, found = halves_of(case)
    with np.errstate(invalid="ignore", divide="ignore"):
        safer, riskier = (d / n for d, n in zip(found.events, found.n, strict=True))
    rows = pd.DataFrame(
        {
            "grade": names,
            "n": found.n[0] + found.n[1],
            "safer": safer,
            "riskier": riskier,
            "p": found.p_value,
            "holm": found.holm_p,
        }
    )
    columns = [
        Column("grade", _("Grade")),
        Column("n", _("Cases"), "count"),
        Column("safer", _("Safer half"), "rate"),
        Column("riskier", _("Riskier half"), "rate"),
    ]
    tests = [] if untested else [Column("p", _("p"), "p", quiet=True), Column("holm", _("Holm p"), "p")]
    title, subtitle = _("Inside each grade"), _("bad rates below and above its median probability")
    h0 = _("H0: the half of higher probability is not the worse one, that is, a grade holds one risk.")
    told: dict[str, Any] = {"title": title, "subtitle": subtitle}
    told["caption"] = _untested(untested) if untested else h0
    return Table.of("grade_halves", rows, [*columns, *tests], half=True, **told)


def _concentration(case: Case) -> Table:
    """The ECB's index by number and by amount, now and at development, with both tests."""
    by = {_("by number"): "", **({_("by amount"): "weight"} if _weighed(case) else {})}
    grades = pd.Series(sorted(_all_grades(case)))
    rows = [{"what": words, **_index(case, grades, weight)} for words, weight in by.items()]
    columns = [
        Column("what", _("Concentration")),
        Column("now", _("Index now"), "index"),
        Column("before", _("Development"), "index", quiet=True),
        Column("risen", _("Risen, p"), "p"),
        Column("equal", _("Equal, p"), "p", quiet=True),
    ]
    caption = _(
        "0: all grades alike, 1: all in one grade (ECB 2019, 2.5.5). H0: not more concentrated than at development, "
        "or than equal grades."
    )
    return Table.of(
        "grade_concentration", pd.DataFrame(rows), columns, title=_("Concentration"), caption=caption, half=True
    )


def _moved(moves: Moves | str) -> Block:
    """From grade to grade within the last twelve months, or why that isn't known."""
    if isinstance(moves, str):
        return NotRun(_("Migration"), moves)
    states = [*moves.grades, _("default")]
    p = shares(moves.settled.sum(axis=0))
    cells = [(a, b, p[i, j]) for i, a in enumerate(moves.grades) for j, b in enumerate(states)]
    frame = pd.DataFrame(cells, columns=["from", "to", "p"]).assign(panel=_("Last twelve months"))
    caption = _("{n} obligors by grade, from {first} to {last}; those that left are not counted.")
    days = [str(day.date()) for day in moves.days]
    return Figure.of(
        "grade_moves",
        transitions,
        frame,
        title=_("Where obligors of each grade went"),
        height=16 + 8 * len(moves.grades),
        width="full",
        caption=caption.format(n=f"{int(moves.settled.sum()):,}", first=days[0], last=days[-1]),
    )


def _index(case: Case, grades: pd.Series, weight: str) -> dict[str, float]:
    now = _share(case, grades, weight)
    found = {"now": concentration_index(now), "equal": concentration_p(now, np.ones(len(now)))}
    before = case.reference
    if before is None or "grade" not in before.sample or (weight and not _weighed(before)):
        return {**found, "before": float("nan"), "risen": float("nan")}
    then = _share(before, grades, weight)
    return {**found, "before": concentration_index(then), "risen": concentration_p(now, then)}


def _weighed(case: Case) -> bool:
    return "weight" in case.sample and bool(case.sample["weight"].gt(0).any())


def _all_grades(case: Case) -> set[str]:
    both = [c for c in (case, case.reference) if c is not None and "grade" in c.sample]
    return {str(g) for c in both for g in c.sample["grade"].dropna().unique()}
