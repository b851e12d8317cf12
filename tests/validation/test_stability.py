"""Stability: what must never pass unseen - disjoint samples, empty bins, missing values, new levels."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.validation.case import Case
from riskmodels.validation.checks.stability import score_psi
from riskmodels.validation.stability import MISSING, UNSEEN, clustered_chance, csi, psi, psi_critical, shift

COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=12).filter(
    lambda rows: all(sum(column) > 0 for column in zip(*rows))
)


def numbers(seed, n=2_000, at=0.0):
    return pd.Series(np.random.default_rng(seed).normal(at, 1, n))


def test_disjoint_samples_are_far_apart_not_equal():
    assert psi(numbers(1), numbers(2, at=100)).value > 5
    assert psi(pd.Series(["a", "b"] * 50), pd.Series(["c", "d"] * 50)).value > 5
    assert psi(pd.Series([0.0] * 100), pd.Series([-1.0] * 100)).value > 5


def test_a_sample_has_not_moved_from_itself():
    assert psi(numbers(1), numbers(1)).value == 0


@given(COUNTS)
def test_psi_is_never_negative_and_the_same_both_ways(rows):
    before, now = zip(*rows)
    assert shift(before, now).value >= 0
    assert shift(before, now).value == pytest.approx(shift(now, before).value)


@given(COUNTS)
def test_the_table_adds_up_to_the_value_and_to_every_case(rows):
    before, now = zip(*rows)
    found = shift(before, now)
    assert found.table["part"].sum() == pytest.approx(found.value)
    assert (found.table["reference"].sum(), found.table["current"].sum()) == (sum(before), sum(now))


def test_missing_values_are_a_bin_of_their_own():
    current = numbers(2)
    current[:1_000] = np.nan
    found = psi(numbers(1), current)
    assert found.table.set_index("bin").loc[MISSING, "current_share"] == 0.5
    assert found.value > 1


def test_a_level_the_reference_never_had_is_unseen():
    found = psi(pd.Series(["a", "b", "b", None] * 30), pd.Series(["a", "b", "z", None] * 30))
    assert found.table.set_index("bin").loc[UNSEEN, "current"] == 30
    assert found.table.set_index("bin").loc[MISSING, "current"] == 30


def test_integers_and_floats_of_the_same_values_are_the_same_levels():
    assert psi(pd.Series([1, 2, 3] * 40), pd.Series([1.0, 2.0, 3.0] * 40)).value == 0


def test_one_population_exceeds_the_critical_value_as_rarely_as_its_level_says():
    rng = np.random.default_rng(5)
    pairs = [(pd.Series(rng.normal(size=500)), pd.Series(rng.normal(size=500))) for _ in range(600)]
    exceeded = np.mean([psi(before, now).significant for before, now in pairs])
    assert 0.02 <= exceeded <= 0.09


def test_the_driver_that_moved_comes_first():
    before = pd.DataFrame({"stays": numbers(1), "moves": numbers(2)})
    now = pd.DataFrame({"stays": numbers(3), "moves": numbers(4, at=0.5)})
    assert list(csi(before, now, ["stays", "moves", "absent"])) == ["moves", "stays"]


def snapshots(rng, obligors, times):
    """The same obligors scored again and again, each score close to its own."""
    own, who = rng.normal(-3, 1, obligors), np.tile(np.arange(obligors), times)
    p = 1 / (1 + np.exp(-own[who] - rng.normal(0, 0.15, len(who))))
    return pd.DataFrame({"probability": p, "outcome": (rng.random(len(who)) < p).astype(float), "obligor": who})


def test_snapshots_of_one_population_are_on_watch_as_rarely_as_the_level_says():
    rng = np.random.default_rng(0)
    found = [score_psi(Case(snapshots(rng, 2_000, 8), Case(snapshots(rng, 2_000, 6)))) for _ in range(60)]
    assert np.mean([f.p_value < 0.05 for f in found]) <= 0.1
    assert np.mean([f.value > f.critical(0.05) for f in found]) <= 0.1
    assert {f.dependence for f in found} == {"clustered by debtor"}
    assert found[0].critical(0.05) > 2 * psi_critical(12_000, 16_000, 10)


def test_obligors_that_never_leave_their_bin_count_once():
    bins = np.repeat(np.arange(4), 25)
    seen = np.tile(bins, 6), np.tile(bins, 8)
    who = np.tile(np.arange(100), 6), np.tile(np.arange(100), 8)
    assert clustered_chance(seen, who).critical(0.05) == pytest.approx(psi_critical(99, 99, 4))
    assert clustered_chance(seen, (None, None)).critical(0.05) == pytest.approx(psi_critical(600, 800, 4))


def test_the_p_value_of_a_shift_is_its_level_at_the_critical_value():
    found = psi(numbers(1), numbers(2))
    assert found.chance.p_value(found.critical) == pytest.approx(0.05)
