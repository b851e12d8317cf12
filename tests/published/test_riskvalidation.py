"""Each test that the open library riskvalidation 1.0.1 also has agrees with ours, or its difference has a reason here.

riskvalidation needs numpy and scipy only. `COMPARED` and `APART` together are all public functions of its modules on
PD, LGD, stability and migration, so that none is left out silently; its other modules belong to other trades.
"""

import importlib

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom, norm

from riskmodels.models.low_default import jeffreys_interval, prudent_bounds, prudent_bounds_over_years
from riskmodels.models.transitions import counts_homogeneity, prais_mobility, svd_mobility
from riskmodels.models.transitions.cohort import shares
from riskmodels.models.transitions.duration import rates_of
from riskmodels.models.transitions.mobility import bandwidth
from riskmodels.models.transitions.states import States
from riskmodels.validation import calibration, discrimination, years
from riskmodels.validation.correlated import correlated_binomial_p, critical_count
from riskmodels.validation.grades import (
    binomial_p,
    concentration_index,
    concentration_p,
    jeffreys_p,
    variation,
    wp14_chi2,
)
from riskmodels.validation.losses.shortfall import shortfall, shortfalls
from riskmodels.validation.migration.steps import steps
from riskmodels.validation.separation import ks_test
from riskmodels.validation.stability import FLOOR, psi_critical, shift
from riskmodels.validation.timing.kupiec import pof

MODULES = {
    "calibration": "validation.calibration",
    "discrimination": "validation.discrimination",
    "stability": "validation.stability",
    "rating": "validation.rating_system",
    "migration": "validation.transitions",
    "lgd": "validation.lgd_ead",
    "low_default": "engines.low_default",
    "mobility": "transitions.mobility",
    "estimators": "transitions.estimators",
    "intervals": "transitions.intervals",
}
MOVED = "checked in test_transition_figures.py, against the published figures of the packages that rating agencies use"
NO_ROLE = "has no part in this validation"
APART = {
    "calibration.pd_default_profile": "the slope tells whether the curve of PDs has the right shape",
    "discrimination.bootstrap_ci": "resamples cases; ours resamples obligors (validation.resampling)",
    "stability.bin_counts": "its bins are closed on the left, ours on the right; the PSI of given counts is compared",
    "stability.quantile_edges": "interpolates quantiles, ours are values of the sample; given counts are compared",
    "stability.stability_chi2": "the PSI's own law is used",
    "stability.stability_ks": "the PSI's own law is used",
    "stability.stability_wasserstein": "has the unit of the score and no threshold",
    "migration.rating_markov_order": NO_ROLE,
    "migration.rating_momentum": NO_ROLE,
    "migration.rating_matrix_reference": "development has counts, no known matrix: both are estimates",
    "lgd.lgd_discrimination": "Spearman's; the ECB's measure is the generalised AUC (2019, 2.6.3)",
    "lgd.downturn_coverage": NO_ROLE,
    "lgd.ead_backtest_by_band": "invoices have no undrawn lines",
    "lgd.ccf_estimator_bias": "invoices have no undrawn lines",
    "low_default.most_prudent_pd_scaled": NO_ROLE,
    "low_default.scale_bounds": NO_ROLE,
    "estimators.aalen_johansen": MOVED,
    "estimators.pooled_cohort": MOVED,
    "intervals.INTERVALS": "the list of its intervals",
    "intervals.effective_n": "ours takes the design effect of clusters (models.shares)",
    "intervals.exact_coverage": "coverage is simulated in tests/certify/intervals.py",
    "intervals.overlap_probability": NO_ROLE,
    "intervals.pd_agresti_coull": "Jeffreys' covers better near 0 (Brown, Cai, DasGupta 2001)",
    "intervals.pd_bootstrap": MOVED,
    "intervals.pd_wald": "Jeffreys' covers better near 0 (Brown, Cai, DasGupta 2001)",
}
COMPARED = {
    "calibration": "critical_default_count default_count_sf pd_binomial pd_binomial_vasicek pd_brier pd_chi2_grades "
    "pd_ece pd_hosmer_lemeshow pd_jeffreys pd_jeffreys_grades pd_normal_multiperiod pd_spiegelhalter pd_traffic_lights "
    "traffic_light_colours traffic_profile_cdf",
    "discrimination": "auc_with_variance cap_accuracy_ratio disc_auc disc_auc_vs_initial disc_delong disc_ks "
    "structural_components",
    "stability": "psi_benchmark stability_psi stability_csi",
    "rating": "concentration matrix_weighted_bandwidth rating_hhi rating_migration_ztests rating_mwb",
    "migration": "rating_time_homogeneity",
    "lgd": "lgd_calibration_by_segment lgd_calibration_over_time",
    "low_default": "most_prudent_pd most_prudent_pd_multiperiod",
    "mobility": "svd_mobility trace_mobility",
    "estimators": "cohort duration_generator",
    "intervals": "pd_jeffreys",
}
RV = {name: importlib.import_module(f"riskvalidation.{path}") for name, path in MODULES.items()}
PD = np.array([0.002, 0.005, 0.01, 0.018, 0.032, 0.06, 0.14])
N = np.array([412, 958, 1486, 1524, 1012, 526, 230])
D = np.array([1, 4, 15, 30, 38, 50, 33])
COUNTS = np.array([[80, 12, 5, 1], [9, 120, 20, 6], [2, 25, 90, 15], [0, 3, 9, 40]])


