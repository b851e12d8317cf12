"""Samples the tests of models share."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure


@pytest.fixture(scope="session")
def german(real_data):
    """German credit: attributes a0..a19 and y, 1 = bad."""
    frame = pd.read_csv(real_data("german", "german.data"), sep=" ", header=None)
    return frame.drop(columns=20).rename(columns=lambda i: f"a{i}"), (frame[20] == 2).astype(int)


@pytest.fixture(scope="session")
def applicants():
    """A made sample with missing values, a category and a driver of each sign."""
    rng = np.random.default_rng(7)
    n = 1500
    late, age = rng.beta(2, 5, n), rng.uniform(1, 30, n)
    sector = rng.choice(["trade", "mining", "textile"], n, p=[0.5, 0.2, 0.3])
    logit = -2 + 4 * late - 0.05 * age + 0.8 * (sector == "mining")
    y = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(int)
    frame = pd.DataFrame({"late_share": late, "age": age, "sector": sector})
    frame.loc[rng.random(n) < 0.1, "late_share"] = np.nan
    frame.loc[rng.random(n) < 0.05, "sector"] = None
    return frame, y


@pytest.fixture
def ax():
    """Axes of a figure that no global state knows."""
    return Figure().subplots()
