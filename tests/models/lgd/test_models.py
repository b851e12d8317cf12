import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit

from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError
from riskmodels.models.lgd import BoostedLGD, FractionalLGD, TwoStageLGD
from riskmodels.models.lgd.quasi import fit_quasi, independent, sandwich

KINDS = (FractionalLGD, BoostedLGD, TwoStageLGD)
SIGNS = {"cover": -1, "age": 1}


@pytest.fixture(scope="module")
def numbers():
    rng = np.random.default_rng(3)
    design = rng.normal(size=(300, 2))
    share = rng.beta(*(3 * np.array([expit(design @ [0.8, -0.5]), 1 - expit(design @ [0.8, -0.5])])))
    return design, share, rng.uniform(0.2, 3, 300), rng.integers(0, 40, 300)


def test_the_fractional_logit_and_its_errors_are_those_of_statsmodels(numbers):
    design, share, _, groups = numbers
    model = sm.GLM(share, sm.add_constant(design), family=sm.families.Binomial())
    ours = fit_quasi(design, share, np.ones(300), groups)
    peer = model.fit(tol=1e-12, cov_type="cluster", cov_kwds={"groups": groups})
    assert ours.estimates == pytest.approx(peer.params, rel=1e-8)
    assert np.allclose(ours.covariance, peer.cov_params(), rtol=1e-6, atol=0)
    lone = fit_quasi(design, share, np.ones(300))
    robust = model.fit(tol=1e-12, cov_type="HC0").cov_params()
    assert np.allclose(lone.covariance, robust * 300 / 297, rtol=1e-6, atol=0)


def test_errors_of_an_obligor_seen_twice_are_those_of_one_row_of_double_weight(numbers):
    design, share, weight, _ = numbers
    p = expit(design @ [0.8, -0.5])
    rows, codes = np.column_stack([np.ones(300), design]), np.arange(300)
    once = sandwich(rows, share, 2 * weight, p, codes)
    twice = sandwich(*(np.repeat(a, 2, axis=0) for a in (rows, share, weight, p, codes)))
    # but for the correction by the number of rows
    assert np.allclose(once / (299 / 297), twice / (599 / 597), rtol=1e-9)


def test_a_larger_unit_of_weight_changes_nothing(losses):
    X, y, obligor = losses
    weight = np.random.default_rng(0).uniform(1, 5, len(y))
    one, other = (FractionalLGD().fit(X, y, weight * unit, obligor) for unit in (1, 1e6))
    assert np.allclose(one.predict(X), other.predict(X), rtol=1e-9)
    assert np.allclose(one.fit_.covariance, other.fit_.covariance, rtol=1e-6)


def test_a_column_that_others_give_is_left_out_and_said():
    rng = np.random.default_rng(1)
    design = rng.normal(size=(50, 2))
    assert independent(np.column_stack([design, design.sum(axis=1), np.ones(50), design[:, 0]])) == [0, 1]
    X = pd.DataFrame({"a": design[:, 0], "b": design[:, 0], "c": 1.0})
    assert FractionalLGD().fit(X, rng.random(50)).card()["left_out"] == ["b", "c"]


@pytest.mark.parametrize("kind", KINDS)
def test_predictions_are_shares_and_follow_the_loss(kind, losses):
    X, y, obligor = losses
    predicted = kind().fit(X, y, groups=obligor).predict(X)
    assert ((predicted >= 0) & (predicted <= 1)).all()
    assert predicted.mean() == pytest.approx(y.mean(), abs=0.01)
    assert np.corrcoef(predicted, y)[0, 1] > 0.3


