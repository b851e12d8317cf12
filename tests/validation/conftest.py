"""A sample a model could be judged on, with every optional column."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit


def simulate(n: int = 4_000, seed: int = 0, understated: float = 1.0) -> pd.DataFrame:
    """Scored cases whose true PD is `understated` times the probability given."""
    rng = np.random.default_rng(seed)
    driver = rng.normal(size=n)
    probability = expit(1.2 * driver - 3)
    frame = pd.DataFrame(
        {
            "probability": probability,
            "outcome": (rng.random(n) < np.minimum(understated * probability, 1)).astype(float),
            "grade": pd.cut(probability, [0, 0.02, 0.05, 0.15, 1], labels=list("ABCD")).astype("str"),
            "weight": rng.lognormal(10, 1, n),
            "obligor": rng.integers(0, n, n),
            "challenger": expit(driver + rng.normal(size=n)),
            "driver": driver,
            "issued_on": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 365, n), "D"),
        }
    )
    return frame.assign(period=frame["issued_on"])


@pytest.fixture(scope="session")
def sample() -> Callable[..., pd.DataFrame]:
    """A way to simulate scored cases."""
    return simulate
