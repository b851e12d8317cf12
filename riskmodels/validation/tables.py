"""The tables of the validation report: by grade, by period and by segment.

Cases without an outcome are counted apart and not judged.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.core.checks import Limits, Verdict
from riskmodels.models.low_default import prudent_bounds
from riskmodels.models.shares import shares_by
from riskmodels.validation.calibration import quantile_groups
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.correlated import corporate_correlation, correlated_binomial_p
from riskmodels.validation.discrimination import auc_interval, weighted_auc_interval
from riskmodels.validation.grades import binomial_p, holm, jeffreys_p
from riskmodels.validation.power import jeffreys_ratio

TESTED = 20
"""Cases a grade needs to be tested."""
FEW, PRUDENT = 10, 0.9
"""Bad cases below which a grade is shown its most prudent bound, and that bound's confidence."""
FEWEST = 10
"""Bad cases, and good ones, that an AUC of a part of the sample needs."""
_RANKED = ["n", "events", "observed", "expected", "auc", "low", "high"]
_RANKED += ["amount_auc", "amount_low", "amount_high", "censored"]


def grade_table(sample: pd.DataFrame, limits: Limits | None = None) -> pd.DataFrame:
    """One row per grade of a sample, in their own order if they have one, else lowest PD first.

    Columns: n, expected and observed bad cases, pd, rate, low and high (95 %, Jeffreys' on the number of
    independent cases that the obligors leave), jeffreys_p, holm_p (over the
    grades tested) and, given limits of p, the verdict. A grade with fewer than TESTED cases is not run: which grades
    make up Holm's family may not depend on what they show. Given limits with a material ratio, a grade is no evidence
    where its test could have missed that.
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
        found = table.join(grade_details(table))
        table["verdict"] = [_verdict(limits, *row) for row in found[["holm_p", "detectable", "pd"]].to_numpy()]
    ordered = isinstance(mature["grade"].dtype, pd.CategoricalDtype) and mature["grade"].cat.ordered
    return (table if ordered else table.sort_values("pd", kind="stable")).reset_index()


def grade_details(table: pd.DataFrame, level: float = 0.05) -> pd.DataFrame:
    """What else is told of the grades of `grade_table`, on its index; empty where a grade was not tested.

    Columns: binomial_p; correlated_p, with the asset correlation of Basel's formula for corporates; detectable, the
    smallest true rate that the Jeffreys test finds with 80 % power at Holm's first step of `level`; bound, the most
    prudent bound of Pluto and Tasche at 90 % where fewer than FEW cases are bad.
    """
    tested = table[table["jeffreys_p"].notna()]
    counts = tested["pd"].to_numpy(), tested["n"].to_numpy(), tested["observed"].to_numpy()
    told = pd.DataFrame(index=tested.index)
    told["binomial_p"] = binomial_p(*counts)
    told["correlated_p"] = correlated_binomial_p(*counts, corporate_correlation(counts[0]))
    ratio = jeffreys_ratio(*counts[:2], level / max(len(tested), 1))
    told["detectable"] = np.multiply(counts[0], ratio, out=np.full(len(tested), np.inf), where=counts[0] > 0)
    return told.join(_bound(table), how="right")


def in_tenths(sample: pd.DataFrame) -> pd.DataFrame:
    """The sample with tenths of probability as its grades, named 1 to 10, lowest first, fewer where many are equal."""
    mature = Case(sample).mature
    code = np.unique(quantile_groups(mature["probability"]), return_inverse=True)[1]
    names = [str(i + 1) for i in range(code.max(initial=-1) + 1)]
    return mature.assign(grade=pd.Categorical.from_codes(code, pd.Index(names), ordered=True))


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


def _bound(table: pd.DataFrame) -> pd.Series:
    """The most prudent bound of each grade with few bad cases, worse grades pooled."""
    rising = table[table["n"] > 0].sort_values("pd", kind="stable")
    if rising.empty:
        return pd.Series(np.nan, table.index, name="bound")
    bound = pd.Series(prudent_bounds(rising["n"], rising["observed"], PRUDENT), rising.index, name="bound")
    return bound.where(rising["observed"] < FEW).reindex(table.index)


def _verdict(limits: Limits, p: float, detectable: float, probability: float) -> Verdict:
    if np.isnan(p):
        return Verdict.NOT_RUN
    found = limits.verdict(p)
    blind = limits.material is not None and not detectable <= limits.material * probability
    return Verdict.NO_EVIDENCE if found is Verdict.WITHIN and blind else found
