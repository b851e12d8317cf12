"""Overrides: reasoned, limited, seen by two; kept in the shape of the book's ratings; and reviewed."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.schema import TABLES
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import OBLIGORS
from riskmodels.models.low_default import jeffreys_interval
from riskmodels.policy.override_review import override_review
from riskmodels.policy.overrides import RATINGS, Override, overridden, read_overrides, with_overrides

DAY = date(2025, 6, 30)
UP = {"before": "4", "after": "3", "reason": "guarantee of its group", "by": "analyst", "approved_by": "head of risk"}


def lowered(party="p1", day=DAY, after="6"):
    return overridden(OBLIGORS, party, day, "4", after, "loss of its main buyer", "analyst")


@pytest.fixture
def ratings():
    rows = [
        ("p1", "2025-03-31", "m", "3", "3", None),
        ("p2", "2025-03-31", "m", "3", "2", "support"),
        ("p3", "2025-03-31", "m", "3", "5", " "),
        ("p4", "2025-03-31", "m", "AAA", "3", None),
        ("p5", "2025-03-31", "m", None, "3", None),
    ]
    frame = pd.DataFrame(rows, columns=RATINGS[:-1]).astype("str")
    days = pd.to_datetime(frame["rated_on"]).astype("datetime64[us]")
    return frame.assign(rated_on=days, known_on=days)


def test_the_shape_is_that_of_the_books_table():
    assert tuple(RATINGS) == TABLES["ratings"].names


def test_notches_are_counted_worse_positive():
    assert lowered().notches == 2
    assert overridden(OBLIGORS, "p1", DAY, **UP).notches == -1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": " "}, "expected another grade, a name and a reason"),
        ({"by": ""}, "expected another grade, a name and a reason"),
        ({"after": "4"}, "expected another grade, a name and a reason"),
        ({"after": "2"}, "found 2 notches up, expected at most 1"),
        ({"approved_by": ""}, "found approval by nobody, expected a second person for a change up"),
        ({"approved_by": "analyst"}, "found approval by analyst, expected a second person"),
        ({"after": "9"}, "grade: found '9', expected one of 1, 2"),
    ],
)
def test_an_override_that_breaks_the_policy_is_refused(change, message):
    with pytest.raises(Misuse, match=message):
        overridden(OBLIGORS, "p1", DAY, **{**UP, **change})


def test_limits_and_four_eyes_are_configuration():
    figures = {"limits": {"up_notches": 3, "down_notches": 1}, "four_eyes": {"up": False, "down": True}}
    free = {**UP, "approved_by": "", "after": "1"}
    assert overridden(OBLIGORS, "p1", DAY, **free, settings=figures).notches == -3
    with pytest.raises(Misuse, match="found 2 notches down, expected at most 1"):
        overridden(OBLIGORS, "p1", DAY, "4", "6", "news", "analyst", "head", settings=figures)
    with pytest.raises(Misuse, match="a second person for a change down"):
        overridden(OBLIGORS, "p1", DAY, "4", "5", "news", "analyst", settings=figures)


def test_an_override_survives_its_state_as_json():
    found = overridden(OBLIGORS, "p1", DAY, **UP, model_id="m")
    assert Override.from_state(json.loads(json.dumps(found.to_state()))) == found


def test_what_is_appended_is_read_again_but_for_who(ratings):
    both = with_overrides(ratings, [lowered("p8"), lowered("p9", after="5")])
    assert both.columns.tolist() == RATINGS
    assert (both.dtypes == ratings.dtypes).all()
    found = read_overrides(both, OBLIGORS)
    assert [(o.party_id, o.notches, o.reason) for o in found] == [
        ("p2", -1, "support"),
        ("p3", 2, " "),
        ("p8", 2, "loss of its main buyer"),
        ("p9", 1, "loss of its main buyer"),
    ]
    assert {o.by for o in found} == {""}


def test_nothing_to_append_changes_nothing(ratings):
    pd.testing.assert_frame_equal(with_overrides(ratings, []), ratings)


def test_a_rating_is_appended_and_never_edited(ratings):
    with pytest.raises(DataRefused, match="found p1 rated twice on 2025-03-31"):
        with_overrides(ratings, [lowered("p1", date(2025, 3, 31))])


def test_the_review_counts_direction_reasons_and_what_it_left_out(ratings):
    found = override_review(ratings, OBLIGORS)
    assert (found.rated, found.left_out, found.unexplained) == (3, 2, 1)
    assert found.rate == pytest.approx(2 / 3)
    assert found.by["ratings"].to_dict() == {"raised": 1, "unchanged": 1, "lowered": 1}
    assert found.by["notches"].to_dict() == {"raised": -1, "unchanged": 0, "lowered": 2}
    assert found.by["rate"].isna().all()
    assert (found.by["low"].to_list(), found.by["high"].to_list()) == ([0] * 3, [1] * 3)


def many(n, repeats=1):
    party = np.repeat([f"p{i}" for i in range(n)], repeats)
    day = np.tile(pd.date_range("2020-03-31", periods=repeats, freq="QE"), n)
    cells = {"party_id": party, "rated_on": day, "model_grade": "3", "final_grade": "4", "override_reason": "news"}
    return pd.DataFrame(cells)


def test_a_window_that_is_not_over_is_left_out_of_the_rate():
    found = override_review(many(4), OBLIGORS, [1, 0, 0, np.nan]).by.loc["lowered"]
    assert (found["ratings"], found["known"], found["defaults"], found["rate"]) == (4, 3, 1, pytest.approx(1 / 3))


def test_one_rating_per_party_has_jeffreys_interval():
    found = override_review(many(50), OBLIGORS, [1, 1, *[0] * 48]).by.loc["lowered"]
    low, high = jeffreys_interval(50, 2)
    assert (found["low"], found["high"]) == (pytest.approx(low[0], rel=0.05), pytest.approx(high[0], rel=0.05))


@pytest.mark.parametrize("defaults", [0, 5, 50])
def test_the_same_party_over_and_over_is_no_more_evidence(defaults):
    outcome = np.arange(50) < defaults
    once = override_review(many(50), OBLIGORS, outcome).by.loc["lowered"]
    often = override_review(many(50, 8), OBLIGORS, np.repeat(outcome, 8)).by.loc["lowered"]
    assert often[["rate", "low", "high"]].tolist() == pytest.approx(once[["rate", "low", "high"]].tolist(), rel=1e-6)


@pytest.mark.parametrize("defaulted", [[1], [2] * 4])
def test_outcomes_that_cannot_be_are_refused(defaulted):
    with pytest.raises(Misuse, match=r"expected \(4,\) of 1, 0 and missing"):
        override_review(many(4), OBLIGORS, defaulted)


def test_the_review_shows_a_row_per_direction(ratings):
    table = override_review(ratings, OBLIGORS, [1, 0, 0, 0, 0]).table()
    assert table["direction"].tolist() == ["raised", "unchanged", "lowered"]
    assert table["default rate"].tolist() == [0, 1, 0]


def test_ratings_on_another_scale_are_left_out_all_of_them(ratings):
    found = override_review(ratings.assign(model_grade="AA", final_grade="AA"), OBLIGORS)
    assert (found.rated, found.left_out, found.unexplained) == (0, 5, 0)
