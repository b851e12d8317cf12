"""The cases a stored model is watched on."""

import numpy as np
import pandas as pd

from riskmodels.models.monthly import overridden


def test_the_rating_in_force_tells_whether_a_grade_was_changed_by_hand():
    ratings = pd.DataFrame(
        {
            "party_id": ["a", "a", "b"],
            "rated_on": pd.to_datetime(["2025-01-31", "2025-06-30", "2025-03-31"]),
            "model_grade": ["3", "3", "4"],
            "final_grade": ["3", "2", "4"],
        }
    )
    cases = [("a", "2025-07-31"), ("a", "2025-02-28"), ("b", "2025-03-31"), ("b", "2025-02-28"), ("c", "2025-07-31")]
    obligor, day = zip(*cases)
    found = overridden(pd.Series(obligor), pd.to_datetime(pd.Series(day)), ratings)
    np.testing.assert_array_equal(found, [1, 0, 0, np.nan, np.nan])
