"""Models of overdue debtors and clients on a synthetic book: better than chance later, refused on too little."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from riskmodels.core.errors import DataRefused
from riskmodels.models.model_card import model_card
from riskmodels.models.overdue_parties import parties_at
from tests.models.overdue_parties.conftest import AS_OF


@pytest.fixture(scope="module")
def models(recipe, debtors):
    return recipe.train(debtors, 0)[0]


@pytest.fixture(scope="module")
def card(book, recipe, debtors):
    return model_card(recipe, book, AS_OF, debtors)


def test_windows_that_aren_t_over_are_counted_not_used(book, recipe, debtors, card):
    assert debtors["outcome"].isin([0.0, 1.0]).all()
    assert debtors["as_of"].max() == np.datetime64("2026-03-31")
    steps = pd.DataFrame(card["population"])
    assert (steps["left"].diff().iloc[1:] == -steps["left_out"].iloc[1:]).all()
    assert steps["left"].iloc[-1] == len(debtors)
    young = steps.set_index("step").loc["window of 3 months not over, or beyond the book's end", "left_out"]
    assert young == len(parties_at(book, recipe.ID, [AS_OF], AS_OF, recipe.RULE)) > 0


def test_the_card_tells_the_rule_and_whom_it_is_not_for(debtors, card):
    assert card["what"] == "The probability that a debtor that is not overdue today becomes so within 3 months."
    assert card["outcome"]["definition"].startswith("on a day within 3 months, 5% or more of all a debtor owes")
    assert (card["outcome"]["dpd"], card["outcome"]["share"], card["outcome"]["window_months"]) == (30, 0.05, 3)
    assert card["limits"][0].startswith("Only for debtors that owe something in CNY and are not overdue")
    assert f"{debtors['outcome'].mean():.1%} overdue: it is not anchored" in card["limits"][2]


def test_both_models_rank_later_origins(recipe, debtors):
    tried = recipe.trial(debtors, 0)
    assert set(tried["model"]) == {"scorecard", "booster"}
    assert (tried.groupby("fold")["first"].nunique() == 1).all()
    assert tried["auc"].mean() > 0.6


def test_errors_are_clustered_by_party(models):
    assert models["champion"].card()["clusters"] is not None


def test_scored_rows_have_both_answers_and_a_grade(recipe, models, debtors):
    told = recipe.scored(models, debtors)
    assert told[["probability", "challenger"]].to_numpy().min() >= 0
    assert roc_auc_score(told["outcome"], told["probability"]) > 0.6
    assert (told["grade"].cat.codes == np.searchsorted(recipe.SCALE.bounds, told["probability"], "right")).all()


def test_too_few_overdue_are_refused(recipe, debtors):
    few = debtors[debtors["outcome"] == 0].head(50)
    with pytest.raises(
        DataRefused, match="overdue debtors: found 0 overdue of 50 with an outcome, expected at least 20"
    ):
        recipe.train(few, 0)


def test_folds_that_can_t_be_made_give_the_reason(recipe, debtors):
    with pytest.raises(DataRefused, match="origins: found 1"):
        recipe.trial(debtors.assign(as_of=debtors["as_of"].max()), 0)