@pytest.fixture(scope="module")
def cases():
    """1,000 scored cases without ties: outcome, probability, another score."""
    rng = np.random.default_rng(20)
    score = rng.normal(-2, 1, 1_000)
    probability = expit(score)
    return (rng.random(1_000) < probability).astype(int), probability, score + rng.normal(0, 1, 1_000)


def test_every_public_function_is_compared_or_set_apart_with_a_reason():
    theirs = {f"{name}.{function}" for name, module in RV.items() for function in module.__all__}
    compared = {f"{name}.{function}" for name, functions in COMPARED.items() for function in functions.split()}
    assert compared | set(APART) == theirs
    assert not compared & set(APART)


def test_auc_its_error_gini_and_placements(cases):
    outcome, probability, _ = cases
    theirs, ours = (
        RV["discrimination"].disc_auc(probability, outcome),
        discrimination.auc_interval(outcome, probability),
    )
    assert ours.value == pytest.approx(theirs.metric)
    assert ours.se == pytest.approx(theirs.extras["se"])
    assert (ours.low, ours.high) == pytest.approx((theirs.extras["ci95_low"], theirs.extras["ci95_high"]))
    ratio = RV["discrimination"].cap_accuracy_ratio(probability, outcome)
    assert discrimination.gini(outcome, probability) == pytest.approx(ratio)
    value, variance, _, _ = RV["discrimination"].auc_with_variance(probability, outcome)
    assert (ours.value, ours.se**2) == pytest.approx((value, variance))
    placed = RV["discrimination"].structural_components(probability[outcome == 1], probability[outcome == 0])
    for mine, other in zip(discrimination.placements(outcome, probability), placed, strict=True):
        assert mine == pytest.approx(other)


def test_two_aucs_and_an_auc_against_its_start(cases):
    outcome, probability, other = cases
    theirs = RV["discrimination"].disc_delong(probability, other, outcome)
    ours = discrimination.auc_difference(outcome, probability, other)
    assert (ours.z, ours.p_value) == pytest.approx((theirs.statistic, theirs.p_value))
    fall = RV["discrimination"].disc_auc_vs_initial(0.8, probability, outcome)
    interval = discrimination.auc_interval(outcome, probability)
    assert discrimination.auc_fall_p(0.8, interval) == pytest.approx(fall.p_value)


def test_kolmogorov_smirnov_and_its_p_value(cases):
    outcome, probability, _ = cases
    theirs = RV["discrimination"].disc_ks(probability, outcome)
    found = ks_test(outcome, probability)
    assert (found.value, found.p_value) == pytest.approx((theirs.metric, theirs.p_value), rel=1e-6)


def test_brier_by_grades_and_the_calibration_error(cases):
    outcome, probability, _ = cases
    group = np.digitize(probability, [0.05, 0.1, 0.2])
    mean = np.bincount(group, probability) / np.bincount(group)
    theirs = RV["calibration"].pd_brier(outcome, mean[group], groups=group)
    ours = calibration.brier_parts(outcome, mean[group], group)
    assert calibration.brier(outcome, mean[group]) == pytest.approx(theirs.metric)
    told = [theirs.extras[part] for part in ("reliability", "resolution", "uncertainty")]
    assert [ours.reliability, ours.resolution, ours.uncertainty] == pytest.approx(told)
    assert calibration.brier_skill(outcome, mean[group]) == pytest.approx(theirs.extras["brier_skill"])
    error = RV["calibration"].pd_ece(outcome, probability)
    assert calibration.expected_calibration_error(outcome, probability) == pytest.approx(error.metric)


