"""Limits and numbers read as the look asks."""

import pytest

from riskmodels.core import text
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.numbers import change, figure, table_money
from riskmodels.reporting.words import fixed, limit_text, number_parts, reason_text, state_text, value_text
from riskmodels.validation.findings import Finding, Retest, State


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


@pytest.mark.parametrize(
    ("value", "said"), [(-0.0204, "−0.0204"), (-0.0299, "−0.030"), (-0.0049, "−0.005"), (-0.00503, "−0.00503")]
)
def test_a_value_never_reads_like_the_line_it_is_beyond(value, said):
    limits = Limits.at_least(-0.02, -0.005)
    assert value_text(CheckResult("a.b.c", "delta", value, limits, "score")) == said


def test_minus_is_a_true_minus_and_zero_has_none():
    assert (fixed(-1234.5, 1), fixed(-0.0, 1), fixed(-0.04, 1)) == ("−1,234.5", "0.0", "0.0")


def test_a_check_without_limit_says_so_in_the_run_s_words():
    check = CheckResult("a.b", "x", 1.0)
    assert reason_text(check) == "no limit is set"
    text.use("zh")
    assert reason_text(check) == "未设限额"


@pytest.mark.parametrize(
    ("value", "unit", "currency", "said"),
    [
        (48.621e8, "money", "CNY", "48.62 亿元"),
        (1.4594e8, "money", "CNY", "1.459 亿元"),
        (54_801_000, "money", "CNY", "5,480 万元"),
        (-3.1e8, "money", "USD", "−3.10 亿美元"),
        (820, "money", "CHF", "820 CHF"),
        (6.666, "multiple", "CNY", "6.67 倍"),
        (74.16, "days", "CNY", "74.2 天"),
        (0.0004, "p", "CNY", "< 0.001"),
    ],
)
def test_figures_in_chinese_stand_in_ten_thousands_and_hundred_millions(value, unit, currency, said):
    text.use("zh")
    assert figure(value, unit, currency).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("now", "before", "unit", "said"),
    [
        (0.094, 0.071, "share", "+2.3 百分点"),
        (74.2, 70.9, "days", "+3.3 天"),
        (4.862e9, 4.662e9, "money", "+4.3%"),
        (6.67, 6.41, "multiple", "+0.26"),
        (1.0, None, "share", "—"),
    ],
)
def test_changes_in_chinese_carry_their_unit(now, before, unit, said):
    text.use("zh")
    assert change(now, before, unit).replace("\u00a0", " ") == said


def test_a_table_in_chinese_counts_in_ten_thousands():
    text.use("zh")
    assert table_money(4.8e9) == (1e4, 0, "万元")
    assert table_money(4.8e9, "USD") == (1e4, 0, "万美元")
    assert table_money(9_000) == (1.0, 0, "元")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "New"),
        ({"carried": 1, "retest": Retest.FAILED}, "Open, carried once, re-test failed"),
        ({"carried": 3}, "Open, carried 3 times"),
        ({"carried": 1, "state": State.PROPOSED, "retest": Retest.PASSED}, "Proposed for closing, re-test passed"),
        ({"carried": 2, "state": State.CLOSED, "retest": Retest.PASSED}, "Closed, re-test passed"),
    ],
)
def test_the_state_of_a_finding_says_how_often_it_was_seen(told, said):
    assert state_text(Finding("F-01", "S1", "too low", **told)) == said
