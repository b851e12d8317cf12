"""Each sentence says what its table says, and compares the rule in use."""

import pandas as pd
import pytest

from riskmodels.book.outcomes import Default
from riskmodels.models.bad_definition.reasons import of_threshold, of_window


def cured(*uncured, low=0.0):
    n = len(uncured)
    columns = {"dpd": [30, 60, 90, 120][:n], "uncured": uncured, "low": low, "high": 1.0, "obligors": 40}
    return pd.DataFrame(columns)


def windows(months, justified=True, **cells):
    row = {"dpd": 90, "last": 30, "bad": 50, "months": months, "low": months, "high": months, "justified": justified}
    return pd.DataFrame([{**row, **cells}]).astype({"months": "Int64"})


@pytest.mark.parametrize(
    ("days", "rule", "words"),
    [
        (90, 90, "The rule in use, 90 days, is the one the book justifies."),
        (60, 90, "The rule in use waits longer: at its 90 days 80.0% had not come back by 360 days"),
        (90, 60, "The rule in use is earlier than the book justifies: at its 60 days 60.0%"),
        (90, 45, "The rule in use has 45 days, the book justifies 90."),
    ],
)
def test_the_rule_in_use_is_compared(days, rule, words):
    said = of_threshold(cured(0.1, 0.6, 0.8, 0.9, low=0.55), days, 0.5, Default(dpd=rule))
    assert len(said) == 2
    assert words in said[-1]


def test_chance_is_named_when_the_interval_reaches_below():
    said = of_threshold(cured(0.1, 0.6, low=0.4), 60, 0.5, Default(dpd=60))
    assert said[1] == "The interval reaches below 50.0%: chance could explain it."


def test_no_threshold_says_how_far_the_highest_level_is():
    said = of_threshold(cured(0.1, 0.2, 0.3), None, 0.5, Default())
    assert said == [
        "No days past due can be justified: even of obligors more than 90 days past due 30.0% had not come back by "
        "360 days (0.0\u00a0\u2013\u00a0100.0%, 40 obligors), below 50.0%."
    ]


def test_a_window_is_compared_with_the_rule():
    assert "12 months, covers it" in of_window(windows(7), 7, 0.95, Default())[-1]
    assert "12 months, does not cover it" in of_window(windows(14), 14, 0.95, Default())[-1]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"last": 0}, "too short to follow three months of issue"),
        ({"bad": 3}, "3 invoices went more than 90 days past due, fewer than 20"),
        ({}, "for 30 months after issue bad invoices still come"),
    ],
)
def test_a_window_that_is_not_justified_says_why(cells, words):
    assert words in of_window(windows(28, justified=False, **cells), None, 0.95, Default())[0]
