"""The checks of an estimate of losses: level, order, segments and grades; of workout time, recovery and dilution."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from scipy.stats import t

from riskmodels.core.text import mark
from riskmodels.validation.checks.check import Check, Measured
from riskmodels.validation.dependence import treatment
from riskmodels.validation.losses.cases import LossCases, Pair
from riskmodels.validation.losses.order import order
from riskmodels.validation.losses.reasons import (
    in_groups,
    known,
    ordered_at_start,
    told_apart,
    weighed,
    with_column,
)
from riskmodels.validation.losses.segments import segment_names
from riskmodels.validation.losses.shortfall import Shortfall, loss_shortfall, shortfall, shortfalls

ECB = "ECB 2019, 2.6"


def level(subject: str, cases: LossCases) -> Measured:
    """How much worse than estimated the cases of a subject turned out on average, by number."""
    pair = cases.pair(subject)
    return _measured(shortfall(pair.gap, None, pair.clusters), pair, _means(pair, None))


def level_by_amount(subject: str, cases: LossCases) -> Measured:
    """The same weighted by amount."""
    pair = cases.pair(subject)
    return _measured(shortfall(pair.gap, pair.weight, pair.clusters), pair, _means(pair, pair.weight))


def dilution(cases: LossCases) -> Measured:
    """How much more was diluted than estimated: by amount where amounts are told, else by number."""
    return (level if cases.pair("dilution").weight is None else level_by_amount)("dilution", cases)


def unestimated(cases: LossCases) -> Measured:
    """The share of the money lost that was not estimated."""
    pair = cases.loss
    amounts = np.ones(pair.n) if pair.weight is None else pair.weight
    found = loss_shortfall(pair.estimated, pair.realised, amounts, pair.clusters)
    detail = {"estimated": float(pair.estimated @ amounts), "realised": float(pair.realised @ amounts)}
    return _measured(found, pair, detail)


def worst_segment(cases: LossCases) -> Measured:
    """The gap of the worst of the ECB's twelve segments of the estimate."""
    return _worst(cases.loss, _segment(cases.loss))


def worst_group(column: str, cases: LossCases) -> Measured:
    """The gap of the worst of the groups that a column tells."""
    return _worst(cases.loss, _group(column, cases.loss))


def rank(cases: LossCases) -> Measured:
    """The generalised AUC with its interval, H0: estimates order losses no better than chance."""
    pair = cases.loss
    found = order(pair.estimated, pair.realised, pair.clusters)
    p, statistic = 1 - found.fall_p(0.5), (found.value - 0.5) / found.se if found.se > 0 else None
    return Measured(
        found.value,
        found.n,
        p_value=p,
        interval=found.interval() if found.se > 0 else None,
        statistic=statistic,
        dependence=treatment(pair.parties),
        detail={"standard_error": found.se},
        detect=found.detectable,
    )


def rank_fall(cases: LossCases) -> Measured:
    """The generalised AUC less its value at the start, H0: it has not fallen."""
    pair, start = cases.loss, cases.start.loss
    initial, now = order(start.estimated, start.realised), order(pair.estimated, pair.realised, pair.clusters)
    return Measured(
        now.value - initial.value,
        now.n,
        p_value=now.fall_p(initial.value),
        statistic=(initial.value - now.value) / now.se if now.se > 0 else None,
        critical=lambda level: (-now.detectable(level, power=0.5), float("inf")),
        dependence=treatment(pair.parties),
        detail={"initial": initial.value, "current": now.value, "standard_error": now.se},
        detect=now.detectable,
    )


def _segment(pair: Pair) -> pd.Series:
    return segment_names(pair.estimated)


def _group(column: str, pair: Pair) -> pd.Series:
    return pair.rows[column]


def _measured(found: Shortfall, pair: Pair, detail: dict[str, float]) -> Measured:
    """A mean against 0, with what chance alone explains above it."""
    return Measured(
        found.gap,
        found.n,
        p_value=_told(found.p_value),
        interval=found.interval(),
        critical=lambda level: (-float("inf"), found.critical(level)),
        statistic=_told(found.statistic),
        dependence=treatment(pair.parties),
        detail={**detail, "independent_cases": found.independent},
        detect=found.detectable,
    )


def _told(value: float) -> float | None:
    """None for a statistic that isn't defined: all cases deviate alike."""
    return value if np.isfinite(value) else None


