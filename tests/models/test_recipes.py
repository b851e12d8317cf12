"""A purpose trained, kept beside the book, found again and used to score."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from riskmodels.book.endings import invoice_parts
from riskmodels.book.open import open_book
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models import overdue, rating, store
from riskmodels.models.calibration.tendency import long_run, row_weights
from riskmodels.models.cards import ImportedScorecard
from riskmodels.models.cards.card import PointsCard
from riskmodels.models.cards.desk import keep_card
from riskmodels.models.recipes import open_model, score
from riskmodels.models.shelf import find_model, model_name, read_card, train

TRAINED, AS_OF = date(2025, 6, 30), date(2026, 6, 30)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "small.duckdb"
    write(synthesise(12_000, 5, AS_OF), path)
    return path


@pytest.fixture(scope="module")
def rated(book):
    return train("rating", book, TRAINED)


@pytest.fixture(scope="module")
def parties(book):
    return train("overdue-debtor", book, TRAINED)


@pytest.fixture(scope="module")
def timed(book):
    return train("overdue", book, TRAINED)


def test_a_model_stands_beside_its_book_and_is_not_trained_twice(book, rated):
    assert rated.parent == book.parent / "models" / "small"
    before = (rated / store.MANIFEST).stat().st_mtime_ns
    assert train("rating", book, TRAINED) == rated
    assert (rated / store.MANIFEST).stat().st_mtime_ns == before
    assert train("rating", book, TRAINED, seed=1) != rated


def test_the_newest_model_of_a_purpose_is_found(book, rated, timed):
    assert find_model("overdue", book, AS_OF) == timed
    assert find_model("", book, AS_OF) in (rated, timed)
    assert find_model(str(rated), book, AS_OF) == rated
    with pytest.raises(Misuse, match="expected a model's folder or one of rating, overdue, "):
        find_model("ratnig", book, AS_OF)


def test_the_rule_of_overdue_parties_is_part_of_what_names_their_model(book, parties, timed):
    assert train("overdue-debtor", book, TRAINED, dpd=30, months=3) == parties
    other = train("overdue-debtor", book, TRAINED, months=6)
    assert other != parties
    rules = [open_model(folder).recipe.RULE for folder in (parties, other)]
    assert [(rule.dpd, rule.months) for rule in rules] == [(30, 3), (30, 6)]
    assert open_model(other).card["outcome"]["window_months"] == 6
    names = [model_name(read_card(folder)) for folder in (timed, parties, other)]
    assert names == ["overdue", "overdue-debtor, 30 days in 3 months", "overdue-debtor, 30 days in 6 months"]
    assert find_model("overdue", book, AS_OF) == timed
    assert find_model("overdue-debtor", book, AS_OF) == other


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"purpose": "overdue-debtor", "dpd": 45}, "dpd: found 45, expected one of 30, 60, 90"),
        ({"purpose": "overdue-client", "months": 4}, "months: found 4, expected one of 3, 6, 12"),
        ({"purpose": "rating", "dpd": 30}, "--dpd: found it with rating, expected it with overdue-debtor or overdue-"),
        ({"purpose": "overdue", "months": 3}, "--months: found it with overdue, expected it with overdue-debtor or"),
        ({"purpose": "overdue-debtor", "tendency": 0.1}, "--tendency: found it with overdue-debtor, expected it with"),
        ({"purpose": "overdue-depot"}, "train: found 'overdue-depot', expected one of rating, overdue, overdue-debtor"),
    ],
)
def test_a_setting_that_a_purpose_doesn_t_have_is_refused(book, asked, said):
    with pytest.raises(Misuse, match=said):
        train(path=book, as_of=TRAINED, **asked)


def test_a_model_trained_after_the_date_is_not_meant(book, rated):
    assert find_model("", book, date(2025, 6, 29)) is None


def test_a_book_without_a_model_says_how_to_make_one(tmp_path, book):
    assert find_model("", tmp_path / "other.duckdb", AS_OF) is None
    with pytest.raises(Misuse, match="riskmodels train rating"):
        find_model("rating", tmp_path / "other.duckdb", AS_OF)


def test_the_development_sample_is_kept_scored(rated):
    stored = open_model(rated)
    again = stored.recipe.scored(stored.models, stored.development)
    assert again["probability"].tolist() == stored.development["probability"].tolist()


@pytest.mark.parametrize("purpose", ["rated", "timed", "parties"])
def test_the_folder_tells_what_its_models_say_of_whom_and_their_limits(request, purpose):
    card = open_model(request.getfixturevalue(purpose)).card
    assert {"what", "outcome", "population", "segments", "limits", "book_sha256", "code_sha256"} <= set(card)
    assert card["population"][-1]["left"] == card["rows" if purpose == "timed" else "mature"]


def test_scoring_gives_a_row_for_each_subject(book, rated, timed, parties):
    debtors = score("rating", book, AS_OF)
    owing = score(str(parties), book, AS_OF)
    assert owing.columns.tolist() == [
        "debtor_id",
        "as_of",
        "probability",
        "challenger",
        "grade",
        "points",
        "dpd",
        "months",
    ]
    assert set(owing["debtor_id"]) < set(debtors["debtor_id"])
    invoices = score("overdue", book, AS_OF)
    assert debtors["debtor_id"].is_unique
    assert debtors["probability"].between(0, 1).all()
    assert invoices["invoice_id"].is_unique
    told = ["probability", "challenger", "grade", *overdue.ANSWERS, *overdue.ON]
    assert invoices.columns.tolist() == ["invoice_id", "as_of", *told]
    assert invoices["probability"].between(0, 1).all()
    still_open = open_book(book).as_of(AS_OF)
    settled = set(overdue.sample(still_open, date(2022, 1, 1), None, AS_OF).query("settled")["invoice_id"])
    assert not settled & set(invoices["invoice_id"])


def test_an_open_invoice_past_its_due_date_is_surely_late(book, timed):
    stored = open_model(timed)
    sample = overdue.scoring_sample(open_book(book), AS_OF)
    scored = stored.recipe.scored(stored.models, sample)
    past = scored[scored["age_days"] > scored["terms_days"]]
    assert len(past) > 0
    assert (past["probability"] > 1 - 1e-9).all()
    for k in (30, 60, 90):
        later = scored[scored["age_days"] - scored["terms_days"] > k]
        assert (later[f"over_{k}"] > 1 - 1e-9).all()
    assert (scored["over_90"].fillna(0) <= scored["over_30"].fillna(1) + 1e-12).all()


def test_an_open_invoice_is_expected_on_a_day_to_come(book, timed):
    stored = open_model(timed)
    sample = overdue.scoring_sample(open_book(book), AS_OF)
    scored = stored.recipe.scored(stored.models, sample)
    told = scored[scored["expected_on"].notna()]
    assert len(told) > 0
    assert (told["expected_on"] > pd.Timestamp(AS_OF)).all()
    assert (told["expected_on"] - told["issued_on"]).dt.days.to_numpy() == pytest.approx(np.ceil(told["expected_days"]))


def test_rating_cohorts_never_begin_before_the_training_date(book):
    sample = rating.validation_sample(open_book(book), TRAINED, AS_OF)
    assert (sample["as_of"].dt.date >= TRAINED).all()
    assert sample["outcome"].notna().all()
    young = rating.validation_sample(open_book(book), date(2025, 12, 31), AS_OF)
    assert young["outcome"].isna().all()


def test_training_windows_are_over_at_the_training_date(book):
    sample = rating.training_sample(open_book(book), TRAINED)
    assert (sample["as_of"] <= "2024-06-30").all()
    assert sample["outcome"].notna().all()


def test_too_little_to_learn_from_is_refused_with_the_numbers(book):
    with pytest.raises(DataRefused, match="a rating needs 15 months before the training date 2022-09-30"):
        train("rating", book, date(2022, 9, 30))
    with pytest.raises(DataRefused, match=r"overdue: found \d+ late of \d+ invoices with an outcome"):
        train("overdue", book, date(2022, 10, 5))


def test_terms_never_seen_are_not_scored(book, timed):
    stored = open_model(timed)
    sample = overdue.validation_sample(open_book(book), TRAINED, AS_OF).head(50)
    longer = sample.assign(terms_days=[400, *sample["terms_days"][1:]])
    scored = stored.recipe.scored(stored.models, longer)
    assert scored["probability"].isna().tolist() == [True] + [False] * 49
    assert scored["grade"].isna().iloc[0]


def test_a_book_that_cannot_give_a_driver_is_refused_by_name(book, timed):
    stored = open_model(timed)
    sample = overdue.validation_sample(open_book(book), TRAINED, AS_OF)
    driver = stored.drivers[0]
    with pytest.raises(DataRefused, match=f"the book can't give {driver}, which the model was trained on"):
        stored.recipe.scored(stored.models, sample.drop(columns=driver))


def test_an_unknown_purpose_lists_those_there_are(book):
    with pytest.raises(Misuse, match="found 'raiting', expected one of rating, overdue"):
        train("raiting", book, TRAINED)


def test_years_of_origin_are_counted_back_from_the_newest_quarter_and_are_full():
    ends = pd.Series(pd.date_range("2022-12-31", periods=11, freq="QE"))
    assert rating.years_of_origin(ends).tolist() == [1] * 7 + [0] * 4
    assert rating.years_of_origin(ends.sample(frac=1, random_state=0)).sum() == 7
    assert rating.years_of_origin(ends.head(7)).tolist() == [0] * 7


def test_pds_are_anchored_on_the_long_run_mean_and_the_card_says_how(rated):
    stored = open_model(rated)
    told, known = stored.card["level"], stored.development
    seen = long_run(known["outcome"], known["period"])
    assert told["found"] == "long-run mean of the yearly default rates"
    assert told["central_tendency"] == pytest.approx(seen.rate, rel=1e-12)
    assert told["sample_rate"] == pytest.approx(known["outcome"].mean())
    weight = row_weights(seen, known["period"])
    assert np.average(known["probability"], weights=weight) == pytest.approx(seen.rate, abs=1e-12)
    own = stored.models["champion"].predict_proba(known[stored.models["champion"].feature_names_in_])[:, 1]
    assert np.average(own, weights=weight) == pytest.approx(told["mean_before"])
    assert np.allclose(logit(known["probability"]) - logit(own), told["shift"], rtol=0, atol=1e-9)


def test_a_stated_tendency_moves_every_pd_and_its_grade(book, rated):
    stated = open_model(train("rating", book, TRAINED, tendency=0.2))
    told, default = stored_level(stated), open_model(rated)
    assert told == ("stated", 0.2, pytest.approx(0.2))
    assert (stated.development["probability"] > default.development["probability"]).all()
    assert (stated.development["grade"].astype(int) >= default.development["grade"].astype(int)).all()
    assert stated.development["challenger"].equals(default.development["challenger"])


def stored_level(stored):
    told = stored.card["level"]
    return told["found"], told["central_tendency"], told["mean_after"]


@pytest.mark.parametrize("tendency", [0, 1, -0.1, float("nan")])
def test_a_tendency_is_a_rate(book, tendency):
    with pytest.raises(Misuse, match=r"--tendency: found .*, expected a rate strictly between 0 and 1"):
        train("rating", book, TRAINED, tendency=tendency)


def test_only_a_rating_takes_a_tendency(book):
    with pytest.raises(Misuse, match="--tendency: found it with overdue, expected it with rating"):
        train("overdue", book, TRAINED, tendency=0.1)


def test_a_card_from_elsewhere_is_calibrated_and_not_edited(book, rated, tmp_path):
    card = PointsCard.of(open_model(rated).models["champion"])
    stored = open_model(train("rating", book, TRAINED, card=keep_card(card, tmp_path / "card")))
    assert isinstance(stored.models["champion"], ImportedScorecard)
    assert PointsCard.of(stored.models["champion"]) == card
    mine = open_model(rated).development
    assert np.allclose(stored.development["probability"], mine["probability"], rtol=1e-12)
    assert stored.card["level"]["found"] == "long-run mean of the yearly default rates"


def test_a_rating_without_a_calibration_is_to_be_trained_again(rated):
    stored = open_model(rated)
    models = {name: model for name, model in stored.models.items() if name != "calibration"}
    with pytest.raises(DataRefused, match=r"rating: found .* without a calibration"):
        stored.recipe.scored(models, stored.development)


def test_nothing_is_trained_or_scored_long_after_the_book_has_ended(book, timed, parties):
    late = date(2027, 6, 30)
    for model in (timed, parties):
        with pytest.raises(DataRefused, match=r"found nothing known from .* to 2027-06-30, expected a book that tells"):
            score(str(model), book, late)
    with pytest.raises(DataRefused, match="found nothing known from"):
        train("overdue", book, late)


def test_an_invoice_closed_by_a_write_off_is_not_scored(book):
    told = open_book(book)
    lost = told.as_of(AS_OF).sql("SELECT DISTINCT invoice_id FROM write_offs JOIN invoices USING (invoice_id)")[
        "invoice_id"
    ]
    ended = invoice_parts(told, AS_OF).groupby("invoice_id")["share"].sum()
    closed = {name for name in lost if ended.get(name, 0.0) >= 1 - 1e-9}
    assert closed
    assert not closed & set(overdue.scoring_sample(told, AS_OF)["invoice_id"])


def test_a_sample_that_the_model_can_tell_nothing_of_is_scored_without_a_day(book, timed):
    stored = open_model(timed)
    sample = overdue.scoring_sample(open_book(book), AS_OF)
    old = sample[sample["age_days"] > sample["terms_days"] + stored.models["champion"].grid_[-1]]
    assert len(old)
    found = stored.recipe.scored(stored.models, old)
    assert (found["probability"] == 1).all()
    assert found["expected_days"].isna().all()
