"""Whether the matrix is the same in every period: the tests of Anderson and Goodman."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import xlogy
from scipy.stats import chi2, random_table

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import SampleError
from riskmodels.models.transitions.cohort import Cohorts

FEWEST_EXPECTED = 5
"""Cases expected in a cell below which the chi-squared distribution is not trusted where many cells are so."""
SPARSE_SHARE = 0.2
"""Share of such cells that makes a table sparse; a cell below 1 does by itself. Source: Cochran 1954."""


@dataclass(frozen=True)
class Homogeneity:
    """Tests of H0: one matrix in all periods; a small p is a matrix that changed.

    chi2, likelihood_ratio: Anderson and Goodman's statistics, with df degrees of freedom. sparse: whether cells are too
    thin for the chi-squared distribution; p_permutation is then the p-value of chi2 (else nan). origin: the parts of
    each grade. first, last: beginning of the first period and end of the last, None for counts without dates.
    """

    chi2: float
    likelihood_ratio: float
    df: int
    p_chi2: float
    p_likelihood_ratio: float
    sparse: bool
    p_permutation: float
    periods: int
    cases: int
    first: date | None
    last: date | None
    origin: pd.DataFrame

    @property
    def p_value(self) -> float:
        """The p-value to go by: of the permutations where cells are thin, else of chi2."""
        return self.p_permutation if self.sparse else self.p_chi2

    def summary(self) -> pd.DataFrame:
        """One row per grade with cases, then all of them: cases, chi-squared, likelihood ratio, degrees, p-values."""
        own = self.origin
        total = {"name": _("all"), "cases": self.cases, "chi2": self.chi2, "lr": self.likelihood_ratio, "df": self.df}
        table = pd.concat([own, pd.DataFrame([total])], ignore_index=True)
        columns = {
            _("from"): table["name"],
            _("cases"): table["cases"],
            _("chi-squared"): table["chi2"],
            _("likelihood ratio"): table["lr"],
            _("degrees of freedom"): table["df"],
            _("p (chi-squared)"): chi2.sf(table["chi2"], table["df"]),
            _("p (likelihood ratio)"): chi2.sf(table["lr"], table["df"]),
        }
        return pd.DataFrame(columns)


def time_homogeneity(seen: Cohorts, permutations: int = 2000, seed: int = 0) -> Homogeneity:
    """The tests of `counts_homogeneity` over the periods of cohorts; withdrawn obligors are left out."""
    grades = seen.states.grades
    counts = seen.counts()[:, : len(grades), :-1]
    return counts_homogeneity(counts, grades, (seen.dates[0], seen.dates[-1]), permutations, seed)


def counts_homogeneity(
    counts: np.ndarray,
    grades: Sequence[str],
    dates: tuple[date | None, date | None] = (None, None),
    permutations: int = 2000,
    seed: int = 0,
) -> Homogeneity:
    """The tests over T tables (T, K, J) of obligors by grade and state after, periods or samples.

    chi2 = sum over t, i, j of N_i(t) (p_ij(t) - p_ij)^2 / p_ij, likelihood ratio = 2 sum N_ij(t) log(p_ij(t) / p_ij),
    df = sum over grades i of (periods with cases - 1)(destinations seen - 1). Where cells are thin, p comes from
    `permutations`: obligors of one grade exchange periods, which keeps the sizes and the destinations of each grade.
    All of them take obligor-periods as independent given the grade.

    Source: Anderson and Goodman 1957, section 3; Patefield 1981 for tables with given margins.
    """
    if permutations < 100:
        raise Misuse(f"permutations: found {permutations}, expected at least 100")
    tables = [_occupied(counts[:, i]) for i in range(counts.shape[1])]
    parts = [(name, *_parts(table)) for name, table in zip(grades, tables) if table.size]
    origin = pd.DataFrame(parts, columns=["name", "cases", "chi2", "lr", "df"])
    df = int(origin["df"].sum())
    if df == 0:
        raise SampleError(
            f"cohorts: found {len(counts)} periods in which no grade can differ, expected a grade with cases "
            "in two periods and moves"
        )
    statistic, ratio, thin = float(origin["chi2"].sum()), float(origin["lr"].sum()), _sparse(tables)
    return Homogeneity(
        statistic,
        ratio,
        df,
        float(chi2.sf(statistic, df)),
        float(chi2.sf(ratio, df)),
        thin,
        _permuted(tables, statistic, permutations, seed) if thin else float("nan"),
        periods=len(counts),
        cases=int(origin["cases"].sum()),
        first=dates[0],
        last=dates[1],
        origin=origin,
    )


def _occupied(table: np.ndarray) -> np.ndarray:
    """The periods with cases and the destinations seen, of one grade's counts (T, K)."""
    return table[np.ix_(table.sum(axis=1) > 0, table.sum(axis=0) > 0)]


def _expected(table: np.ndarray) -> np.ndarray:
    return np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()


def _parts(table: np.ndarray) -> tuple[int, float, float, int]:
    """Cases, chi-squared, likelihood ratio and degrees of freedom of one grade."""
    expected = _expected(table)
    statistic = float(((table - expected) ** 2 / expected).sum())
    ratio = float(2 * (xlogy(table, table) - xlogy(table, expected)).sum())
    return int(table.sum()), statistic, ratio, (table.shape[0] - 1) * (table.shape[1] - 1)


def _sparse(tables: list[np.ndarray]) -> bool:
    expected = [_expected(t).ravel() for t in tables if min(t.shape) > 1]
    cells = np.concatenate(expected)
    return bool((cells < 1).any() or (cells < FEWEST_EXPECTED).mean() > SPARSE_SHARE)


def _permuted(tables: list[np.ndarray], statistic: float, permutations: int, seed: int) -> float:
    """Share of random tables with the same margins whose statistic is as large; the found one counts among them."""
    rng = np.random.default_rng(seed)
    total = np.zeros(permutations)
    for table in tables:
        if min(table.shape, default=0) > 1:
            rows, columns = (table.sum(axis=axis).astype(np.int64) for axis in (1, 0))
            drawn, expected = random_table(rows, columns).rvs(permutations, random_state=rng), _expected(table)
            total += ((drawn - expected) ** 2 / expected).sum(axis=(1, 2))
    return float((1 + np.sum(total >= statistic * (1 - 1e-12))) / (permutations + 1))
