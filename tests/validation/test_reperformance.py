"""A model scored again and its exports run: agreement is found, and a difference too."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from riskmodels.models.scorecard.model import Scorecard
from riskmodels.validation.reperformance import agreement, exports, spread


@pytest.fixture(scope="module")
def card():
    """A scorecard of a number with missing values and a text, and the cases it was fitted on."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=3_000), "town": rng.choice(["n", "s's", "w"], 3_000)})
    bad = (rng.random(3_000) < expit(frame["x"] + (frame["town"] == "w") - 2)).astype(int)
    frame.loc[::17, "x"] = np.nan
    return Scorecard().fit(frame, bad), frame


def test_equal_figures_agree_and_missing_ones_agree_with_missing_ones():
    found = agreement([0.1, np.nan, 0.3], [0.1, np.nan, 0.3 + 1e-12])
    assert (found.n, found.differing) == (3, 0)
    assert found.largest < 1e-11


def test_a_figure_only_one_side_has_differs_without_bound():
    found = agreement([[0.1, 0.2], [0.3, 0.4]], [[0.1, np.nan], [0.3, 0.5]])
    assert (found.differing, found.largest, found.share) == (2, np.inf, 1.0)


def test_both_exports_say_what_the_scorecard_says(card):
    model, frame = card
    found = exports(model, frame)
    assert set(found) == {"sql", "python"}
    assert {(a.n, a.differing) for a in found.values()} == {(1_000, 0)}
    assert max(a.largest for a in found.values()) < 1e-12


def test_rows_are_spread_over_the_whole_sample():
    frame = pd.DataFrame({"x": range(10)})
    assert spread(frame, 4)["x"].tolist() == [0, 3, 6, 9]
    assert len(spread(frame)) == 10
    assert spread(frame.iloc[:0]).empty
