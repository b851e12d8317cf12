import numpy as np
import pandas as pd
import pytest
import shap
from sklearn.model_selection import cross_val_score

from riskmodels.core.errors import Misuse
from riskmodels.models.boosting import PRESETS, Booster
from riskmodels.models.boosting.choice import inner_folds
from riskmodels.models.inputs import SampleError
from riskmodels.models.rounds import inner_holdout
from riskmodels.validation.discrimination import auc

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


def test_the_number_of_threads_does_not_change_a_bit():
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(5000, 4)), columns=list("abcd")).assign(e=rng.choice(list("xyz"), 5000))
    y = (rng.random(5000) < 1 / (1 + np.exp(2 - X["a"] - X["b"] * X["c"]))).astype(int)
    weight = rng.uniform(0.5, 2, 5000)
    one, two, four = (
        Booster({"a": 1}, "large", max_rounds=12, threads=n).fit(X, y, sample_weight=weight) for n in (1, 2, 4)
    )
    for many in (two, four):
        assert many.card() == one.card()
        assert np.array_equal(many.decision_function(X), one.decision_function(X))
        assert many.contributions(X).equals(one.contributions(X))


def test_the_preset_with_the_least_inner_loss_is_taken(booster):
    table = booster.sizes()
    assert table["preset"].tolist() == list(PRESETS)
    assert table.loc[table["taken"], "log loss"].tolist() == [table["log loss"].min()]
    assert booster.card()["preset"] == table.loc[table["taken"], "preset"].item()
    assert booster.card()["inner_losses"] == dict(zip(table["preset"], table["log loss"]))
    assert booster.card()["trees"] == table.loc[table["taken"], "rounds"].item()


def test_the_choice_follows_what_the_world_is_made_of():
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(2500, 6)), columns=list("abcdef"))
    losses = {}
    for world, log_odds in {"plain": X.sum(axis=1) / 2, "mixed": 2 * X["a"] * X["b"]}.items():
        y = (rng.random(2500) < 1 / (1 + np.exp(-log_odds))).astype(int)
        losses[world] = Booster(max_rounds=300).fit(X, y).card()["inner_losses"]
    assert losses["plain"]["additive"] < losses["plain"]["medium"] < losses["plain"]["deep"]
    assert losses["mixed"]["additive"] > losses["mixed"]["small"] > losses["mixed"]["medium"]


def test_a_preset_can_be_named(applicants):
    model = Booster(preset="medium").fit(*applicants)
    assert model.sizes()["preset"].tolist() == ["medium"]
    assert model.trees_.params["num_leaves"] == PRESETS["medium"].leaves


def test_a_preset_can_be_the_user_s_own(applicants):
    model = Booster(preset={"num_leaves": 3, "learning_rate": 0.2}).fit(*applicants)
    assert model.card()["preset"] == "own"
    assert Booster.from_state(model.to_state()).sizes().equals(model.sizes())


def test_an_unknown_preset_is_refused(applicants):
    with pytest.raises(Misuse, match="preset: found 'huge', expected one of auto, additive, small"):
        Booster(preset="huge").fit(*applicants)


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


def test_it_ranks_applicants_it_has_not_seen(german):
    X, y = german
    assert cross_val_score(Booster(max_rounds=200), X, y, cv=5, scoring="roc_auc").mean() > 0.78


MONTH_ENDS = pd.date_range("2024-01-31", periods=36, freq="ME").to_numpy().astype("datetime64[D]")


def test_inner_folds_hold_whole_obligors():
    y, groups = np.tile([0, 1], 100), np.repeat(np.arange(40), 5)
    folds, reason = inner_folds(y, groups, None, gap=0, seed=0)
    assert (len(folds), reason) == (3, "")
    assert all(set(groups[learn]).isdisjoint(groups[test]) for learn, test in folds)


