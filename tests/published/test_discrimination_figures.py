"""Discrimination against published figures."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.validation.discrimination import (
    auc,
    auc_difference,
    auc_interval,
    entropy_ratio,
    ks,
    weighted_auc,
)
from riskmodels.validation.ordered import generalised_auc, somers_d
from riskmodels.validation.separation import information_value, kl_distance, pietra


@pytest.fixture(scope="module")
def asah(oracle):
    frame = pd.read_csv(oracle("asah.csv"))
    return frame.assign(poor=(frame["outcome"] == "Poor").astype(int))


@pytest.fixture(scope="module")
def grades(oracle):
    frame = pd.read_csv(oracle("pd_calibration.csv"))
    return frame.assign(events=(frame["realised_pd"] * frame["count"]).round().astype(int))


# pROC documentation, data aSAH: AUC and 95 % DeLong interval.
@pytest.mark.parametrize(
    ("score", "value", "low", "high"),
    [
        ("wfns", 0.8236788617886179, 0.7485349, 0.8988228),
        ("ndka", 0.6119579945799458, 0.5012450, 0.7226710),
        ("s100b", 0.7313685636856369, 0.6301182, 0.8326189),
    ],
)
def test_auc_and_its_delong_interval_are_those_of_proc(asah, score, value, low, high):
    found = auc_interval(asah["poor"], asah[score])
    assert found.value == pytest.approx(value, rel=1e-12)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-8)


# pROC's own tests, data aSAH: paired DeLong, Z and p.
@pytest.mark.parametrize(
    ("score", "other", "z", "p"),
    [
        ("wfns", "s100b", 2.20898359144091, 0.0271757822291882),
        ("wfns", "ndka", 2.79777591868904, 0.00514557970691098),
        ("ndka", "s100b", -1.39077002573558, 0.164295175223054),
    ],
)
def test_the_paired_delong_test_is_that_of_proc(asah, score, other, z, p):
    found = auc_difference(asah["poor"], asah[score], asah[other])
    assert (found.z, found.p_value) == pytest.approx((z, p), rel=1e-9)


# pd_calibration.csv, recomputed: AUC .6165853, KS .1732500.
def test_auc_and_ks_of_graded_counts(grades):
    events, good = grades["events"], grades["count"] - grades["events"]
    outcome = np.repeat([1, 0], [events.sum(), good.sum()])
    score = np.concatenate([np.repeat(grades["predicted_pd"], events), np.repeat(grades["predicted_pd"], good)])
    assert auc(outcome, score) == pytest.approx(0.6165853, abs=5e-8)
    assert ks(outcome, score) == pytest.approx(0.1732500, abs=5e-8)
    by_count = weighted_auc(np.repeat([1, 0], len(grades)), np.tile(grades["predicted_pd"], 2), np.r_[events, good])
    assert by_count == pytest.approx(0.6165853, abs=5e-8)


# pd_calibration.csv, recomputed: CIER .0245485953 (BCBS working paper 14).
def test_the_entropy_ratio_of_graded_counts(grades):
    assert entropy_ratio(grades["events"], grades["count"]) == pytest.approx(0.0245485953, abs=5e-11)


# pd_test_data.csv, recomputed: KS .042569.
def test_ks_of_case_data(oracle):
    frame = pd.read_csv(oracle("pd_test_data.csv"))
    assert ks(frame["default_flag"], frame["predicted_pd"]) == pytest.approx(0.042569, abs=5e-7)


# pd_calibration.csv, recomputed: KL .0090028864 bits; Pietra .0612531.
def test_the_information_distance_and_pietras_index_of_graded_counts(grades):
    assert kl_distance(grades["events"], grades["count"]) == pytest.approx(0.0090028864, abs=5e-11)
    assert pietra(0.1732500) == pytest.approx(0.0612531, abs=5e-8)


# SAS documentation, PROC FREQ; ECB, Instructions for reporting the validation results, 2019; its s is the error of D.
def test_somers_d_its_error_and_the_generalised_auc():
    table = np.array([[26, 26, 23, 18, 9], [6, 7, 9, 14, 23]])
    columns, rows, area = somers_d(table), somers_d(table.T), generalised_auc(table)
    assert (columns.value, columns.se) == pytest.approx((0.4426719840, 0.0837336), abs=5e-8)
    assert (rows.value, rows.se) == pytest.approx((0.2569444444, 0.0498712), abs=5e-8)
    assert (area.value, area.se) == pytest.approx((0.7213360, 0.0418668), abs=5e-8)


# UCI Statlog German credit, checking account without binning: information value .666012, recomputed.
def test_the_information_value_of_the_german_checking_account():
    bad, good = np.array([135, 105, 14, 46]), np.array([139, 164, 49, 348])
    assert information_value(bad, bad + good) == pytest.approx(0.666012, abs=5e-7)
