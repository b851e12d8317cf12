"""The suite of losses: levels beyond chance and beyond what matters, order, groups, and why something isn't run."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.checks import Limits, Verdict
from riskmodels.core.errors import Misuse
from riskmodels.models.lgd.comparison import gauc
from riskmodels.validation.losses import validate_losses
from riskmodels.validation.losses.order import order
from riskmodels.validation.losses.shortfall import FEWEST, loss_shortfall, shortfall, shortfalls


def claims(n=2000, too_low=0.0, seed=0, per_obligor=1):
    """Claims whose loss is a coin weighed by the estimate, `too_low` of it missing from the estimate."""
    rng = np.random.default_rng(seed)
    true = rng.beta(2, 3, n // per_obligor).repeat(per_obligor)
    realised = rng.beta(8 * true, 8 * (1 - true))
    ids = np.arange(n)
    return pd.DataFrame(
        {
            "estimated": np.clip(true - too_low, 0, 1),
            "realised": realised,
            "weight": rng.lognormal(10, 0.5, n),
            "obligor": ids // per_obligor,
            "client": ids % 90,
            "grade": np.array(["I", "II", "III"])[ids % 3],
        }
    )


def by_name(results):
    return {r.name.removeprefix("validation.loss."): r for r in results}


def test_a_right_estimate_is_within():
    found = by_name(validate_losses(claims()))
    assert {found[n].verdict for n in ("level", "level_by_amount", "segments", "grades", "rank")} == {Verdict.WITHIN}


def test_an_estimate_ten_points_too_low_is_a_breach_in_number_amount_and_money():
    found = by_name(validate_losses(claims(too_low=0.1)))
    assert [found[n].verdict for n in ("level", "level_by_amount", "unestimated")] == [Verdict.BREACH] * 3
    assert found["level"].value == pytest.approx(0.1, abs=0.02)
    assert found["level"].p_value < 1e-6


def test_an_estimate_too_high_is_no_breach():
    assert by_name(validate_losses(claims(too_low=-0.1)))["level"].verdict is Verdict.WITHIN


def test_a_gap_that_is_significant_and_too_small_to_matter_is_within():
    found = by_name(validate_losses(claims(n=40_000, too_low=0.01)))["level"]
    assert found.p_value < 0.01
    assert found.verdict is Verdict.WITHIN


def test_a_few_claims_show_nothing_and_say_so():
    found = by_name(validate_losses(claims(n=40)))["level"]
    assert found.verdict is Verdict.NO_EVIDENCE
    assert found.detectable > 0.05


def test_the_detectable_gap_is_found_four_times_in_five():
    tried = [shortfall(g) for g in np.random.default_rng(3).normal(0.0, 1.0, (2000, 60))]
    line = np.median([s.detectable() for s in tried])
    found = np.mean([s.gap + line > s.critical() for s in tried])
    assert found == pytest.approx(0.8, abs=0.03)


def test_the_test_has_its_size():
    tried = [shortfall(g).p_value for g in np.random.default_rng(4).normal(0.0, 1.0, (4000, 25))]
    assert np.mean(np.array(tried) < 0.05) == pytest.approx(0.05, abs=0.012)


def test_the_test_keeps_its_size_when_claims_of_an_obligor_share_their_luck():
    rng = np.random.default_rng(5)
    owner = np.repeat(np.arange(20), 8)
    luck = rng.normal(0.0, 1.0, (1500, 20))[:, owner] + rng.normal(0.0, 1.0, (1500, 160))
    clustered = np.mean([shortfall(gap, None, owner).p_value < 0.05 for gap in luck])
    assert clustered == pytest.approx(0.05, abs=0.018)
    assert np.mean([shortfall(gap).p_value < 0.05 for gap in luck]) > 0.15


def test_claims_of_one_obligor_count_once():
    alike = claims(n=1000, per_obligor=10).assign(
        realised=lambda f: f.groupby("obligor")["realised"].transform("first"), client=None
    )
    gap = alike["realised"] - alike["estimated"]
    once = shortfall(gap, None, alike["obligor"])
    assert once.independent == pytest.approx(100)
    assert once.se == pytest.approx(shortfall(gap[::10]).se, rel=1e-9)
    assert shortfall(gap).se < once.se / 2


def test_a_hundred_claims_of_four_obligors_are_not_run():
    found = by_name(validate_losses(claims(n=100).assign(obligor=np.arange(100) % 4)))["level"]
    assert found.verdict is Verdict.NOT_RUN
    assert "independent" in found.reason


def test_one_claim_that_is_most_of_the_money_is_not_tested_by_amount():
    found = by_name(validate_losses(claims(n=200).assign(weight=[1e9] + [1.0] * 199)))
    assert found["level"].verdict is not Verdict.NOT_RUN
    assert found["level_by_amount"].verdict is Verdict.NOT_RUN


@given(st.lists(st.floats(-1, 1), min_size=FEWEST, max_size=40), st.floats(0.01, 1e6))
def test_equal_amounts_weigh_nothing(gap, amount):
    plain, weighed = shortfall(gap), shortfall(gap, [amount] * len(gap))
    assert weighed.gap == pytest.approx(plain.gap, abs=1e-9)
    assert weighed.se == pytest.approx(plain.se, abs=1e-9)
    assert weighed.independent == pytest.approx(len(gap))


def test_a_small_segment_is_not_tested_rather_than_within():
    gap = np.concatenate([np.random.default_rng(0).normal(0, 0.1, 50), np.full(3, 0.9)])
    table = shortfalls(gap, ["large"] * 50 + ["small"] * 3).set_index("group")
    assert np.isnan(table.loc["small", "holm_p"])
    assert table.loc["large", "holm_p"] == table.loc["large", "p_value"]


def test_one_bad_segment_of_many_is_found():
    frame = claims(n=3000)
    low = frame["estimated"].between(0.2, 0.3)
    frame["realised"] += 0.3 * low
    found = by_name(validate_losses(frame))["segments"]
    assert found.verdict is Verdict.BREACH
    assert found.detail["group"] == "20\N{EN DASH}30%"


def test_loss_shortfall_is_the_share_of_the_money_not_estimated():
    assert loss_shortfall([0.1, 0.2], [0.2, 0.4], [10, 10]).gap == pytest.approx(0.5)


def test_the_order_is_the_gauc_of_the_models():
    frame = claims()
    found = order(frame["estimated"], frame["realised"], frame["obligor"].to_numpy())
    assert found.value == gauc(frame["realised"], frame["estimated"])
    assert found.se == pytest.approx(order(frame["estimated"], frame["realised"]).se, rel=1e-3)


def test_shuffled_estimates_lose_their_order_against_the_start():
    frame = claims()
    worse = frame.assign(estimated=frame["estimated"].to_numpy()[::-1])
    found = by_name(validate_losses(worse, initial=frame))
    assert found["rank"].verdict is Verdict.BREACH
    assert found["rank_fall.delta"].verdict is Verdict.BREACH
    assert by_name(validate_losses(frame, initial=frame))["rank_fall.delta"].verdict is Verdict.WITHIN


def test_one_estimate_for_all_has_no_order():
    found = by_name(validate_losses(claims().assign(estimated=0.4)))["rank"]
    assert found.verdict is Verdict.NOT_RUN
    assert "order" in found.reason


def test_months_recovery_and_dilution_have_their_own_columns():
    rng = np.random.default_rng(1)
    n = 500
    frame = pd.DataFrame({"estimated_months": 12.0, "workout_months": rng.normal(20, 3, n)})
    frame["estimated_recovery"], frame["realised_recovery"] = 0.7, rng.uniform(0.5, 0.7, n)
    frame["estimated_dilution"], frame["realised_dilution"] = 0.03, rng.normal(0.03, 0.005, n)
    found = by_name(validate_losses(frame))
    verdicts = {n: found[n].verdict for n in ("months", "recovery", "dilution", "level")}
    assert verdicts == {
        "months": Verdict.BREACH,
        "recovery": Verdict.BREACH,
        "dilution": Verdict.WITHIN,
        "level": Verdict.NOT_RUN,
    }
    assert found["recovery"].value == pytest.approx(0.1, abs=0.01)


def test_young_workouts_are_left_out():
    frame = claims()
    young = pd.concat([frame, frame.assign(realised=np.nan)], ignore_index=True)
    both = (by_name(validate_losses(f))["level"] for f in (frame, young))
    assert next(both).value == next(both).value


def test_nothing_over_is_not_run():
    found = by_name(validate_losses(claims().assign(realised=np.nan)))
    assert {r.verdict for r in found.values()} == {Verdict.NOT_RUN}


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"realised": "much"}, "realised: found .* expected numbers"),
        ({"estimated": np.inf}, "estimated: found an infinite value"),
        ({"weight": -1.0}, "weight: found -1, expected amounts"),
    ],
)
def test_bad_columns_are_named(broken, words):
    with pytest.raises(Misuse, match=words):
        validate_losses(claims().assign(**broken))


def test_a_frame_without_losses_is_refused():
    with pytest.raises(Misuse, match="expected estimated and realised"):
        validate_losses(pd.DataFrame({"lgd": [0.1]}))


def test_limits_can_be_replaced():
    strict = {"validation.loss.level": Limits.at_most(-1.0, source="test")}
    found = by_name(validate_losses(claims(too_low=0.1), limits=strict))["level"]
    assert found.limits.source == "test"