def _means(pair: Pair, weight: np.ndarray | None) -> dict[str, float]:
    return {
        "estimated": float(np.average(pair.estimated, weights=weight)),
        "realised": float(np.average(pair.realised, weights=weight)),
    }


def _worst(pair: Pair, group: pd.Series) -> Measured:
    """The group with the smallest p of Holm: its gap, beyond what the worst of so many groups shows by chance."""
    table = shortfalls(pair.gap, group, None, pair.clusters)
    tested = table.dropna(subset="holm_p")
    worst = tested.sort_values("holm_p", kind="stable").iloc[0]
    return Measured(
        float(worst["gap"]),
        pair.n,
        p_value=float(worst["holm_p"]),
        statistic=float(worst["statistic"]),
        critical=lambda level: (-float("inf"), float(t.isf(level / len(tested), worst["df"]) * worst["se"])),
        dependence=treatment(pair.parties),
        detail={"group": str(worst["group"]), "tested": len(tested), "groups": len(table)},
        detect=lambda _level: float(tested["detectable"].median()),
    )


def _of(subject: str, measure: Callable[[str, LossCases], Measured]) -> Callable[[LossCases], Measured]:
    return partial(measure, subject)


LGD: tuple[Check, ...] = (
    Check(
        "validation.loss.level",
        mark("LGD realised, less estimated"),
        "share",
        _of("loss", level),
        (known("loss"),),
        ECB,
        mark("the estimate is at least the true mean LGD"),
        primary=True,
        deviation="share",
    ),
    Check(
        "validation.loss.level_by_amount",
        mark("LGD realised, less estimated, by amount"),
        "share",
        _of("loss", level_by_amount),
        (known("loss"), weighed("loss")),
        ECB,
        mark("the estimate is at least the true mean LGD by amount"),
        deviation="share",
    ),
    Check(
        "validation.loss.unestimated",
        mark("Loss that was not estimated"),
        "share",
        unestimated,
        (known("loss"), weighed("loss")),
        "Li, Bhariok, Keenan, Santilli 2009",
        mark("the money estimated is at least the money lost"),
        deviation="share",
    ),
    Check(
        "validation.loss.segments",
        mark("LGD realised, less estimated, worst segment"),
        "share",
        worst_segment,
        (known("loss"), in_groups("loss", _segment)),
        "ECB 2019, 2.6; Holm 1979",
        mark("the estimate is at least the true mean LGD in each segment"),
        deviation="share",
    ),
    *(
        Check(
            f"validation.loss.{column}s",
            title,
            "share",
            partial(worst_group, column),
            (known("loss"), with_column(column, absent), in_groups("loss", partial(_group, column))),
            "ECB 2019, 2.6; Holm 1979",
            mark("the estimate is at least the true mean LGD in each group"),
            deviation="share",
        )
        for column, title, absent in (
            (
                "grade",
                mark("LGD realised, less estimated, worst facility grade"),
                mark("no facility grades among the cases"),
            ),
            ("pool", mark("LGD realised, less estimated, worst pool"), mark("no pools among the cases")),
        )
    ),
    Check(
        "validation.loss.rank",
        mark("Order of losses (gAUC)"),
        "score",
        rank,
        (known("loss"), told_apart),
        "ECB 2019, 2.6.3",
        mark("estimates order losses no better than chance"),
        primary=True,
        deviation="score",
    ),
    Check(
        "validation.loss.rank_fall.delta",
        mark("Order of losses, now less at the start"),
        "score",
        rank_fall,
        (known("loss"), told_apart, ordered_at_start),
        "ECB 2019, 2.6.3",
        mark("estimates order losses as well as at the start"),
        deviation="score",
    ),
    Check(
        "validation.loss.months",
        mark("Months of workout, more than estimated"),
        "number",
        _of("months", level),
        (known("months"),),
        ECB,
        mark("workouts take at most the months estimated"),
    ),
    Check(
        "validation.loss.recovery",
        mark("Recovery rate, less than estimated"),
        "share",
        _of("recovery", level),
        (known("recovery"),),
        ECB,
        mark("at least what was estimated comes back"),
        deviation="share",
    ),
)
DILUTION: tuple[Check, ...] = (
    Check(
        "validation.loss.dilution",
        mark("Dilution realised, less estimated"),
        "rate",
        dilution,
        (known("dilution"),),
        ECB,
        mark("the estimate is at least the true dilution rate"),
        primary=True,
        deviation="rate",
    ),
)
