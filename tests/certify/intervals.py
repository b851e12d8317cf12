"""Intervals and tests by simulation: how often the truth is covered, how often a true null is rejected."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import norm

from riskmodels.validation.discrimination import auc_interval
from riskmodels.validation.grades import jeffreys_p
from riskmodels.validation.stability import psi
from tests.certify.campaign import Campaign, Figure, Record, share

CLUSTERS, SIZE, SPREAD, LIFT = 150, 8, 0.8, 1.2
A, B = 0.5, 1.5  # a cluster's bad rate is Beta(A, B)


def run(seed: int) -> Record:
    """One sample of each kind: covered by DeLong, by the clustered interval, by neither; PSI and Jeffreys rejected."""
    rng = np.random.default_rng(seed)
    plain, clustered, naive = _independent(rng), *_clustered(rng)
    return {"delong": plain, "clustered": clustered, "naive": naive, "psi": _psi(rng), "jeffreys": _jeffreys(rng)}


def _independent(rng: np.random.Generator) -> bool:
    bad = np.repeat([1, 0], [60, 400])
    found = auc_interval(bad, rng.normal(size=460) + bad)
    return bool(found.low <= norm.cdf(1 / math.sqrt(2)) <= found.high)


def _clustered(rng: np.random.Generator) -> tuple[bool, bool]:
    """Whether the interval by cluster covers the true AUC, and whether DeLong's, which thinks cases independent."""
    cluster = np.repeat(np.arange(CLUSTERS), SIZE)
    bad = (rng.random(CLUSTERS * SIZE) < rng.beta(A, B, CLUSTERS)[cluster]).astype(int)
    score = LIFT * bad + SPREAD * rng.normal(size=CLUSTERS)[cluster] + rng.normal(size=len(bad))
    truth = clustered_auc()
    found = (auc_interval(bad, score, cluster), auc_interval(bad, score))
    by_cluster, independent = (bool(f.low <= truth <= f.high) for f in found)
    return by_cluster, independent


def clustered_auc() -> float:
    """The true AUC: pairs of two clusters differ by both effects, pairs within one share it."""
    rate, mixed = A / (A + B), A * B / ((A + B) * (A + B + 1))
    within, between = (SIZE - 1) * mixed, (CLUSTERS - 1) * SIZE * rate * (1 - rate)
    apart = norm.cdf(LIFT / math.sqrt(2 * (1 + SPREAD**2)))
    return float((within * norm.cdf(LIFT / math.sqrt(2)) + between * apart) / (within + between))


def _psi(rng: np.random.Generator) -> bool:
    """Whether two samples of one population are said to differ."""
    return bool(psi(*(pd.Series(rng.lognormal(size=n)) for n in (3_000, 2_000))).significant)


def _jeffreys(rng: np.random.Generator) -> bool:
    """Whether a PD that is right is called too low at 5 %."""
    pd_, n = float(np.exp(rng.uniform(np.log(0.005), np.log(0.1)))), int(rng.integers(300, 3_000))
    return bool(jeffreys_p(pd_, n, rng.binomial(n, pd_)) < 0.05)


def summary(records: list[Record]) -> list[Figure]:
    """Coverage of 95 % intervals and size of 5 % tests."""
    n, hits = len(records), {name: sum(r[name] for r in records) for name in records[0] if name != "seed"}
    return [
        share("DeLong interval covers the AUC", hits["delong"], n, 0.95, 0.005),
        share("clustered interval covers the AUC", hits["clustered"], n, 0.95, 0.005),
        Figure("DeLong on the same clustered samples", f"{hits['naive'] / n:.2%} of {n:,}"),
        share("PSI of one population above its critical value", hits["psi"], n, 0.05, 0.005),
        share("Jeffreys test rejects a right PD", hits["jeffreys"], n, 0.05, 0.01),
    ]


INTERVALS = Campaign("intervals", "Coverage of intervals and size of tests", run, summary, seeds=2_000, quick=200)
