"""What a suite of payment time measures: right where the law is known, and honest where invoices come in clusters."""

from functools import cache

import numpy as np
import pytest

from riskmodels.models.survival import kaplan_meier, survival_influence
from riskmodels.validation.baselines.scores import auc
from riskmodels.validation.timing.bands import coverage_of
from riskmodels.validation.timing.chance import covariance, largest_gap
from riskmodels.validation.timing.curve import curve_gap
from riskmodels.validation.timing.frame import payments_of_frame
from riskmodels.validation.timing.levels import level_beyond, order_beyond
from tests.validation.timing.worlds import invoices


@cache
def payments(**world):
    return payments_of_frame(invoices(**world))


def test_the_influence_of_a_curve_gives_its_own_clustered_error():
    seen = payments(seed=3, spread=1.0)
    parts, days, debtor = seen.parts, [0.0, 30.0, 90.0], seen.clusters[0]
    told = kaplan_meier(parts.delay, parts.settled, days, cluster=debtor)
    survival, moved = survival_influence(parts.delay, parts.settled, days, parts.place)
    assert survival == pytest.approx(told["survival"].to_numpy())
    sums = np.stack([np.bincount(debtor, column) for column in moved.T])
    assert np.sqrt((sums**2).sum(axis=1)) == pytest.approx(told["error"].to_numpy())


def test_observed_over_expected_is_right_though_a_third_of_late_invoices_is_still_open():
    found = [level_beyond(payments(seed=s, window=200.0), 30).ratio for s in range(40)]
    assert np.mean([f.value for f in found]) == pytest.approx(1.0, abs=0.025)
    assert np.std([f.value for f in found]) == pytest.approx(np.mean([f.se for f in found]), rel=0.3)


def test_half_as_many_again_are_found_at_every_day_past_due():
    found = [level_beyond(payments(seed=1, factor=1.5), dpd) for dpd in (0, 30, 60, 90)]
    assert all(f.ratio.p_value < 0.05 and f.ratio.value > 1.25 for f in found)
    assert found[0].observed == pytest.approx(found[0].expected * found[0].ratio.value)


def test_invoices_of_one_debtor_that_are_late_together_are_taken_for_a_wrong_level_only_without_clusters():
    found = [level_beyond(payments(seed=s, parties=60, each=30, spread=1.0, factor=0.93), 0) for s in range(60)]
    alone = [f.ratio.statistic * f.ratio.se / _alone(s) for s, f in enumerate(found)]
    assert np.mean([f.ratio.p_value < 0.05 for f in found]) < 0.16
    assert np.mean(np.abs(alone) > 1.96) > 0.25


def _alone(seed):
    """The error of observed over expected with each invoice for itself."""
    frame = invoices(seed, parties=60, each=30, spread=1.0, factor=0.93)
    return level_beyond(payments_of_frame(frame.drop(columns=["obligor", "client"])), 0).ratio.se


def test_the_order_that_chances_promise_is_reached_by_right_ones_and_not_by_overdone_ones():
    right = payments_of_frame(invoices(5, parties=400))
    assert order_beyond(right, 0).against.p_below > 0.05
    frame = invoices(5, parties=400)
    logit = np.log(frame["late"] / (1 - frame["late"]))
    noise = np.random.default_rng(0).normal(0, 1.5, len(frame))
    late = 1 / (1 + np.exp(-(logit + noise)))
    overdone = frame.assign(late=late)[["late", "days_late", "settled", "obligor"]]
    assert order_beyond(payments_of_frame(overdone), 0).against.p_below < 1e-6


def test_the_order_beyond_a_day_is_that_of_the_comparison_with_baselines():
    seen = payments(seed=2)
    own = auc(seen.open_beyond(30).astype(float), seen.forecast.beyond(30), seen.weights[30.0])
    assert order_beyond(seen, 30).against.value == own.value


def test_chances_that_tell_nothing_of_the_late_have_no_order_among_them():
    assert order_beyond(payments(seed=2), 30, incident=True).against.value == pytest.approx(0.5)


def test_a_curve_that_is_right_has_a_gap_that_chance_explains_and_a_wrong_one_has_not():
    right, wrong = (curve_gap(payments(seed=4, factor=f)) for f in (1.0, 1.5))
    assert right.largest.p_value > 0.05
    assert right.largest.value < right.largest.critical()
    assert wrong.largest.p_value < 0.001
    assert wrong.later > 4 > abs(right.later)
    assert (wrong.table["low"] > wrong.table["expected"]).any()


def test_the_largest_gap_of_a_right_curve_is_significant_in_about_five_of_a_hundred():
    found = [curve_gap(payments(seed=s, parties=100, each=6), seed=s).largest.p_value for s in range(100)]
    assert 0.01 <= np.mean(np.array(found) < 0.05) <= 0.12


def test_gaps_are_found_as_often_as_the_smallest_detectable_one_says():
    seen = payments(seed=4)
    curve = curve_gap(seen)
    rng = np.random.default_rng(0)
    cov = covariance(curve.influence, seen.clusters)
    shift = np.zeros(len(curve.days))
    shift[int(np.argmax(curve.largest.se))] = curve.largest.detect(0.05)
    drawn = np.abs(rng.multivariate_normal(shift, cov, 4000)).max(axis=1)
    assert (drawn > curve.largest.critical()).mean() == pytest.approx(0.8, abs=0.03)


def test_one_amount_for_all_is_no_amount_at_all():
    frame = invoices(6).assign(amount=3.0)
    one, other = (curve_gap(payments_of_frame(frame), by_amount=flag) for flag in (False, True))
    assert one.largest.value == pytest.approx(other.largest.value)
    assert one.largest.se == pytest.approx(other.largest.se)


def test_the_same_invoices_give_the_same_bits():
    one, other = (curve_gap(payments_of_frame(invoices(7))) for _ in range(2))
    assert one.largest.p_value == other.largest.p_value
    assert one.table.equals(other.table)


def test_two_figures_that_move_as_one_have_the_largest_gap_of_one():
    rng = np.random.default_rng(0)
    moved = rng.normal(size=(500, 1)) / 500
    one, both = (largest_gap(np.full(k, 0.01), np.repeat(moved, k, axis=1), None) for k in (1, 2))
    assert both.critical() == pytest.approx(one.critical(), rel=0.05)


def test_a_band_of_80_in_100_that_holds_70_is_found():
    frame = invoices(8, parties=300)
    ends = {"low_80_days_late": -1e3, "high_80_days_late": frame["days_late"].quantile(0.7)}
    narrow = payments_of_frame(frame.assign(**ends))
    found = coverage_of(narrow, narrow.bands)
    assert found.against.value == pytest.approx(0.7, abs=0.05)
    assert found.against.p_value < 0.001
    assert found.kupiec_p < 0.001


def test_an_invoice_open_within_its_band_has_no_say_yet():
    frame = invoices(9).assign(low_80_days_late=-1e3, high_80_days_late=500.0)
    seen = payments_of_frame(frame)
    found = coverage_of(seen, seen.bands)
    assert found.n == frame["settled"].sum()
    assert found.against.value == pytest.approx(1.0)
    assert 0 < found.against.p_value < 1e-3
