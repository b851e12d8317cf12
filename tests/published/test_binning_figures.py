"""Figures of binning tables from published analyses."""

import pytest
from sklearn.datasets import load_breast_cancer

from riskmodels.models.binning import Binner, feature, quality

SPLITS = [11.42500019, 12.32999992, 13.09499979, 13.70499992, 15.04500008, 16.92500019]


@pytest.fixture(scope="module")
def mean_radius():
    data = load_breast_cancer(as_frame=True)
    binner = Binner(cuts={"mean radius": SPLITS}).fit(data.data[["mean radius"]], data.target)
    return feature(binner, "mean radius")


# Breast cancer (scikit-learn), mean radius: tutorial of optbinning, "Optimal binning with binary target"
def test_counts_of_mean_radius(mean_radius):
    assert mean_radius.good[:-1].tolist() == [3, 3, 7, 10, 28, 44, 117]
    assert mean_radius.bad[:-1].tolist() == [115, 76, 61, 39, 55, 10, 1]


@pytest.mark.parametrize(
    ("statistic", "published"),
    [
        ("iv", 5.04392547),
        ("gini", 0.87541620),
        ("jensen_shannon", 0.39378376),
        ("ks", 0.72862164),
        ("hhi", 0.15727342),
        ("cramers_v", 0.80066760),
    ],
)
def test_statistics_of_the_binning_table_of_mean_radius(mean_radius, statistic, published):
    assert getattr(quality(mean_radius), statistic) == pytest.approx(published, abs=5e-9)
