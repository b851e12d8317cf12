"""The checks of robustness and of leaks on samples whose flaw is known; what they can't tell, they say."""

import json

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.checks import Verdict
from riskmodels.validation.suite import validate

ROBUST, DATA = "validation.robustness.", "validation.data."


def by_name(results):
    return {r.name: r for r in results}


@pytest.fixture(scope="module")
def split(sample):
    """A sample with segments, and one whose last segment ranks the wrong way round."""
    frame = sample(seed=2)
    frame["segment"] = np.random.default_rng(0).choice(["a", "b", "c"], len(frame))
    turned = frame.copy()
    own = turned["segment"] == "c"
    order = turned.loc[own, "probability"].rank(ascending=False, method="first")
    turned.loc[own, "probability"] = np.sort(frame.loc[own, "probability"])[order.astype(int) - 1]
    return frame, turned


def test_a_segment_ranked_the_wrong_way_round_is_a_breach_and_named(sample, split):
    found = by_name(validate(split[1], sample(seed=1)))
    weak, turned = found[f"{ROBUST}segments.worst"], found[f"{ROBUST}segments.inverted"]
    assert (weak.verdict, turned.verdict) == (Verdict.BREACH, Verdict.BREACH)
    assert (weak.detail["level"], turned.value) == ("c", 1)
    assert turned.detail["segments"][0]["auc"] < 0.5


def test_sound_segments_are_within_and_tell_what_they_could_have_missed(sample, split):
    found = by_name(validate(split[0], sample(seed=1)))[f"{ROBUST}segments.worst"]
    assert found.verdict is Verdict.WITHIN
    assert 0 < found.detectable < 0.2
    assert found.dependence == "clustered by debtor"


def test_without_anything_to_slice_by_segments_are_not_run(sample):
    bare = sample()[["probability", "outcome"]]
    found = by_name(validate(bare))
    assert found[f"{ROBUST}segments.worst"].reason == "no segments, amounts or text drivers to slice the sample by"
    assert found[f"{ROBUST}largest.auc"].reason == "no obligors in the sample"
    assert found[f"{ROBUST}last_half.delta"].reason == "no dates in the sample"
    assert found[f"{DATA}repeated"].reason == "no obligors or dates in the sample"
    assert found[f"{DATA}strongest_driver"].reason == "no drivers in the sample"


def test_a_model_that_only_knows_old_obligors_is_found_out(sample):
    now, then = sample(seed=2), sample(seed=1)
    fresh = now["obligor"] % 2 == 0
    now.loc[fresh, "probability"] = np.random.default_rng(0).permutation(now.loc[fresh, "probability"])
    found = by_name(validate(now, then[then["obligor"] % 2 == 1]))[f"{ROBUST}unseen.delta"]
    assert found.verdict is Verdict.BREACH
    assert found.detail["part"] < 0.6 < found.detail["rest"]


def test_a_level_that_one_name_makes_is_found_out(sample):
    now = sample(seed=2)
    now.loc[now["outcome"].idxmax(), "weight"] = now["weight"].sum()
    found = by_name(validate(now))[f"{ROBUST}largest.level"]
    assert found.verdict is Verdict.BREACH
    assert found.detail["share"] == pytest.approx(0.5, abs=0.01)


def test_the_leaked_driver_is_named_in_the_section_of_data(sample):
    now, then = sample(seed=2), sample(seed=1)
    rng = np.random.default_rng(0)
    then["closed_on"], now["closed_on"] = rng.normal(size=4_000) + 2 * then["outcome"], rng.normal(size=4_000)
    found = by_name(validate(now, then, drivers=["driver", "closed_on"]))[f"{DATA}leak_suspicion"]
    assert found.verdict is Verdict.BREACH
    assert found.detail["driver"] == "closed_on"
    assert found.primary


def test_a_driver_that_is_the_outcome_is_too_good_to_be_true(sample):
    now = sample(seed=2)
    found = by_name(validate(now.assign(hint=-now["outcome"]), drivers=["hint"]))[f"{DATA}strongest_driver"]
    assert (found.value, found.verdict, found.detail["driver"]) == (1.0, Verdict.BREACH, "hint")


def test_repeats_missing_values_and_values_never_seen_are_counted(sample):
    then, now = sample(seed=1), sample(seed=2)
    now.loc[::4, "driver"] = np.nan
    now.loc[1::4, "driver"] = 99.0
    found = by_name(validate(pd.concat([now, now.head(400)]), then, drivers=["driver"]))
    assert found[f"{DATA}missing_rise"].value == pytest.approx(0.25)
    assert found[f"{DATA}outside_development"].value == pytest.approx(1 / 3, abs=0.01)
    assert found[f"{DATA}repeated"].value == pytest.approx(400 / 4_400)
    assert {found[f"{DATA}{n}"].verdict for n in ("missing_rise", "outside_development", "repeated")} == {
        Verdict.BREACH
    }


def test_results_are_plain_values(sample, split):
    for result in validate(split[1], sample(seed=1), drivers=["driver"]):
        json.dumps(result.as_dict(), allow_nan=False)


def test_dependence_is_told_where_parties_repeat_rather_than_where_there_is_a_column(sample):
    alone = sample(seed=2).assign(obligor=np.arange(4_000), segment=np.repeat(["a", "b"], 2_000))
    then = sample(seed=1).assign(obligor=np.arange(4_000))
    found = by_name(validate(alone, then, drivers=["driver"]))
    repeated = by_name(validate(alone.assign(obligor=np.arange(4_000) // 2), then, drivers=["driver"]))
    names = [f"{ROBUST}segments.worst", f"{ROBUST}last_half.delta", "validation.process.rival.delta"]
    names += ["validation.concept.turned", "validation.concept.disordered"]
    assert {found[n].dependence for n in names} == {"cases taken as independent"}
    assert {repeated[n].dependence for n in names} == {"clustered by debtor"}


def test_a_score_that_is_the_outcome_is_watched_and_a_sound_one_is_not(sample):
    now, name = sample(seed=2), f"{DATA}score_knows"
    known = by_name(validate(now.assign(probability=now["outcome"])))[name]
    nearly = by_name(validate(now.assign(probability=0.9 * now["outcome"] + 0.1 * now["probability"])))[name]
    assert (known.verdict, nearly.verdict) == (Verdict.WATCH, Verdict.WATCH)
    assert by_name(validate(now))[name].verdict is Verdict.WITHIN
