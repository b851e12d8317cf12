"""Whether a sample is complete, each case once, inside what development saw."""

import numpy as np
import pandas as pd

from riskmodels.validation.sampling import cases_per_key, fullness, outside, repeated_share, unseen

THEN = pd.DataFrame({"obligor": ["a", "b", "c", "d"], "x": [1.0, 2, 3, np.nan], "town": ["n", "n", "s", None]})
NOW = pd.DataFrame(
    {
        "obligor": ["a", "e", "e", None],
        "period": pd.to_datetime(["2025-01-31"] * 4),
        "x": [0.0, 2.0, 9.0, np.nan],
        "town": ["n", "w", None, None],
    }
)


def test_the_column_that_lost_most_values_comes_first():
    found = fullness(NOW, ["x", "town", "absent"], THEN)
    assert found["column"].tolist() == ["town", "x"]
    assert found["rise"].tolist() == [0.25, 0.0]


def test_without_development_there_is_no_rise_but_a_share():
    found = fullness(NOW, ["x", "town"])
    assert found["missing"].tolist() == [0.5, 0.25]
    assert found["rise"].isna().all()


def test_values_and_levels_that_development_never_saw_are_counted_among_the_known():
    found = outside(THEN, NOW, ["x", "town", "absent"]).set_index("driver")
    assert found["share"].to_dict() == {"x": 2 / 3, "town": 0.5}
    assert found.loc["x", ["low", "high"]].tolist() == [1, 3]


def test_only_a_case_that_repeats_another_wholly_is_a_repeat():
    assert repeated_share(NOW) == 0
    assert repeated_share(pd.concat([NOW, NOW.iloc[[1]]])) == 0.2
    assert cases_per_key(NOW) == 0.25


def test_an_obligor_without_a_name_is_not_a_new_one():
    assert unseen(THEN, NOW).tolist() == [False, True, True, False]
