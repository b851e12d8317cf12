"""The opinion and the largest changes."""

import pytest

from riskmodels.core.checks import CheckResult, Limits, not_run
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
