"""What a reader is told of ranking beside its checks: the errors of measures told in several ways, and more measures.

The ways differ by what they let depend on what; one of them decides, the others show what it would be otherwise.
"""

from __future__ import annotations

import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.dependence import treatment
from riskmodels.validation.discrimination import Estimate, auc_interval, entropy_ratio, gini, weighted_auc_interval
from riskmodels.validation.separation import h_measure, information_value, kl_distance, ks_test

DRAWS, SEED = 1_000, 0


def errors(case: Case) -> pd.DataFrame:
    """One row per measure and way of telling its error: measure, method, value, se, low, high (95 %), decides.

    AUC by number, its cases independent (DeLong), clustered by debtor, by client, by both, whichever are known, and
    drawn by party (1,000 draws); KS and, of probabilities, the Brier score drawn likewise; the AUC by amount.
    """
    rows = [*_by_number(case), *_drawn(case)]
    if case.weight is not None:
        by_amount = weighted_auc_interval(case.outcome, case.risk, case.weight, case.clusters or None)
        rows.append(_row(_("AUC by amount"), treatment(case.parties), by_amount, True))
    return pd.DataFrame(rows, columns=["measure", "method", "value", "se", "low", "high", "decides"])


def further(case: Case, in_points: bool = False) -> dict[str, float]:
    """Measures no limit is set for, by key: gini, h, ks_at (the score where KS is reached) and those of grades.

    `in_points` tells that score as points, whose negative is the risk.
    """
    told = {"gini": gini(case.outcome, case.risk), "h": h_measure(case.outcome, case.risk)}
    told["ks_at"] = ks_test(case.outcome, case.risk).position * (-1 if in_points else 1)
    if "grade" in case.mature and case.mature["grade"].notna().any():
        grades = case.mature.groupby("grade", observed=True)["outcome"].agg(["sum", "size"])
        told |= {f.__name__: f(grades["sum"], grades["size"]) for f in (entropy_ratio, kl_distance, information_value)}
    return told


def _by_number(case: Case) -> list[tuple[object, ...]]:
    """DeLong's error, then by each party, then by both."""
    ways = [(), *((party,) for party in case.parties)]
    ways += [tuple(case.parties)] if len(case.parties) > 1 else []
    found = [auc_interval(case.outcome, case.risk, tuple(case.parties[p] for p in way) or None) for way in ways]
    return [_row(_("AUC"), treatment(way), told, way == ways[-1]) for way, told in zip(ways, found, strict=True)]


def _drawn(case: Case) -> list[tuple[object, ...]]:
    """What draws of whole parties tell, of debtors where they are known."""
    from riskmodels.validation.resampling import cluster_bootstrap  # numba: a second that the checks don't need

    party = next(iter(case.parties), None)
    found = cluster_bootstrap(case.outcome, case.risk, case.parties[party] if party else None, DRAWS, SEED)
    words = {"obligor": _("{n} draws of debtors"), "client": _("{n} draws of clients"), None: _("{n} draws of cases")}
    method = words[party].format(n=f"{DRAWS:,}")
    told = [(_("AUC"), found.auc), (_("Kolmogorov-Smirnov distance"), found.ks)]
    told += [(_("Brier score"), found.brier)] if case.score == PROBABILITY else []
    return [_row(measure, method, estimate, False) for measure, estimate in told]


def _row(measure: str, method: str, found: Estimate, decides: bool) -> tuple[object, ...]:
    return measure, method, found.value, found.se, found.low, found.high, decides