@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_model_gives_the_same_bits(kind, losses):
    X, y, obligor = losses
    model = kind().fit(X, y, groups=obligor)
    again = kind.from_state(json.loads(json.dumps(model.to_state(), allow_nan=False)))
    assert np.array_equal(again.predict(X), model.predict(X))
    assert again.card() == model.card()
    pd.testing.assert_frame_equal(again.summary(), model.summary())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("target", "weight", "words"),
    [
        ([0.1, 0.5, 1.2, 0.3], None, r"y: found 1 values outside \[0, 1\] \(0.1 to 1.2\), expected shares"),
        ([-0.1, 0.5, 0.2, 0.3], None, r"y: found 1 values outside \[0, 1\]"),
        ([0.1, np.nan, 0.2, 0.3], None, "NaN"),
        ([0.1, 0.5, 0.2, 0.3], [1, -1, 1, 1], "[Nn]egative"),
        ([0.1, 0.5, 0.2, 0.3], [1, 0, 0, 0], "y: found 1 sample with weight"),
    ],
)
def test_a_bad_target_or_weight_is_refused_in_one_line(kind, target, weight, words):
    with pytest.raises(SampleError, match=words):
        kind().fit(pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0]}), target, weight)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_one_loss_in_all_rows_is_what_the_model_says_without_a_claim_to_precision(kind, share, losses):
    X, y, _ = losses
    model = kind().fit(X, np.full(len(y), share))
    assert model.predict(X) == pytest.approx(share, abs=1e-6)
    assert model.sample_["mean"] == pytest.approx(share)
    if kind is not BoostedLGD:
        assert model.summary()["standard error"].isna().all()


@pytest.mark.parametrize("kind", KINDS)
def test_an_infinite_feature_and_a_lone_obligor_are_refused(kind, losses):
    X, y, _ = losses
    with pytest.raises(SampleError, match="cover: found 1 infinite values"):
        kind().fit(X.assign(cover=[np.inf, *X["cover"][1:]]), y)
    with pytest.raises(SampleError, match="groups: found one obligor"):
        kind().fit(X, y, groups=np.zeros(len(y)))


@pytest.mark.parametrize("kind", KINDS)
def test_losses_above_the_exposure_are_drawn_in_only_when_asked(kind, losses):
    X, y, _ = losses
    above = np.where(y == 1, 1.2, y)
    with pytest.raises(SampleError, match="outside='clip' draws them in"):
        kind().fit(X, above)
    assert np.array_equal(kind(outside="clip").fit(X, above).predict(X), kind().fit(X, y).predict(X))
    with pytest.raises(Misuse, match="outside: found 'drop', expected one of refuse, clip"):
        kind(outside="drop").fit(X, y)


@pytest.mark.parametrize("kind", KINDS)
def test_five_rows_are_fitted_without_a_claim_to_precision(kind):
    X = pd.DataFrame(np.random.default_rng(0).normal(size=(5, 6)))
    model = kind(outside="clip").fit(X.rename(columns=str), [0.1, 0.9, 0.4, 0.6, 0.0])
    table = model.summary()
    if kind is not BoostedLGD:
        assert table["standard error"].isna().all()


@pytest.mark.parametrize("kind", KINDS)
def test_an_unseen_category_is_scored_as_a_missing_one(kind, losses):
    X, y, _ = losses
    model, rows = kind().fit(X, y), X.head(5)
    assert np.array_equal(model.predict(rows.assign(sector="space")), model.predict(rows.assign(sector=None)))


def test_an_unseen_category_is_the_average_one_not_the_last_of_the_alphabet(losses):
    X, y, _ = losses
    model = FractionalLGD().fit(X[["sector"]], y)
    known = expit(model.fit_.log_odds(model.design_.transform(X[["sector"]])))
    log_odds = np.log(known / (1 - known)).mean()
    assert model.predict(pd.DataFrame({"sector": ["space"]})) == pytest.approx(expit(log_odds))
    gaps = X[["sector"]].mask(pd.Series(np.arange(len(X)) % 3 == 0), axis=0)
    told = FractionalLGD().fit(gaps, np.where(gaps["sector"].isna(), 0.9 * y + 0.1, y))
    missing, unseen = told.predict(pd.DataFrame({"sector": [None, "space"]}, dtype="str"))
    assert missing > unseen


