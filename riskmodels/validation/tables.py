"""The tables of the validation report: by grade, by period and by segment.

Cases without an outcome are counted apart and not judged.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.core.checks import Limits, Verdict
from riskmodels.models.shares import shares_by
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.discrimination import auc_interval, weighted_auc_interval
from riskmodels.validation.grades import holm, jeffreys_p

TESTED = 20
"""Cases a grade needs to be tested."""
FEWEST = 10
"""Bad cases, and good ones, that an AUC of a part of the sample needs."""
_RANKED = ["n", "events", "observed", "expected", "auc", "low", "high"]
_RANKED += ["amount_auc", "amount_low", "amount_high", "censored"]


def grade_table(sample: pd.DataFrame, limits: Limits | None = None) -> pd.DataFrame:
    """One row per grade of a sample, in their own order if they have one, else lowest PD first.

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


def by_period(case: Case, on: str = "period", every: str = "Q") -> pd.DataFrame:
    """One row per period of the date column `on`.

    Columns: period (its last day), n, events, observed and expected rate (NaN without probabilities), auc with its
    clustered 95 % interval (low, high; NaN where fewer than FEWEST bad or good cases make it noise), amount_auc and
    amount_low, amount_high (pairs weighted by amount), censored (cases without an outcome yet).
    """
    period = case.sample[on].dt.to_period(every).dt.end_time.dt.normalize().rename("period")
    return _by(case, period)


def by_segment(case: Case, on: str = "segment") -> pd.DataFrame:
    """One row per level of a column, largest first, with the columns of `by_period`."""
    return _by(case, case.sample[on].rename("segment")).sort_values("n", ascending=False, kind="stable")


def _by(case: Case, labels: pd.Series) -> pd.DataFrame:
    parts = case.sample.groupby(labels, observed=True)
    rows = [{str(labels.name): label, **_ranked(replace(case, sample=part, reference=None))} for label, part in parts]
    return pd.DataFrame(rows, columns=[str(labels.name), *_RANKED])


def _ranked(case: Case) -> dict[str, float]:
    found = dict.fromkeys(_RANKED, float("nan"))
    found |= {"n": case.n, "events": case.events, "censored": int(case.censored.sum())}
    if case.n:
        found["observed"] = case.events / case.n
        found["expected"] = float(case.probability.mean()) if case.score == PROBABILITY else float("nan")
    if min(case.events, case.n - case.events) < FEWEST:
        return found
    by_number = auc_interval(case.outcome, case.risk, case.clusters or None)
    found |= {"auc": by_number.value, "low": by_number.low, "high": by_number.high}
    if case.weight is not None:
        by_amount = weighted_auc_interval(case.outcome, case.risk, case.weight, case.clusters or None)
        found |= {"amount_auc": by_amount.value, "amount_low": by_amount.low, "amount_high": by_amount.high}
    return found


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
