"""Models of overdue debtors and clients on a synthetic book: better than chance later, refused on too little."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from riskmodels.book.open import open_book
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.errors import DataRefused
from riskmodels.models.overdue_parties import party_sample, rule_of, train

AS_OF = date(2026, 6, 30)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("parties") / "small.duckdb"
    write(synthesise(3_000, 5, AS_OF), path)
    return open_book(path)


@pytest.fixture(scope="module")
def debtors(book):
    return party_sample(book, "debtor_id", AS_OF, rule_of(30, 3))


@pytest.fixture(scope="module")
def model(debtors):
    return train(debtors)


def test_windows_that_aren_t_over_are_counted_not_used(debtors):
    assert debtors.frame["outcome"].isin([0.0, 1.0]).all()
    assert debtors.frame["as_of"].max() <= np.datetime64("2026-03-31")
    left_out = debtors.left_out.iloc[1, 1]
    assert left_out > 0
    assert debtors.left_out.iloc[1, 3] == len(debtors.frame)


def test_both_models_rank_later_origins(model):
    assert model.no_folds == ""
    assert set(model.folds["model"]) == {"scorecard", "booster"}
    assert (model.folds.groupby("fold")["first"].nunique() == 1).all()
    assert model.folds["auc"].mean() > 0.6


def test_errors_are_clustered_by_party(model):
    assert model.scorecard.card()["clusters"] is not None


def test_scored_rows_have_both_answers(model, debtors):
    told = model.scored(debtors.frame)
    assert told[["probability", "challenger"]].to_numpy().min() >= 0
    assert roc_auc_score(told["outcome"], told["probability"]) > 0.6


def test_too_few_overdue_are_refused(debtors):
    frame = debtors.frame
    few = frame[frame["outcome"] == 0].head(50)
    with pytest.raises(
        DataRefused, match="overdue debtors: found 0 overdue of 50 with an outcome, expected at least 20"
    ):
        train(replace(debtors, frame=few))


def test_folds_that_can_t_be_made_give_the_reason(debtors):
    found = train(replace(debtors, frame=debtors.frame.assign(as_of=debtors.frame["as_of"].max())))
    assert found.folds.empty
    assert "origins: found 1" in found.no_folds
