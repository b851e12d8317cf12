"""The small drawings: four shapes that differ without colour, trends with a limit only where it is near."""

from riskmodels.core.checks import Limits, Verdict
from riskmodels.reporting.shapes import light, shape, sparkline, use_bar


def test_the_five_shapes_differ_without_colour():
    drawn = {shape(v).partition(">")[2] for v in Verdict}
    assert len(drawn) == 5


def test_a_light_has_its_word_beside_its_shape():
    assert "<svg" in light(Verdict.WATCH)
    assert "<b>Watch</b>" in light(Verdict.WATCH)
    assert "<b>&lt;i&gt;</b>" in light(Verdict.WATCH, "<i>")


def test_a_limit_is_drawn_only_when_the_series_is_near_it():
    assert 'class="limit"' in sparkline((0.1, 0.2), Limits.at_most(0.3), Verdict.WITHIN)
    assert 'class="limit"' not in sparkline((0.1, 0.2), Limits.at_most(0.5), Verdict.WITHIN)
    assert 'class="limit"' not in sparkline((0.1, 0.2), None, Verdict.NOT_RUN)


def test_the_dot_stands_at_the_last_known_value():
    assert 'class="breach" cx="36.0" cy="3.5"' in sparkline((0.1, 0.3, None), None, Verdict.BREACH)


def test_one_value_is_no_trend():
    assert sparkline((0.1, None), None, Verdict.WITHIN) == ""


def test_a_flat_trend_is_a_line_in_the_middle():
    assert "3.5,9.0 68.5,9.0" in sparkline((0.1, 0.1), None, Verdict.WITHIN)


def test_the_use_of_a_limit_turns_amber_at_95_per_cent_and_stays_in_its_bar():
    assert "watch" not in use_bar(0.949)
    assert "watch" in use_bar(0.95)
    assert 'width="36.0"' in use_bar(1.4)
    assert "140%" in use_bar(1.4)
