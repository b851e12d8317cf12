"""German credit (UCI Statlog, 1,000 applicants): figures recomputed from the source, bins left-closed, target bad."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from riskmodels.models.binning import Binner, feature
from riskmodels.models.binning.woe import information_value
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.points import Scale

CUTS = {
    "duration": [8, 16, 34, 44],
    "amount": [1400, 1800, 4000, 9200],
    "age": [26, 35, 40],
    "housing": [["A151"], ["A152"], ["A153"]],
    "checking": [["A11", "A12"], ["A13"], ["A14"]],
}


@pytest.fixture(scope="module")
def german(real_data):
    frame = pd.read_csv(real_data("german", "german.data"), sep=" ", header=None)
    names = {1: "duration", 4: "amount", 12: "age", 14: "housing", 0: "checking"}
    return frame[list(names)].rename(columns=names), (frame[20] == 2).astype(int), frame


@pytest.fixture(scope="module")
def card(german):
    X, y, _ = german
    return Scorecard(Binner(cuts=CUTS), method="likelihood").fit(X, y)


# Information values without binning, attributes in the order of the source (0-based column)
@pytest.mark.parametrize(
    ("column", "iv"),
    [
        (0, 0.666012),
        (2, 0.293234),
        (5, 0.196010),
        (3, 0.169195),
        (11, 0.112638),
        (6, 0.086434),
        (14, 0.083293),
        (13, 0.057615),
        (19, 0.043877),
        (9, 0.032019),
        (7, 0.026322),
        (16, 0.008763),
        (18, 0.006378),
    ],
)
def test_information_value_of_a_category(german, column, iv):
    _, y, frame = german
    counts = pd.crosstab(frame[column], y)
    assert information_value(counts[0], counts[1]) == pytest.approx(iv, abs=5e-7)


# WoE = ln(share of bad / share of good) on fixed breaks
@pytest.mark.parametrize(
    ("name", "woe", "iv"),
    [
        ("age", [0.528844, 0.060465, -0.563689, -0.194156], 0.112742),
        ("duration", [-1.312186, -0.346625, 0.108688, 0.524524, 1.134980], 0.282618),
        ("amount", [0.033661, -0.728239, -0.258307, 0.390539, 1.170071], 0.181220),
        ("housing", [0.404445, -0.194156, 0.472604], 0.083293),
        ("checking", [0.614204, -0.405465, -1.176263], 0.639372),
    ],
)
def test_weights_of_evidence_on_fixed_breaks(card, name, woe, iv):
    found = feature(card.binner_, name)
    assert found.woe[: len(woe)] == pytest.approx(woe, abs=5e-7)
    assert found.iv == pytest.approx(iv, abs=5e-7)


# good / bad by bin
def test_counts_on_fixed_breaks(card):
    age = feature(card.binner_, "age")
    assert age.good.tolist() == [110, 246, 123, 221, 0]
    assert age.bad.tolist() == [80, 112, 30, 78, 0]


# An exact search with finer pre-bins must reach at least these (monotone, least bin 5 %)
@pytest.mark.parametrize(
    ("name", "trend", "iv"),
    [("age", "auto", 0.100182), ("duration", "ascending", 0.288977), ("amount", "auto", 0.150695)],
)
def test_optimal_monotone_bins_reach_the_known_information_value(german, name, trend, iv):
    X, y, _ = german
    found = feature(Binner(trends={name: trend}).fit(X[[name]], y), name)
    assert found.iv >= iv - 5e-7
    assert found.trend in ("ascending", "descending")
    assert (found.good + found.bad)[:-1].min() >= 50


# statsmodels Logit on the five WoE columns
def test_logit_on_weights_of_evidence(card):
    table = card.summary().set_index("term")
    terms = ["intercept", "duration", "amount", "age", "housing", "checking"]
    estimates = [-0.843897, 0.723643, 0.652501, 0.809267, 0.567279, 0.929641]
    errors = [0.078430, 0.158774, 0.193553, 0.227747, 0.263204, 0.101561]
    assert table.loc[terms, "estimate"].tolist() == pytest.approx(estimates, abs=1e-6)
    assert table.loc[terms, "standard error"].tolist() == pytest.approx(errors, abs=1e-6)
    assert card.logit_.log_likelihood == pytest.approx(-510.4239492319379, rel=1e-9)


def test_discrimination_of_the_scorecard(card, german):
    X, y, _ = german
    bad = card.predict_proba(X)[:, 1]
    false, true, _ = roc_curve(y, bad)
    assert roc_auc_score(y, bad) == pytest.approx(0.7685761905, rel=1e-9)
    assert np.max(true - false) == pytest.approx(0.4204761905, rel=1e-9)


# 600 points at bad:good odds 1/19, PDO 50
def test_points_of_every_bin(card):
    table = card.points_table()
    assert table.loc[table["driver"] == "base", "points"].tolist() == [448]
    for name, points in {
        "housing": [-17, 8, -19],
        "checking": [-41, 27, 79],
        "duration": [68, 18, -6, -27, -59],
        "age": [-31, -4, 33, 11],
        "amount": [-2, 34, 12, -18, -55],
    }.items():
        assert table.loc[table["driver"] == name, "points"].tolist() == points


def test_scores_of_the_applicants(card, german):
    scores = card.points(german[0])
    assert scores[:10].tolist() == [492, 307, 576, 354, 375, 496, 552, 378, 576, 387]
    assert (scores.sum(), scores.min(), scores.max()) == (464415, 270, 648)


# Siddiqi's example: 600 points at 50:1, PDO 20; and the factor of PDO 50
def test_factor_and_offset():
    scale = Scale(base_score=600, base_odds=50, pdo=20)
    assert scale.factor == pytest.approx(28.85390082, abs=5e-9)
    assert scale.offset == pytest.approx(487.12287620, abs=5e-9)
    assert Scale(600, 19, 50).factor == pytest.approx(72.13475204, abs=5e-9)
