"""Standard errors when cases depend on each other: those of one debtor, of one client, or of both at once.

Invoices of a debtor share its luck, invoices of a client share its customers and its honesty. A statistic is
described by each case's influence (n,): what the case adds to the statistic's error, so that the error is about their
sum; for a mean it is (x - mean) / n.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _

Codes = NDArray[np.int64]
Clusters = ArrayLike | tuple[ArrayLike, ...] | None
"""What cases of one name may depend on: one array (n,), or a tuple of one or two of them; None: nothing."""


def clustered_se(influence: ArrayLike, clusters: Clusters = None) -> float:
    """Standard error of a statistic from each case's influence (n,), cases of one cluster free to depend.

    One-way: sqrt(G / (G - 1) sum_g (sum of the influence in g)^2), G clusters. Two-way: V_first + V_second - V_both,
    and where that is not positive the larger of the first two. Without clusters every case stands for itself. NaN
    where a single cluster holds all cases. Reference: Cameron, Gelbach, Miller 2011.
    """
    each = np.asarray(influence, float)

    def variance(code: Codes) -> float:
        """The one-way variance."""
        sums = np.bincount(code, each)
        return float(len(sums) / (len(sums) - 1) * sums @ sums) if len(sums) > 1 else float("nan")

    return float(np.sqrt(combined_variance(variance, groupings(clusters, len(each)))))


def combined_variance(variance: Callable[[Codes], float], groups: tuple[Codes, ...]) -> float:
    """The variance under one or two groupings (n,), each and their intersection measured by a one-way `variance`."""
    if len(groups) == 1:
        return variance(groups[0])
    first, second = (variance(code) for code in groups)
    both = first + second - variance(_crossed(*groups))
    return both if both > 0 else float(np.maximum(first, second))


def groupings(clusters: Clusters, n: int) -> tuple[Codes, ...]:
    """Codes 0, 1 ... of n cases by each clustering, one or two arrays; each case its own where there is none.

    Of two clusterings one that puts all cases together is left out: it has no errors to compare.
    """
    given = clusters if isinstance(clusters, tuple) else () if clusters is None else (clusters,)
    codes = tuple(cluster_codes(c) for c in given)
    if len(codes) > 2 or any(len(c) != n for c in codes):
        raise Misuse(f"clusters: found arrays of lengths {[len(c) for c in codes]}, expected one or two of {n}")
    telling = tuple(c for c in codes if c.any())
    return telling or codes[:1] or (np.arange(n),)


def cluster_codes(names: ArrayLike | pd.Series) -> Codes:
    """A code from 0 on for each name (n,), none left out; a case without a name stands for itself."""
    codes, known = pd.factorize(names if isinstance(names, pd.Series) else np.asarray(names))
    missing = codes < 0
    codes[missing] = len(known) + np.arange(int(missing.sum()))
    return np.asarray(codes, np.int64)


def freedom(clusters: Clusters = None) -> float:
    """Degrees of freedom of an error clustered so: clusters less one, of two clusterings the coarser; else infinite.

    0 for a single cluster, whose error can't be told. Reference: Cameron, Miller 2015, VI.D.
    """
    given = clusters if isinstance(clusters, tuple) else () if clusters is None else (clusters,)
    counts = [len(np.unique(cluster_codes(c))) for c in given]
    telling = [n for n in counts if n > 1] or counts
    return float(min(telling) - 1) if telling else float("inf")


def quantile(level: float, clusters: Clusters = None) -> float:
    """What an estimate over its clustered error exceeds with probability `level`, by Student's law; NaN for one
    cluster.
    """
    return t_quantile(level, freedom(clusters))


def t_quantile(level: float, df: float) -> float:
    """The upper quantile of Student's law with `df` degrees of freedom, the normal law's where infinite; NaN for 0."""
    return -float(stdtrit(df, level)) if df > 0 else float("nan")


def t_tail(z: float, df: float) -> float:
    """P(above z) by Student's law with `df` degrees of freedom, the normal law where infinite; NaN for 0."""
    return float(stdtr(df, -z)) if df > 0 else float("nan")


def treatment(columns: Collection[str]) -> str:
    """What was done about dependence, in words, when the columns that name clusters were these (obligor, client)."""
    debtor, client = "obligor" in columns, "client" in columns
    if debtor and client:
        return _("clustered by debtor and client")
    if debtor:
        return _("clustered by debtor")
    return _("clustered by client") if client else _("cases taken as independent")


def _crossed(first: Codes, second: Codes) -> Codes:
    """Codes of the cases that share both clusters."""
    return cluster_codes(first * (int(second.max(initial=0)) + 1) + second)
