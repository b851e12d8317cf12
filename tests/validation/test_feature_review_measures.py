"""The measures of the feature review find what was planted, and noise raises nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.checks import Verdict
from riskmodels.validation.discrimination import auc
from riskmodels.validation.features import alike, coverage, drift, order
from riskmodels.validation.features.each import beyond, default_limits
from riskmodels.validation.features.power import AGREES, CONTRADICTS, NEITHER, NOT_RUN, OPEN, null_se, power
from riskmodels.validation.stability import psi

KEYS, MONTHS, REFERENCE = 400, 15, 9


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """Forty columns of noise that a key mostly keeps from month to month, as features do."""
    rng = np.random.default_rng(7)
    kept = rng.normal(size=(KEYS, 1, 40))
    values = 0.8 * kept + 0.6 * rng.normal(size=(KEYS, MONTHS, 40))
    frame = pd.DataFrame(values.reshape(-1, 40), columns=[f"noise_{i}" for i in range(40)])
    when = np.tile(pd.date_range("2025-01-31", periods=MONTHS, freq="ME"), KEYS)
    return frame.assign(key=np.repeat(np.arange(KEYS), MONTHS), as_of=when)


@pytest.fixture(scope="module")
def noise(panel):
    return [c for c in panel if c.startswith("noise_")]


def moved_from(panel: pd.DataFrame, month: int, by: float) -> pd.Series:
    later = panel["as_of"].rank(method="dense") > month
    return panel["noise_0"] + by * later


def standing(panel: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return drift.standing(drift.drift(panel, columns, REFERENCE, "key"))


def test_the_psi_of_all_months_is_that_of_the_stability_test(panel):
    rng = np.random.default_rng(1)
    few = rng.choice([0.0, 1.0, 2.0, np.nan], len(panel))
    gaps = panel["noise_1"].mask(rng.random(len(panel)) < 0.1)
    frame = panel.assign(few=few, gaps=gaps, shifted=moved_from(panel, 10, 0.7))
    columns = ["noise_2", "few", "gaps", "shifted"]
    found = drift.drift(frame, columns, REFERENCE, "key").set_index(["feature", "as_of"])["psi"]
    days = np.sort(frame["as_of"].unique())
    first = frame[frame["as_of"].isin(days[:REFERENCE])]
    for name in columns:
        for day in days[REFERENCE:]:
            assert found[name, day] == pytest.approx(psi(first[name], frame.loc[frame["as_of"] == day, name]).value)


def test_a_planted_drift_stands_out_and_noise_does_not_drift(panel, noise):
    found = standing(panel.assign(planted=moved_from(panel, 12, 1.0)), ["planted", *noise])
    assert found.at["planted", "psi"] > max(0.25, found.at["planted", "critical"])
    others = found.drop(index="planted")
    assert (others["psi"] < others["critical"]).all()


def test_a_value_that_a_group_shares_counts_once_for_the_group(panel):
    group = panel["key"] % 8
    frame = panel.assign(group=group, shared=panel.groupby([group, "as_of"])["noise_0"].transform("first"))
    alone, together = (drift.drift(frame, ["shared"], REFERENCE, who) for who in ("key", "group"))
    assert (alone["psi"] == together["psi"]).all()
    assert (drift.standing(alone)["psi"] > drift.standing(alone)["critical"]).all()
    assert (drift.standing(together)["psi"] < drift.standing(together)["critical"]).all()


def test_one_odd_month_is_no_drift(panel):
    odd = panel["noise_0"] + 2.0 * (panel["as_of"] == panel["as_of"].max())
    frame = panel.assign(odd=odd)
    monthly = drift.drift(frame, ["odd"], REFERENCE, "key")
    assert monthly["psi"].iloc[-1] > 0.25
    assert standing(frame, ["odd"]).at["odd", "psi"] < 0.1


def test_values_the_first_months_never_had_are_a_drift():
    when = np.repeat(pd.date_range("2025-01-31", periods=6, freq="ME"), 100)
    frame = pd.DataFrame(
        {"as_of": when, "key": np.tile(np.arange(100), 6), "flag": np.where(when > when[299], 5.0, 1.0)}
    )
    assert drift.drift(frame, ["flag"], 3, "key")["psi"].min() > 1
    empty = frame.assign(flag=np.where(when > when[299], 5.0, np.nan))
    assert drift.drift(empty, ["flag"], 3, "key")["psi"].min() > 1


def test_what_is_filled_and_what_varies_is_counted():
    frame = pd.DataFrame({"a": [1.0, 1.0, np.nan, 1.0], "b": [np.nan] * 4, "c": [1.0, 2.0, np.inf, 2.0]})
    table = coverage.coverage(frame, ["a", "b", "c"]).set_index("feature")
    assert table["filled"].tolist() == [0.75, 0.0, 1.0]
    assert table["distinct"].tolist() == [1, 0, 3]
    assert table.at["a", "common"] == 1.0
    assert np.isnan(table.at["b", "common"])
    assert table["infinite"].tolist() == [0, 0, 1]


def test_a_source_that_fell_silent_is_found_and_chance_is_not(panel):
    rng = np.random.default_rng(3)
    last = panel["as_of"] == panel["as_of"].max()
    gaps = rng.random(len(panel)) < 0.2
    frame = panel.assign(
        steady=panel["noise_0"].mask(gaps), lost=panel["noise_0"].mask(gaps | (last & (panel["key"] % 2 == 0)))
    )
    filled = coverage.by_month(frame, ["steady", "lost"])
    fall = coverage.falls(filled, frame.groupby("as_of").size(), REFERENCE)
    assert fall["steady"] == 0.0
    assert fall["lost"] == pytest.approx(0.4, abs=0.06)


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    """Six origins of five hundred obligors whose bad rate rises with `risk`; each obligor's cases are alike."""
    rng = np.random.default_rng(11)
    risk = np.repeat(rng.normal(size=500), 6)
    bad = rng.random(3000) < 1 / (1 + np.exp(2.6 - 0.9 * risk))
    frame = pd.DataFrame({"obligor": np.repeat(np.arange(500), 6), "outcome": bad.astype(float), "risk": risk})
    alone = np.repeat(rng.normal(size=(500, 40)), 6, axis=0)
    return pd.concat([frame, pd.DataFrame(alone, columns=[f"noise_{i}" for i in range(40)])], axis=1)


