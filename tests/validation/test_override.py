"""The validator's opinion in place of the computed one."""

import pytest

from riskmodels.core.errors import Misuse
from riskmodels.validation.override import override


def test_without_an_opinion_of_the_validator_the_computed_one_counts():
    given = override(3, "Major deficiencies.")
    assert (given.grade, given.overridden, given.reason) == (3, False, "")


def test_an_override_keeps_the_computed_opinion_beside_it():
    given = override(4, "Severe deficiencies.", 2, " only the  new  product is hit ")
    assert (given.grade, given.computed, given.sentence) == (2, 4, "Severe deficiencies.")
    assert given.reason == "only the new product is hit"
    assert given.overridden


def test_a_validator_may_give_an_opinion_where_the_cases_show_too_little():
    assert override(None, "No opinion.", 3, "expert judgement on 12 defaults").overridden


def test_confirming_the_computed_opinion_is_no_override():
    assert not override(2, "Minor deficiencies.", 2, "seen and agreed").overridden


@pytest.mark.parametrize(
    ("to", "reason", "words"),
    [
        (2, "  ", "opinion: found 2 without opinion_reason"),
        (5, "why not", r"opinion: found 5, expected 1 \(adequate\) to 4"),
        (-1, "why not", "opinion: found -1"),
        (0, "why not", "opinion_reason: found a reason without an opinion"),
    ],
)
def test_an_opinion_and_its_reason_come_together(to, reason, words):
    with pytest.raises(Misuse, match=words):
        override(4, "Severe deficiencies.", to, reason)
