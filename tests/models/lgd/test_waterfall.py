import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.lgd.waterfall import ORDER, waterfall

CLAIM = {
    "ead": 800.0,
    "face": 1000.0,
    "debtor_share": 0.5,
    "recourse": True,
    "client_share": 0.4,
    "margin": 40.0,
    "guarantor_share": 0.5,
    "guarantee_cap": 60.0,
    "insured_share": 0.8,
    "costs": 20.0,
}


def one(**changes):
    return waterfall(pd.DataFrame([CLAIM | changes]))


def test_each_source_covers_what_those_before_it_leave():
    found = one().parts.iloc[0]
    # 500 of the debtor leave 300; the client buys 40 % = 120; margin 40; guarantee min(70, 60); insurance 80 % of 80
    assert found.to_dict() == {
        "debtor": 500,
        "client": 120,
        "cash margin": 40,
        "guarantor": 60,
        "insurer": 64,
        "costs": -20,
    }
    assert one().lgd.iloc[0] == pytest.approx(1 - 764 / 800)


def test_the_holdback_is_worth_what_the_debtor_pays_of_it():
    # a debtor who pays 80 % of the face pays an advance of 80 % in full; one who pays nothing pays no holdback either
    alone = {"recourse": False, "margin": 0, "guarantor_share": 0, "insured_share": 0, "costs": 0}
    assert one(**alone, debtor_share=0.8).lgd.iloc[0] == 0
    assert one(**alone, debtor_share=0.0).lgd.iloc[0] == 1
    assert one(**alone, debtor_share=0.4).lgd.iloc[0] == pytest.approx(0.5)


def test_what_the_debtor_pays_beyond_the_claim_first_bears_the_costs():
    rich = one(debtor_share=0.81, costs=10.0)
    assert rich.lgd.iloc[0] == 0
    assert one(debtor_share=0.81, costs=30.0).lgd.iloc[0] == pytest.approx(20 / 800)


def test_without_recourse_the_client_buys_nothing_back():
    assert one(recourse=False).parts["client"].iloc[0] == 0


def test_money_that_comes_later_covers_less():
    now, later = one(), waterfall(pd.DataFrame([CLAIM | {"debtor_days": 365}]), rate=0.1)
    assert later.parts["debtor"].iloc[0] == pytest.approx(now.parts["debtor"].iloc[0] / 1.1)
    assert later.lgd.iloc[0] > now.lgd.iloc[0]


def test_sources_the_frame_has_no_columns_for_are_off_with_a_reason():
    bare = waterfall(pd.DataFrame([{"ead": 800.0, "face": 1000.0, "debtor_share": 0.5}]))
    assert bare.lgd.iloc[0] == pytest.approx(1 - 500 / 800)
    assert set(bare.off) == set(ORDER) - {"debtor"}
    assert bare.off["client"] == "the claims have no column recourse, client_share"


def test_more_cover_never_loses_more():
    rng = np.random.default_rng(0)
    shares = ["debtor_share", "client_share", "guarantor_share", "insured_share"]
    frame = pd.DataFrame([CLAIM] * 400).assign(**{name: rng.random(400) for name in shares})
    frame["margin"], frame["costs"] = rng.uniform(0, 100, 400), rng.uniform(0, 50, 400)
    base = waterfall(frame).lgd
    for name in shares:
        assert (waterfall(frame.assign(**{name: (frame[name] + 0.1).clip(upper=1)})).lgd <= base + 1e-12).all(), name


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ead": 0.0}, "an ead of 0 or less"),
        ({"debtor_share": 1.2}, "debtor_share: found 1.2 to 1.2"),
        ({"insured_share": -0.1}, "insured_share: found -0.1"),
        ({"costs": -5.0}, "costs: found -5"),
        ({"face": np.nan}, "found an empty cell"),
    ],
)
def test_a_claim_that_can_t_be_is_refused_in_one_line(changes, words):
    with pytest.raises(DataRefused, match=words):
        one(**changes)


def test_a_frame_without_exposures_is_refused():
    with pytest.raises(DataRefused, match=r"claims: found no columns \['ead'\]"):
        waterfall(pd.DataFrame([CLAIM]).drop(columns="ead"))


def test_each_claim_may_have_a_rate_of_its_own():
    two = pd.DataFrame([CLAIM | {"debtor_days": 365}] * 2)
    found = waterfall(two, rate=np.array([0.0, 0.1])).parts["debtor"]
    assert found.tolist() == pytest.approx([500, 500 / 1.1])
