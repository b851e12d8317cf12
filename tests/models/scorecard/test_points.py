"""Whole points: their sum is the score, and their order that of the log-odds as far as whole numbers can tell it."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from riskmodels.core.errors import Misuse
from riskmodels.models.binning import Binner, feature
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.points import Scale, Weighed, card_points, least_varying
from riskmodels.models.scorecard.rounding import agreement, rounding

LN2 = float(np.log(2))  # of this PDO a unit of log-odds is a point
exact_lists = st.lists(st.floats(-80, 80), min_size=1, max_size=4, unique=True).map(sorted)


@pytest.fixture(scope="module")
def fitted(german):
    X, y = german
    return X, Scorecard(method="likelihood").fit(X, y)


def with_parameters(card, **changes):
    return Scorecard.from_state(card.to_state()).set_params(**changes)


@settings(max_examples=60, deadline=None)
@given(exact_lists, st.integers(0, 10**6))
def test_bins_never_swap_and_no_other_whole_points_have_errors_that_vary_less(exact, seed):
    exact, weight = np.array(exact), np.random.default_rng(seed).integers(1, 50, len(exact)).astype(float)
    points, mean = least_varying(exact, weight)

    def variance(p):
        return np.cov(p - exact, aweights=weight, ddof=0) if len(exact) > 1 else 0.0

    assert (np.diff(points) >= 0).all()
    assert np.array_equal(points, np.rint(points))
    assert mean == pytest.approx(np.average(points - exact, weights=weight), abs=1e-9)
    others = product(*([np.floor(x) - 1, np.floor(x), np.floor(x) + 1, np.floor(x) + 2] for x in exact))
    assert variance(points) <= min(variance(np.array(p)) for p in others) + 1e-9


def test_a_common_remainder_is_carried_by_the_base():
    # bins at 2.5, 1.5 and .5 points, base -.5: to the nearest two bins share 2; shifted by a half all are exact
    driver = Weighed(1.0, -np.array([2.5, 1.5, 0.5]), np.ones(3))
    nearest, rank = (card_points(Scale(0, 1, LN2, how), 0.5, {"x": driver}) for how in ("nearest", "rank"))
    assert nearest.drivers["x"].points.tolist() == [2, 2, 0]
    assert nearest.drivers["x"].shared == 1
    assert (rank.base + rank.drivers["x"].points).tolist() == [2, 1, 0]


@pytest.mark.parametrize("pdo", [5, 10, 20, 50])
def test_rounding_that_keeps_rank_swaps_far_fewer_pairs(fitted, pdo):
    X, card = fitted
    nearest, rank = (rounding(with_parameters(card, pdo=pdo, rounding=how), X) for how in ("nearest", "rank"))
    assert rank.agreement.swapped < 0.7 * nearest.agreement.swapped
    assert rank.agreement.tau_b > nearest.agreement.tau_b > 0.95


def test_bins_that_share_points_are_counted_and_the_pdo_that_parts_them_is_told(fitted):
    X, card = fitted
    small = rounding(with_parameters(card, pdo=2), X)
    assert sum(small.shared.values()) > 0
    enough = rounding(with_parameters(card, pdo=small.least_pdo * 1.0001), X)
    assert sum(enough.shared.values()) == 0
    assert enough.least_pdo == pytest.approx(small.least_pdo)


def test_the_report_names_its_figures(fitted):
    X, card = fitted
    table = rounding(card, X).summary()
    assert table["measure"].tolist()[0] == "Kendall's tau-b of points and log-odds"
    assert table["value"].iloc[3] <= 0.5 * (1 + len(card.logit_.drivers))


@pytest.mark.parametrize("how", ["nearest", "rank"])
@pytest.mark.parametrize("least", [None, 0, 10])
def test_partial_scores_are_whole_and_add_up_to_the_score(fitted, how, least):
    X, card = fitted
    changed = with_parameters(card, rounding=how, least_points=least)
    parts = changed.partial_scores(X)
    assert (parts.dtypes == "int64").all()
    assert np.array_equal(parts.sum(axis=1), changed.points(X))
    exact = changed.scale.offset - changed.scale.factor * changed.decision_function(X)
    assert np.abs(changed.points(X) - exact).max() <= 1.0 * (1 + len(card.logit_.drivers))


def test_no_bin_has_fewer_points_than_asked_and_no_score_changes(fitted):
    X, card = fitted
    shifted = with_parameters(card, least_points=1)
    for name, driver in shifted.card_points().drivers.items():
        assert driver.points.min() == 1, name
    assert np.array_equal(shifted.points(X), card.points(X))


def test_what_was_never_seen_also_has_points(german):
    X, y = german
    card = Scorecard(least_points=0).fit(X[["a0", "a1"]], y)
    strange = pd.DataFrame({"a0": ["A99", None], "a1": [np.nan, 24]})
    assert (card.partial_scores(strange)[["a0", "a1"]] >= 0).all(axis=None)


def test_points_in_the_table_are_those_of_the_rows(fitted):
    X, card = fitted
    card = with_parameters(card, rounding="rank", least_points=0)
    table, parts = card.points_table(), card.partial_scores(X)
    for driver in card.logit_.drivers:
        bins = feature(card.binner_, driver).bins
        shown = table[table["driver"] == driver].set_index("bin")["points"]
        labels = np.array(bins.names())[bins.codes(X[driver])]
        assert np.array_equal(shown.reindex(labels).to_numpy(), parts[driver])


def test_a_stored_card_keeps_its_rounding(fitted):
    X, card = fitted
    card = with_parameters(card, rounding="rank", least_points=3)
    again = Scorecard.from_state(card.to_state())
    assert np.array_equal(again.points(X), card.points(X))
    assert again.get_params()["rounding"] == "rank"


def test_a_card_without_drivers_has_its_base_only():
    rng = np.random.default_rng(0)
    X, y = pd.DataFrame({"x": rng.normal(size=200)}), rng.random(200) < 0.3
    card = Scorecard(Binner(min_events=200)).fit(X, y)
    assert card.logit_.drivers == ()
    assert card.partial_scores(X).columns.tolist() == ["base"]
    assert rounding(card, X).shared == {}
    assert rounding(card, X).least_pdo == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=2, max_size=25))
def test_agreement_counts_pairs_as_a_brute_force_does(pairs):
    exact, whole = (np.array(part, dtype=float) for part in zip(*pairs))
    found = agreement(exact, whole)
    i, j = np.triu_indices(len(exact), 1)
    apart = exact[i] != exact[j]
    product = np.sign(exact[i] - exact[j]) * np.sign(whole[i] - whole[j])
    if not apart.any():
        assert np.isnan(found.tau_b)
        return
    assert found.swapped == pytest.approx((product < 0).sum() / apart.sum())
    assert found.tied == pytest.approx((apart & (whole[i] == whole[j])).sum() / apart.sum())
    if (whole[i] != whole[j]).any():
        assert found.tau_b == pytest.approx(kendalltau(exact, whole).statistic)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rounding": "up"}, "rounding: found 'up', expected nearest or rank"),
        ({"pdo": 0}, "pdo: found 0, expected above 0"),
    ],
)
def test_a_scale_that_can_t_be_is_refused(applicants, changes, words):
    with pytest.raises(Misuse, match=words):
        Scorecard(**changes).fit(*applicants)
