import numpy as np
import pandas as pd
import pytest
import shap
from sklearn.model_selection import cross_val_score

from riskmodels.core.errors import Misuse
from riskmodels.models.boosting import Booster
from riskmodels.models.rounds import inner_holdout

SIGNS = {"late_share": 1, "age": -1}


@pytest.fixture(scope="module")
def booster(applicants):
    return Booster(signs=SIGNS).fit(*applicants)


def test_risk_never_runs_against_an_expected_sign(booster, applicants):
    X, _ = applicants
    for name, sign in SIGNS.items():
        levels = np.linspace(X[name].min(), X[name].max(), 60)
        rows = X.iloc[np.repeat(np.arange(20), 60)].assign(**{name: np.tile(levels, 20)})
        curves = booster.decision_function(rows).reshape(20, 60)
        assert (sign * np.diff(curves, axis=1) >= 0).all()


def test_signs_may_be_a_list(booster, applicants):
    X, y = applicants
    listed = Booster(signs=[1, -1, 0]).fit(X, y)
    assert np.array_equal(listed.predict_proba(X), booster.predict_proba(X))


def test_two_fits_give_the_same_bits(booster, applicants):
    X, y = applicants
    assert Booster(signs=SIGNS).fit(X, y).trees_.model_to_string() == booster.trees_.model_to_string()


def test_contributions_add_up_to_the_log_odds(booster, applicants):
    X, _ = applicants
    assert np.allclose(booster.contributions(X).sum(axis=1), booster.decision_function(X), rtol=0, atol=1e-10)


def test_contributions_equal_shap_s(german):
    X, y = german
    numbers = X[["a1", "a4", "a12"]].astype(float)
    model = Booster().fit(numbers, y)
    peer = shap.TreeExplainer(model.trees_).shap_values(numbers)
    assert np.allclose(model.contributions(numbers).to_numpy()[:, :-1], peer, rtol=0, atol=1e-12)


def test_an_unseen_category_is_scored_as_a_missing_one(booster, applicants):
    rows = applicants[0].head(5)
    unseen, missing = rows.assign(sector="space"), rows.assign(sector=None)
    assert np.array_equal(booster.predict_proba(unseen), booster.predict_proba(missing))


def test_the_summary_lists_every_column_with_its_sign(booster):
    table = booster.summary().set_index("feature")
    assert table["sign"].to_dict() == {**SIGNS, "sector": 0}
    assert table["gain share"].sum() == pytest.approx(1)


def test_it_beats_the_scorecard_where_drivers_interact(german):
    X, y = german
    assert cross_val_score(Booster(), X, y, cv=5, scoring="roc_auc").mean() > 0.76


def test_no_obligor_stands_on_both_sides_of_the_inner_split():
    y, groups = np.tile([0, 1], 100), np.repeat(np.arange(40), 5)
    held = inner_holdout(y, groups, 0.2, seed=0)
    assert held.any()
    assert set(groups[held]).isdisjoint(groups[~held])


def test_dated_rows_are_held_out_from_the_end():
    days = pd.date_range("2026-01-01", periods=100).repeat(2).to_numpy()
    held = inner_holdout(np.tile([0, 1], 100), days, 0.2, seed=0)
    assert days[held].min() > days[~held].max()
    assert held.mean() == pytest.approx(0.2)


def test_a_sample_too_small_to_hold_out_takes_the_stated_rounds():
    rng = np.random.default_rng(0)
    X, y = pd.DataFrame({"x": rng.normal(size=60)}), np.arange(60) % 6 == 0
    assert Booster(rounds=30).fit(X, y).card()["trees"] == 30


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        ({"z": 1}, r"signs: found no columns \['z'\]"),
        ([1], "signs: found 1, expected 3"),
        ({"sector": 1}, "signs: found a sign for .*expected one for numbers only"),
    ],
)
def test_a_mistake_in_the_signs_is_said_in_one_line(applicants, signs, words):
    with pytest.raises(Misuse, match=words):
        Booster(signs=signs).fit(*applicants)
