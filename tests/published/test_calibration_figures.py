"""Calibration against published figures."""

from pathlib import Path

import pandas as pd
import pytest
import statsmodels
import statsmodels.api as sm

from riskmodels.validation.calibration import brier, grouped_chi2, hosmer_lemeshow, spiegelhalter
from riskmodels.validation.correlated import critical_count
from riskmodels.validation.discrimination import auc
from riskmodels.validation.grades import (
    binomial_p,
    concentration_index,
    concentration_p,
    jeffreys_p,
    variation,
    wp14_chi2,
)


@pytest.fixture(scope="module")
def birth_weight():
    """Outcome and fitted probability of the Stata manual's logit of low birth weight."""
    path = Path(statsmodels.__file__).parent / "genmod" / "tests" / "results" / "stata_lbw_glm.csv"
    frame = pd.read_csv(path)
    race = pd.get_dummies(frame["race"], drop_first=True)
    smoke = frame["smoke"].ne("nonsmoker") if frame["smoke"].dtype == "str" else frame["smoke"]
    columns = pd.concat([frame[["age", "lwt"]], race, smoke, frame[["ptl", "ht", "ui"]]], axis=1)
    fit = sm.Logit(frame["low"], sm.add_constant(columns.astype(float))).fit(disp=0)
    return frame["low"], fit.predict(), fit.llf


@pytest.fixture(scope="module")
def cases(oracle):
    return pd.read_csv(oracle("pd_test_data.csv"))


# Stata manual, estat gof, group(10): chi2(8) 9.65068, p .2904041, log-likelihood -100.7239956; AUC, Brier recomputed.
def test_hosmer_lemeshow_is_that_of_stata(birth_weight):
    outcome, probability, log_likelihood = birth_weight
    found = hosmer_lemeshow(outcome, probability, in_sample=True)
    assert log_likelihood == pytest.approx(-100.7239956, abs=5e-8)
    assert (found.statistic, found.df) == (pytest.approx(9.65068, abs=5e-6), 8)
    assert found.p_value == pytest.approx(0.2904041, abs=5e-8)
    assert auc(outcome, probability) == pytest.approx(0.746219, abs=5e-7)
    assert brier(outcome, probability) == pytest.approx(0.1794596, abs=5e-8)


# The ECB's formula, F_Beta(D + 1/2, N - D + 1/2)(PD).
@pytest.mark.parametrize(
    ("pd_", "n", "events", "p"), [(0.01, 1000, 15, 0.063228), (0.01, 1000, 10, 0.479057), (0.001, 200, 0, 0.473272)]
)
def test_jeffreys_p_is_the_ecbs(pd_, n, events, p):
    assert jeffreys_p(pd_, n, events) == pytest.approx(p, abs=5e-7)


# pd_test_data.csv, recomputed: per grade A, B, C; Hosmer-Lemeshow over grades 5.644444, p .13025.
def test_jeffreys_and_binomial_by_grade(cases):
    by_grade = cases.groupby("ratings").agg(
        n=("default_flag", "size"), events=("default_flag", "sum"), pd=("predicted_pd", "mean")
    )
    counts = by_grade["pd"], by_grade["n"], by_grade["events"]
    assert jeffreys_p(*counts) == pytest.approx([0.01995857, 0.84955196, 0.59864873], abs=5e-9)
    assert binomial_p(*counts) == pytest.approx([0.02389227, 0.86744061, 0.66055279], abs=5e-9)
    chi2 = grouped_chi2(cases["default_flag"], cases["predicted_pd"], cases["ratings"])
    assert (chi2.statistic, chi2.df) == (pytest.approx(5.644444, abs=5e-7), 3)
    assert chi2.p_value == pytest.approx(0.13025, abs=5e-6)


# pd_test_data.csv, recomputed: z 1.268014 (a published -0.6638 is wrong), Brier .0972701.
def test_spiegelhalter_and_brier(cases):
    z, _ = spiegelhalter(cases["default_flag"], cases["predicted_pd"])
    assert z == pytest.approx(1.268014, abs=5e-7)
    assert brier(cases["default_flag"], cases["predicted_pd"]) == pytest.approx(0.0972701, abs=5e-8)


# pd_calibration.csv, recomputed by BCBS working paper 14: chi2(10) 46.4276224, p 1.19974e-6.
def test_the_chi2_of_working_paper_14(oracle):
    frame = pd.read_csv(oracle("pd_calibration.csv"))
    found = wp14_chi2(frame["predicted_pd"], frame["count"], frame["realised_pd"] * frame["count"])
    assert (found.statistic, found.df) == (pytest.approx(46.4276224, abs=5e-8), 10)
    assert found.p_value == pytest.approx(1.19974e-6, abs=5e-12)


# ECB 2019, 2.5.5, counts 50, 100, 200, 400, 150, 70, 30: CV .8280096618, HI .2683174163, p against uniform .0122370.
def test_the_concentration_of_grades_is_the_ecbs():
    counts = [50, 100, 200, 400, 150, 70, 30]
    assert variation(counts) == pytest.approx(0.8280096618, abs=5e-11)
    assert concentration_index(counts) == pytest.approx(0.2683174163, abs=5e-11)
    assert concentration_p(counts, [1] * 7) == pytest.approx(0.0122370, abs=5e-8)


# BCBS working paper 14, 99 % critical counts, rho 0 to .2; the paper prints 11 for 12, against its own definition.
@pytest.mark.parametrize(
    ("n", "pd_", "counts"),
    [
        (100, 0.01, [5, 6, 7, 8, 10]),
        (1000, 0.005, [12, 20, 29, 37, 45]),
        (1000, 0.01, [19, 35, 49, 63, 77]),
        (1000, 0.05, [68, 128, 172, 212, 252]),
    ],
)
def test_critical_counts_of_correlated_defaults(n, pd_, counts):
    assert [critical_count(pd_, n, rho) for rho in (0, 0.05, 0.1, 0.15, 0.2)] == counts
