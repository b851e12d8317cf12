"""Odd input that is no mistake, every model against every kind: what each then does is stated here."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.binning import Binner, MeanBinner, feature
from riskmodels.models.cards import ImportedScorecard, PointsCard
from riskmodels.models.scorecard import Scorecard
from tests.models.asked_alike import BAD, FITTED, PREDICTING, REGRESSORS, N, X, answer, fitted, refused, usual


@pytest.fixture(scope="module")
def imported():
    return ImportedScorecard(PointsCard.of(Scorecard().fit(X, BAD)))


@pytest.mark.parametrize("name", REGRESSORS)
def test_a_target_of_one_value_is_what_the_model_says(name):
    assert answer(fitted(name, y=np.full(N, 0.4)), X) == pytest.approx(0.4)


@pytest.mark.parametrize("value", [np.nan, 1.0], ids=["missing", "constant"])
@pytest.mark.parametrize("name", [n for n in PREDICTING if n not in ("ExpertScorecard", "HybridScorecard")])
def test_a_column_that_is_missing_or_constant_says_nothing(name, value):
    dull = X.assign(late=value)
    with_it, without = (answer(fitted(name, frame=f), f) for f in (dull, dull.drop(columns="late")))
    if name in ("Binner", "MeanBinner"):
        assert np.ptp(with_it[:, 0]) == 0
    elif "Boost" in name:
        # columns are drawn by lot for each tree, so that one column more changes the draw
        assert np.corrcoef(with_it, without)[0, 1] > 0.8
    else:
        assert with_it == pytest.approx(without, abs=1e-6)


def test_a_column_that_is_missing_or_constant_is_not_selected():
    for value in (np.nan, 1.0):
        assert "late" not in fitted("select", frame=X.assign(late=value)).taken
    refused("found none of 2 to model with", "select", frame=pd.DataFrame({"a": [1.0] * N, "b": [np.nan] * N}))


@pytest.mark.parametrize("name", ["ExpertScorecard", "HybridScorecard"])
def test_a_driver_experts_named_counts_as_typical_where_it_is_missing(name):
    model = usual(name)
    typical = answer(model, X.assign(late=0.0))
    assert answer(model, X.assign(late=np.nan)) == pytest.approx(typical)


@pytest.mark.parametrize("name", ["Binner", "Scorecard", "FractionalLGD", "TwoStageLGD", "ExpertScorecard"])
def test_a_category_never_seen_is_never_better_than_the_average_one(name):
    model = usual(name)
    said = [answer(model, X.assign(sector=s)) for s in ("shipping", "trade", "mining", "retail")]
    shipping, *known = [part[:, -1] if part.ndim == 2 else part for part in said]
    shares = X["sector"].value_counts()[["trade", "mining", "retail"]]
    # averages are of log-odds, a little below those of probabilities
    assert (shipping >= np.average(known, axis=0, weights=shares) - 0.02).all()


def test_a_category_never_seen_is_a_missing_one_to_trees():
    for name in ("Booster", "BoostedLGD"):
        model = usual(name)
        assert np.array_equal(answer(model, X.assign(sector="shipping")), answer(model, X.assign(sector=None)))


def test_a_category_never_seen_gets_the_worst_or_the_average_points_of_an_imported_card(imported):
    driver = next(d for d in imported.points_card.drivers if d.name == "sector")
    assert driver.points[-1] <= max(driver.points)
    assert (imported.partial_scores(X.assign(sector="shipping"))["sector"] == driver.points[-1]).all()


def many_levels():
    rng = np.random.default_rng(1)
    n = 12_000
    late = rng.normal(size=n)
    y = (rng.random(n) < 1 / (1 + np.exp(1.8 - late))).astype(int)
    return pd.DataFrame({"late": late, "name": [f"s{i}" for i in rng.integers(0, 10_000, n)]}), y


@pytest.mark.parametrize("name", ["Binner", "MeanBinner", "Scorecard", "select"])
def test_ten_thousand_levels_without_a_meaning_are_taken_together(name):
    frame, y = many_levels()
    model = FITTED[name]().fit(frame, y)
    if name == "select":
        assert model.taken == ("late",)
    else:
        binner = getattr(model, "binner_", model)
        assert len(feature(binner, "name").bins) == 1


@pytest.mark.parametrize("name", ["FractionalLGD", "TwoStageLGD"])
def test_ten_thousand_levels_are_refused_by_the_logits(name):
    frame, y = many_levels()
    with pytest.raises(DataRefused, match=r"name: found \d+ categories, expected 100 or fewer"):
        FITTED[name]().fit(frame, y)


def test_ten_thousand_levels_don_t_lead_trees_astray():
    frame, y = many_levels()
    seen, new = np.arange(8_000), np.arange(8_000, len(y))
    both, alone = (
        answer(FITTED["Booster"]().fit(frame.iloc[seen][c], y[seen]), frame.iloc[new][c])
        for c in (["late", "name"], ["late"])
    )
    assert np.corrcoef(both, alone)[0, 1] > 0.97


NINE = np.where(np.cumsum(BAD) <= 9, BAD, 0)


def test_nine_bads_leave_one_bin_and_no_weight_of_evidence():
    assert all(len(f.bins) == 1 and np.abs(f.woe).max() == 0 for f in fitted("Binner", y=NINE).features_)
    assert fitted("Scorecard", y=NINE).predict_proba(X)[:, 1] == pytest.approx(9 / N)
    refused("found none of 3 to model with .3 with too little information", "select", y=NINE)


def test_nine_bads_that_are_binned_on_demand_have_modest_weights_and_wide_intervals():
    binner = Binner(min_expected=1).fit(X, NINE)
    assert max(np.abs(f.woe).max() for f in binner.features_) < 4
    late = feature(binner, "late").table().query("n > 0")
    assert len(late) > 1
    assert (late["WoE high"] - late["WoE low"] > 1).all()


def test_nine_bads_give_the_smallest_trees_and_no_certainty():
    p = answer(fitted("Booster", y=NINE), X)
    assert 0.0005 < p.min() < p.max() < 0.3


@pytest.mark.parametrize("name", ["ExpertScorecard", "HybridScorecard"])
def test_nine_bads_keep_the_level_of_cards_of_experts(name):
    assert answer(fitted(name, y=NINE), X).mean() == pytest.approx(9 / N, rel=0.35)


def test_two_columns_of_equal_values_leave_a_scorecard_as_it_was():
    twice = X.assign(again=X["late"])
    both = fitted("Scorecard", frame=twice)
    assert both.dropped()["feature"].tolist()[:1] == ["again"]
    assert answer(both, twice) == pytest.approx(answer(usual("Scorecard"), X), abs=1e-6)
    assert "again" not in fitted("select", frame=twice).taken


@pytest.mark.parametrize("name", ["FractionalLGD", "TwoStageLGD"])
def test_two_columns_of_equal_values_leave_a_loss_model_as_it_was(name):
    twice = X.assign(again=X["late"])
    assert answer(fitted(name, frame=twice), twice) == pytest.approx(answer(usual(name), X), abs=1e-6)


@pytest.mark.parametrize("make", [Binner, MeanBinner], ids=["Binner", "MeanBinner"])
def test_a_special_code_inside_the_range_has_a_bin_of_its_own(make):
    coded = X.assign(late=np.where(X.index % 8 == 0, 0.5, X["late"]))
    model = make(specials={"late": [0.5]}).fit(coded, BAD)
    bins = feature(model, "late").bins
    assert bins.codes(pd.Series([0.5])).tolist() == [len(bins)]
    assert bins.codes(pd.Series([0.5 - 1e-9, 0.5 + 1e-9])).max() < len(bins)
    plain = make().fit(coded[coded["late"] != 0.5], BAD[coded["late"] != 0.5])
    assert bins.edges == feature(plain, "late").bins.edges


def test_an_imported_card_scores_any_row_it_has_points_for(imported):
    assert np.isfinite(answer(imported, X.assign(late=np.nan, sector=None))).all()
    for frame, words in (
        (X.assign(late=np.inf), "late: found 600 infinite values"),
        (X.assign(late="x"), "late: found text, expected numbers"),
        (X.drop(columns="age"), "age"),
        (pd.concat([X, X[["late"]]], axis=1), "found columns twice"),
    ):
        with pytest.raises(DataRefused, match=words):
            imported.predict_proba(frame)