@pytest.mark.parametrize("fitted", [False, True])
def test_hosmer_lemeshow(cases, fitted):
    outcome, probability, _ = cases
    theirs = RV["calibration"].pd_hosmer_lemeshow(outcome, probability, fitted=fitted)
    ours = calibration.hosmer_lemeshow(outcome, probability, in_sample=fitted)
    assert (ours.statistic, ours.df) == (pytest.approx(theirs.statistic), theirs.extras["dof"])
    assert ours.p_value == pytest.approx(theirs.p_value)


def test_hosmer_lemeshow_differs_where_probabilities_tie(cases):
    # They cut equal probabilities apart in the order of the rows, so that the statistic changes when rows are sorted;
    # Stata's estat gof, like ours, keeps them in one group.
    outcome, probability, _ = cases
    tied = probability.round(1)
    order = np.argsort(outcome)
    theirs = [RV["calibration"].pd_hosmer_lemeshow(outcome[o], tied[o] + 0.01).statistic for o in (slice(None), order)]
    ours = [calibration.hosmer_lemeshow(outcome[o], tied[o] + 0.01).statistic for o in (slice(None), order)]
    assert ours[0] == pytest.approx(ours[1])
    assert theirs[0] != pytest.approx(theirs[1], rel=0.01)


def test_spiegelhalter_s_z_is_the_same_and_our_p_value_two_sided(cases):
    # Their p is 1 - Phi(z), which forgives probabilities that are too flat; Spiegelhalter 1986 tests both sides.
    outcome, probability, _ = cases
    theirs = RV["calibration"].pd_spiegelhalter(outcome, probability)
    z, p = calibration.spiegelhalter(outcome, probability)
    assert z == pytest.approx(theirs.statistic)
    assert p == pytest.approx(2 * min(theirs.p_value, 1 - theirs.p_value))


def test_jeffreys_binomial_and_the_chi_squared_test_of_grades():
    theirs = RV["calibration"].pd_jeffreys_grades(N.tolist(), D.tolist(), PD.tolist())
    whole = jeffreys_p(PD @ N / N.sum(), N.sum(), D.sum())
    assert [*jeffreys_p(PD, N, D), whole] == pytest.approx([t.p_value for t in theirs])
    assert RV["calibration"].pd_jeffreys(412, 1, 0.002).p_value == pytest.approx(theirs[0].p_value)
    independent = [RV["calibration"].pd_binomial(int(n), int(d), p).p_value for n, d, p in zip(N, D, PD)]
    assert binomial_p(PD, N, D) == pytest.approx(independent)
    joint = RV["calibration"].pd_chi2_grades(N.tolist(), D.tolist(), PD.tolist())
    ours = wp14_chi2(PD, N, D)
    assert (ours.statistic, ours.df, ours.p_value) == pytest.approx(
        (joint.statistic, joint.extras["dof"], joint.p_value)
    )


@pytest.mark.parametrize("rho", [0.0, 0.05, 0.12, 0.2])
def test_the_correlated_binomial_of_a_thousand_cases(rho):
    theirs = RV["calibration"].pd_binomial_vasicek(1_000, 30, 0.01, rho)
    assert correlated_binomial_p(0.01, 1_000, 30, rho) == pytest.approx(theirs.p_value, rel=1e-3)
    assert RV["calibration"].default_count_sf(30, 1_000, 0.01, rho) == pytest.approx(theirs.p_value)
    assert critical_count(0.01, 1_000, rho) == RV["calibration"].critical_default_count(1_000, 0.01, rho=rho)


def test_their_correlated_binomial_is_wrong_for_ten_thousand_cases():
    # They integrate over the factor with 256 fixed Gauss-Hermite nodes, which step over the edge where the binomial
    # turns from 0 to 1; its width shrinks with sqrt(n). The truth here: the trapezoid rule on 400,001 factors (the
    # definition in BCBS working paper 14), and in the limit of many cases Vasicek's distribution.
    n, d, p, rho = 10_000, 742, 0.01, 0.2
    factor = np.linspace(-9, 9, 400_001)
    given = norm.cdf((norm.ppf(p) + np.sqrt(rho) * factor) / np.sqrt(1 - rho))
    truth = (norm.pdf(factor) @ binom.sf(d - 1, n, given)) * (factor[1] - factor[0])
    assert correlated_binomial_p(p, n, d, rho) == pytest.approx(truth, rel=1e-9)
    assert RV["calibration"].default_count_sf(d, n, p, rho) / truth == pytest.approx(0.919, abs=0.001)
    # their 99 % critical count of 734 is reached in 1.08 % of the years, ours of 755 in less than 1 %
    assert RV["calibration"].critical_default_count(n, p, rho=rho) == 734
    assert critical_count(p, n, rho) == 755
    assert correlated_binomial_p(p, n, [734, 754, 755], rho) == pytest.approx([0.01079, 0.01, 0.00997], abs=5e-6)


