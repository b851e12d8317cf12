"""Rejects added to a sample: what is assumed is exactly what is asked, and is said to be assumed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.reject import fuzzy, parcelling, scaled


@pytest.fixture(scope="module")
def parts(applicants):
    """Accepts with outcomes, rejects without, and the model of the accepts."""
    X, y = applicants
    accepted = (X["age"] > 10).to_numpy()
    model = Scorecard().fit(X[accepted], y[accepted])
    return X[accepted], y[accepted], X[~accepted], model


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.2, 3))
def test_probabilities_are_moved_to_the_asked_mean_and_keep_their_order(seed, multiple):
    rng = np.random.default_rng(seed)
    p, weight = rng.uniform(0.01, 0.3, 50), rng.uniform(0.5, 2, 50)
    found = scaled(p, weight, multiple)
    assert np.average(found, weights=weight) == pytest.approx(multiple * np.average(p, weights=weight), rel=1e-9)
    assert (np.argsort(found, kind="stable") == np.argsort(p, kind="stable")).all()
    assert ((found > 0) & (found < 1)).all()


def test_every_reject_enters_twice_with_one_case_of_weight(parts):
    X, y, rejects, model = parts
    found = fuzzy(X, y, rejects, model, multiple=1.5)
    halves = found.weight[found.inferred].reshape(2, -1)
    assert halves.sum(axis=0) == pytest.approx(np.ones(len(rejects)))
    assert found.y[found.inferred].tolist() == [1.0] * len(rejects) + [0.0] * len(rejects)
    said = model.predict_proba(rejects)[:, 1]
    assert halves[0].mean() == pytest.approx(1.5 * said.mean())
    assert len(np.unique(found.groups)) == len(X) + len(rejects)
    assert (np.bincount(found.groups)[len(X) :] == 2).all()


def test_accepts_stay_as_they_are(parts):
    X, y, rejects, model = parts
    for found in (fuzzy(X, y, rejects, model), parcelling(X, y, rejects, model)):
        own = ~found.inferred
        assert found.X[own].reset_index(drop=True).equals(X.reset_index(drop=True))
        assert found.y[own].tolist() == list(y)
        assert (found.weight[own] == 1).all()


def test_the_record_says_what_is_observed_and_what_assumed(parts):
    X, y, rejects, model = parts
    found = fuzzy(X, y, rejects, model, multiple=2.0)
    table = found.summary().set_index("cases of")
    assert table.loc["accepted, observed", "bad rate"] == pytest.approx(np.mean(y))
    assert table.loc["rejected, assumed", "bad rate"] == pytest.approx(2 * model.predict_proba(rejects)[:, 1].mean())
    assert table.loc["together", "weight"] == pytest.approx(len(X) + len(rejects))
    assert "adds no information of its own" in found.note()


def test_a_model_refitted_on_what_it_says_itself_hardly_moves(parts):
    X, y, rejects, model = parts
    found = fuzzy(X, y, rejects, model)
    again = Scorecard(model.binner).fit(found.X, found.y, sample_weight=found.weight, groups=found.groups)
    before, after = (m.decision_function(rejects) for m in (model, again))
    assert np.abs(before - after).mean() < 0.2


def test_parcelling_gives_each_band_its_assumed_rate(parts):
    X, y, rejects, model = parts
    found = parcelling(X, y, rejects, model, multiple=1.5, bands=4, seed=3)
    bands = found.assumed.bands
    assert bands["accepts"].sum() == len(X)
    assert bands["rejects"].sum() == len(rejects)
    said = model.predict_proba(rejects)[:, 1]
    worst = said[said >= bands["from"].iloc[-1]]
    last = bands.iloc[-1]
    factor = 1.5 * (last["bads"] + 0.5) / (last["expected_bads"] + 0.5)
    assert last["assumed_bad_rate"] == pytest.approx(factor * worst.mean())
    assert last["rejects"] == len(worst)
    held = bands[bands["rejects"] > 0]
    assert (np.abs(held["bads_assigned"] - held["assumed_bad_rate"] * held["rejects"]) < 1).all()
    assert found.y[found.inferred].sum() == bands["bads_assigned"].sum()


def test_one_multiple_per_band_can_be_given(parts):
    X, y, rejects, model = parts
    found = parcelling(X, y, rejects, model, multiple=[1, 1.2, 2], bands=3)
    assert found.assumed.multiple == (1, 1.2, 2)
    with pytest.raises(Misuse, match="expected one above 0, or one for each of the 3 bands"):
        parcelling(X, y, rejects, model, multiple=[1, 2], bands=3)


def test_where_nobody_was_accepted_the_model_speaks_alone(parts):
    X, y, _rejects, model = parts
    far = X.nlargest(40, "late_share").assign(age=1.0, sector="mining")
    good = X["late_share"].to_numpy() < 0.3
    last = parcelling(X[good], y[good], far, model, bands=40).assumed.bands.iloc[-1]
    assert last["accepts"] == 0
    assert last["assumed_bad_rate"] == pytest.approx(last["model_says"])


def test_no_assumed_rate_is_above_one(parts):
    X, y, rejects, model = parts
    bands = parcelling(X, y, rejects, model, multiple=50).assumed.bands
    assert bands["assumed_bad_rate"].max() == 1


def test_the_lot_is_drawn_from_the_seed(parts):
    X, y, rejects, model = parts
    draws = [parcelling(X, y, rejects, model, seed=seed).y.tolist() for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_obligors_on_both_sides_stay_one_group(parts):
    X, y, rejects, model = parts
    own, theirs = np.arange(len(X)) % 50, np.arange(len(rejects)) % 50
    assert set(fuzzy(X, y, rejects, model, groups=(own, theirs)).groups) == set(range(50))


@pytest.mark.parametrize("infer", [fuzzy, parcelling])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rejects": pd.DataFrame({"age": [3.0]})}, r"rejects: found no columns \['late_share', 'sector'\]"),
        ({"rejects": pd.DataFrame(columns=["late_share", "age", "sector"])}, "rejects: found no rows"),
        ({"y": None}, "y: found 1 distinct values and 1 missing among accepts"),
        ({"reject_weight": [-1.0]}, "reject_weight"),
    ],
)
def test_what_can_t_be_added_is_refused(parts, infer, changes, words):
    X, y, rejects, model = parts
    told = {"X": X, "y": y, "rejects": rejects, "model": model, **changes}
    if told["y"] is None:
        told["y"] = np.append(np.zeros(len(X) - 1), np.nan)
    with pytest.raises(SampleError, match=words):
        infer(**told)


def test_a_multiple_beyond_certainty_is_refused(parts):
    X, y, rejects, model = parts
    with pytest.raises(Misuse, match=r"multiple: found 90 on a mean probability of 0\.\d+"):
        fuzzy(X, y, rejects, model, multiple=90)
