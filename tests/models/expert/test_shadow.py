"""The shadow rating on external grades."""

import json

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import logit

from riskmodels.core.errors import Misuse
from riskmodels.models.expert import ShadowRating, rank_agreement
from riskmodels.models.expert.example import SCALE
from riskmodels.models.inputs import SampleError


@pytest.fixture(scope="module")
def graded(book):
    known = np.array([grade is not None for grade in book.external])
    return book.frame[known], book.external[known].astype(str)


@pytest.fixture(scope="module")
def shadow(graded):
    return ShadowRating(SCALE).fit(*graded)


def test_the_line_is_least_squares_on_the_log_odds_of_the_grades(shadow, graded):
    X, grades = graded
    z = (X - X.mean()) / X.std(ddof=0)
    peer = sm.OLS(logit([SCALE[g] for g in grades]), sm.add_constant(z.clip(-3, 3))).fit()
    assert shadow.theta_ == pytest.approx(np.asarray(peer.params), abs=1e-8)
    assert shadow.summary()["standard error"].to_numpy() == pytest.approx(np.asarray(peer.bse), rel=1e-6)


def test_errors_are_robust_to_clusters_of_obligors(graded):
    X, grades = graded
    groups = np.arange(len(grades)) // 2
    found = ShadowRating(SCALE).fit(X, grades, groups=groups)
    z = ((X - X.mean()) / X.std(ddof=0)).clip(-3, 3)
    peer = sm.OLS(logit([SCALE[g] for g in grades]), sm.add_constant(z))
    peer = peer.fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert found.summary()["standard error"].to_numpy() == pytest.approx(np.asarray(peer.bse), rel=1e-6)
    assert found.card()["clusters"] == 60


def test_the_mean_internal_pd_is_that_of_the_external_grades(shadow, graded):
    X, grades = graded
    assert shadow.internal_pd(X).mean() == pytest.approx(np.mean([SCALE[g] for g in grades]), rel=1e-9)


def test_it_ranks_as_the_agency_does_and_as_the_truth(shadow, graded, book):
    X, grades = graded
    found = rank_agreement(shadow.places(grades), shadow.places(shadow.predict(X)), draws=200)
    assert found.somers_d.low > 0.3
    assert found.within_one.value > 0.6
    unrated = book.frame.iloc[len(X) :]
    assert np.corrcoef(logit(shadow.internal_pd(unrated)), logit(book.true_pd[len(X) :]))[0, 1] > 0.8


def test_the_grade_given_is_the_likeliest_and_the_nearest(shadow, book):
    line = shadow.decision_line(book.frame)
    nearest = np.abs(line[:, None] - logit(np.array(list(SCALE.values())))).argmin(axis=1)
    assert shadow.predict(book.frame).tolist() == np.array(list(SCALE))[nearest].tolist()
    assert shadow.predict_proba(book.frame).sum(axis=1) == pytest.approx(np.ones(300))


def test_grades_without_rates_have_no_pd(graded, book):
    X, grades = graded
    places = np.array([list(SCALE).index(g) for g in grades])
    shadow = ShadowRating().fit(X, places)
    assert set(shadow.predict(book.frame)) <= set(places)
    with pytest.raises(Misuse, match="scale: found no default rates of grades, expected one per grade"):
        shadow.internal_pd(book.frame)


def test_a_rating_comes_back_from_json(shadow, graded, book):
    for rating in (shadow, ShadowRating().fit(graded[0], np.array([list(SCALE).index(g) for g in graded[1]]))):
        again = ShadowRating.from_state(json.loads(json.dumps(rating.to_state())))
        assert np.array_equal(again.predict(book.frame), rating.predict(book.frame))
        assert np.array_equal(again.decision_line(book.frame), rating.decision_line(book.frame))
        assert again.card() == rating.card()


def test_an_empty_column_is_typical(graded, book):
    X, grades = graded
    shadow = ShadowRating(SCALE).fit(X.assign(leverage=np.nan), grades)
    assert np.isfinite(shadow.internal_pd(book.frame.assign(leverage=np.nan))).all()


@pytest.mark.parametrize(
    ("scale", "change", "error", "words"),
    [
        (SCALE, {0: "D"}, SampleError, r"y: found grades \['D'\] that the scale doesn't have"),
        ({**SCALE, "A": 0.0}, {}, Misuse, "scale: found default rates .* strictly between 0 and 1"),
        ({**SCALE, "A": 0.01}, {}, Misuse, "scale: found default rates .* expected different ones"),
        (SCALE, dict.fromkeys(range(120), "A"), SampleError, "y: found 1 class of grades"),
    ],
)
def test_grades_that_make_no_sense_are_refused(graded, scale, change, error, words):
    X, grades = graded
    grades = np.array([change.get(i, grade) for i, grade in enumerate(grades)])
    with pytest.raises(error, match=words):
        ShadowRating(scale).fit(X, grades)


def test_an_unknown_grade_has_no_place(shadow):
    with pytest.raises(SampleError, match=r"grades: found \['D'\], expected some of"):
        shadow.places(["A", "D"])
