import numpy as np
import pandas as pd
import pytest

from riskmodels.models.binning import Binner
from riskmodels.models.scorecard import Scorecard
from tests.models.cards.made import hostile_card


@pytest.fixture(scope="session")
def scorecard():
    """A scorecard fitted on numbers with special codes and missing values, and on categories."""
    rng = np.random.default_rng(3)
    n = 4000
    numbers = rng.normal(size=(n, 4))
    sector = rng.choice(["trade", "mining", "o'il", "textile"], n)
    risk = numbers @ [0.8, -0.6, 0.5, 0.7] + 0.9 * (sector == "mining") - 1.5
    y = (rng.random(n) < 1 / (1 + np.exp(-risk))).astype(int)
    frame = pd.DataFrame(numbers, columns=["late share", "age", "growth", "debt"]).assign(sector=sector)
    frame.loc[rng.random(n) < 0.1, "late share"] = np.nan
    frame.loc[rng.random(n) < 0.1, "age"] = -999
    frame.loc[rng.random(n) < 0.05, "sector"] = None
    return Scorecard(Binner(specials={"age": [-999]})).fit(frame, y)


@pytest.fixture(scope="session")
def hostile():
    return hostile_card()
