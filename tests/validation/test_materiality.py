"""How material a model is."""

import pytest

from riskmodels.validation.materiality import lines, materiality


@pytest.mark.parametrize(
    ("exposure", "purpose", "level"),
    [
        (0, "", "low"),
        (99_999_999, "overdue", "low"),
        (99_999_999, "rating", "medium"),
        (1e8, "overdue", "medium"),
        (1e8, "rating", "high"),
        (1e9, "overdue", "high"),
        (1e12, "rating", "high"),
    ],
)
def test_the_class_follows_the_exposure_and_is_raised_where_a_model_decides(exposure, purpose, level):
    assert materiality(exposure, purpose) == level


def test_the_lines_have_a_source():
    assert lines()["source"].startswith("house default")
