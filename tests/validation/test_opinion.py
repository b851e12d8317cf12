"""The opinion and the largest changes."""

import pytest

from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.validation.changes import largest_changes, room_used
from riskmodels.validation.opinion import KEY_CHECKS, opinion

LIMITS = Limits.at_least(0.6, 0.7)


def results(auc=0.8, ratio=0.8, other=0.8):
    names = [*KEY_CHECKS, "validation.stability.psi.score"]
    return [CheckResult(name, name, value, LIMITS) for name, value in zip(names, (auc, ratio, other))]


@pytest.mark.parametrize(
    ("found", "grade", "words"),
    [
        (results(), 1, "Adequate"),
        (results(other=0.65), 2, "psi.score on watch"),
        (results(auc=0.65), 2, "auc.out_of_time on watch"),
        (results(other=0.5), 3, "psi.score beyond the limit"),
        (results(auc=0.5), 4, "auc.out_of_time beyond the limit"),
        (results()[1:], 3, "auc.out_of_time not run"),
        ([not_run(name, name, "no outcomes") for name in KEY_CHECKS], 3, "not run"),
        ([], 3, "not run"),
    ],
)
def test_the_opinion_follows_from_the_verdicts(found, grade, words):
    assert opinion(found)[0] == grade
    assert words in opinion(found)[1]


def result(value, limits, name="a.b.c"):
    return CheckResult(name, name, value, limits)


@pytest.mark.parametrize(
    ("limits", "before", "now", "used"),
    [
        (Limits.at_most(0.10), 0.05, 0.07, 0.4),
        (Limits.at_most(0.10), 0.05, 0.04, -0.2),
        (Limits.at_least(0.60), 0.80, 0.70, 0.5),
        (Limits.between((0.5, 1.5)), 1.0, 1.25, 0.5),
        (Limits.at_most(0.10), 0.12, 0.14, 0.2),
        (None, 0.1, 0.2, 0.0),
    ],
)
def test_a_move_is_measured_by_the_room_it_used(limits, before, now, used):
    assert room_used(result(now, limits), result(before, limits)) == pytest.approx(used)


def test_the_largest_moves_come_first_and_new_checks_are_no_moves():
    limits = Limits.at_most(1.0)
    before = [result(0.5, limits, "a.b.small"), result(0.5, limits, "a.b.large"), result(0.5, limits, "a.b.same")]
    now = [
        result(0.6, limits, "a.b.small"),
        result(0.1, limits, "a.b.large"),
        result(0.5, limits, "a.b.same"),
        result(0.9, limits, "a.b.new"),
    ]
    assert [c.now.name for c in largest_changes(now, before)] == ["a.b.large", "a.b.small"]


def test_a_check_that_was_not_run_has_not_changed():
    assert largest_changes([not_run("a.b.c", "c", "no data")], [result(0.5, LIMITS)]) == []
