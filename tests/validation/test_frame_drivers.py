"""Drivers are the columns asked for, else those that could be some: no keys, no constants, no free text."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.validation.frame_drivers import drivers_of

N = 200
FRAME = pd.DataFrame(
    {
        "probability": np.linspace(0, 1, N),
        "outcome": np.arange(N) % 2,
        "grade": "A",
        "id": np.arange(N) + 10_000,
        "income": np.linspace(1, 2, N),
        "age": np.arange(N) % 60,
        "region": np.where(np.arange(N) % 3, "N", "S"),
        "remark": [f"says {i}" for i in range(N)],
        "same": 1.0,
        "empty": np.nan,
    }
)


def test_keys_constants_and_free_text_are_no_drivers():
    assert drivers_of(FRAME) == ("income", "age", "region")


def test_a_key_shows_though_the_samples_are_parts_of_one_file():
    assert "id" not in drivers_of(FRAME.iloc[:120], FRAME.iloc[120:])


def test_drivers_are_in_both_samples():
    assert drivers_of(FRAME, FRAME.drop(columns="age")) == ("income", "region")


def test_those_asked_for_are_taken_as_they_are():
    assert drivers_of(FRAME, asked=("remark", "id")) == ("remark", "id")


@pytest.mark.parametrize("asked", ["incme", "probability", "grade"])
def test_a_driver_that_is_no_column_or_has_a_role_is_told(asked):
    with pytest.raises(Misuse, match=f"drivers: no column '{asked}' in the file; .*known: id, income"):
        drivers_of(FRAME, asked=(asked,))
    with pytest.raises(Misuse, match="drivers: no column 'age' in the reference"):
        drivers_of(FRAME, FRAME.drop(columns="age"), ("age",))


def test_a_column_of_numbers_here_and_text_there_is_refused_with_a_way_out():
    spoilt = FRAME.assign(income=FRAME["income"].astype("str"))
    with pytest.raises(DataRefused, match="drivers: income: found numbers in one sample and text in the other"):
        drivers_of(FRAME, spoilt)
    assert drivers_of(FRAME, spoilt, ("age",)) == ("age",)
    assert "income" in drivers_of(FRAME, FRAME.assign(income=np.nan), ("income",))
