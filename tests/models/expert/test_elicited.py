"""The expert scorecard, with and without data."""

import json

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.expert import Bins, Driver, ExpertScorecard, Levels, Standard, without_outcomes
from riskmodels.models.expert.example import DRIVERS, ORDER
from riskmodels.models.inputs import SampleError

SAID = (
    Driver("late_share", 1, Bins((0.1, 0.4), (-1.0, 0.0, 2.0), missing=1.0), 0.6),
    Driver("sector", 1, Levels({"trade": 0.0, "mining": 1.0}), 0.3),
    Driver("age", -1, Standard(10.0, 5.0), 0.1),
)
ANCHORS = ((0.0, 0.02), (1.0, 0.08))


@pytest.fixture
def rows():
    return pd.DataFrame(
        {
            "late_share": [0.0, 0.2, 0.9, np.nan],
            "sector": ["trade", "mining", "space", None],
            "age": [20, 10, 0, np.nan],
        }
    )


def test_it_scores_without_any_data(rows):
    card = without_outcomes(ExpertScorecard(SAID, anchors=ANCHORS))
    assert card.index(rows) == pytest.approx([-0.6 - 0.2, 0.3, 1.2 + 0.15 + 0.2, 0.6])


def test_the_anchors_have_their_pds():
    card = without_outcomes(ExpertScorecard((Driver("x", 1, Standard(0.0, 1.0), 1.0),), anchors=ANCHORS))
    assert card.predict_proba(pd.DataFrame({"x": [0.0, 1.0]}))[:, 1] == pytest.approx([0.02, 0.08])


def test_a_central_tendency_is_the_mean_pd_of_the_portfolio_and_keeps_the_slope(book):
    plain = without_outcomes(ExpertScorecard(DRIVERS, ORDER, ANCHORS))
    card = without_outcomes(ExpertScorecard(DRIVERS, ORDER, ANCHORS, central_tendency=0.03), book.frame)
    assert card.predict_proba(book.frame)[:, 1].mean() == pytest.approx(0.03)
    assert card.slope_ == plain.slope_


def test_a_central_tendency_alone_is_enough_for_pds(book):
    card = without_outcomes(ExpertScorecard(DRIVERS, ORDER, central_tendency=0.04), book.frame)
    assert card.predict_proba(book.frame)[:, 1].mean() == pytest.approx(0.04)


def test_the_slope_of_an_expected_auc_gives_that_auc():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"x": rng.standard_normal(200_000)})
    said = ExpertScorecard((Driver("x", 1, Standard(0.0, 1.0), 1.0),), central_tendency=0.01, expected_auc=0.8)
    pds = without_outcomes(said, X).predict_proba(X)[:, 1]
    order = np.argsort(X["x"].to_numpy())
    bad, good = pds[order], 1 - pds[order]
    assert (bad * (np.cumsum(good) - good / 2)).sum() / (bad.sum() * good.sum()) == pytest.approx(0.8, abs=0.005)


def test_without_anchors_there_is_an_index_and_no_pd(rows):
    card = without_outcomes(ExpertScorecard(SAID))
    assert np.isfinite(card.index(rows)).all()
    with pytest.raises(Misuse, match="anchors: found none, expected two"):
        card.predict_proba(rows)


def test_outcomes_give_level_and_slope_when_experts_did_not(book):
    card = ExpertScorecard(DRIVERS, ORDER).fit(book.frame, book.outcome)
    assert card.predict_proba(book.frame)[:, 1].mean() == pytest.approx(12 / 300)
    assert card.summary()["weight"].tolist() == pytest.approx([0.5208, 0.2708, 0.1458, 0.0625], abs=5e-5)


def test_outcomes_that_contradict_the_index_are_refused(book):
    turned = tuple(Driver(d.name, -d.sign, d.form) for d in DRIVERS)
    with pytest.raises(DataRefused, match="y: found bads with a lower risk index than goods, expected a higher one"):
        ExpertScorecard(turned).fit(book.frame, book.outcome)


def test_a_driver_with_nothing_in_it_says_nothing(book):
    card = without_outcomes(ExpertScorecard(DRIVERS, ORDER, ANCHORS))
    empty, typical = book.frame.assign(leverage=np.nan), book.frame.assign(leverage=0.60)
    assert np.array_equal(card.predict_proba(empty), card.predict_proba(typical))


def test_a_card_comes_back_from_json(book, rows):
    fitted = ExpertScorecard(DRIVERS, ORDER).fit(book.frame, book.outcome)
    said = without_outcomes(ExpertScorecard(SAID, anchors=ANCHORS))
    for card, X in ((fitted, book.frame), (said, rows)):
        again = ExpertScorecard.from_state(json.loads(json.dumps(card.to_state())))
        assert np.array_equal(again.predict_proba(X), card.predict_proba(X))
        assert again.card() == card.card()
        assert again.get_params().keys() == card.get_params().keys()


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (ExpertScorecard(), "drivers: found none, expected at least one when there is no sample"),
        (ExpertScorecard((Driver("x"),)), "x: found no form, expected Standard, Bins or Levels"),
        (ExpertScorecard((Driver("x", None, Standard(0, 1)),)), "x: found no sign, expected 1 or -1"),
        (ExpertScorecard((SAID[0], SAID[0])), "drivers: found .* expected each column once"),
        (ExpertScorecard(SAID, anchors=((0, 0.08), (1, 0.02))), "anchors: found .* higher at the higher index"),
        (ExpertScorecard(SAID, anchors=((0, 0.0), (1, 0.02))), r"anchors: found .* PD in \(0, 1\)"),
        (ExpertScorecard(SAID, anchors=((0, 0.1),)), r"anchors: found .* expected two \(index, PD\)"),
        (ExpertScorecard(SAID, central_tendency=0.1), "central_tendency: found no portfolio"),
    ],
)
def test_what_can_t_be_scored_is_refused_in_one_line(card, words):
    with pytest.raises(Misuse, match=words):
        without_outcomes(card)


def test_a_missing_column_is_named(book):
    with pytest.raises(SampleError, match=r"X: missing columns \['leverage'\]"):
        ExpertScorecard(DRIVERS).fit(book.frame.drop(columns="leverage"), book.outcome)