def test_inner_folds_of_dates_go_forward_and_keep_the_gap():
    days = MONTH_ENDS.repeat(20)
    folds, _reason = inner_folds(np.tile([0, 1], 360), None, days, gap=6, seed=0)
    assert len(folds) == 3
    assert all(days[learn].max() <= days[test].min() - np.timedelta64(181, "D") for learn, test in folds)


def test_given_dates_and_obligors_inner_folds_keep_both_apart():
    days, who = MONTH_ENDS.repeat(40), np.tile(np.arange(40), 36)
    folds, _reason = inner_folds((who % 2).astype(float), who, days, gap=6, seed=0)
    assert len(folds) == 3
    for learn, test in folds:
        assert days[learn].max() <= days[test].min() - np.timedelta64(181, "D")
        assert set(who[learn]).isdisjoint(who[test])
    assert set(who[np.concatenate([test for _learn, test in folds])]) == set(who)


def test_few_bads_are_not_enough_to_choose_on():
    too_few = "a side of an inner fold would hold 9 bads or goods, expected 10 or more"
    assert inner_folds(np.arange(300) < 29, None, None, gap=0, seed=0) == ([], too_few)
    assert len(inner_folds(np.arange(300) < 30, None, None, gap=0, seed=0)[0]) == 3
    assert inner_folds(np.arange(300) < 2, None, None, gap=0, seed=0)[1].startswith("a side of an inner fold would")


def test_a_gap_longer_than_the_history_is_said_not_passed_over(caplog):
    rng = np.random.default_rng(2)
    days = MONTH_ENDS[:12].repeat(50)
    X = pd.DataFrame({"x": rng.normal(size=600)})
    y = (rng.random(600) < 1 / (1 + np.exp(1 - X["x"]))).astype(int)
    model = Booster(gap=24, rounds=20).fit(X, y, dates=days)
    reason = "12 dates from 2024-01-31 to 2024-12-31 give fewer than 3 folds forward in time with a gap of 24 months"
    assert model.card()["no_choice"] == reason
    assert caplog.messages == [f"booster: {reason}; 20 rounds of preset additive are taken"]
    assert Booster.from_state(model.to_state()).card() == model.card()
    caplog.clear()
    assert Booster(gap=2, preset="small").fit(X, y, dates=days).card()["no_choice"] == ""
    assert not caplog.messages


def test_dates_follow_their_rows_when_rows_without_weight_are_left_out():
    rng = np.random.default_rng(2)
    days = MONTH_ENDS.repeat(30)
    X = pd.DataFrame({"x": rng.normal(size=len(days))})
    y = (rng.random(len(days)) < 1 / (1 + np.exp(1 - X["x"]))).astype(int)
    weight = rng.integers(0, 2, len(days)).astype(float)
    kept = weight > 0
    one = Booster(preset="small", gap=3).fit(X, y, sample_weight=weight, dates=days)
    two = Booster(preset="small", gap=3).fit(X[kept], y[kept], dates=days[kept])
    assert one.sizes().equals(two.sizes())


def test_dates_are_no_obligors(applicants):
    X, y = applicants
    days = np.full(len(y), np.datetime64("2025-12-31"))
    with pytest.raises(Misuse, match="groups: found dates, expected the obligor of each row; dates are given as `dat"):
        Booster().fit(X, y, groups=days)
    with pytest.raises(SampleError, match="origins: found values of kind int64, expected the date of each row"):
        Booster().fit(X, y, dates=np.arange(len(y)))


def test_an_obligor_s_rows_do_not_leak_into_the_choice():
    rng = np.random.default_rng(6)
    who = np.repeat(np.arange(120), 10)
    X = pd.DataFrame({"mark": rng.normal(size=120)[who], "x": rng.normal(size=1200)})
    y = (rng.random(120) < 0.4).astype(int)[who]
    blind, told = (Booster(preset="deep").fit(X, y, groups=groups).sizes()["log loss"].item() for groups in (None, who))
    assert blind < 0.3  # row by row, an obligor's mark gives its outcome away
    assert told > 0.6


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
    y = np.arange(200) % 10 == 0
    X = pd.DataFrame({"x": y + rng.normal(size=200)})
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