def told(sample: pd.DataFrame, signs: dict[str, int]) -> pd.DataFrame:
    return power(sample, signs, "outcome", "obligor").set_index("feature")


def test_a_planted_sign_error_is_found(sample):
    frame = sample.assign(right=sample["risk"], lowers=-sample["risk"], wrong=sample["risk"], free=sample["risk"])
    found = told(frame, {"right": 1, "lowers": -1, "wrong": -1, "free": 0})
    assert found["direction"].to_dict() == {"right": AGREES, "lowers": AGREES, "wrong": CONTRADICTS, "free": NEITHER}
    assert found.at["wrong", "wrong_p"] < 0.01
    assert found["telling"].all()
    assert found.at["right", "auc"] == pytest.approx(1 - found.at["lowers", "auc"])


def test_noise_tells_nothing_and_contradicts_nothing(sample):
    found = told(sample, {c: 1 for c in sample if c.startswith("noise_")})
    assert not found["telling"].any()
    assert set(found["direction"]) == {OPEN}
    assert found["order_p"].min() > 0.05


def test_a_sign_that_goes_the_wrong_way_by_chance_is_not_contradicted(sample):
    down = min((c for c in sample if c.startswith("noise_")), key=lambda c: told(sample, {c: 0}).at[c, "auc"])
    alone = told(sample, {down: 0})
    assert alone.at[down, "auc"] < 0.5
    family = {c: 1 for c in sample if c.startswith("noise_")}
    assert told(sample, family).at[down, "direction"] == OPEN


