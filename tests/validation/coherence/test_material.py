"""The chance that a material amount becomes overdue: against every way it could come out."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.validation.coherence.material import STEPS, alike, independent

cases = st.lists(st.tuples(st.floats(0, 1), st.integers(1, STEPS)), min_size=1, max_size=7)


def arrays(invoices):
    p, step = zip(*invoices)
    return np.array(p), np.array(step, float)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_independent_invoices_are_every_outcome_weighed(invoices):
    p, amount = arrays(invoices)
    outcomes = np.array(list(product([0, 1], repeat=len(p))))
    weights = np.where(outcomes, p, 1 - p).prod(axis=1)
    expected = weights[outcomes @ amount >= STEPS].sum()
    assert independent(p, amount, STEPS) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_invoices_that_are_one_are_decided_by_a_single_draw(invoices):
    p, amount = arrays(invoices)
    reaching = [u for u in p if amount[p >= u].sum() >= STEPS]
    assert alike(p, amount, STEPS) == max(reaching, default=0.0)


def test_invoices_material_alone_are_the_product_and_the_largest():
    p, amount = np.array([0.1, 0.4, 0.2]), np.full(3, 50.0)
    assert independent(p, amount, 5.0) == pytest.approx(1 - 0.9 * 0.6 * 0.8)
    assert alike(p, amount, 5.0) == 0.4


def test_what_can_t_be_reached_has_no_chance():
    assert independent(np.ones(3), np.ones(3), 4.0) == 0.0
    assert alike(np.ones(3), np.ones(3), 4.0) == 0.0
