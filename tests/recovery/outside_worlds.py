"""Worlds of several seeds to estimate planted effects from, and the estimators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.stats import norm
from statsmodels.tools.numdiff import approx_hess

from riskmodels.book.synthetic import outside
from riskmodels.book.synthetic.clock import clock
from riskmodels.book.synthetic.history import History, draw_history, draw_world
from riskmodels.book.synthetic.law import demo_law
from riskmodels.book.synthetic.outside.subjects import Subjects, subjects_of

LAW = demo_law()
SEEDS = range(1, 6)
FEW = 3.5  # standard errors: with some hundred comparisons at once, 3 would be missed by chance in one world of four
LATE = 150  # days: hardly any event takes longer to be read of


@dataclass(frozen=True)
class Told:
    """A world of one seed: its history, parties, tables and truth."""

    history: History
    subjects: Subjects
    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]

    @property
    def cutoff(self) -> int:
        return self.history.world.clock.last - LATE

    def row(self, party_id: pd.Series) -> np.ndarray:
        """The row of each party."""
        return pd.Index(self.subjects.ids).get_indexer(party_id)

    def month(self, day: pd.Series) -> np.ndarray:
        return self.history.world.clock.month(numbers(day))


@cache
def worlds() -> tuple[Told, ...]:
    """Five worlds of 60,000 invoices, 150 clients and 600 debtors, each four years long."""
    made = []
    for seed in SEEDS:
        history = draw_history(draw_world(LAW, seed, clock(date(2026, 6, 30), 48), 60_000, 150, 600))
        made.append(Told(history, subjects_of(history.world), outside.tables(history), outside.truth(history)))
    return tuple(made)


def pooled(frame_of: Callable[[Told], pd.DataFrame]) -> pd.DataFrame:
    """The frames of all worlds as one; `cluster` numbers the parties, those of one world apart from another's."""
    whole = pd.concat([frame_of(told).assign(seed=k) for k, told in enumerate(worlds())], ignore_index=True)
    return whole.assign(cluster=whole.groupby(["seed", "party_id"]).ngroup())


def numbers(dates: pd.Series) -> np.ndarray:
    """Days since 1970-01-01."""
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def per_kind(values: object) -> dict[str, float]:
    """The values by the schema's names of the kinds of event."""
    return {name.replace("_", " "): value for name, value in asdict(values).items()}


def regressed(y: pd.Series, x: dict[str, object], cluster: pd.Series) -> Any:
    """Least squares with a constant; standard errors let a party's rows depend on one another."""
    design = sm.add_constant(pd.DataFrame(x).reset_index(drop=True).astype(float))
    return sm.OLS(np.asarray(y, float), design).fit(cov_type="cluster", cov_kwds={"groups": cluster.to_numpy()})


def off(result: Any, **planted: float) -> dict[str, float]:
    """By how many standard errors estimates miss what is planted, those within FEW left out."""
    z = {name: (result.params[name] - value) / result.bse[name] for name, value in planted.items()}
    return {name: value for name, value in z.items() if abs(value) > FEW}


def likeliest(surprise: Callable[[np.ndarray], float], start: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """The estimates that make the data least surprising (minus the log-likelihood), and their standard errors."""
    found = minimize(surprise, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-6, "maxiter": 4000})
    assert found.success
    return found.x, np.sqrt(np.diag(np.linalg.inv(approx_hess(found.x, surprise))))


def between(low: np.ndarray, high: np.ndarray, x: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Constant, slope and log of the noise of a normal variable that is known to lie between bounds."""

    def surprise(p: np.ndarray) -> float:
        above, below = (norm.cdf((bound - p[0] - p[1] * x.to_numpy()) / np.exp(p[2])) for bound in (high, low))
        return -np.log(np.maximum(above - below, 1e-300)).sum()

    return likeliest(surprise, [0.0, 1.0, 0.0])
