"""One text says which column has which role; it survives being written, and each mistake in it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.errors import Misuse
from riskmodels.validation.frame import ROLES
from riskmodels.validation.frame_columns import Columns, parse_columns

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


def test_roles_and_meanings_are_told_apart():
    found = parse_columns("score=p, outcome = y,higher=safer, bad=bad debt")
    assert found == Columns({"score": "p", "outcome": "y"}, {"higher": "safer", "bad": "bad debt"})


@given(st.dictionaries(st.sampled_from(ROLES), NAMES, min_size=1))
def test_any_name_of_a_column_survives_the_text(roles):
    assert parse_columns(Columns.of(roles).text).roles == roles


def test_a_name_with_a_comma_or_an_equals_sign_survives():
    columns = Columns.of({"score": 'PD, "12m"', "outcome": "y=1", "bad": ""})
    assert parse_columns(columns.text) == columns


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("p", "columns: found 'p', expected role=column such as outcome=y"),
        ("score=", "columns: found 'score=', expected role=column"),
        ("score=p,,outcome=y", "columns: found '', expected role=column"),
        ("scor=p", "columns: no role 'scor'; did you mean 'score'?"),
        ("score=p, score=q", "columns: found score twice ('p' and 'q'), expected each once"),
        ('"score=p, outcome=y', "columns: found '\"score=p, outcome=y' (unexpected end of data), expected role=column"),
    ],
)
def test_a_text_that_says_something_else_is_misuse(text, said):
    with pytest.raises(Misuse) as misused:
        parse_columns(text)
    assert said in str(misused.value)
