"""Limits and numbers read as the look asks."""

import pytest

from riskmodels.core import text
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.numbers import figure
from riskmodels.reporting.words import fixed, limit_text, number_parts, reason_text


@pytest.mark.parametrize(
    ("limits", "unit", "said"),
    [
        (Limits.at_least(0.7), "score", "≥ 0.700"),
        (Limits.at_most(0.08), "share", "≤ 8.0%"),
        (Limits.between((0.75, 1.25)), "number", "0.75 – 1.25"),
        (Limits.between((0.0, 0.0)), "number", "0.00"),
        (Limits(), "number", "—"),
        (None, "number", "—"),
    ],
)
def test_a_limit_reads_as_the_breach_line(limits, unit, said):
    assert limit_text(limits, unit).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("value", "unit", "parts"),
    [
        (4.86e9, "money", ("CNY", "4.86", "bn")),
        (-0.0278, "rate", ("", "−2.78", "%")),
        (74.2, "days", ("", "74.2", "days")),
        (None, "share", ("", "—", "")),
    ],
)
def test_a_key_figure_falls_into_number_and_unit(value, unit, parts):
    assert number_parts(figure(value, unit)) == parts


def test_minus_is_a_true_minus_and_zero_has_none():
    assert (fixed(-1234.5, 1), fixed(-0.0, 1), fixed(-0.04, 1)) == ("−1,234.5", "0.0", "0.0")


def test_a_check_without_limit_says_so_in_the_run_s_words():
    check = CheckResult("a.b", "x", 1.0)
    assert reason_text(check) == "no limit is set"
    text.use("zh")
    assert reason_text(check) == "未设限额"
