"""The score-band table: counts by hand, bands fixed on development, shifts and turns that show."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import Misuse
from riskmodels.core.scale import RatingScale
from riskmodels.models.inputs import SampleError
from riskmodels.models.low_default import jeffreys_interval
from riskmodels.models.score_bands import Scored, inversions, score_bands
from riskmodels.models.shares import jeffreys, shares_by
from riskmodels.validation.stability import psi


def sample(seed, n=2000, shift=0.0, slope=2.0):
    """Points (higher is safer) and the bad among them."""
    rng = np.random.default_rng(seed)
    score = rng.normal(shift, 1, n)
    return score, (rng.random(n) < 1 / (1 + np.exp(2 + slope * score))).astype(float)


@pytest.fixture(scope="module")
def three():
    return {"development": sample(1), "hold-out": sample(2, 900), "out of time": sample(3, 700, shift=0.4)}


def test_a_table_by_hand():
    dev = ([1, 2, 3, 4, np.nan, 2], [1, 1, 0, 0, 1, np.nan])
    found = score_bands({"development": dev}, [2.5], higher="safer")
    table = found.table.set_index("name")
    assert table.index.tolist() == ["(−∞, 2.5]", "(2.5, ∞)", "missing"]
    assert table["n"].tolist() == [2, 2, 1]
    assert table["bads"].tolist() == [2, 0, 1]
    assert table["cum_bads"].tolist() == pytest.approx([2 / 3, 2 / 3, 1])
    assert table["cum_goods"].tolist() == [0, 1, 1]
    assert table["ks"].tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    assert table["lift"].tolist() == pytest.approx([5 / 3, 0, 5 / 3])
    total = found.totals.iloc[0]
    assert (total["n"], total["young"], total["bads"], total["rate"]) == (5, 1, 3, 0.6)


def test_bands_hold_equally_many_development_cases_and_stay_for_the_others(three):
    table = score_bands(three, 10, higher="safer").table
    counts = table.pivot(index="name", columns="sample", values="n")
    assert counts["development"].eq(200).all()
    assert counts["out of time"].max() > 100
    assert counts.sum().to_dict() == {"development": 2000, "hold-out": 900, "out of time": 700}


@pytest.mark.parametrize("missing", [0, 30])
def test_the_psi_is_that_of_the_validation(three, missing):
    later = {name: (score.copy(), y) for name, (score, y) in three.items()}
    for score, _y in later.values():
        score[:missing] = np.nan
    totals = score_bands(later, 10, higher="safer").totals.set_index("sample")
    for name in ("hold-out", "out of time"):
        peer = psi(pd.Series(later["development"][0]), pd.Series(later[name][0]))
        assert totals.loc[name, "psi"] == pytest.approx(peer.value, rel=1e-12)
        assert totals.loc[name, "psi_critical"] == pytest.approx(peer.critical, rel=1e-12)
    assert totals.loc["development", "psi"] == 0


def test_disjoint_samples_have_a_large_psi():
    y = np.tile([0.0, 1.0], 50)
    both = {"development": (np.linspace(0, 1, 100), y), "out of time": (np.linspace(5, 6, 100), y)}
    assert score_bands(both, 10, higher="safer").totals["psi"].iloc[1] > 5


def test_points_and_probabilities_give_the_same_table(three):
    turned = {name: (-score, y) for name, (score, y) in three.items()}
    one, two = score_bands(three, 8, higher="safer"), score_bands(turned, 8, higher="riskier")
    figures = ["band", "n", "bads", "rate", "low", "high", "cum_goods", "cum_bads", "ks", "lift", "psi"]
    pd.testing.assert_frame_equal(one.table[figures], two.table[figures])
    assert one.table["rate"].iloc[0] > one.table["rate"].iloc[7]


def test_the_grades_of_a_rating_scale_are_bands_even_when_empty():
    scale = RatingScale(("A", "B", "C"), (0.01, 0.10))
    p = np.array([0.005, 0.01, 0.09, 0.02])
    found = score_bands({"development": (p, [0, 0, 1, 0])}, scale, higher="riskier").table
    assert found["name"].tolist() == ["C", "B", "A"]
    assert found["n"].tolist() == [0, 3, 1]
    assert np.isnan(found["rate"].iloc[0])
    graded = pd.Series(scale.grade(p)).value_counts().to_dict()
    assert found.set_index("name")["n"].to_dict() == graded


def test_scores_tied_over_a_cut_stay_in_one_band():
    score = np.repeat([1.0, 2.0, 3.0, 4.0], [10, 70, 10, 10])
    y = np.tile([1.0, 0.0], 50)
    found = score_bands({"development": (score, y)}, 5, higher="safer").table
    assert found["n"].tolist() == [10, 70, 10, 10]
    many = np.concatenate([score, np.linspace(5, 9, 20)])
    found = score_bands({"development": (many, np.tile([1.0, 0.0], 60))}, 5, higher="safer").table
    assert found["n"].sum() == 120
    assert found["n"].iloc[0] == 80


def test_a_constant_score_is_one_band_that_ranks_nothing_and_a_later_change_shows():
    y = np.tile([1.0, 0.0], 20)
    alone = score_bands({"development": (np.ones(40), y)}, 10, higher="safer")
    assert alone.table["n"].tolist() == [40]
    assert alone.totals[["ks", "inversions"]].to_numpy().tolist() == [[0, 0]]
    both = score_bands({"development": (np.ones(40), y), "later": (np.zeros(40), y)}, 10, higher="safer")
    assert both.table.query("sample == 'later'")["n"].tolist() == [40, 0]
    assert both.totals["psi"].iloc[1] > 5


def test_a_sample_without_bads_has_rates_of_zero_and_no_lift():
    found = score_bands({"development": (np.arange(50), np.zeros(50))}, 5, higher="safer")
    assert found.table["rate"].eq(0).all()
    assert found.table["high"].gt(0).all()
    assert found.table[["lift", "cum_bads", "ks"]].isna().all(axis=None)


def test_a_sample_too_young_for_any_outcome_is_counted_and_not_judged(three):
    found = score_bands({**three, "new": (np.zeros(8), np.full(8, np.nan))}, 5, higher="safer").totals.iloc[-1]
    assert (found["n"], found["young"], found["inversions"]) == (0, 8, 0)
    assert found[["rate", "ks", "psi"]].isna().all()


def test_the_wide_form_has_the_samples_side_by_side(three):
    wide = score_bands(three, 5, higher="safer").wide()
    assert wide.shape == (5, 30)
    assert list(dict.fromkeys(wide.columns.get_level_values(0))) == list(three)
    assert wide[("development", "n")].tolist() == [400] * 5


def test_inversions_are_counted_and_tested():
    assert inversions([0.3, 0.2, 0.1], [100, 100, 100])[0] == 0
    few, p = inversions([0.3, 0.11, 0.12, np.nan], [100, 100, 100, 0])
    assert few == 1
    assert p > 0.5
    clear, p = inversions([0.30, 0.05, 0.20], [500, 500, 500])
    assert clear == 1
    assert p < 1e-6


def test_repeated_obligors_widen_the_interval_and_repeating_each_case_does_not_narrow_it():
    score, y = sample(5, 300)
    once = score_bands({"d": Scored(score, y, None, np.arange(300))}, [0.0], higher="safer").table
    again = Scored(np.tile(score, 4), np.tile(y, 4), None, np.tile(np.arange(300), 4))
    many = score_bands({"d": again}, [0.0], higher="safer").table
    assert many["effective"].to_numpy() == pytest.approx(once["effective"].to_numpy(), rel=0.02)
    assert many["low"].to_numpy() == pytest.approx(once["low"].to_numpy(), abs=0.002)


def test_a_weight_of_two_counts_twice_and_of_zero_not_at_all():
    weighted = score_bands({"d": ([1, 1, 5], [1, 0, 0], [2, 1, 0])}, [3.0], higher="safer").table
    assert weighted["weight"].tolist() == [3, 0]
    assert weighted["rate"].iloc[0] == pytest.approx(2 / 3)


@given(st.integers(1, 500), st.data())
@settings(max_examples=30, deadline=None)
def test_intervals_of_plain_cases_are_those_of_the_validation(n, data):
    d = data.draw(st.integers(0, n))
    row = shares_by(np.zeros(n, int), np.arange(n) < d, 1).iloc[0]
    low, high = jeffreys_interval(n, d)
    assert row[["low", "high"]].tolist() == pytest.approx([low.item(), high.item()], abs=1e-12)
    assert row["effective"] == pytest.approx(n)


def test_one_obligor_alone_says_as_much_as_one_case():
    row = shares_by(np.zeros(10, int), np.arange(10) < 3, 1, cluster=np.zeros(10)).iloc[0]
    assert row["effective"] == 1
    alike = shares_by(np.zeros(10, int), np.zeros(10), 1, cluster=np.repeat([0, 1], 5)).iloc[0]
    assert alike["effective"] == 2
    assert np.isnan(jeffreys(np.nan, 0)[0])


@pytest.mark.parametrize(
    ("given_sample", "bands", "higher", "error", "words"),
    [
        (([1, 2], [0, 1]), 10, "better", Misuse, "higher: found 'better', expected 'riskier' or 'safer'"),
        (([1, 2], [0, 1]), [2, 1], "safer", Misuse, "expected at least one and each above the one before"),
        (([1, 2], [0, 1]), 1, "safer", Misuse, "bands: found 1, expected 2 or more"),
        (([1, 2], [0, 1]), RatingScale(("A", "B"), (0.1,)), "safer", Misuse, "expected probabilities"),
        (([1, 2], [0, 2]), 10, "safer", SampleError, "development: y: found 2, expected 0, 1 or missing"),
        (([1, np.inf], [0, 1]), 10, "safer", SampleError, "development: score: found infinite values"),
        (([1, 2], [0, 1], [1, -1]), 10, "safer", SampleError, "weight: found a negative"),
        (([1, 2], [0, 1, 1]), 10, "safer", SampleError, "y: found 3 values, expected 2, one per score"),
        ((["a", "b"], [0, 1]), 10, "safer", SampleError, "score: found text, expected numbers"),
        (([1, 2], [np.nan, np.nan]), 10, "safer", SampleError, "found no case with a known outcome"),
        (([np.nan, np.nan], [0, 1]), 10, "safer", SampleError, "found only missing ones in the first sample"),
    ],
)
def test_bad_input_is_refused_in_one_line(given_sample, bands, higher, error, words):
    with pytest.raises(error, match=words):
        score_bands({"development": given_sample}, bands, higher=higher)


def test_no_sample_at_all_is_a_misuse():
    with pytest.raises(Misuse, match="samples: found none"):
        score_bands({}, higher="safer")
