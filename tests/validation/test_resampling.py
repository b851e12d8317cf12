"""The bootstrap of obligors: equal to a plain loop draw by draw, the same on any number of threads, and covering."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import Misuse
from riskmodels.validation.discrimination import auc, auc_interval, ks
from riskmodels.validation.resampling import BLOCK, cluster_bootstrap

CASES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4), st.integers(0, 5)), min_size=4, max_size=25).filter(
    lambda rows: 0 < sum(y for y, _, _ in rows) < len(rows)
)


def one_after_another(outcome, probability, cluster, draws, seed):
    """AUC, KS and Brier score of each draw, its rows repeated and measured as any sample is."""
    rows = [np.flatnonzero(cluster == name) for name in dict.fromkeys(cluster.tolist())]
    sizes = [min(BLOCK, draws - done) for done in range(0, draws, BLOCK)]
    for stream, size in zip(np.random.SeedSequence(seed).spawn(len(sizes)), sizes):
        for picked in np.random.default_rng(stream).integers(0, len(rows), (size, len(rows)), np.int32):
            drawn = np.concatenate([rows[g] for g in picked])
            y, p = outcome[drawn], probability[drawn]
            if 0 < y.sum() < len(y):
                yield auc(y, p), ks(y, p), np.mean((p - y) ** 2)


@settings(max_examples=30, deadline=None)
@given(CASES, st.integers(0, 3))
def test_every_draw_is_a_sample_with_its_obligors_repeated(rows, seed):
    outcome, tenths, cluster = (np.array(column) for column in zip(*rows))
    found = cluster_bootstrap(outcome, tenths / 4, cluster, draws=40, seed=seed)
    drawn = np.array(list(one_after_another(outcome, tenths / 4, cluster, 40, seed)))
    if len(drawn) >= 2:
        for measure, values in zip((found.auc, found.ks, found.brier), drawn.T):
            assert (measure.low, measure.high) == pytest.approx(tuple(np.quantile(values, [0.025, 0.975])), abs=1e-12)
            assert measure.se == pytest.approx(values.std(ddof=1), abs=1e-12)


def sample(n=3_000, obligors=400):
    rng = np.random.default_rng(8)
    obligor = rng.integers(0, obligors, n)
    risk = rng.normal(size=obligors)[obligor] + 0.5 * rng.normal(size=n)
    return (risk + 2 * rng.normal(size=n) > 2).astype(int), 1 / (1 + np.exp(2 - risk)), obligor


def test_the_sample_itself_is_measured_as_elsewhere():
    outcome, probability, obligor = sample()
    found = cluster_bootstrap(outcome, probability, obligor, draws=10)
    assert found.auc.value == pytest.approx(auc(outcome, probability))
    assert found.ks.value == pytest.approx(ks(outcome, probability))
    assert found.brier.value == pytest.approx(np.mean((probability - outcome) ** 2))


def test_the_error_of_the_auc_is_the_clustered_one():
    outcome, probability, obligor = sample()
    found = cluster_bootstrap(outcome, probability, obligor, draws=2_000)
    assert found.auc.se == pytest.approx(auc_interval(outcome, probability, obligor).se, rel=0.06)


def test_a_seed_gives_the_same_bits_and_another_seed_others():
    outcome, probability, obligor = sample()
    first, again, other = (cluster_bootstrap(outcome, probability, obligor, 100, seed) for seed in (1, 1, 2))
    assert first == again
    assert first.auc.low != other.auc.low


def test_without_clusters_each_case_is_drawn():
    outcome, probability, _ = sample()
    found = cluster_bootstrap(outcome, probability, draws=1_000)
    assert found.auc.se == pytest.approx(auc_interval(outcome, probability).se, rel=0.08)


def test_one_class_has_no_interval_and_no_draws_are_refused():
    found = cluster_bootstrap([0, 0, 0], [0.1, 0.2, 0.3], draws=10)
    assert np.isnan(found.auc.value)
    assert np.isnan(found.auc.low)
    with pytest.raises(Misuse, match="draws: found 0, expected at least 1"):
        cluster_bootstrap([0, 1], [0.1, 0.2], draws=0)
