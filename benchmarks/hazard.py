"""Fitting the payment-time logit: beside scikit-learn's LogisticRegression on the expanded person-period design.

Both start from invoices and solve the same ridge problem to the same tolerance; the peer is given our person-period
rows, expands them and takes its fastest solver for few columns, newton-cholesky. Making those rows is the floor.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from _bench import Row, must_agree, row, run, timed
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from riskmodels.models.payment_time import GRID, PaymentTime
from riskmodels.models.person_period import periods

SCALES = {"small": 20_000, "full": 100_000}
WIDTH = 8
Sample = tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]


def invoices(n: int) -> Sample:
    """Covariates (n, 8), terms, days until paid or censored, and whether paid."""
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.normal(size=(n, WIDTH)), columns=[f"x{i}" for i in range(WIDTH)])
    terms = rng.choice([30, 60, 90], n)
    lag = np.round(8 + 20 * rng.normal(size=n) + X.to_numpy() @ np.linspace(-4, 4, WIDTH)).clip(-terms, 200)
    seen = rng.integers(20, 400, n)
    return X, terms, np.minimum(terms + lag, seen), terms + lag <= seen


def ours(sample: Sample) -> PaymentTime:
    """The fitted model of this package."""
    return PaymentTime("logit", ridge=1.0).fit(*sample)


def peer(sample: Sample, known: PaymentTime) -> np.ndarray:
    """Hazards of the first hundred invoices, by scikit-learn on one row per invoice and interval."""
    z, grid = known.hazard_.scale.transform(sample[0]), known.grid_
    rows = periods(grid, *map(np.asarray, sample[1:]))
    design = expanded(z[rows.invoice], rows.interval, known.hazard_.past)
    model = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-12, max_iter=100)
    model.fit(design, rows.event, sample_weight=rows.weight)
    place = np.tile(np.arange(len(grid)), 100)
    few = expanded(np.repeat(z[:100], len(grid), axis=0), place, known.hazard_.past)
    return expit(model.decision_function(few)).reshape(100, -1)


def expanded(z: np.ndarray, interval: np.ndarray, past: np.ndarray) -> np.ndarray:
    """The design: a flag per interval, covariates, and covariates once past due."""
    return np.hstack([np.eye(len(past))[interval], z, z * past[interval][:, None]])


def rows_of(sample: Sample) -> Any:
    """The person-period rows alone."""
    return periods(np.array(GRID, float), *map(np.asarray, sample[1:]))


def measure(n: int) -> list[Row]:
    """The rows of the result."""
    sample = invoices(n)
    known = ours(sample)
    must_agree(
        np.allclose(known.hazard_.hazards(sample[0][:100]), peer(sample, known), rtol=1e-6, atol=1e-6), "hazards"
    )
    work = {"ours": lambda: ours(sample), "peer": lambda: peer(sample, known), "floor": lambda: rows_of(sample)}
    seconds, _ = timed(work, 3)
    who = "scikit-learn newton-cholesky"
    return [
        row("payment-time logit", seconds["ours"], seconds["peer"], who, 1.0, n),
        row("payment-time logit against its floor", seconds["ours"], seconds["floor"], "person-period rows", None, n),
    ]


def main() -> None:
    """Measure at the scale asked for."""
    run(__doc__, SCALES, measure)


if __name__ == "__main__":
    main()
