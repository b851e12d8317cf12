"""Reject inference on planted truth: harmless where acceptance hung on what is recorded, blind where it did not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.metrics import log_loss, roc_auc_score

from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.reject import fuzzy, parcelling

SEEDS = range(4)
N = 4000


@dataclass
class Applicants:
    """Everybody who applied, with the outcome each would have had, and who was accepted."""

    X: pd.DataFrame
    y: np.ndarray
    accepted: np.ndarray

    @property
    def parts(self):
        return self.X[self.accepted], self.y[self.accepted], self.X[~self.accepted]


def applicants(seed: int, hidden: float) -> Applicants:
    """`hidden`: how much of acceptance, and of going bad, hangs on something no column records."""
    rng = np.random.default_rng(seed)
    x, secret = rng.normal(size=(N, 2)), rng.normal(size=N)
    y = (rng.random(N) < expit(-2.2 + x @ [0.9, 0.6] + hidden * secret)).astype(int)
    judged = x @ [0.9, 0.6] + rng.normal(0, 0.6, N) + 2 * hidden * secret
    return Applicants(pd.DataFrame(x, columns=["a", "b"]), y, judged < np.quantile(judged, 0.65))


def refitted(infer, people: Applicants, **options):
    X, y, rejects = people.parts
    known = Scorecard().fit(X, y)
    found = infer(X, y, rejects, known, **options)
    return known, Scorecard().fit(found.X, found.y, sample_weight=found.weight, groups=found.groups)


@pytest.mark.parametrize("infer", [fuzzy, parcelling])
def test_it_does_no_harm_where_acceptance_hung_on_recorded_columns(infer):
    gains = []
    for seed in SEEDS:
        people = applicants(seed, hidden=0.0)
        before, after = (m.predict_proba(people.X)[:, 1] for m in refitted(infer, people))
        auc = roc_auc_score(people.y, after) - roc_auc_score(people.y, before)
        gains.append((auc, log_loss(people.y, before) - log_loss(people.y, after)))
    auc, loss = np.mean(gains, axis=0)
    assert auc > -0.002
    assert loss > -0.001


def test_without_the_true_multiple_a_hidden_reason_leaves_rejects_too_good():
    ratios = []
    for seed in SEEDS:
        people = applicants(seed, hidden=1.0)
        _known, after = refitted(fuzzy, people, multiple=1.0)
        rejects, truth = people.parts[2], people.y[~people.accepted]
        ratios.append(after.predict_proba(rejects)[:, 1].mean() / truth.mean())
    assert np.mean(ratios) < 0.75


def test_the_level_of_rejects_is_the_multiple_s_and_only_that_can_mend_it():
    errors = []
    for seed in SEEDS:
        people = applicants(seed, hidden=1.0)
        X, y, rejects = people.parts
        said, truth = Scorecard().fit(X, y).predict_proba(rejects)[:, 1].mean(), people.y[~people.accepted].mean()
        _known, after = refitted(fuzzy, people, multiple=float(truth / said))
        errors.append(logit(after.predict_proba(people.X)[:, 1].mean()) - logit(people.y.mean()))
    assert np.abs(np.mean(errors)) < 0.1
