"""The opinion and the largest changes."""

from dataclasses import replace

import pytest

from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.validation.opinion import AUC, AUC_FALL, KEY_CHECKS, OBSERVED_EXPECTED, RANKING_CHECKS, opinion

LIMITS = replace(Limits.at_least(0.6, 0.7), material=0.05)


def vote(name, value, **told):
    return CheckResult(name, name, value, LIMITS, primary=True, **told)


def results(auc=0.8, ratio=0.8, other=0.8, **told):
    return [
        vote(AUC, auc, **told),
        vote(OBSERVED_EXPECTED, ratio),
        vote("validation.stability.psi.score", other),
    ]


UNRUN = [not_run(name, name, "no outcomes", primary=True) for name in KEY_CHECKS]


@pytest.mark.parametrize(
    ("found", "grade", "words"),
    [
        (results(), 1, "Adequate"),
        (results(other=0.65), 2, "psi.score on watch"),
        (results(auc=0.65), 2, "auc.out_of_time on watch"),
        (results(other=0.5), 3, "psi.score beyond the limit"),
        (results(auc=0.5), 4, "auc.out_of_time beyond the limit"),
        (results()[1:], None, "auc.out_of_time not run"),
        (UNRUN, None, "not run"),
        ([], None, "not run"),
        (results(detectable=0.2), None, "too few to show validation.discrimination.auc.out_of_time"),
        (results(detectable=0.04), 1, "Adequate"),
        (results(other=0.5, detectable=0.2), 3, "psi.score beyond the limit"),
        ([*results(), vote(AUC_FALL, 0.5)], 4, "auc_fall.delta beyond the limit"),
        ([*results(), UNRUN[1]], 1, "1 test that votes could not be run: validation.discrimination.auc_fall.delta."),
        ([*results(other=0.65), *UNRUN[1:2] * 2], 2, "2 tests that vote could not be run: "),
        (
            [*results(detectable=0.2), vote(AUC_FALL, 0.65)],
            None,
            "auc_fall.delta on watch, and these cases are too few to show validation.discrimination.auc.out_of_time",
        ),
        ([*results()[1:], vote(AUC_FALL, 0.65)], None, "auc_fall.delta on watch, and validation.disc"),
    ],
)
def test_the_opinion_follows_from_the_verdicts(found, grade, words):
    assert opinion(found)[0] == grade
    assert words in opinion(found)[1]


def test_only_primary_checks_vote():
    supporting = CheckResult("validation.calibration.slope", "slope", 0.1, LIMITS)
    assert opinion([*results(), supporting])[0] == 1


def test_a_score_without_probabilities_is_not_asked_for_its_level():
    ranking = [vote(AUC, 0.8), UNRUN[2]]
    assert opinion(ranking)[0] is None
    assert opinion(ranking, RANKING_CHECKS)[0] == 1


def result(value, limits, name="a.b.c"):
    return CheckResult(name, name, value, limits)
