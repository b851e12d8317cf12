"""Kaplan-Meier and Aalen-Johansen: lifelines' figures, the multi-state product's, and what no peer does."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.survival import aalen_johansen, kaplan_meier

EXACT = {"rtol": 1e-10, "atol": 1e-10}


def cases(seed, n=300, last=60):
    """Days with many ties, causes 0 to 2, late entries and whole weights."""
    rng = np.random.default_rng(seed)
    duration = rng.integers(1, last, n).astype(float)
    entry = np.floor(rng.uniform(0, duration) * (rng.random(n) < 0.5))
    return duration, rng.integers(0, 3, n), entry, rng.integers(1, 4, n).astype(float)


def lifelines_survival(duration, event, **facts):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = KaplanMeierFitter().fit(duration, event, **facts)
    bounds = peer.confidence_interval_.to_numpy()
    return peer.survival_function_.iloc[:, 0], bounds[:, 0], bounds[:, 1]


@pytest.mark.parametrize("weighted", [False, True])
def test_survival_and_its_interval_are_those_of_lifelines(weighted):
    duration, cause, _entry, weight = cases(1)
    weights = weight if weighted else None
    survival, low, high = lifelines_survival(duration, cause > 0, weights=weights)
    ours = kaplan_meier(duration, cause > 0, survival.index, weight=weights)
    np.testing.assert_allclose(ours["survival"], survival, **EXACT)
    inner = (ours["survival"] > 0) & (ours["survival"] < 1)
    np.testing.assert_allclose(ours["low"][inner], low[inner], **EXACT)
    np.testing.assert_allclose(ours["high"][inner], high[inner], **EXACT)


def test_late_entry_is_that_of_lifelines_where_nobody_enters_on_a_day_of_events():
    duration, cause, entry, weight = cases(2)
    survival, low, _high = lifelines_survival(duration, cause > 0, entry=entry + 0.5, weights=weight)
    told = survival.index[survival.index == np.floor(survival.index)]
    ours = kaplan_meier(duration, cause > 0, told[told > 0], entry=entry, weight=weight)
    np.testing.assert_allclose(ours["survival"], survival[told[told > 0]], **EXACT)
    places = np.flatnonzero(np.isin(survival.index, told[told > 0]) & (survival > 0) & (survival < 1))
    np.testing.assert_allclose(ours["low"][ours["survival"].between(1e-9, 1 - 1e-9)], low[places], **EXACT)


@pytest.mark.parametrize("cause", [1, 2])
def test_incidence_variance_and_interval_are_those_of_lifelines(cause):
    rng = np.random.default_rng(3)
    duration, causes = rng.permutation(400) + 1.0, rng.integers(0, 3, 400)
    duration[causes == 1] = np.floor(duration[causes == 1] / 3) * 3 + 0.1  # ties of one cause, none across causes
    peer = AalenJohansenFitter().fit(duration, causes, event_of_interest=cause)
    told = peer.cumulative_density_.index[1:-1]
    found = aalen_johansen(duration, causes, told)
    ours = found[found["cause"] == cause].set_index("time")
    np.testing.assert_allclose(ours["incidence"], peer.cumulative_density_.loc[told].iloc[:, 0], **EXACT)
    np.testing.assert_allclose(ours["error"] ** 2, peer.variance_.loc[told], **EXACT)
    inner = ours["incidence"] > 0
    bounds = peer.confidence_interval_.loc[told].to_numpy()[inner]
    np.testing.assert_allclose(ours.loc[inner, ["low", "high"]], np.sort(bounds), **EXACT)


def test_ties_across_causes_share_a_risk_set_instead_of_being_jittered():
    found = aalen_johansen([1, 1, 2, 2], [1, 2, 1, 0])
    shares = found.pivot(index="time", columns="cause", values="incidence")
    np.testing.assert_allclose(shares, [[0.25, 0.25], [0.5, 0.25]])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_causes_and_survival_add_up_to_one_in_every_group(seed):
    duration, cause, entry, weight = cases(seed, 60, 15)
    facts = {"entry": entry, "weight": weight, "group": np.arange(60) % 4}
    at = np.arange(0, 15)
    found = aalen_johansen(duration, cause, at, causes=2, **facts)
    total = found.groupby(["group", "time"])["incidence"].sum(min_count=2)
    whole = kaplan_meier(duration, cause > 0, at, **facts).set_index(["group", "time"])["survival"]
    np.testing.assert_allclose(total, 1 - whole, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), clusters=st.booleans())
def test_groups_at_once_are_groups_one_by_one(seed, clusters):
    duration, cause, entry, weight = cases(seed, 60, 15)
    group, owner = np.arange(60) % 3, np.arange(60) % 7 if clusters else None
    at = [3.0, 7.0, 12.0]
    together = aalen_johansen(duration, cause, at, causes=2, entry=entry, weight=weight, group=group, cluster=owner)
    for number in range(3):
        own = group == number
        alone = aalen_johansen(
            duration[own], cause[own], at, causes=2, entry=entry[own], weight=weight[own],
            cluster=None if owner is None else owner[own],
        )  # fmt: skip
        mine = together[together["group"] == number].drop(columns="group").reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, alone.drop(columns="group"), rtol=1e-9, atol=1e-12)


def test_each_case_a_cluster_gives_greenwood():
    duration, cause, _entry, _weight = cases(5)
    for estimate, facts in ((kaplan_meier, cause > 0), (aalen_johansen, cause)):
        alone = estimate(duration, facts, cluster=np.arange(len(duration)))
        np.testing.assert_allclose(alone["error"], estimate(duration, facts)["error"], rtol=1e-7, atol=1e-10)


def test_obligors_that_repeat_don_t_make_the_error_smaller():
    duration, cause, entry, _weight = cases(6, 100)
    owner = np.arange(100)
    once = aalen_johansen(duration, cause, entry=entry, cluster=owner)
    four = (np.repeat(values, 4) for values in (duration, cause, entry, owner))
    duration, cause, entry, owner = four
    many = aalen_johansen(duration, cause, entry=entry, cluster=owner)
    np.testing.assert_allclose(many["error"], once["error"], rtol=1e-9, atol=1e-12)


def test_whole_weights_are_repeated_cases():
    duration, cause, entry, weight = cases(7, 80)
    times = weight.astype(int)
    repeated = [np.repeat(values, times) for values in (duration, cause, entry)]
    ours = aalen_johansen(duration, cause, entry=entry, weight=weight)
    peer = aalen_johansen(repeated[0], repeated[1], entry=repeated[2])
    columns = ["at_risk", "incidence", "error"]
    np.testing.assert_allclose(ours[columns], peer[columns], rtol=1e-9, atol=1e-12)


def test_the_clustered_interval_covers_what_was_planted():
    rng = np.random.default_rng(8)
    held, at = 0, 0.5
    for _ in range(150):
        pace = np.repeat(rng.gamma(2, 0.5, 60), 10)
        duration = rng.exponential(1 / pace)
        censored = rng.exponential(2, 600)
        told = kaplan_meier(
            np.minimum(duration, censored), duration <= censored, [at], cluster=np.repeat(np.arange(60), 10)
        ).iloc[0]
        held += told["low"] <= (1 + at / 2) ** -2 <= told["high"]  # the mean of exp(-pace t)
    assert 0.89 <= held / 150 <= 0.99


def test_a_curve_ends_where_nobody_was_watched_any_more():
    found = kaplan_meier([10, 20, 30], [True, False, False], [5, 30, 31])
    assert found["survival"].tolist()[:2] == [1.0, pytest.approx(2 / 3)]
    assert np.isnan(found.loc[2, ["survival", "error", "low", "high"]].astype(float)).all()
    assert kaplan_meier([10, 20], [True, True], [365])["survival"].tolist() == [0.0]


def test_all_censored_says_one_with_a_bound_below_it():
    found = kaplan_meier([5.0] * 30, [False] * 30, [5]).iloc[0]
    assert (found["survival"], found["error"], found["high"]) == (1.0, 0.0, 1.0)
    assert 0.88 < found["low"] < 0.97


def test_all_paid_says_zero_with_a_bound_above_it():
    found = kaplan_meier([5.0] * 30, [True] * 30, [5, 9])
    assert found["survival"].tolist() == found["low"].tolist() == [0.0, 0.0]
    assert found["high"].between(0.03, 0.12).all()


def test_no_cases_give_no_rows_or_no_numbers():
    assert kaplan_meier([], []).empty
    assert kaplan_meier([], [], [3.0])["survival"].isna().all()
    assert kaplan_meier([1.0, 2.0], [1, 1], [1.0], weight=[0.0, 0.0])["survival"].isna().all()


def test_cases_without_weight_say_nothing():
    some = kaplan_meier([1.0, 2.0, 3.0], [1, 1, 0], weight=[1, 0, 1])
    pd.testing.assert_frame_equal(some, kaplan_meier([1.0, 3.0], [1, 0]))


def test_a_case_known_open_at_a_close_is_not_at_risk_of_that_day():
    found = kaplan_meier([5.0, 9.0, 5.0], [True, True, True], entry=[0.0, 5.0, 0.0])
    assert found["at_risk"].tolist() == [2.0, 1.0]


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ({"weight": [1.0, -1.0]}, DataRefused, "weight: found 1 values that can't be used, expected finite weights"),
        ({"weight": [1.0]}, DataRefused, "weight: found 1 values, expected 2, one per duration"),
        ({"entry": [0.0, np.nan]}, DataRefused, "entry: found 1 values that can't be used"),
        ({"scale": "plain"}, Misuse, "scale: found 'plain', expected one of log-log, logit"),
    ],
)
def test_bad_input_is_refused_in_one_line(facts, error, words):
    with pytest.raises(error, match=words):
        kaplan_meier([1.0, 2.0], [1, 0], **facts)


def test_bad_times_and_causes_are_refused():
    with pytest.raises(DataRefused, match="duration: found 1 values that can't be used, expected finite times"):
        kaplan_meier([1.0, np.inf], [1, 0])
    with pytest.raises(DataRefused, match=r"cause: found 1 values that can't be used, expected 0 \(censored\) to 2"):
        aalen_johansen([1.0, 2.0], [1, 3], causes=2)


def test_the_logit_interval_is_the_delta_method_s():
    duration, cause, _entry, _weight = cases(9)
    found = kaplan_meier(duration, cause > 0, [20.0], scale="logit").iloc[0]
    s, half = found["survival"], 1.959963984540054 * found["error"]
    odds = np.log(s / (1 - s))
    ends = 1 / (1 + np.exp(-(odds + np.array([-1, 1]) * half / (s * (1 - s)))))
    assert found[["low", "high"]].tolist() == pytest.approx(ends, rel=1e-12)
