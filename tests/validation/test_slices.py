"""Weak segments: found where planted, named by chance no more often than the level says."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from riskmodels.validation.discrimination import auc, auc_interval
from riskmodels.validation.slices import apart, chance_se, ranked, slice_table, slices_of


def cases(n=4_000, seed=0, inverted=False):
    """Cases of four segments, some 3 % bad; in the last the score may rank the wrong way."""
    rng = np.random.default_rng(seed)
    segment = rng.choice(list("ABCD"), n)
    risk = rng.normal(size=n)
    sign = np.where((segment == "D") & inverted, -1.0, 1.0)
    bad = rng.random(n) < expit(1.2 * sign * risk - 4.0)
    return pd.DataFrame({"segment": segment, "risk": risk, "outcome": bad.astype(float), "obligor": np.arange(n)})


def table(frame, drivers=()):
    return slice_table(frame["outcome"], frame["risk"], slices_of(frame, drivers), frame["obligor"])


def test_a_segment_ranked_the_wrong_way_is_found_first_and_is_significant():
    found = table(cases(inverted=True)).iloc[0]
    assert found["level"] == "D"
    assert found["auc"] < 0.4
    assert found["gap"] < -0.3
    assert found["p_value"] < 1e-3
    assert found["inverted_p"] < 0.01


def test_equal_segments_are_called_weak_in_one_report_of_twenty_at_most():
    named = [table(cases(seed=seed))["p_value"].min() < 0.05 for seed in range(200)]
    assert np.mean(named) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 200)


def test_a_slice_is_compared_with_the_rest_alone():
    frame = cases()
    y, s, mask = frame["outcome"].to_numpy(), frame["risk"].to_numpy(), (frame["segment"] == "B").to_numpy()
    inside, outside, se = apart(y, s, mask)
    assert inside == pytest.approx(auc(y[mask], s[mask]))
    assert outside == pytest.approx(auc(y[~mask], s[~mask]))
    independent = np.hypot(auc_interval(y[mask], s[mask]).se, auc_interval(y[~mask], s[~mask]).se)
    assert se == pytest.approx(independent, rel=0.02)


def test_the_influence_of_cases_sums_to_nothing():
    frame = cases(500)
    value, influence = ranked(frame["outcome"], frame["risk"])
    assert value == auc(frame["outcome"], frame["risk"])
    assert influence.sum() == pytest.approx(0, abs=1e-12)


def test_repeated_cases_of_an_obligor_tell_no_more_than_one():
    frame = cases(inverted=True)
    once, four = table(frame).iloc[0], table(pd.concat([frame] * 4)).iloc[0]
    assert four["n"] == 4 * once["n"]
    assert four["se"] == pytest.approx(once["se"], rel=0.02)


def test_a_slice_of_nine_bad_cases_is_not_compared_and_stands_last():
    frame = cases()
    few = frame.index[(frame["segment"] == "C") & (frame["outcome"] == 1)][9:]
    last = table(frame.drop(few)).iloc[-1]
    assert (last["level"], last["events"]) == ("C", 9)
    assert np.isnan(last[["auc", "gap", "p_value", "inverted_p"]].astype(float)).all()


def test_without_segments_amounts_and_text_drivers_are_sliced():
    frame = cases().drop(columns="segment")
    frame["weight"] = np.arange(len(frame), dtype=float)
    frame["region"] = np.where(frame["weight"] % 2, "north", "south")
    frame["many"] = frame["weight"].astype("int64").astype("str")
    slices = slices_of(frame, ["risk", "region", "many"])
    assert [(s.slicing, s.level) for s in slices] == [
        *(("weight", k) for k in "123"),
        ("region", "north"),
        ("region", "south"),
    ]
    assert [int(s.mask.sum()) for s in slices[:3]] == pytest.approx([1_333] * 3, abs=2)


def test_equal_amounts_are_not_cut_into_thirds():
    assert slices_of(cases().drop(columns="segment").assign(weight=1.0)) == []


def test_a_handful_ordered_wholly_the_wrong_way_is_judged_by_the_error_of_no_order():
    assert chance_se(10, 10) == pytest.approx(np.sqrt(21 / 1200))
    frame = cases()
    y, s = np.repeat([1.0, 0.0], 10), np.repeat([0.0, 1.0], 10)
    mine = pd.DataFrame({"segment": "E", "risk": s, "outcome": y, "obligor": np.arange(20) + 10_000})
    found = table(pd.concat([frame, mine])).iloc[0]
    assert (found["level"], found["auc"]) == ("E", 0.0)
    assert 0 < found["inverted_p"] < 0.01
