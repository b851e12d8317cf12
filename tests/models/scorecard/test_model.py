import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.binning import Binner
from riskmodels.models.scorecard import Scorecard


@pytest.fixture(scope="module")
def card(applicants):
    return Scorecard().fit(*applicants)


def test_a_driver_with_the_wrong_sign_is_dropped_and_recorded(applicants):
    X, y = applicants
    rng = np.random.default_rng(0)
    # a noisy copy: alone it tells, beside the original its coefficient turns
    copies = {f"copy{i}": X["late_share"].fillna(0.3) + rng.normal(0, 0.3, len(X)) for i in range(12)}
    card = Scorecard(method="likelihood").fit(X.assign(**copies), y)
    assert len(card.dropped())
    assert (card.summary()["estimate"].iloc[1:] > 0).all()
    assert set(card.dropped()["feature"]).isdisjoint(card.logit_.drivers)
    assert (card.dropped()["coefficient"] <= 0).all()


def test_a_constant_column_is_left_out_with_its_reason(applicants):
    X, y = applicants
    dropped = Scorecard().fit(X.assign(same=1.0), y).dropped()
    assert dropped.loc[dropped["feature"] == "same", "reason"].tolist() == ["it has one bin only"]


def test_points_and_probabilities_rank_rows_alike(card, applicants):
    X, _ = applicants
    odds = np.exp(-card.decision_function(X))
    unrounded = card.base_score + card.pdo * np.log2(odds / card.base_odds)
    assert np.abs(card.points(X) - unrounded).max() <= 0.5 * (1 + len(card.logit_.drivers))


def test_points_are_whole_numbers_that_the_table_adds_up_to(card, applicants):
    X, _ = applicants
    table = card.points_table()
    best, worst = (table.groupby("driver")["points"].agg(kind).sum() for kind in ("max", "min"))
    assert card.points(X).dtype.kind == "i"
    assert worst <= card.points(X).min() <= card.points(X).max() <= best


def test_contributions_add_up_to_the_log_odds(card, applicants):
    X, _ = applicants
    assert np.allclose(card.contributions(X).sum(axis=1), card.decision_function(X), rtol=0, atol=1e-12)


def test_errors_by_obligor_equal_those_of_statsmodels(applicants):
    X, y = applicants
    groups = np.arange(len(y)) // 3
    card = Scorecard(method="likelihood").fit(X, y, groups=groups)
    woe = sm.add_constant(card.binner_.transform(X[list(card.logit_.drivers)].reindex(columns=X.columns)))
    peer = sm.Logit(y, woe).fit(disp=0, cov_type="cluster", cov_kwds={"groups": groups})
    assert card.summary()["standard error"].to_numpy() == pytest.approx(np.asarray(peer.bse), rel=1e-3)
    assert card.card()["clusters"] == 500


def test_rows_of_one_obligor_don_t_count_as_many(applicants):
    X, y = applicants
    thrice, groups = pd.concat([X] * 3, ignore_index=True), np.tile(np.arange(len(y)), 3)
    plain, robust = (Scorecard().fit(thrice, np.tile(y, 3), groups=g).summary() for g in (None, groups))
    assert (robust["standard error"] > 1.4 * plain["standard error"]).all()


def test_weights_count_rows_as_often_as_they_say(applicants):
    X, y = applicants
    twice = Scorecard().fit(pd.concat([X, X]), np.concatenate([y, y]))
    weighted = Scorecard().fit(X, y, sample_weight=np.full(len(y), 2.0))
    assert np.allclose(weighted.predict_proba(X), twice.predict_proba(X), rtol=1e-9)


def test_weighted_clusters_have_the_errors_of_repeated_rows(applicants):
    X, y = applicants[0].round({"late_share": 2, "age": 0}), applicants[1]  # so that both see the same pre-bins
    groups, weight = np.arange(len(y)) // 3, np.arange(len(y)) % 3 + 1
    weighted = Scorecard().fit(X, y, sample_weight=weight, groups=groups)
    repeated = Scorecard().fit(X.loc[X.index.repeat(weight)], y.repeat(weight), groups=groups.repeat(weight))
    errors = [card.summary()["standard error"].to_numpy() for card in (weighted, repeated)]
    assert errors[0] == pytest.approx(errors[1], rel=2e-3)  # the small-sample factor counts rows


def test_a_step_that_some_years_turn_round_is_no_step_of_the_card():
    X, y, year = turning(4000)
    held = Scorecard(Binner(min_steady=0.75)).fit(X, y, cohorts=year)
    assert held.logit_.drivers == ("steady",)
    assert Scorecard().fit(X, y).logit_.drivers == ("turning", "steady")
    with pytest.raises(Misuse, match=r"min_steady: found 0\.75 without cohorts, expected `cohorts`, one per row"):
        Scorecard(Binner(min_steady=0.75)).fit(X, y)


def turning(n):
    """A driver whose order turns round in every second year, a steady one, and each row's year."""
    rng = np.random.default_rng(2)
    X, year = pd.DataFrame(rng.integers(0, 2, (n, 2)), columns=["turning", "steady"]), rng.integers(0, 4, n)
    odds = np.where(year % 2 == 0, 2.0, -1.0) * X["turning"] + X["steady"] - 2
    return X, (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int), year