def test_a_rare_value_that_met_no_event_yet_contradicts_nothing(sample):
    rare = sample["obligor"] < 4
    frame = sample.assign(rare=rare.astype(float), outcome=sample["outcome"].where(~rare, 0.0))
    found = told(frame, {"rare": 1})
    assert found.at["rare", "auc"] < 0.5
    assert found.at["rare", "direction"] == OPEN
    assert found.at["rare", "high"] > 0.5


def test_the_error_of_no_relation_is_that_of_shuffled_obligors():
    rng = np.random.default_rng(12)
    cluster, values = np.repeat(np.arange(200), 4), np.repeat(rng.normal(size=200), 4)
    outcome = np.repeat(rng.random(200) < 0.15, 4).astype(float)
    shuffled = [auc(np.repeat(rng.permutation(outcome[::4]), 4), values) for _ in range(400)]
    assert null_se(values, outcome, cluster) == pytest.approx(np.std(shuffled), rel=0.1)


def test_obligors_are_counted_and_not_their_cases(sample):
    few = sample.assign(outcome=(sample["obligor"] < 9).astype(float))
    found = told(few, {"risk": 1})
    assert few["outcome"].sum() == 54
    assert found.at["risk", "bad"] == 9
    assert found.at["risk", "direction"] == NOT_RUN
    assert np.isnan(found.at["risk", "auc"])


def test_cases_repeated_per_obligor_make_nothing_surer(sample):
    once = told(sample, {"risk": 1})
    twice = told(pd.concat([sample, sample], ignore_index=True), {"risk": 1})
    for end in ("low", "high"):
        assert twice.at["risk", end] == pytest.approx(once.at["risk", end], abs=0.003)


def test_a_value_that_a_group_shares_is_judged_by_groups(sample):
    frame = sample.assign(
        group=sample["obligor"] // 50, risk=sample.groupby(sample["obligor"] // 50)["noise_1"].transform("mean")
    )
    by_group = power(frame, {"risk": 1}, "outcome", "obligor", {"risk": "group"}).iloc[0]
    assert by_group["bad"] == 10
    assert by_group["high"] - by_group["low"] > 0
    nobody = power(frame.assign(group=None), {"risk": 1}, "outcome", "obligor", {"risk": "group"}).iloc[0]
    assert (nobody["n"], nobody["direction"]) == (0, NOT_RUN)


def test_a_constant_is_not_judged(sample):
    assert told(sample.assign(same=1.0), {"same": 1}).at["same", "direction"] == NOT_RUN


def test_a_bad_rate_that_turns_is_found_and_a_rising_one_is_not():
    rng = np.random.default_rng(5)
    x, cluster = rng.normal(size=6000), np.arange(6000)
    turning = (rng.random(6000) < 0.05 + 0.10 * (np.abs(x) > 0.9)).astype(float)
    rising = (rng.random(6000) < 0.05 + 0.10 * (x > 0.9)).astype(float)
    assert order.disorder_p(x, turning, cluster) < 0.001
    assert order.disorder_p(x, rising, cluster) > 0.2


def test_the_test_of_order_keeps_its_level_on_noise():
    rng = np.random.default_rng(6)
    cluster = np.repeat(np.arange(150), 4)
    p = [
        order.disorder_p(np.repeat(rng.normal(size=150), 4), np.repeat(rng.random(150) < 0.2, 4).astype(float), cluster)
        for _ in range(300)
    ]
    assert np.mean(np.array(p) < 0.05) <= 0.05


