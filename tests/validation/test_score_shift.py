"""What moved a score."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.validation.score_shift import shift_by_driver, shift_by_period


def test_the_shifts_of_drivers_add_up_to_that_of_the_score():
    rng = np.random.default_rng(0)
    before, now = (pd.DataFrame(rng.normal(m, 1, (500, 3)), columns=list("abc")) for m in (0, [0, 0.2, -1]))
    found = shift_by_driver(before, now)
    assert found["driver"].tolist() == ["c", "b", "a"]
    assert found["shift"].sum() == pytest.approx(now.sum(axis=1).mean() - before.sum(axis=1).mean())


def test_the_quarter_that_moved_is_the_one_that_shows_it():
    rng = np.random.default_rng(1)
    period = pd.Series(np.repeat(pd.to_datetime(["2025-02-28", "2025-05-31", "2025-08-31"]), [400, 400, 50]))
    score = pd.Series(rng.normal(size=850)) + (period == "2025-05-31") * 1.0
    found = shift_by_period(pd.Series(rng.normal(size=2_000)), score, period).set_index("period")
    quiet, moved, few = (found.loc[day] for day in ("2025-03-31", "2025-06-30", "2025-09-30"))
    assert quiet["psi"] < quiet["critical"] < 0.1 < 0.5 < moved["psi"]
    assert np.isnan(few["psi"])