def test_rows_of_no_weight_have_no_cohort_either():
    X, y, year = turning(3000)
    used = np.arange(3000) % 3 > 0
    binner = Binner(min_steady=0.75)
    by_weight = Scorecard(binner).fit(X, y, used.astype(float), cohorts=year)
    by_rows = Scorecard(binner).fit(X[used], y[used], cohorts=year[used])
    assert by_weight.binner_.to_state()["features"] == by_rows.binner_.to_state()["features"]


def test_a_cohort_is_named_for_every_row():
    X, y, year = turning(300)
    with pytest.raises(DataRefused, match="cohorts: found 299, expected 300, one per row of X"):
        Scorecard().fit(X, y, cohorts=year[1:])


def test_columns_twice_are_refused(applicants):
    X, y = applicants
    with pytest.raises(DataRefused, match=r"X: found columns twice: \['age'\]"):
        Scorecard().fit(pd.concat([X, X[["age"]]], axis=1), y)


def test_the_average_probability_is_the_bad_rate(card, applicants):
    X, y = applicants
    assert card.predict_proba(X)[:, 1].mean() == pytest.approx(y.mean(), rel=1e-8)


def test_it_works_in_a_pipeline_and_a_grid(german):
    X, y = german
    assert cross_val_score(make_pipeline(Scorecard()), X, y, cv=5, scoring="roc_auc").mean() > 0.77
    grid = GridSearchCV(Scorecard(Binner()), {"binner__max_bins": [3, 6]}, cv=2).fit(X[["a1", "a12"]], y)
    assert grid.best_params_["binner__max_bins"] in (3, 6)


def test_separated_classes_are_said_to_be(applicants):
    X, _ = applicants
    young = (X["age"] < 10).astype(int)
    card = Scorecard(method="likelihood").fit(X[["age"]], young)
    assert card.card()["separated"] is True
    held = Scorecard().fit(X[["age"]], young)
    assert held.card()["separated"] is False
    assert 0 < held.logit_.estimates[1] < 3


def test_a_column_given_twice_is_taken_once_and_said_to_be(applicants, card):
    X, y = applicants
    twice = Scorecard().fit(X.assign(again=X["late_share"]), y)
    assert twice.dropped().set_index("feature")["reason"]["again"] == "the drivers before it say the same"
    assert twice.logit_.estimates.tolist() == pytest.approx(card.logit_.estimates.tolist(), rel=1e-12)


def test_the_prior_draws_coefficients_to_nothing_new_and_fades_with_cases(applicants):
    X, y = applicants
    plain, drawn = (Scorecard(method=p).fit(X, y).summary()["estimate"] for p in ("likelihood", "prior"))
    assert (drawn[1:] < plain[1:]).all()
    many = [Scorecard(method=p).fit(X, y, np.full(len(y), 50)).summary()["estimate"] for p in ("likelihood", "prior")]
    assert (np.abs(many[0] - many[1]) < np.abs(plain - drawn) / 20).all()


def test_the_unit_of_weights_that_are_no_counts_changes_nothing(applicants):
    X, y = applicants
    balance = np.random.default_rng(0).lognormal(12, 0.5, len(y))
    in_yuan, in_shares = (Scorecard().fit(X, y, w) for w in (balance, balance / balance.sum()))
    assert in_shares.summary().equals(in_shares.summary())
    pd.testing.assert_frame_equal(in_yuan.summary(), in_shares.summary(), rtol=1e-9)
    assert in_yuan.card()["weight"] == pytest.approx(balance.sum() ** 2 / (balance**2).sum())
    assert (in_yuan.summary()["standard error"] > Scorecard().fit(X, y).summary()["standard error"]).all()


def test_words_of_which_good_would_be_the_bad_ones_are_refused(applicants):
    X, y = applicants
    with pytest.raises(
        DataRefused, match=r"y: found .*'bad', 'good'.*, of which the last would be bad; expected 0 and 1"
    ):
        Scorecard().fit(X, np.where(y == 1, "bad", "good"))


def test_one_class_is_refused(applicants):
    X, _ = applicants
    with pytest.raises(DataRefused, match="found 1 class among rows with weight, expected two"):
        Scorecard().fit(X, np.zeros(len(X)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sector": 391.0}, "sector: found numbers, expected text as in the sample"),
        ({"age": "old"}, "age: found text, expected numbers as in the sample"),
        ({"age": np.inf}, "age: found 2 infinite values"),
    ],
)
def test_a_column_of_another_kind_than_in_training_is_refused(card, applicants, change, words):
    with pytest.raises(DataRefused, match=words):
        card.predict_proba(applicants[0].head(2).assign(**change))


def test_a_column_with_nothing_in_it_is_missing_whatever_its_kind(card, applicants):
    rows = applicants[0].head(2)
    empty, missing = rows.assign(age=None, sector=np.nan), rows.assign(age=np.nan, sector=None)
    assert np.array_equal(card.predict_proba(empty), card.predict_proba(missing))


def test_dates_are_refused(applicants):
    X, y = applicants
    with pytest.raises(DataRefused, match="due_on: found dates, expected numbers or text"):
        Scorecard().fit(X.assign(due_on=pd.Timestamp("2026-01-01")), y)
