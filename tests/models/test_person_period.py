import numpy as np
import pytest

from riskmodels.models.payment_parts import parts_of
from riskmodels.models.person_period import exposure, periods

GRID = np.array([-10.0, 0.0, 10.0, 30.0])


def rows(terms, duration, paid):
    found = periods(GRID, np.array([terms], dtype=float), parts_of([paid], np.array([duration], dtype=float)))
    return list(zip(found.interval.tolist(), found.events.tolist(), found.exposed.tolist()))


def test_a_paid_invoice_passes_its_intervals_and_pays_in_the_last():
    assert rows(30, 35, True) == [(0, 0, 1), (1, 0, 1), (2, 1, 1)]


def test_payment_on_a_grid_day_belongs_to_the_interval_that_ends_there():
    assert rows(30, 30, True)[-1] == (1, 1, 1)


def test_payment_on_the_day_of_issue_belongs_to_the_first_interval():
    assert rows(30, 0, True) == [(0, 1, 1)]


def test_a_censored_interval_counts_for_the_share_it_was_seen():
    assert rows(30, 45, False) == [(0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 0, pytest.approx(0.25))]


def test_an_invoice_enters_where_its_terms_begin():
    assert rows(5, 20, True) == [(1, 0, pytest.approx(0.5)), (2, 0, 1), (3, 1, 1)]


def test_payment_beyond_the_grid_passes_all_of_it():
    assert rows(30, 500, True) == [(j, 0, 1) for j in range(4)]


def test_an_invoice_seen_for_no_time_tells_nothing():
    assert rows(30, 0, False) == []


def test_exposure_is_the_share_of_each_interval_inside_a_span():
    assert exposure(GRID, np.array([-5.0]), 20.0)[0].tolist() == [0, 0.5, 1, 0.5]