@pytest.mark.parametrize("years_seen", [2, 5, 10])
def test_the_normal_test_over_years_has_their_p_value_and_student_s_beside_it(years_seen):
    rng = np.random.default_rng(years_seen)
    p, n = rng.uniform(0.01, 0.05, years_seen), np.full(years_seen, 800)
    d = rng.binomial(n, p)
    theirs = RV["calibration"].pd_normal_multiperiod(d / n, p)
    ours = years.normal_test(p, n, d)
    assert (ours.statistic, ours.normal_p) == pytest.approx((theirs.statistic, theirs.p_value))


@pytest.mark.parametrize("years_seen", [1, 4, 9, 12])
def test_traffic_lights_and_their_profiles(years_seen):
    rng = np.random.default_rng(years_seen)
    p, n = rng.uniform(0.01, 0.05, years_seen), np.full(years_seen, 800)
    d = rng.binomial(n, 1.2 * p)
    ours = years.traffic_lights(p, n, d)
    theirs = RV["calibration"].pd_traffic_lights(n.tolist(), d.tolist(), p.tolist())
    assert ours.colours.tolist() == RV["calibration"].traffic_light_colours(n, d, p).tolist()
    assert ours.p_value == pytest.approx(theirs.p_value)
    profiles = RV["calibration"].traffic_profile_cdf(years_seen)
    assert years.profile_p(list(profiles)) == pytest.approx(list(profiles.values()))


def test_psi_its_critical_value_and_a_driver_s():
    before, now = np.array([50, 100, 150, 200, 300]), np.array([60, 90, 170, 180, 260])
    ours = shift(before, now)
    for theirs in (RV["stability"].stability_psi(before, now), RV["stability"].stability_csi(before, now)):
        assert ours.value == pytest.approx(theirs.metric)
        assert ours.critical == pytest.approx(theirs.extras["benchmark_05"])
    assert psi_critical(800, 760, 5) == pytest.approx(RV["stability"].psi_benchmark(800, 760, 5))


def test_psi_differs_where_a_bin_is_empty():
    # Neither drops it; they floor it at half a case, we at a share of 1e-4 whatever the size, so that one empty bin
    # weighs the same in a sample of a thousand and of a million.
    before, now = np.array([100, 400, 500]), np.array([0, 450, 550])
    theirs = RV["stability"].stability_psi(before, now).metric
    ours = shift(before, now).value
    rest = (0.05 * np.log(0.45 / 0.4)) + (0.05 * np.log(0.55 / 0.5))
    assert ours == pytest.approx(rest + (FLOOR - 0.1) * np.log(FLOOR / 0.1))
    assert theirs == pytest.approx(rest + (0.0005 - 0.1) * np.log(0.0005 / 0.1))


def test_concentration_of_grades():
    now, before = N, N[::-1] + 50
    theirs = RV["rating"].rating_hhi(now, before)
    assert (variation(now), concentration_index(now)) == pytest.approx(RV["rating"].concentration(now))
    assert concentration_p(now, before) == pytest.approx(theirs.p_value)


def test_bandwidths_and_steps_of_a_matrix():
    theirs = RV["rating"].rating_mwb(COUNTS)
    ours = bandwidth(COUNTS)
    assert ours == pytest.approx(RV["rating"].matrix_weighted_bandwidth(COUNTS))
    assert max(ours) == pytest.approx(theirs.metric)
    cells = RV["rating"].rating_migration_ztests(COUNTS).extras["cells"]
    found = steps(COUNTS)
    place = tuple(np.array([[c["from"] - 1, c["to"] - 1] for c in cells]).T)
    for name, mine in (("z", found.z), ("p", found.p), ("p_holm", found.holm_p)):
        assert mine[place] == pytest.approx([c[name] for c in cells])
    assert found.tests == len(cells)


