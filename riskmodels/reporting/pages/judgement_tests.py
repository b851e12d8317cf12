"""The pages of the tests: does the model rank, is its level right, has the population moved?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.score_bands import Scored, score_bands
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import bars, curves
from riskmodels.reporting.pages.banded import bands_table
from riskmodels.reporting.pages.driver_words import driver_title
from riskmodels.reporting.words import limit_text
from riskmodels.validation.discrimination import roc_curve
from riskmodels.validation.stability import csi, psi
from riskmodels.validation.tables import by_period, grade_table

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

BANDS = 10
GRADE_P = "validation.calibration.worst_grade.holm_p"


def discrimination(judged: ModelValidation) -> Iterator[Block]:
    """ROC of model and challenger, the measures, and the AUC by quarter."""
    name = _("Discrimination")
    if reason := _unjudged(judged):
        yield from _not_run("3", name, reason)
        return
    checks = judged.of_group("discrimination")
    yield Section.of("3", name, _rank_finding(checks), _rank_lead(judged), checks)
    yield Figure.of(
        "roc",
        curves.roc,
        _roc(_mature(judged)),
        title=_("Bad cases caught against good cases caught"),
        height=90,
        caption=_("ROC on {n} later cases.").format(n=f"{len(_mature(judged)):,}"),
        side=_measures(checks, "discrimination_measures", _("Measures of discrimination")),
    )
    yield _bands(judged)
    yield _periods(judged)


def _rank_finding(checks: list[CheckResult]) -> str:
    auc = next(c for c in checks if c.name.endswith("auc.out_of_time"))
    if auc.value is None:
        return _("Ranking can't be judged on these cases")
    words = _("A bad case is scored riskier than a good one in {share} of pairs")
    return words.format(share=figure(auc.value, "share"))


def _rank_lead(judged: ModelValidation) -> str:
    return _("Intervals allow for cases of one debtor depending on each other. The challenger is {rival}.").format(
        rival=_rival(judged)
    )


def _rival(judged: ModelValidation) -> str:
    if judged.model.purpose == "rating":
        return _("LightGBM with monotone constraints")
    boosted = judged.model.card["models"]["challenger"]["engine"] == "lightgbm"
    return _("a LightGBM payment-time hazard") if boosted else _("a logit payment-time hazard")


def _roc(mature: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for name, column in ((_("model"), "probability"), (_("challenger"), "challenger")):
        x, y = roc_curve(mature["outcome"], mature[column])
        keep = _thinned(len(x))
        parts.append(pd.DataFrame({"curve": name, "x": x[keep], "y": y[keep]}))
    return pd.concat(parts, ignore_index=True)


def _thinned(n: int, most: int = 400) -> np.ndarray:
    """At most so many places of a long curve, its ends among them: more can't be seen."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).astype(int))


