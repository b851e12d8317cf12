import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.lgd.downturn import DownturnRule, between_variance, downturn


def made(quarters=16, n=60, step=0.2, seed=0):
    """Losses of some quarters; in the last quarter of them they are `step` higher."""
    rng = np.random.default_rng(seed)
    days = pd.period_range("2020Q1", periods=quarters, freq="Q").start_time.repeat(n)
    bad = np.arange(quarters).repeat(n) >= quarters * 3 // 4
    lgd = np.clip(rng.beta(2, 4, quarters * n) + step * bad, 0, 1)
    return lgd, days.to_numpy(), bad


def test_the_worst_quarters_give_the_planted_step():
    lgd, days, bad = made()
    found = downturn(lgd, days)
    assert found.method == "worst quarters"
    assert list(found.quarters.loc[found.quarters["downturn"], "quarter"]) == ["2023Q1", "2023Q2", "2023Q3", "2023Q4"]
    assert found.add_on == pytest.approx(lgd[bad].mean() - lgd.mean(), abs=0.02)


def test_luck_alone_makes_half_the_downturn_it_seems_or_none():
    """Of sixteen quarters alike some lost more; in many books that is told from a downturn, in the others halved."""
    found = [downturn(*made(step=0.0, n=25, seed=s)[:2]) for s in range(20)]
    raw = [f.quarters["mean"].nlargest(4).mean() - f.long_run for f in found]
    seen = [f.add_on for f in found if f.method == "worst quarters"]
    assert np.mean(raw) > 0.04
    assert sum(f.method == "stated add-on" for f in found) >= 5
    assert np.mean([*seen, 0]) < 0.6 * np.mean(raw)


def test_too_few_quarters_take_the_stated_add_on_and_say_why():
    found = downturn(*made(quarters=6)[:2])
    assert (found.method, found.add_on) == ("stated add-on", 0.15)
    assert found.reason == "6 quarters have 20 defaults or more; 8 are needed"
    assert not found.quarters["downturn"].any()


def test_the_add_on_stops_at_the_cap():
    found = downturn(*made(quarters=6)[:2])
    assert found.apply([0.2, 0.95, 1.3]) == pytest.approx([0.35, 1.05, 1.3])


def test_a_downturn_known_from_elsewhere_is_taken_as_it_was():
    lgd, days, bad = made()
    found = downturn(lgd, days, stressed=["2023Q1", "2023Q2", "2023Q3", "2023Q4"])
    assert found.method == "observed"
    assert found.add_on == pytest.approx(lgd[bad].mean() - lgd.mean())


def test_a_good_quarter_called_a_downturn_adds_nothing():
    lgd, days, _ = made()
    best = downturn(lgd, days).quarters.sort_values("mean")["quarter"].iloc[0]
    assert downturn(lgd, days, stressed=[best]).add_on == 0


def test_the_reference_is_the_mean_of_the_two_worst_years():
    lgd, days, _ = made()
    years = pd.Series(lgd).groupby(pd.DatetimeIndex(days).year).mean()
    assert downturn(lgd, days).reference == pytest.approx(years.nlargest(2).mean())
    assert np.isnan(downturn(lgd[:60], days[:60]).reference)


def test_variance_beyond_chance_is_recovered():
    rng = np.random.default_rng(1)
    noise = rng.uniform(0.01, 0.05, 4000)
    means = rng.normal(0, 0.2, 4000) + rng.normal(0, np.sqrt(noise))
    assert between_variance(means, noise) == pytest.approx(0.04, rel=0.1)
    assert between_variance(means[:1], noise[:1]) == 0


@pytest.mark.parametrize(
    ("lgd", "days", "words"),
    [
        ([0.1, np.nan], ["2024-01-01", "2024-01-02"], "found missing losses or days"),
        ([], [], "found 0 losses"),
        ([0.1], ["2024-01-01", "2024-01-02"], "found 1 losses and 2 days"),
    ],
)
def test_unfinished_or_undated_losses_are_refused(lgd, days, words):
    with pytest.raises(DataRefused, match=words):
        downturn(lgd, days)


def test_an_unknown_quarter_is_refused():
    with pytest.raises(DataRefused, match=r"stressed: found \['1999Q1'\]"):
        downturn(*made()[:2], stressed=["1999Q1"], rule=DownturnRule())
