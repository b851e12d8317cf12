"""A scorecard fitted by Firth's method: the figures of `firth`, in everything a scorecard is."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from riskmodels.core.errors import Misuse
from riskmodels.models import store
from riskmodels.models.binning import Binner
from riskmodels.models.cards import PointsCard, from_json, python_source, to_json
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.firth import firth
from tests.models.cards.made import python_scores


@pytest.fixture(scope="module")
def few():
    """300 obligors, 14 of them bad: late and debt tell, noise doesn't."""
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(300, 4)), columns=["late", "debt", "noise", "age"])
    y = (rng.random(300) < expit(-3.9 + 1.2 * X["late"] + 0.8 * X["debt"])).astype(int)
    return X, y.to_numpy()


@pytest.fixture(scope="module")
def card(few):
    return Scorecard(method="firth").fit(*few)


def test_its_figures_are_those_of_firth_on_the_weights_of_evidence(card, few):
    X, y = few
    drivers = list(card.logit_.drivers)
    woe = card.binner_.transform(X)[:, [list(X).index(d) for d in drivers]]
    fit = firth(woe, y)
    summary = card.summary().set_index("term")
    told = ["estimate", "standard error", "low", "high", "p value"]
    expected = np.column_stack([fit.estimates, np.sqrt(np.diag(fit.covariance)), fit.low, fit.high, fit.p_values])
    assert drivers
    assert summary.loc[drivers, told].to_numpy() == pytest.approx(expected[1:], rel=1e-9)
    assert np.allclose(card.predict_proba(X)[:, 1], fit.probabilities(woe), rtol=1e-9)
    assert summary.loc["intercept", "high"] - summary.loc["intercept", "low"] == pytest.approx(fit.high[0] - fit.low[0])


def test_the_average_probability_is_the_bad_rate(card, few):
    X, y = few
    assert card.predict_proba(X)[:, 1].mean() == pytest.approx(y.mean(), rel=1e-10)


def test_separated_classes_have_finite_coefficients_and_intervals(few):
    X, _y = few
    y = (X["late"] > 1.2).astype(int)
    plain, card = (Scorecard(Binner(min_events=0), method=m).fit(X[["late"]], y) for m in ("likelihood", "firth"))
    assert plain.card()["separated"] is True
    assert card.card()["separated"] is False
    summary = card.summary()
    assert np.isfinite(summary[["estimate", "low", "high"]].to_numpy()).all()
    assert summary["low"].iloc[1] > 0
    assert summary["p value"].iloc[1] < 1e-6


def test_drivers_of_the_wrong_sign_go_and_are_recorded(few):
    X, y = few
    copies = X.assign(**{f"copy{i}": X["late"] + np.random.default_rng(i).normal(0, 0.4, len(X)) for i in range(8)})
    card = Scorecard(Binner(min_events=1), method="firth").fit(copies, y)
    assert (card.summary()["estimate"].iloc[1:] > 0).all()
    wrong = card.dropped().query("reason == 'its coefficient has the wrong sign'")
    assert len(wrong)
    assert set(wrong["feature"]).isdisjoint(card.logit_.drivers)


def test_a_card_without_drivers_says_the_bad_rate_for_all(few):
    X, y = few
    card = Scorecard(method="firth").fit(X[["noise"]].assign(noise=1.0), y)
    assert card.predict_proba(X[["noise"]])[:, 1] == pytest.approx(np.full(len(X), y.mean()))
    assert len(card.summary()) == 1


def test_it_is_stored_and_carried_away_like_any_scorecard(card, few, tmp_path):
    X, _y = few
    loaded = store.load(store.save({"champion": card}, tmp_path / "m"))["champion"]
    assert loaded.get_params(deep=False)["method"] == loaded.card()["method"] == "firth"
    assert np.array_equal(loaded.predict_proba(X), card.predict_proba(X))
    assert loaded.summary().equals(card.summary())
    assert from_json(to_json(card)) == PointsCard.of(card)
    told = python_scores(python_source(card), X)
    assert np.array_equal(told["points"], card.points(X))
    assert np.array_equal(told["log_odds"], card.decision_function(X))


def test_rows_that_repeat_an_obligor_add_nothing(few):
    X, y = few
    thrice, obligor = pd.concat([X] * 3, ignore_index=True), np.tile(np.arange(len(y)), 3)
    plain, robust = (Scorecard(method="firth").fit(thrice, np.tile(y, 3), groups=g).summary() for g in (None, obligor))
    widths = [(s["high"] - s["low"]).to_numpy() for s in (plain, robust)]
    assert (widths[1] > 1.4 * widths[0]).all()


def test_an_unknown_method_is_refused(few):
    with pytest.raises(Misuse, match="method: found 'bayes', expected one of prior, likelihood, firth"):
        Scorecard(method="bayes").fit(*few)
