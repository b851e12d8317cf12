import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

from riskmodels.core.errors import Misuse
from riskmodels.models import store
from riskmodels.models.cards import (
    CardDriver,
    ImportedScorecard,
    PointsCard,
    from_json,
    import_card,
    linked,
    to_json,
)
from riskmodels.models.explain import importance
from riskmodels.models.scorecard.points import Scale
from tests.models.cards.made import rows_for


@pytest.fixture
def model(scorecard):
    return ImportedScorecard(PointsCard.of(scorecard))


@pytest.fixture
def X(model):
    return rows_for(model.points_card, 2000)


def test_the_imported_model_answers_as_the_scorecard_it_came_from(model, scorecard, X):
    whole = X[list(scorecard.feature_names_in_)]
    assert np.array_equal(model.predict_proba(X), scorecard.predict_proba(whole))
    assert np.array_equal(model.predict(X), scorecard.predict(whole))
    assert np.array_equal(model.points(X), scorecard.points(whole))
    assert model.partial_scores(X).equals(scorecard.partial_scores(whole))
    assert importance(model.contributions(X)).equals(importance(scorecard.contributions(whole)))


def test_cross_validation_judges_the_card_unedited(model, X):
    y = np.random.default_rng(0).integers(0, 2, len(X))
    assert len(cross_val_score(model, X, y, scoring="roc_auc", cv=3)) == 3
    assert clone(model).fit(X, y).points_card == model.points_card


def test_the_summary_names_the_range_of_each_driver(model, hostile):
    summary = ImportedScorecard(hostile).summary()
    assert list(summary["driver"]) == hostile.names
    assert list(summary["bins"]) == [7, 4, 2, 2]
    assert summary["points when unseen"].notna().tolist() == [False, True, False, True]
    table = model.points_table()
    assert table.loc[0, "points"] == model.points_card.base
    assert len(table) == 1 + sum(len(d.points) for d in model.points_card.drivers)


def test_a_stored_card_gives_the_same_bits(model, X, tmp_path):
    loaded = store.load(store.save({"champion": model}, tmp_path / "m"))["champion"]
    assert loaded.points_card == model.points_card
    assert np.array_equal(loaded.predict_proba(X), model.predict_proba(X))
    assert loaded.card() == model.card()


def test_a_card_goes_through_json_and_back_without_a_change(hostile, scorecard, tmp_path):
    for card in (
        hostile,
        PointsCard.of(scorecard),
        PointsCard((CardDriver("a", hostile.drivers[2].bins, (1, 2.5, 3)),)),
    ):
        (tmp_path / "card.json").write_text(to_json(card), encoding="utf-8")
        assert from_json(tmp_path / "card.json") == card
        assert from_json(to_json(card)) == card


def test_its_own_json_is_brought_in_like_any_other_card(hostile, tmp_path):
    bare = PointsCard((CardDriver("a", hostile.drivers[2].bins, (1, 2, 3)),), 600)
    (tmp_path / "card.json").write_text(to_json(hostile), encoding="utf-8")
    (tmp_path / "bare.json").write_text(to_json(bare), encoding="utf-8")
    scale = Scale(600, 19, 50)
    assert import_card(tmp_path / "card.json", scale=scale) == hostile
    assert import_card(tmp_path / "bare.json") == bare
    assert import_card(tmp_path / "bare.json", scale=scale) == linked(bare, scale)


def broken(card, change):
    state = json.loads(to_json(card))
    change(state)
    return json.dumps(state)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.update(version=2), "found no 'riskmodels.scorecard' of version 1"),
        (lambda s: s.update(drivers={}), "card: drivers: found {}, expected a list"),
        (lambda s: s["drivers"][0]["bins"][1].update(low=7.0), "expected rising ones that touch"),
        (lambda s: s["drivers"][0]["bins"][1].pop("points"), "points: found None, expected a number"),
        (lambda s: s["drivers"][1].update(unseen=None), "unseen: found None, expected a dict"),
        (lambda s: s["drivers"].append(s["drivers"][0]), "found drivers twice"),
        (lambda s: s["scale"].update(rounding="up"), "rounding: found 'up', expected nearest or rank"),
        (lambda s: s["scale"].update(least_points="0"), "least_points: found '0', expected a number"),
    ],
)
def test_a_document_of_another_layout_is_refused(hostile, change, message):
    with pytest.raises(Exception, match=message) as refused:
        from_json(broken(hostile, change))
    assert refused.value.exit_code == 30


def test_text_that_is_no_json_is_refused():
    with pytest.raises(Exception, match="JSON: found no JSON") as refused:
        from_json("{")
    assert refused.value.exit_code == 30


def test_a_model_needs_a_card():
    with pytest.raises(Misuse, match="found a dict, expected a PointsCard"):
        ImportedScorecard({}).__sklearn_is_fitted__()


def test_a_column_that_is_missing_is_named(model, X):
    with pytest.raises(ValueError, match="age"):
        model.points(X.drop(columns="age"))
    assert isinstance(model.points(X), np.ndarray)
    assert isinstance(model.contributions(X), pd.DataFrame)
