"""The suite of transitions: moves read from samples and histories, steps, homogeneity, concentration, and refusals."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.checks import Verdict
from riskmodels.core.errors import Misuse
from riskmodels.models.transitions import States, cohorts, rating_histories
from riskmodels.validation.migration import Moves, migration_of, validate_transitions
from riskmodels.validation.migration.checks import effect
from riskmodels.validation.migration.steps import steps
from riskmodels.validation.suite import validate

STEADY = np.array([[0.85, 0.1, 0.03, 0.02], [0.1, 0.75, 0.1, 0.05], [0.03, 0.12, 0.7, 0.15]])
FAR = np.array([[0.7, 0.05, 0.2, 0.05], [0.1, 0.75, 0.1, 0.05], [0.03, 0.12, 0.7, 0.15]])


def drawn(p, n=1000, seed=0):
    """Counts (3, 4) of n obligors a grade."""
    rng = np.random.default_rng(seed)
    return np.array([rng.multinomial(n, row) for row in p]).astype(float)


def by_name(results):
    return {r.name.removeprefix("validation.grades.migration."): r for r in results}


def sample(moves=None):
    """Sixty obligors at three dates, twelve months between the last two."""
    ids = np.arange(60)
    days = pd.to_datetime(["2023-03-31", "2023-12-31", "2024-12-31"])
    grade = {days[0]: ids % 3, days[1]: ids % 3, days[2]: (moves or (lambda g: g))(ids % 3)}
    rows = [pd.DataFrame({"obligor": ids, "period": d, "place": g}) for d, g in grade.items()]
    frame = pd.concat(rows, ignore_index=True)
    names = pd.Categorical.from_codes(frame["place"], categories=["A", "B", "C"], ordered=True)
    return frame.assign(grade=names, outcome=0.0)


def test_steps_in_order_are_within_and_a_jump_is_a_breach():
    assert by_name(validate_transitions(drawn(STEADY)))["farther.p"].verdict is Verdict.WITHIN
    found = by_name(validate_transitions(drawn(FAR)))["farther.p"]
    assert found.verdict is Verdict.BREACH
    assert (found.detail["from"], found.detail["to"]) == ("1", "3")


def test_few_obligors_show_nothing_and_say_so():
    found = by_name(validate_transitions(drawn(STEADY, 40)))["farther.p"]
    assert found.verdict is Verdict.NO_EVIDENCE


def test_too_few_obligors_are_not_run():
    assert {r.verdict for r in validate_transitions(drawn(STEADY, 20))} == {Verdict.NOT_RUN}


def test_an_undefined_cell_stays_empty():
    found = steps([[10, 0, 0], [0, 0, 0], [0, 3, 7]])
    assert np.isnan(found.z[0, 2])  # nobody went to either cell
    assert np.isnan(found.z[1]).all()  # nobody began there
    assert np.isnan(np.diag(found.z)).all()
    assert found.z[2, 1] > 0


def test_a_cell_is_held_against_the_one_nearer_to_the_diagonal():
    n, near, far = 100, 0.2, 0.1
    found = steps([[70, 20, 10], [10, 80, 10], [10, 20, 70]])
    se = np.sqrt((near * (1 - near) + far * (1 - far) + 2 * near * far) / n)
    assert found.z[0, 2] == pytest.approx((near - far) / se)
    assert found.z[2, 0] == pytest.approx((near - far) / se)


def test_columns_beyond_the_grades_count_in_the_base_only():
    plain, more = steps([[70, 30], [20, 80]]), steps([[70, 30, 100], [20, 80, 0]])
    assert more.gap[0, 1] == plain.gap[0, 1] / 2


def test_a_matrix_that_changed_is_watched_and_a_steady_one_is_within():
    steady = np.stack([drawn(STEADY, seed=1), drawn(STEADY, seed=2)])
    changed = np.stack([drawn(STEADY, seed=1), drawn(FAR, seed=2)])
    assert by_name(validate_transitions(steady))["in_time"].verdict is Verdict.WITHIN
    assert by_name(validate_transitions(changed))["in_time"].verdict is Verdict.WATCH
    assert by_name(validate_transitions(drawn(STEADY)))["in_time"].verdict is Verdict.NOT_RUN


def test_a_matrix_unlike_development_is_a_breach():
    now = drawn(STEADY[::-1])
    found = by_name(validate_transitions(now, drawn(STEADY)))["as_before"]
    assert found.verdict is Verdict.BREACH
    assert by_name(validate_transitions(now))["as_before"].reason == "no moves at development were given"


def test_the_effect_found_is_that_of_published_power_tables():
    # Cohen 1988, chapter 7: level .05, power .80, w .3 takes n = 87 with one degree of freedom, 121 with three
    assert [effect(1, 87), effect(3, 121)] == pytest.approx([0.3, 0.3], abs=0.001)


# ECB 2019, 2.5.5: counts 50 ... 30 against equal ones, p .0122370
def test_grades_that_gather_are_watched():
    gathered = np.tile([50.0, 100, 200, 400, 150, 70, 30], (7, 1))
    found = by_name(validate_transitions(gathered))["gathering.p"]
    assert found.value == pytest.approx(0.0122370, abs=5e-8)
    assert found.verdict is Verdict.WATCH
    assert by_name(validate_transitions(drawn(STEADY)))["gathering.p"].verdict is Verdict.WITHIN


def test_a_rating_that_never_moves_is_a_breach_of_mobility():
    assert by_name(validate_transitions(np.eye(3) * 200))["mobility"].verdict is Verdict.BREACH


def test_the_moves_of_a_sample_are_those_of_its_last_twelve_months():
    found = migration_of(sample(lambda g: np.minimum(g + 1, 2)))
    assert isinstance(found, Moves)
    assert found.grades == ("A", "B", "C")
    assert found.total.tolist() == [[0, 20, 0, 0, 0, 0], [0, 0, 20, 0, 0, 0], [0, 0, 20, 0, 0, 0]]
    assert [str(day.date()) for day in found.days] == ["2023-12-31", "2024-12-31"]


def test_default_other_model_and_termination_have_their_columns():
    frame = sample().assign(model="m1")
    before, last = (frame["period"] == day for day in ("2023-12-31", "2024-12-31"))
    frame.loc[before & (frame["obligor"] == 0), "outcome"] = 1.0
    frame.loc[last & (frame["obligor"] == 3), "model"] = "m2"
    frame = frame[~(last & (frame["obligor"] == 6))]
    assert migration_of(frame).total[0].tolist() == [17, 0, 0, 1, 1, 1]


def test_grades_without_an_order_stand_by_their_probability():
    frame = sample().assign(grade=lambda f: f["grade"].astype(str).map({"A": "z", "B": "y", "C": "x"}))
    assert migration_of(frame.assign(probability=frame["place"] / 10)).grades == ("z", "y", "x")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop(columns="obligor"), "no obligor in the sample"),
        (lambda f: f[f["period"] > "2024"], "no two periods twelve months apart"),
        (lambda f: f[f["obligor"] < 5], "5 obligors graded"),
        (lambda f: f.assign(grade="A"), "one grade only"),
    ],
)
def test_a_sample_without_moves_says_why(change, words):
    assert words in migration_of(change(sample()))


def test_a_sample_of_one_period_is_held_against_development():
    frame = pd.concat([sample(), sample().assign(obligor=lambda f: f["obligor"] + 60)], ignore_index=True)
    frame["probability"] = frame["place"] / 10
    now = frame["period"] == "2024-12-31"
    found = by_name(c for c in validate(frame[now], frame[~now]) if "migration" in c.name)
    assert found["mobility"].value == 0
    assert found["lost"].n == 120
    alone = by_name(c for c in validate(frame[now]) if "migration" in c.name)
    assert "no two periods twelve months apart" in alone["mobility"].reason


def test_a_sample_without_grades_is_asked_for_no_moves():
    frame = sample().drop(columns="grade").assign(probability=0.1)
    assert not [c for c in validate(frame) if "migration" in c.name]


def test_histories_and_their_cohorts_tell_the_same():
    rng = np.random.default_rng(5)
    days = pd.to_datetime(["2021-12-31", "2022-12-31", "2023-12-31"])
    rows = [(f"p{i}", d, "ABC"[rng.integers(3)]) for i in range(150) for d in days]
    ratings = pd.DataFrame(rows, columns=["party_id", "rated_on", "grade"])
    histories = rating_histories(ratings, States(("A", "B", "C")), pd.Timestamp("2024-12-31").date())
    both = [validate_transitions(seen) for seen in (histories, cohorts(histories))]
    assert both[0] == both[1]
    assert by_name(both[0])["in_time"].n == 450


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (np.ones((3, 2)), "expected counts"),
        (np.full((3, 3), 0.5), "expected counts of obligors"),
        (pd.DataFrame(np.ones((2, 2)), index=["A", "B"], columns=["A", "C"]), "the same grades in both"),
    ],
)
def test_what_are_no_moves_is_refused(seen, words):
    with pytest.raises(Misuse, match=words):
        validate_transitions(seen)


def test_moves_of_other_grades_are_refused_as_reference():
    with pytest.raises(Misuse, match="reference: found grades"):
        validate_transitions(drawn(STEADY), np.eye(2) * 100)