def test_rates_by_bin_add_up():
    rng = np.random.default_rng(8)
    x = np.where(rng.random(500) < 0.3, 0.0, rng.gamma(2, size=500))
    x[:20] = np.nan
    y = (rng.random(500) < 0.2).astype(float)
    table = order.rates(x, y)
    assert table["n"].sum() == 480
    assert table["events"].sum() == y[20:].sum()
    assert (table["low"].iloc[1:].to_numpy() > table["high"].iloc[:-1].to_numpy()).all()
    assert np.isnan(order.disorder_p(np.where(x > 0, 1.0, 0.0), y, np.arange(500)))


def test_duplicates_share_a_cluster_and_the_most_informative_speaks_for_it(panel, noise):
    frame = panel.assign(
        copy=np.exp(panel["noise_3"]), turned=-panel["noise_3"], near=panel["noise_3"] + 0.3 * panel["noise_4"]
    )
    correlation = alike.rank_correlation(frame, [*noise, "copy", "turned", "near"])
    found = alike.clusters(correlation, {"near": 0.4, "copy": 0.2, "noise_3": 0.1})
    first = found[found["cluster"] == 1]
    assert set(first["feature"]) == {"noise_3", "copy", "turned", "near"}
    assert set(first["representative"]) == {"near"}
    assert found["cluster"].nunique() == len(noise)
    assert alike.copies(correlation, found).to_dict() == {"noise_3": "copy", "turned": "copy"}


def test_noise_is_alike_in_nothing(panel, noise):
    correlation = alike.rank_correlation(panel, noise)
    assert alike.clusters(correlation, {})["size"].max() == 1
    assert alike.copies(correlation, alike.clusters(correlation, {})).empty


def test_the_rank_correlation_is_spearmans(panel):
    frame = panel[["noise_0", "noise_1"]].assign(mixed=panel["noise_0"] + panel["noise_1"] ** 3)
    found = alike.rank_correlation(frame, list(frame))
    assert np.allclose(found, frame.corr("spearman"), atol=1e-9)
    apart = frame.assign(
        noise_0=frame["noise_0"].where(frame.index < 100), noise_1=frame["noise_1"].where(frame.index > 120)
    )
    assert alike.rank_correlation(apart, list(apart)).at["noise_0", "noise_1"] == 0.0


def measured(**columns) -> pd.DataFrame:
    plain = {
        "feature": ["f"], "filled": 1.0, "fall": 0.0, "common": 0.1, "psi": 0.01, "critical": 0.1, "wrong_p": 1.0,
        "order_p": 1.0, "infinite": 0, "copy_of": "",
    }  # fmt: skip
    return pd.DataFrame({**plain, **columns})


@pytest.mark.parametrize(
    ("columns", "fault", "verdict"),
    [
        ({"filled": 0.01}, "filled", Verdict.BREACH),
        ({"filled": 0.0, "common": np.nan}, "empty", Verdict.BREACH),
        ({"fall": 0.15}, "fall", Verdict.WATCH),
        ({"common": 1.0}, "common", Verdict.BREACH),
        ({"common": 0.99}, "common", Verdict.WATCH),
        ({"psi": 0.3}, "psi", Verdict.BREACH),
        ({"psi": 0.2}, "psi", Verdict.WATCH),
        ({"wrong_p": 0.001}, "wrong_p", Verdict.BREACH),
        ({"order_p": 0.001}, "order_p", Verdict.BREACH),
        ({"infinite": 1}, "infinite", Verdict.BREACH),
        ({"copy_of": "other"}, "copies", Verdict.WATCH),
    ],
)
def test_a_fault_is_named_once_with_its_verdict(columns, fault, verdict):
    found = beyond(measured(**columns), default_limits())
    assert list(zip(found["fault"], found["verdict"])) == [(fault, verdict)]


def test_a_sound_feature_has_no_fault_and_a_small_sample_excuses_a_drift():
    assert beyond(measured(), default_limits()).empty
    assert beyond(measured(psi=0.3, critical=0.4), default_limits()).empty
    assert beyond(
        measured(psi=np.nan, critical=np.nan, wrong_p=np.nan, order_p=np.nan, fall=np.nan), default_limits()
    ).empty
