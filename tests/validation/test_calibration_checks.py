"""Checks of level and grades: outcomes counted once, parties that stick together, silence where a test is blind."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.checks import Verdict
from riskmodels.validation.suite import validate

PRIMARY = "validation.calibration.observed_expected"


def found(cases, **told):
    return {r.name.removeprefix("validation."): r for r in validate(cases, **told)}


def yearly(sample, years=6, understated=1.0, n=1_000):
    """One cohort of the same obligors a year."""
    parts = [
        sample(n, seed=year, understated=understated).assign(period=pd.Timestamp(2019 + year, 12, 31), obligor=range(n))
        for year in range(years)
    ]
    return pd.concat(parts, ignore_index=True)


def test_monthly_rows_of_one_default_count_once(sample):
    cases = sample(1_200, seed=2).assign(obligor=range(1_200), period=pd.Timestamp("2024-12-31"))
    monthly = pd.concat([cases.assign(period=cases["period"] - pd.DateOffset(months=m)) for m in range(12)])
    once, twelve = found(cases, horizon=12), found(monthly, horizon=12)
    for name in ("calibration.observed_expected", "calibration.portfolio.jeffreys_p", "calibration.spiegelhalter.p"):
        assert twelve[name].value == pytest.approx(once[name].value)
        assert twelve[name].n == 1_200
    assert "one row per obligor and 12 months" in twelve["calibration.observed_expected"].dependence


def test_only_observed_over_expected_votes_and_the_p_values_are_one_family(sample):
    results = found(sample(seed=2), reference=sample(seed=1))
    level = [r for name, r in results.items() if name.startswith("calibration.")]
    assert [r.name for r in level if r.primary] == [PRIMARY]
    tested = [r for r in level if r.adjusted_p is not None]
    assert len(tested) == 7
    assert all(r.adjusted_p >= r.p_value for r in tested)
    assert all(r.h0 and r.dependence for r in tested)


def test_twelve_defaults_are_no_evidence_and_a_hundred_are(sample):
    few = found(sample(150, seed=3))["calibration.observed_expected"]
    many = found(sample(2_000, seed=3))["calibration.observed_expected"]
    assert (few.verdict, many.verdict) == (Verdict.NO_EVIDENCE, Verdict.WITHIN)
    assert few.detectable > 1.5 > many.detectable


def test_limits_widen_to_what_right_probabilities_reach_by_chance(sample):
    few = found(sample(150, seed=3))["calibration.observed_expected"]
    assert few.limits.breach_high > 1.5
    assert few.limits.breach_low < 0.67


def test_the_amount_tells_when_the_large_cases_go_bad(sample):
    cases = sample(4_000, seed=4)
    large = np.where(cases["outcome"] == 1, 20.0, 1.0) * 1e6
    results = found(cases.assign(weight=large))
    assert results["calibration.observed_expected"].verdict is Verdict.WITHIN
    assert results["calibration.observed_expected.amount"].verdict is Verdict.BREACH


def test_five_years_are_tested_over_years_and_four_are_not(sample):
    right, low = found(yearly(sample), horizon=12), found(yearly(sample, understated=1.4), horizon=12)
    four = found(yearly(sample, years=4), horizon=12)
    for name in ("calibration.years.p", "calibration.traffic_lights.p"):
        assert right[name].verdict is Verdict.WITHIN
        assert low[name].verdict is Verdict.BREACH
        assert four[name].reason == "too few years: 4, at least 5 are needed"
    assert low["calibration.years.p"].detail["years"] == 6


def test_yearly_rows_of_an_obligor_may_be_tested_as_independent_and_monthly_ones_without_a_date_may_not(sample):
    cases = yearly(sample)
    assert not found(cases, horizon=12)["calibration.portfolio.jeffreys_p"].reason
    assert "belong to 1,000 obligors" in found(cases)["calibration.portfolio.jeffreys_p"].reason


def test_correlated_defaults_excuse_what_independent_ones_do_not(sample):
    low = found(sample(seed=5, understated=1.3))
    assert low["calibration.portfolio.jeffreys_p"].verdict is Verdict.BREACH
    assert low["calibration.portfolio.correlated_p"].verdict is not Verdict.BREACH
    assert low["calibration.portfolio.correlated_p"].detail["rho"] == pytest.approx(0.12, abs=0.02)


def test_grades_in_the_wrong_order_breach_and_a_shuffled_scale_is_not_told_apart(sample):
    cases = sample(8_000, seed=6)
    swapped = cases.assign(outcome=np.where(cases["grade"] == "C", 0.0, cases["outcome"]))
    assert found(swapped)["grades.inversions"].verdict is Verdict.BREACH
    flat = cases.assign(outcome=np.random.default_rng(7).permutation(cases["outcome"]))
    assert found(flat)["grades.merged"].value >= 2
    assert found(cases)["grades.inversions"].verdict is Verdict.WITHIN


def test_concentration_is_told_by_number_and_by_amount(sample):
    before, now = sample(seed=1), sample(seed=2)
    all_in_one = now.assign(weight=np.where(now["grade"] == "D", 1e9, 1.0))
    results = found(all_in_one, reference=before)
    assert results["grades.concentration.p"].value > 0.05
    assert results["grades.concentration.amount.p"].p_value < results["grades.concentration.p"].p_value
    assert results["grades.concentration.amount.p"].detail["hi"] > 0.95


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        ({"grade": "A"}, "grades.inversions", "fewer than two grades have cases"),
        ({"grade": None}, "grades.mixed", "no grades in the sample"),
        ({"weight": 0.0}, "calibration.observed_expected.amount", "no amounts in the sample"),
    ],
)
def test_what_is_not_there_is_not_run_with_a_reason(sample, change, name, reason):
    assert found(sample().assign(**change))[name].reason == reason


def test_one_obligor_has_no_level_to_test_and_a_reason(sample):
    checks = found(sample().assign(obligor="one"))
    for name in ("observed_expected", "slope", "brier_skill"):
        assert "one obligor" in checks[f"calibration.{name}"].reason


def test_few_clients_are_told_and_the_errors_are_students(sample):
    wide, narrow = (found(sample().assign(client=np.arange(4_000) % n)) for n in (5, 50))
    level = wide["calibration.observed_expected"]
    assert "few: 5 of them" in level.dependence
    assert "few" not in narrow["calibration.observed_expected"].dependence
    assert level.detectable > narrow["calibration.observed_expected"].detectable


def test_bad_cases_where_all_probabilities_are_0_are_a_breach_and_none_is_not_run(sample):
    nothing = sample().assign(probability=0.0)
    level = found(nothing)["calibration.observed_expected"]
    assert level.verdict is Verdict.BREACH
    assert level.detail["judged_against"] == 0.5
    assert found(nothing.assign(outcome=0.0))["calibration.observed_expected"].verdict is Verdict.NOT_RUN


def test_no_calibration_test_is_green_that_could_have_missed_what_matters(sample):
    checks = found(pd.concat([yearly(sample, years=5, n=150)]), horizon=12)
    told = {n: r for n, r in checks.items() if n.startswith("calibration.") and not r.reason}
    assert {"calibration.traffic_lights.p", "calibration.brier_skill", "calibration.slope"} <= set(told)
    for name, result in told.items():
        assert result.detectable is not None, name
        assert result.verdict is not Verdict.WITHIN or result.detectable <= result.limits.material, name


def test_the_worst_grade_is_adjusted_over_the_grades_and_not_once_more(sample):
    worst = found(sample(understated=1.3).drop(columns="obligor"))["calibration.worst_grade.holm_p"]
    assert worst.adjusted_p == worst.value
    assert worst.p_value < worst.value <= worst.detail["grades_tested"] * worst.p_value