BAD = {
    "one class": (lambda X, y: (X, np.zeros(len(y)), None), "y: found 1 class|classes|one label"),
    "three classes": (lambda X, y: (X, np.arange(len(y)) % 3, None), "Only binary classification is supported"),
    "a target of shares": (lambda X, y: (X, y / 3 + 0.1 * (np.arange(len(y)) % 7), None), "Unknown label type"),
    "infinite values": (lambda X, y: (X.assign(age=np.inf), y, None), "age: found 1500 infinite values"),
    "negative weights": (lambda X, y: (X, y, -np.ones(len(y))), "[Nn]egative"),
    "a column twice": (lambda X, y: (X[["age", "age"]], y, None), r"X: found columns twice: \['age'\]"),
    "dates": (lambda X, y: (X.assign(age=pd.Timestamp("2026-01-01")), y, None), "age: found dates"),
}


@pytest.mark.parametrize("case", list(BAD))
def test_bad_input_is_refused_in_one_line(applicants, case):
    make, words = BAD[case]
    X, y, weight = make(*applicants)
    with pytest.raises(ValueError, match=words) as refusal:
        Booster().fit(X, y, sample_weight=weight)
    assert "\n" not in str(refusal.value)


def test_an_obligor_without_a_name_is_refused(applicants):
    groups = np.where(np.arange(1500) < 3, None, "a")
    with pytest.raises(SampleError, match="groups: found 3 rows without an obligor"):
        Booster().fit(*applicants, groups=groups)


@pytest.mark.parametrize("values", [np.nan, None, 7.0, "one"])
def test_a_column_that_tells_nothing_gets_no_weight(applicants, values):
    X, y = applicants
    empty = pd.Series(values, index=X.index, dtype="str" if values is None else None)
    model = Booster(preset="small", max_rounds=50).fit(X.assign(empty=empty), y)
    assert model.summary().set_index("feature").loc["empty", "gain share"] == 0
    assert (model.contributions(X.assign(empty=empty))["empty"] == 0).all()


def test_only_constant_columns_give_the_bad_rate(applicants):
    _, y = applicants
    flat = pd.DataFrame({"a": np.ones(len(y)), "b": np.nan})
    told = Booster().fit(flat, y).predict_proba(flat)[:, 1]
    assert told == pytest.approx(y.mean(), rel=1e-6)


def test_copies_of_a_column_share_its_weight_and_change_little(applicants):
    X, y = applicants
    one, two = (Booster(preset="small").fit(frame, y) for frame in (X, X.assign(again=X["late_share"])))
    far = np.abs(one.predict_proba(X)[:, 1] - two.predict_proba(X.assign(again=X["late_share"]))[:, 1])
    assert far.mean() < 0.02


def test_ten_thousand_random_categories_do_not_drown_the_signal():
    rng = np.random.default_rng(8)
    X = pd.DataFrame({"x": rng.normal(size=20_000)})
    y = (rng.random(20_000) < 1 / (1 + np.exp(2 - X["x"]))).astype(int)
    coded = X.assign(code=rng.integers(0, 10_000, 20_000).astype(str))
    with_codes, without = (
        auc(y[10_000:], Booster(preset="medium").fit(f[:10_000], y[:10_000]).predict_proba(f[10_000:])[:, 1])
        for f in (coded, X)
    )
    assert with_codes > without - 0.01


def test_nine_bads_take_the_smallest_preset_and_stay_near_the_bad_rate():
    rng = np.random.default_rng(9)
    X = pd.DataFrame(rng.normal(size=(300, 3)), columns=list("abc"))
    y = (np.arange(300) < 9).astype(int)
    model = Booster().fit(X, y)
    assert model.card()["preset"] == "additive"
    assert model.sizes().empty
    assert model.card()["inner_losses"] == {}
    assert model.predict_proba(X)[:, 1].max() < 0.35
