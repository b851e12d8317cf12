"""The tables of the validation report: by grade and by period.

Each takes a sample with columns probability and outcome; cases without an outcome are left out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.core.checks import Limits, Verdict
from riskmodels.models.shares import shares_by
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.discrimination import auc
from riskmodels.validation.grades import holm, jeffreys_p

TESTED = 20
"""Cases a grade needs to be tested."""


def grade_table(sample: pd.DataFrame, limits: Limits | None = None) -> pd.DataFrame:
    """One row per grade, in their own order if they have one, else lowest PD first.

    Columns: n, expected and observed bad cases, pd, rate, low and high (95 %, Jeffreys' on the number of
    independent cases that the obligors leave), jeffreys_p, holm_p (over the
    grades tested) and, given limits of p, the verdict. A grade with fewer than TESTED cases is not run: which grades
    make up Holm's family may not depend on what they show.
    """
    mature = Case(sample).mature
    by_grade = mature.groupby("grade", observed=False)
    table = by_grade.agg(n=("outcome", "size"), expected=("probability", "sum"), observed=("outcome", "sum"))
    table["pd"] = table["expected"] / table["n"]
    table["rate"] = table["observed"] / table["n"]
    table[["low", "high"]] = _intervals(mature, table)
    p = jeffreys_p(table["pd"], table["n"], table["observed"])
    table["jeffreys_p"] = np.where(table["n"] >= TESTED, p, np.nan)
    table["holm_p"] = _holm_of_tested(table["jeffreys_p"])
    if limits is not None:
        table["verdict"] = [_verdict(limits, p) for p in table["holm_p"]]
    ordered = isinstance(mature["grade"].dtype, pd.CategoricalDtype) and mature["grade"].cat.ordered
    return (table if ordered else table.sort_values("pd", kind="stable")).reset_index()


def by_period(sample: pd.DataFrame, on: str, every: str = "Q") -> pd.DataFrame:
    """One row per period of the date column `on`.

    Columns: period (its last day), n, events, observed and expected rate, auc (NaN where fewer than ten bad or good
    cases make it noise), censored (cases without an outcome yet).
    """
    period = sample[on].dt.to_period(every).dt.end_time.dt.normalize().rename("period")
    rows = [{"period": end, **_period_row(Case(part))} for end, part in sample.groupby(period)]
    columns = ["period", "n", "events", "observed", "expected", "auc", "censored"]
    return pd.DataFrame(rows, columns=columns)


def _period_row(case: Case) -> dict[str, float]:
    enough = min(case.events, case.n - case.events) >= 10
    return {
        "n": case.n,
        "events": case.events,
        "observed": case.events / case.n if case.n else np.nan,
        "expected": float(case.probability.mean()) if case.n and case.score == PROBABILITY else np.nan,
        "auc": auc(case.outcome, case.risk) if enough else np.nan,
        "censored": int(case.censored.sum()),
    }


def _intervals(mature: pd.DataFrame, table: pd.DataFrame) -> NDArray[np.float64]:
    """The ends of the 95 % interval of each grade's rate (K, 2); NaN for a grade without cases."""
    place = table.index.get_indexer(pd.Index(mature["grade"]))
    graded = mature[place >= 0]
    owners = graded["obligor"] if "obligor" in graded and graded["obligor"].notna().all() else None
    found = shares_by(place[place >= 0], graded["outcome"], len(table), cluster=owners)
    return found[["low", "high"]].to_numpy()


def _holm_of_tested(p: pd.Series) -> pd.Series:
    tested = p.dropna()
    return pd.Series(holm(tested), index=tested.index).reindex(p.index)


def _verdict(limits: Limits, p: float) -> Verdict:
    return Verdict.NOT_RUN if np.isnan(p) else limits.verdict(p)
