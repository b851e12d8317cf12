"""Rows that count each outcome once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.validation.cohorts import non_overlapping

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40)), max_size=60)


@given(ROWS, st.integers(1, 14))
def test_no_two_kept_rows_of_an_obligor_lie_within_the_horizon(rows, horizon):
    obligor, month = (np.array([r[i] for r in rows], int) for i in (0, 1))
    kept = non_overlapping(obligor, month, horizon)
    for one in set(obligor[kept]):
        assert (np.diff(np.sort(month[kept & (obligor == one)])) >= horizon).all()


def test_a_monthly_panel_is_judged_on_yearly_dates_back_from_the_last():
    obligor, month = (a.ravel() for a in np.meshgrid(np.arange(50), np.arange(30), indexing="ij"))
    assert set(month[non_overlapping(obligor, month, 12)]) == {29, 17, 5}


def test_rows_that_do_not_overlap_are_all_kept():
    obligor = np.arange(100) % 90
    month = np.where(np.arange(100) < 90, 1, 14)
    assert non_overlapping(obligor, month, 12).all()


def test_the_choice_of_rows_does_not_follow_what_came_after_them():
    # Defaulters leave the panel: were their last rows kept, the rate would be far too high.
    rng = np.random.default_rng(1)
    leaves = rng.geometric(0.02, 2_000)
    obligor, month = (a.ravel() for a in np.meshgrid(np.arange(2_000), np.arange(48), indexing="ij"))
    alive = month < leaves[obligor]
    obligor, month = obligor[alive], month[alive]
    kept = non_overlapping(obligor, month, 12) & (month <= 35)
    rate = np.mean(leaves[obligor[kept]] <= month[kept] + 12)
    assert abs(rate - (1 - 0.98**12)) < 0.02


def test_without_a_horizon_every_row_counts():
    assert non_overlapping([1, 1], [5, 5], 0).all()


def staggered(groups, step, months=48, risk=0.02, obligors=3_000):
    """A panel with rows every `step` months, in groups a month apart, of obligors that leave by default."""
    rng = np.random.default_rng(3)
    enters, leaves = rng.integers(0, 24, obligors), rng.geometric(risk, obligors)
    obligor, month = (a.ravel() for a in np.meshgrid(np.arange(obligors), np.arange(months), indexing="ij"))
    seen = (month >= enters[obligor]) & (month < (enters + leaves)[obligor]) & (month % step == obligor % groups)
    return obligor[seen], month[seen], enters + leaves


def test_no_group_of_a_staggered_panel_is_dropped():
    obligor, month = (a.ravel() for a in np.meshgrid(np.arange(200), np.arange(36), indexing="ij"))
    quarterly = month % 3 == obligor % 3
    kept = non_overlapping(obligor[quarterly], month[quarterly], 12)
    assert set(obligor[quarterly][kept]) == set(range(200))
    assert kept.sum() == 600


@given(st.sampled_from([(1, 1), (3, 3), (2, 6), (5, 5)]))
def test_dates_of_groups_do_not_follow_what_came_after_them(panel):
    obligor, month, leaves = staggered(*panel)
    kept = non_overlapping(obligor, month, 12) & (month <= 35)
    for group in range(panel[0]):
        rows = kept & (obligor % panel[0] == group)
        rate = np.mean(leaves[obligor[rows]] <= month[rows] + 12)
        assert rows.sum() > 300
        assert abs(rate - (1 - 0.98**12)) < 0.05
    rate = np.mean(leaves[obligor[kept]] <= month[kept] + 12)
    assert abs(rate - (1 - 0.98**12)) < 0.02
