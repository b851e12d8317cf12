import ast
import math
import time

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from riskmodels.models.binning import Cuts, Groups
from riskmodels.models.cards import CardDriver, PointsCard, python_source
from tests.models.cards.made import HOSTILE, category, number, python_scores, rows_for

CALLS = {"_bin", "ValueError", "abs", "bisect_right", "exp", "float", "isinstance", "len", "max", "sorted", "str"}


def scorer(card):
    namespace = {}
    exec(compile(python_source(card), "scorer.py", "exec"), namespace)
    return namespace["score"]


@pytest.mark.parametrize("name", ["hostile", "scorecard"])
def test_a_hundred_thousand_rows_score_to_the_same_bits(name, request):
    card = PointsCard.of(request.getfixturevalue(name))
    X = rows_for(card)
    got = python_scores(python_source(card), X)
    assert np.array_equal(got["points"], card.points(X))
    assert np.array_equal(got["log_odds"], card.log_odds(X))
    assert np.array_equal(got["probability"], card.probability(X))


def test_points_that_are_not_whole_are_summed_in_the_same_order():
    rng = np.random.default_rng(5)
    drivers = [CardDriver(f"x{i}", Cuts((0.0,)), tuple(rng.normal(0, 30, 3).tolist())) for i in range(12)]
    card = PointsCard(tuple(drivers), 0.1)
    X = rows_for(card, 5000)
    got = python_scores(python_source(card), X)
    assert np.array_equal(got["points"], card.points(X))
    assert got["probability"].isna().all()


def test_the_source_imports_only_bisect_and_math(hostile):
    tree = ast.parse(python_source(hostile))
    imports = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imports == ["bisect", "math"]
    assert not any(isinstance(node, ast.Import) for node in ast.walk(tree))
    assert python_source(hostile).isascii()


@settings(max_examples=50)
@given(st.text(min_size=1), st.text(), st.text())
def test_no_name_or_category_becomes_code(name, value, other):
    assume("base" not in (name, name + "2"))
    groups = Groups(((value,), (other + "x" + value,)))
    card = PointsCard((category(name, groups, 1), number(name + "2", Cuts((1.0,)), 2)), 0, 0.5)
    tree = ast.parse(python_source(card))
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert calls <= CALLS
    first, second = (driver.points for driver in card.drivers)
    assert scorer(card)({name: value, name + "2": None})["points"] == first[0] + second[2]


def test_reasons_are_the_points_lost_against_the_best_bin():
    late = CardDriver("late", Cuts((1.0,)), (40, -10, 0), labels=("none", "some", "missing"))
    age = CardDriver("age", Cuts((30.0,)), (0, 20, 5))
    score = scorer(PointsCard((late, age)))
    assert score({"late": 3, "age": 20}, reasons=3)["reasons"] == [
        {"driver": "late", "bin": "some", "points_lost": 50},
        {"driver": "age", "bin": "(-inf, 30)", "points_lost": 20},
    ]
    assert score({"late": 0, "age": 40}, reasons=3)["reasons"] == []
    assert len(score({"late": 3, "age": 20}, reasons=1)["reasons"]) == 1


@pytest.mark.parametrize(
    ("value", "message"),
    [("12", "expected a number"), (True, "expected a number"), (math.inf, "expected a finite number")],
)
def test_a_value_of_the_wrong_kind_is_refused_by_the_exported_function(value, message):
    score = scorer(PointsCard((CardDriver("age", Cuts((30.0,)), (1, 2, 3)),)))
    with pytest.raises(ValueError, match=f"age: found {value!r}, {message}"):
        score({"age": value})
    with pytest.raises(ValueError, match="age: not in the row"):
        score({})


def test_log_odds_beyond_exp_end_at_nought_and_one():
    card = PointsCard((CardDriver("x", Cuts((0.0,)), (0, 0, 0), (-800.0, 800.0, 0.0)),), 0, 0.0)
    score = scorer(card)
    assert [score({"x": x})["probability"] for x in (-1, 1)] == [0.0, 1.0]


def test_one_row_takes_at_most_fifty_microseconds(scorecard):
    card = PointsCard.of(scorecard)
    score = scorer(card)
    rows = rows_for(card, 3000).to_dict("records")
    spent = []
    for row in rows:
        start = time.perf_counter_ns()
        score(row)
        spent.append(time.perf_counter_ns() - start)
    assert np.median(spent) < 50_000


def test_the_names_that_try_to_be_code_are_there(hostile):
    assert all(ascii(name) in python_source(hostile) for name in HOSTILE)