def test_mobility():
    matrix = COUNTS / COUNTS.sum(axis=1, keepdims=True)
    assert svd_mobility(matrix) == pytest.approx(RV["mobility"].svd_mobility(matrix))
    assert prais_mobility(matrix) == pytest.approx(RV["mobility"].trace_mobility(matrix))


def test_homogeneity_in_time():
    periods = np.stack([COUNTS, COUNTS[::-1, ::-1], COUNTS + 7])[:, :3]
    theirs = RV["migration"].rating_time_homogeneity(np.pad(periods, ((0, 0), (0, 1), (0, 0))).tolist())
    ours = counts_homogeneity(periods.astype(float), ["A", "B", "C"])
    assert (ours.chi2, ours.df) == (pytest.approx(theirs.statistic), theirs.extras["dof"])
    assert ours.likelihood_ratio == pytest.approx(theirs.extras["lr"])
    assert ours.p_chi2 == pytest.approx(theirs.p_value)


def test_cohort_and_duration_matrices():
    states = States(("A", "B", "C"))
    counts = np.array([[80, 12, 5, 1], [9, 120, 20, 6], [2, 25, 90, 15], [0, 0, 0, 0]], float)
    assert shares(counts[None], states)[0] == pytest.approx(RV["estimators"].cohort(counts)["matrix"])
    paths = {
        "state": np.array([0, 0, 1, 1, 2]),
        "to": np.array([1, -1, 2, 0, 3]),
        "start": np.array([0.0, 0.0, 1.0, 0.5, 2.0]),
        "stop": np.array([1.0, 3.0, 2.0, 2.5, 2.75]),
    }
    theirs = RV["estimators"].duration_generator({"obligor": np.arange(5), **paths}, 4)
    ours = rates_of(theirs["jumps"][None], theirs["holding"][None], states)[0]
    assert ours == pytest.approx(theirs["generator"])


def test_prudent_bounds_without_and_with_correlation():
    n, d = [100, 400, 300], [0, 2, 3]
    for confidence in (0.5, 0.9, 0.99):
        theirs = RV["low_default"].most_prudent_pd(n, d, confidence)["pd"]
        assert prudent_bounds(n, d, confidence) == pytest.approx(theirs)
        correlated = RV["low_default"].most_prudent_pd(n, d, confidence, 0.12)["pd"]
        assert prudent_bounds(n, d, confidence, 0.12) == pytest.approx(correlated, rel=1e-4)


def test_prudent_bounds_over_years_agree_within_the_error_of_their_draws():
    n, d = [100, 400, 300], [1, 2, 5]
    told = {"rho": 0.12, "theta": 0.3, "years": 5}
    theirs = RV["low_default"].most_prudent_pd_multiperiod(n, d, 0.9, **told)["pd"]
    assert prudent_bounds_over_years(n, d, 0.9, **told) == pytest.approx(theirs, rel=0.01)


def test_the_jeffreys_interval_of_a_rate():
    theirs = RV["intervals"].pd_jeffreys([0, 3, 40], [50, 200, 400])
    low, high = jeffreys_interval([50, 200, 400], [0, 3, 40])
    assert (low, high) == (pytest.approx(theirs["lower"]), pytest.approx(theirs["upper"]))


def test_realised_losses_against_estimates_in_one_segment_and_over_time():
    # Their p is two-sided; the ECB's test (2019, 2.6.2), and ours, asks only whether losses are worse than estimated.
    rng = np.random.default_rng(3)
    estimated, realised = rng.uniform(0, 1, 60), rng.uniform(0, 1, 60)
    period = np.repeat([2021, 2022, 2023], 20)
    theirs = RV["lgd"].lgd_calibration_by_segment(realised, estimated)
    ours = shortfall(realised - estimated)
    assert ours.statistic == pytest.approx(theirs.statistic)
    assert 2 * min(ours.p_value, 1 - ours.p_value) == pytest.approx(theirs.p_value)
    assert ours.interval() == pytest.approx((theirs.extras["ci_low"], theirs.extras["ci_high"]))
    by_year = RV["lgd"].lgd_calibration_over_time(realised, estimated, period).extras["periods"]
    assert shortfalls(realised - estimated, period)["statistic"].tolist() == pytest.approx([p["t"] for p in by_year])


def test_kupiec_s_proportion_of_failures():
    kupiec = importlib.import_module("riskvalidation.validation.market").kupiec_pof
    theirs = kupiec(np.arange(1_043) < 57, 0.05)
    ratio, p = pof(57, 1_043, 0.05)
    assert (ratio, p) == pytest.approx((theirs.statistic, theirs.p_value))
