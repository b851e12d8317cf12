"""Rating scales: grades by bounds, the ladder between two ends, tiers, states."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import INVOICES, OBLIGORS, TIERS, RatingScale

GRADES = [f"R{i}" for i in range(1, 11)]
probability = st.floats(0, 1)


def test_a_probability_on_a_bound_is_in_the_worse_grade():
    assert list(OBLIGORS.grade([0.00249999, 0.0025, 0.15, 1.0])) == ["1", "2", "7", "7"]


def test_no_probability_no_grade_and_no_tier():
    assert OBLIGORS.grade([np.nan]).codes.tolist() == [-1]
    assert OBLIGORS.tier([np.nan]).codes.tolist() == [-1]


@pytest.mark.parametrize("p", [[2.5, -3], [-1e-9, 1 + 1e-9], [np.inf, -np.inf]])
def test_what_is_no_probability_has_no_grade_and_no_tier(p):
    for told in (OBLIGORS.grade, OBLIGORS.tier):
        with pytest.raises(DataRefused, match="probability: found 2 of 3 outside 0 to 1, expected none"):
            told([*p, np.nan])


def test_a_geometric_scale_rises_by_one_factor_from_end_to_end():
    bounds = np.array(RatingScale.geometric(GRADES, 0.0005, 0.2).bounds)
    assert (bounds[0], bounds[-1], len(bounds)) == (0.0005, 0.2, 9)
    assert np.diff(np.log(bounds)) == pytest.approx(np.log(0.2 / 0.0005) / 8)


def test_the_representative_is_the_geometric_middle_of_the_grade():
    scale = RatingScale(("a", "b", "c", "d"), (0.01, 0.02, 0.08))
    # The ladder's first step, 0.01 to 0.02, continued below: 0.005 to 0.01.
    assert scale.representative == pytest.approx([np.sqrt(0.005 * 0.01), np.sqrt(0.01 * 0.02), 0.04, np.sqrt(0.08)])


@given(st.integers(3, 25), st.floats(1e-5, 0.05), st.floats(0.06, 0.9))
def test_a_representative_lies_in_its_own_grade(k, low, high):
    scale = RatingScale.geometric([str(i) for i in range(k)], low, high)
    assert list(scale.grade(scale.representative)) == list(scale.grades)


@given(st.lists(probability, min_size=2, max_size=20))
def test_more_probability_is_never_a_better_grade_or_tier(p):
    for codes in (OBLIGORS.grade(np.sort(p)).codes, OBLIGORS.tier(np.sort(p)).codes):
        assert (np.diff(codes) >= 0).all()


def test_tiers_part_where_the_scale_says():
    assert list(OBLIGORS.tier([0.0099, 0.01, 0.0499, 0.05])) == ["prime", "medium", "medium", "weak"]
    assert list(OBLIGORS.tier([0.5]).categories) == list(TIERS)


def test_a_scale_without_tiers_gives_none():
    with pytest.raises(Misuse, match="found no tiers"):
        INVOICES.tier([0.1])
    assert "tier" not in INVOICES.table()


def test_notches_are_positive_for_worse():
    assert (OBLIGORS.notches("3", "5"), OBLIGORS.notches("3", "2")) == (2, -1)
    with pytest.raises(Misuse, match="found 'AAA', expected one of 1, 2"):
        OBLIGORS.notches("AAA", "2")


def test_the_table_joins_up():
    table = OBLIGORS.table()
    assert table["PD to"].tolist()[:-1] == table["PD from"].tolist()[1:]
    assert table["tier"].tolist() == ["prime quality"] * 3 + ["medium quality"] * 2 + ["weak quality"] * 2


@pytest.mark.parametrize("scale", [OBLIGORS, INVOICES])
def test_a_scale_survives_its_state(scale):
    assert RatingScale.from_state(scale.to_state()) == scale


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((("a", "b"), (0.2, 0.1)), "expected 1 rising inside 0 to 1"),
        ((("a", "b"), (1.0,)), "expected 1 rising inside 0 to 1"),
        ((("a", "a"), (0.1,)), "expected two or more, each once"),
        ((("a",), ()), "expected two or more"),
        ((("a", "b"), (0.1,), ("weak", "prime")), "none better for a worse grade"),
        ((("a", "b"), (0.1,), ("prime",)), "expected 2 of prime, medium, weak"),
        ((("a", "b"), (0.1,), ("prime", "poor")), "expected 2 of prime, medium, weak"),
    ],
)
def test_a_scale_that_cannot_be_is_refused(arguments, message):
    with pytest.raises(Misuse, match=message):
        RatingScale(*arguments)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.1), (0.1, 0.1), (0.2, 0.1), (0.1, 1.0)])
def test_a_ladder_needs_two_ends_inside_0_to_1(low, high):
    with pytest.raises(Misuse, match="0 < low < high < 1"):
        RatingScale.geometric(GRADES, low, high)


def test_a_ladder_of_two_grades_is_refused():
    with pytest.raises(Misuse, match="found 2 grades"):
        RatingScale.geometric(["a", "b"], 0.01, 0.1)