@pytest.mark.parametrize("kind", [FractionalLGD, TwoStageLGD])
def test_ten_thousand_categories_are_refused_in_one_line(kind):
    X = pd.DataFrame({"name": [f"n{i}" for i in range(10_000)]})
    with pytest.raises(SampleError, match="name: found 10000 categories, expected 100 or fewer"):
        kind(outside="clip").fit(X, np.linspace(0, 1, 10_000))


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_of_nothing_and_a_doubled_one_change_no_prediction(kind, losses):
    X, y, _ = losses
    more = X.assign(nothing=np.nan, again=X["age"])
    assert np.allclose(kind().fit(more, y).predict(more), kind().fit(X, y).predict(X), rtol=1e-6)


def test_the_interval_holds_the_expected_share(losses):
    X, y, obligor = losses
    model = FractionalLGD().fit(X, y, groups=obligor)
    bounds = model.interval(X)
    assert ((bounds["low"] < model.predict(X)) & (model.predict(X) < bounds["high"])).all()
    assert (model.interval(X, 0.5)["high"] < bounds["high"]).all()


def test_the_mean_change_is_what_a_step_of_a_driver_does(losses):
    X, y, _ = losses
    model = FractionalLGD().fit(X, y)
    row = model.summary().set_index("term").loc["age"]
    step = 0.01 * X["age"].std(ddof=0)
    inner = X[X["age"].between(1, 9)]
    change = (model.predict(inner.assign(age=inner["age"] + step)) - model.predict(inner)).mean() / 0.01
    assert change == pytest.approx(row["change of the share"], rel=0.05)


def test_a_boosted_loss_never_runs_against_an_expected_sign(losses):
    X, y, _ = losses
    model = BoostedLGD(signs=SIGNS).fit(X, y)
    for name, sign in SIGNS.items():
        levels = np.linspace(X[name].min(), X[name].max(), 40)
        rows = X.iloc[np.repeat(np.arange(20), 40)].assign(**{name: np.tile(levels, 20)})
        assert (sign * np.diff(model.predict(rows).reshape(20, 40), axis=1) >= 0).all()


def test_boosting_gives_the_same_bits_on_any_number_of_threads(losses):
    X, y, obligor = losses
    models = [BoostedLGD(threads=n).fit(X, y, groups=obligor) for n in (1, 1, 2)]
    texts = [m.trees_.model_to_string().split("parameters:")[0] for m in models]
    assert texts[0] == texts[1] == texts[2]


def test_contributions_add_up_to_the_log_odds(losses):
    X, y, _ = losses
    model = BoostedLGD().fit(X, y)
    assert np.allclose(expit(model.contributions(X).sum(axis=1)), model.predict(X), rtol=0, atol=1e-10)


def test_the_stages_make_up_the_expected_loss(losses):
    X, y, _ = losses
    model = TwoStageLGD().fit(X, y)
    parts = model.parts(X)
    assert parts["no_loss"].mean() == pytest.approx((y == 0).mean(), abs=1e-6)
    whole = (1 - parts["no_loss"]) * parts["whole_loss"]
    between = (1 - parts["no_loss"]) * (1 - parts["whole_loss"]) * parts["between"]
    assert np.allclose(whole + between, model.predict(X), rtol=0, atol=1e-12)


def test_without_whole_losses_that_stage_is_nothing_and_says_so(losses):
    X, y, _ = losses
    model = TwoStageLGD().fit(X, np.minimum(y, 0.9))
    assert (model.parts(X)["whole_loss"] == 0).all()
    assert model.card()["stages"]["whole loss, if any"]["constant"]
    assert model.predict(X).mean() == pytest.approx(np.minimum(y, 0.9).mean(), abs=0.01)


def test_losses_at_the_ends_only_need_no_severity(losses):
    X, y, _ = losses
    ends = (y > 0.5).astype(float)
    model = TwoStageLGD().fit(X, ends)
    assert model.predict(X).mean() == pytest.approx(ends.mean(), abs=1e-6)


def test_ends_out_of_order_are_refused(losses):
    X, y, _ = losses
    with pytest.raises(Misuse, match=r"zero_at=0.5, full_at=0.2: expected 0 <= zero_at < full_at <= 1"):
        TwoStageLGD(zero_at=0.5, full_at=0.2).fit(X, y)
