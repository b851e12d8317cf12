"""The tables of calibration: a row per grade, segment and year, and the Brier score taken apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.core.numbers import figure, interval
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.reporting.body import Column, Figure, Table
from riskmodels.reporting.figures import losses
from riskmodels.reporting.pages.page import joined
from riskmodels.validation.calibration import (
    brier,
    calibration_in_the_large,
    expected_calibration_error,
    observed_expected,
)
from riskmodels.validation.case import Case
from riskmodels.validation.checks.calibration_years import counts
from riskmodels.validation.correlated import corporate_correlation
from riskmodels.validation.legs import legs
from riskmodels.validation.reliability import Reliability
from riskmodels.validation.tables import grade_details
from riskmodels.validation.years import traffic_lights

MOST_SEGMENTS, ENOUGH = 12, 5.0
"""Segments shown, the largest, and the bad cases expected in one from which its ratio is told."""
COLOURS = (mark("green"), mark("yellow"), mark("orange"), mark("red"))


def by_grade(table: pd.DataFrame, graded: bool, untested: str, material: float | None) -> Table:
    """A row per grade; its tests only where they could be run, for a p-value that doesn't hold would still be read."""
    total = table[["n", "expected", "observed"]].sum().to_frame().T.assign(grade=_("Total"))
    total["pd"], total["rate"] = total["expected"] / total["n"], total["observed"] / total["n"]
    rows = table.assign(grade=table["grade"].astype("str"), verdict=table["verdict"].astype("str"))
    ends = zip(rows["low"], rows["high"], strict=True)
    rows["interval"] = [interval(low, high, "rate") if low == low else "" for low, high in ends]
    columns = _counted(graded)
    if untested:
        caption = _("Not judged grade by grade: {reason}.").format(reason=untested)
        title = _("Expected and observed by grade")
        return Table.of("grades", rows, columns, title=title, caption=caption, totals=total)
    tested = [
        Column("jeffreys_p", _("Jeffreys p"), "p"),
        Column("holm_p", _("Holm p"), "p", judged=True),
        Column("detectable", _("Detectable"), "rate", quiet=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    rows = rows.join(grade_details(table)["detectable"])
    title = _("Test per grade") if graded else _("Test per tenth of probability")
    subtitle = _("H0: the probability is not too low; Holm adjustment over the grades")
    caption = _of_detectable(material)
    return Table.of("grades", rows, [*columns, *tested], title=title, subtitle=subtitle, caption=caption, totals=total)


def _counted(graded: bool) -> list[Column]:
    return [
        Column("grade", _("Grade") if graded else _("Tenth")),
        Column("n", _("Cases"), "count"),
        Column("expected", _("Expected"), "number", decimals=1),
        Column("observed", _("Bad"), "count"),
        Column("pd", _("Probability"), "rate"),
        Column("rate", _("Observed"), "rate"),
        Column("interval", _("95% interval"), right=True, quiet=True),
    ]


def _of_detectable(material: float | None) -> str:
    found = _("Detectable: the smallest true rate that the Jeffreys test finds with 80% power.")
    words = _("No evidence: a rate {ratio} times as high as predicted could have been missed.")
    return joined(found, words.format(ratio=figure(material)) if material else "")


def other_tests(table: pd.DataFrame, graded: bool) -> Table:
    """What else is told of each grade: the binomial tests without and with a common factor, and a prudent bound."""
    rows = table.assign(grade=table["grade"].astype("str"), rho=corporate_correlation(table["pd"]))
    rows = rows.join(grade_details(table))
    bound = [Column("bound", _("Prudent bound"), "rate")] if rows["bound"].notna().any() else []
    columns = [
        Column("grade", _("Grade") if graded else _("Tenth")),
        Column("binomial_p", _("Binomial p"), "p"),
        Column("rho", _("Correlation"), "share", quiet=True),
        Column("correlated_p", _("Correlated p"), "p"),
        *bound,
    ]
    caption = _(
        "Correlated: defaults share a factor, correlation as in CRE31.5. Bound: Pluto and Tasche's most prudent one at "
        "90%, where fewer than ten cases are bad."
    )
    title = _("If defaults are few, or correlated")
    return Table.of("grades_otherwise", rows, columns, title=title, caption=caption, half=True)


def brier_parts(case: Case, curve: Reliability) -> Table:
    """The Brier score, its three parts by the curve, the mean error over tenths and the shift of all odds."""
    y, p = case.outcome, case.probability
    rows = {
        _("Brier score"): figure(brier(y, p), more=2),
        _("miscalibration"): figure(curve.miscalibration, more=3),
        _("less discrimination"): figure(curve.discrimination, more=3),
        _("uncertainty"): figure(curve.uncertainty, more=2),
        _("Calibration error over tenths"): figure(expected_calibration_error(y, p), "rate"),
        _("Shift of log-odds that would set it right"): figure(
            calibration_in_the_large(case.outcome, case.probability)
        ),
    }
    columns = [Column("what", _("Measure")), Column("value", _("Value"), right=True)]
    frame = pd.DataFrame({"what": list(rows), "value": list(rows.values())})
    return Table.of("brier", frame, columns, title=_("Brier score, taken apart"))


def by_segment(case: Case) -> Figure | None:
    """Observed over expected of the largest segments, with intervals; None without segments."""
    if "segment" not in case.mature or case.mature["segment"].nunique() < 2:
        return None
    largest = case.mature["segment"].value_counts().index[:MOST_SEGMENTS]
    parts = {str(name): _part(case, case.mature["segment"] == name) for name in largest}
    rows = [
        {"name": name, "value": level.ratio, "low": level.interval[0], "high": level.interval[1], "n": part.n}
        for name, part in parts.items()
        if part.probability.sum() >= ENOUGH
        and np.isfinite((level := observed_expected(part.outcome, part.probability, part.clusters)).ratio)
    ]
    if not rows:
        return None
    frame = pd.DataFrame(rows)
    caption = _(
        "The {shown} largest segments in which five bad cases or more are expected, of {all}; 95% intervals clustered "
        "as above. Plum: the interval leaves out 1."
    )
    return Figure.of(
        "level_by_segment",
        losses.forest,
        frame.iloc[::-1],
        title=_("Observed over expected by segment"),
        width="full",
        height=12 + 7 * len(frame),
        options={"unit": "number", "label": _("Observed over expected bad cases"), "line": 1.0},
        caption=caption.format(shown=len(frame), all=case.mature["segment"].nunique()),
    )


def _part(case: Case, rows: pd.Series) -> Case:
    return Case(case.mature[rows])


def by_year(case: Case) -> Table | None:
    """A row per year with its traffic light; None below two years."""
    if "period" not in case.mature or case.mature["period"].isna().any():
        return None
    pd_, n, events = counts(case)
    if (n > 0).sum() < 2:
        return None
    last, back = case.mature["period"].max().to_period("M"), range(len(n) - 1, -1, -1)
    rows = pd.DataFrame({"n": n, "expected": n * pd_, "observed": events}).assign(
        year=[str((last - 12 * years).end_time.date()) for years in back],
        rate=np.divide(events, n, out=np.full(len(n), np.nan), where=n > 0),
        light=[_(COLOURS[c]) if c >= 0 else "" for c in traffic_lights(pd_, n, events).colours],
    )
    columns = [
        Column("year", _("Year to"), "date"),
        Column("n", _("Cases"), "count"),
        Column("expected", _("Expected"), "number", decimals=1),
        Column("observed", _("Bad"), "count"),
        Column("rate", _("Observed"), "rate"),
        Column("light", _("Traffic light")),
    ]
    caption = _("Right probabilities make half of the years green, 30% yellow, 15% orange and 5% red.")
    return Table.of(
        "level_by_year", rows, columns, title=_("Expected and observed by year"), caption=caption, half=True
    )


def by_leg(case: Case) -> Table | None:
    """Level and order with the certainty that each leg leaves them; None for cases of one party each."""
    found = legs(case)
    if found.empty or (found["parties"] == case.n).all():
        return None
    words = {"obligor": _("Debtor"), "client": _("Client"), "both": _("Both")}
    ends = {"level": ("low", "high", "multiple"), "order": ("auc_low", "auc_high", "score")}
    told = {k: [interval(a, b, unit) for a, b in zip(found[low], found[high])] for k, (low, high, unit) in ends.items()}
    columns = [
        Column("leg", _("Leg")),
        Column("parties", _("Parties"), "count"),
        Column("largest", _("Largest share of the expected"), "share"),
        Column("observed_expected", _("Observed over expected"), "multiple"),
        Column("level", _("95% interval"), right=True, quiet=True),
        Column("auc", _("AUC"), "score"),
        Column("order", _("95% interval"), right=True, quiet=True),
    ]
    title = _("By leg: whose luck the figures hang on")
    caption = _("Intervals let cases of one debtor, of one client, or of either depend on each other.")
    return Table.of("legs", found.assign(leg=found["leg"].map(words), **told), columns, title=title, caption=caption)