def _measures(checks: list[CheckResult], name: str, title: str) -> Table:
    rows = [
        {
            "measure": c.title,
            "value": figure(c.value, c.unit),
            "limit": limit_text(c.limits, c.unit),
            "verdict": str(c.verdict),
        }
        for c in checks
    ]
    columns = [
        Column("measure", _("Measure")),
        Column("value", _("Value"), right=True, judged=True),
        Column("limit", _("Limit"), right=True, quiet=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    return Table.of(name, pd.DataFrame(rows), columns, title=title)


def _bands(judged: ModelValidation) -> Table:
    then, now = (f[f["outcome"].notna()] for f in (judged.model.development, judged.sample))
    samples = {"then": then, "now": now}
    scored = {n: Scored(f["probability"], f["outcome"], obligor=f["obligor"]) for n, f in samples.items()}
    bands = score_bands(scored, BANDS, higher="riskier")
    caption = _("Bands hold equally many cases of the development sample; 95% intervals allow for repeated obligors.")
    return bands_table(bands, _("Probability"), {"then": _("Development"), "now": _("Later data")}, caption)


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
    return Table.of("periods", table, columns, title=_("By quarter"))


def calibration(judged: ModelValidation) -> Iterator[Block]:
    """Observed against expected by grade, the measures and the test of each grade."""
    name = _("Calibration")
    if reason := _unjudged(judged):
        yield from _not_run("4", name, reason)
        return
    checks = judged.of_group("calibration")
    worst = next(c for c in checks if c.name == GRADE_P)
    table = grade_table(judged.sample, worst.limits)
    if worst.verdict is Verdict.NOT_RUN:
        table["verdict"] = Verdict.NOT_RUN
    yield Section.of("4", name, _level_finding(judged, table), "", checks)
    yield _reliability(judged, table, _measures(checks, "calibration_measures", _("Measures of calibration")))
    yield _grades(table, worst.reason)


def _reliability(judged: ModelValidation, table: pd.DataFrame, side: Table) -> Figure:
    shown = table[table["n"] > 0]
    points = pd.DataFrame(
        {
            "grade": shown["grade"].astype("str"),
            "predicted": shown["pd"],
            "observed": shown["rate"],
            "low": shown["low"],
            "high": shown["high"],
            "breach": shown["verdict"] == Verdict.BREACH,
        }
    )
    return Figure.of(
        "reliability",
        curves.reliability,
        points,
        title=_("Observed rate by grade"),
        height=90,
        caption=_("Observed against expected by grade with 95% Jeffreys intervals. n = {n}.").format(
            n=f"{len(_mature(judged)):,}"
        ),
        side=side,
    )


def _level_finding(judged: ModelValidation, table: pd.DataFrame) -> str:
    mature = _mature(judged)
    observed, expected = mature["outcome"].sum(), mature["probability"].sum()
    low = [str(g) for g in table.loc[table["verdict"] == Verdict.BREACH, "grade"]]
    if low:
        return _("The level is too low in grade {grades}").format(grades=_(", ").join(low))
    if (table["verdict"] == Verdict.NOT_RUN).all():
        words = _("{observed} bad cases against {expected} expected; grades could not be tested")
    else:
        words = _("{observed} bad cases against {expected} expected, and no grade is too low")
    return words.format(observed=f"{observed:,.0f}", expected=f"{expected:,.0f}")


def _grades(table: pd.DataFrame, reason: str) -> Table:
    total = table[["n", "expected", "observed"]].sum().to_frame().T.assign(grade=_("Total"))
    total["pd"], total["rate"] = total["expected"] / total["n"], total["observed"] / total["n"]
    columns = [
        Column("grade", _("Grade")),
        Column("n", _("Cases"), "count"),
        Column("expected", _("Expected"), "number", decimals=1),
        Column("observed", _("Bad"), "count"),
        Column("pd", _("Probability"), "rate"),
        Column("rate", _("Observed"), "rate"),
        Column("low", _("95% from"), "rate", quiet=True),
        Column("high", _("to"), "rate", quiet=True),
        Column("jeffreys_p", _("Jeffreys p"), "p"),
        Column("holm_p", _("Holm p"), "p", judged=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    return Table.of(
        "grades",
        table.assign(grade=table["grade"].astype("str"), verdict=table["verdict"].astype("str")),
        columns,
        title=_("Test per grade"),
        subtitle=_("H0: the probability is not too low; Holm adjustment over the grades"),
        caption=_("Not judged grade by grade: {reason}.").format(reason=reason) if reason else "",
        totals=total,
    )


def stability(judged: ModelValidation) -> Iterator[Block]:
    """The score's and the drivers' distributions, now against development."""
    name = _("Stability")
    if judged.stored is None:
        yield from _not_run("5", name, judged.checks[0].reason)
        return
    checks = judged.of_group("stability")
    development, now = judged.model.development, judged.sample
    moved = csi(development, now, judged.model.drivers)
    yield Section.of("5", name, _shift_finding(moved), "", checks)
    score = psi(development["probability"], now["probability"])
    shares = {"current": score.table["current_share"], "reference": score.table["reference_share"]}
    yield Figure.of(
        "psi",
        bars.psi,
        pd.DataFrame({"bin": [str(i + 1) for i in range(len(score.table))], **shares}),
        title=_("Score, later data against development"),
        caption=_(
            "Tenths of the development score, lowest first. PSI {psi}; samples of this size reach "
            "{critical} by chance in one case of twenty."
        ).format(psi=figure(score.value, "index"), critical=figure(score.critical, "index")),
        side=_measures(checks, "stability_measures", _("Measures of stability")),
    )
    yield _drifts(moved)


def _shift_finding(moved: dict) -> str:
    if not moved:
        return _("No driver could be compared with development")
    name, worst = next(iter(moved.items()))
    words = _("The driver that moved most is {driver}, PSI {psi}")
    return words.format(driver=driver_title(name), psi=figure(worst.value, "index"))


def _drifts(moved: dict) -> Table:
    rows = [{"driver": driver_title(n), "psi": s.value, "critical": s.critical} for n, s in moved.items()]
    columns = [
        Column("driver", _("Driver")),
        Column("psi", _("PSI"), "index"),
        Column("critical", _("By chance, 1 in 20"), "index", quiet=True),
    ]
    return Table.of(
        "drift",
        pd.DataFrame(rows, columns=["driver", "psi", "critical"]),
        columns,
        title=_("Drivers, most moved first"),
    )


def _mature(judged: ModelValidation) -> pd.DataFrame:
    return judged.sample[judged.sample["outcome"].notna()]


def _unjudged(judged: ModelValidation) -> str:
    """Why outcomes can't be used; empty when they can."""
    if judged.stored is None:
        return judged.checks[0].reason
    outcomes = _mature(judged)["outcome"]
    if outcomes.empty:
        return _("no later case has an outcome yet: all are too young")
    if outcomes.nunique() < 2:
        return _("all later cases ended alike, so nothing can be told apart")
    return ""


def _not_run(number: str, name: str, reason: str) -> Iterator[Block]:
    yield Section(number, name, _("Not run"), "", Verdict.NOT_RUN)
    yield NotRun(name, reason)
