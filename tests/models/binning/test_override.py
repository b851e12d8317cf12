"""Bins given by a person leave a trail of who, why, before and after, which goes wherever the bins go."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from riskmodels.core.errors import Misuse
from riskmodels.core.text import use
from riskmodels.models.binning import Binner, Override, feature
from riskmodels.models.scorecard import Scorecard

ASKED = Override([0.3, 0.6], who="head of risk", why="policy floors", on="2026-03-31")


def stored(model):
    return type(model).from_state(json.loads(json.dumps(model.to_state())))


def test_the_trail_of_an_override_tells_who_why_before_and_after(applicants):
    X, y = applicants
    binner = Binner(cuts={"late_share": ASKED}).fit(X, y)
    trail = binner.overrides()
    assert trail.iloc[0, :4].tolist() == ["late_share", "head of risk", "policy floors", "2026-03-31"]
    assert trail["before"][0]["cuts"] == list(feature(Binner().fit(X, y), "late_share").bins.edges)
    assert trail["after"][0]["cuts"] == [0.3, 0.6]
    assert trail["strength before"][0] > trail["strength after"][0]


def test_bare_cuts_are_obeyed_and_said_to_be_signed_by_nobody(applicants):
    trail = Binner(cuts={"age": [10, 20]}).fit(*applicants).overrides()
    assert trail[["who", "why", "on"]].to_numpy().tolist() == [["not stated"] * 3]
    assert trail["after"][0]["cuts"] == [10.0, 20.0]


def test_the_trail_says_in_chinese_too_that_nobody_signed(applicants):
    binner = Binner(cuts={"age": [10, 20]}).fit(*applicants)
    use("zh")
    try:
        assert binner.overrides().iloc[0, 1] == "未说明"
    finally:
        use("en")


@pytest.mark.parametrize("cuts", [{"late_share": ASKED, "age": np.array([10, 20])}, {"age": [10, 20]}, None])
def test_a_stored_binner_keeps_the_trail_and_passes_it_on(applicants, cuts):
    X, y = applicants
    binner = Binner(cuts=cuts).fit(X, y)
    again = stored(binner)
    refitted = clone(again).fit(X, y)
    for each in (again, refitted):
        pd.testing.assert_frame_equal(each.overrides(), binner.overrides())
        assert (each.transform(X) == binner.transform(X)).all()


def test_a_stored_scorecard_that_is_fitted_anew_still_tells_who_and_why(applicants):
    card = Scorecard(Binner(cuts={"late_share": ASKED})).fit(*applicants)
    again = clone(stored(card)).fit(*applicants)
    assert again.binner_.overrides().iloc[0, 1:4].tolist() == ["head of risk", "policy floors", "2026-03-31"]


def test_the_day_may_be_a_date_and_is_kept_as_text():
    signed = Override([1.0], "head of risk", "policy", date(2026, 3, 31))
    assert signed == Override([1.0], "head of risk", "policy", pd.Timestamp("2026-03-31"))
    assert signed.on == "2026-03-31"


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"why": " "}, "override: why: found ' ', expected why asked for these bins"),
        ({"who": None}, "override: who: found None, expected who asked for these bins"),
        ({"on": "last spring"}, "override: on: found 'last spring', expected a date like 2026-06-30"),
        ({"on": 20260331}, "override: on: found 20260331, expected a date like 2026-06-30"),
        ({"on": pd.NaT}, "override: on: found NaT, expected a date like 2026-06-30"),
    ],
)
def test_an_override_that_does_not_say_who_or_why_is_refused(stated, words):
    with pytest.raises(Misuse, match=words):
        Override(**{"cuts": [1.0], "who": "head of risk", "why": "policy", **stated})
