"""Days late told by feature: their sum, their sign, what the average invoice is, both engines."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.delay_reasons import TIMING, delay_contributions
from riskmodels.models.explain import BASE, importance
from riskmodels.models.payment_time import PaymentTime

GRID = (-20, -10, 0, 10, 20, 40, 60)


def sample(n, seed):
    """Invoices on 30 days: `slow` delays payment, `quick` hastens it, `idle` does nothing; one text, some missing."""
    rng = np.random.default_rng(seed)
    slow, quick, idle = rng.normal(size=(3, n))
    sector = rng.choice(["mining", "trade"], n)
    past = np.array([0, 0, 0, 1, 1, 1, 1])
    level = np.array([-2.0, -1.5, -0.3, -0.2, -0.5, -0.2, 0.0])
    push = -slow + 0.6 * quick - 0.5 * (sector == "mining")
    paid = rng.random((n, len(GRID))) < 1 / (1 + np.exp(-(level + push[:, None] * (1 - 0.5 * past))))
    place, ever = paid.argmax(axis=1), paid.any(axis=1)
    lows, highs = np.array([-30, *GRID[:-1]]), np.array(GRID)
    day = lows[place] + (highs - lows)[place] * (1 - rng.random(n))
    frame = pd.DataFrame({"slow": slow, "quick": quick, "idle": idle, "sector": sector})
    frame.loc[rng.random(n) < 0.1, "idle"] = np.nan
    return frame, np.where(ever, day + 30, 90.0), ever


@pytest.fixture(scope="module", params=["logit", "lightgbm"])
def model(request):
    X, duration, paid = sample(6_000, 1)
    return PaymentTime(engine=request.param, grid=GRID).fit(X, np.full(len(X), 30), duration, paid)


@pytest.fixture(scope="module")
def rows():
    return sample(300, 2)[0]


@pytest.mark.parametrize("aged", [False, True])
def test_a_row_sums_to_its_expected_days_late(model, rows, aged):
    age = np.arange(len(rows)) % 80 if aged else None
    terms = 10 + np.arange(len(rows)) % 21
    age = None if age is None else np.minimum(age, terms + 59)
    found = delay_contributions(model, rows, terms, sample(500, 3)[0], age)
    expected = model.expected_days(rows, terms, age) - terms
    assert found.sum(axis=1).to_numpy() == pytest.approx(expected, abs=1e-9)


def test_what_delays_adds_days_and_what_hastens_takes_them(model, rows):
    found = delay_contributions(model, rows, 30, sample(2_000, 3)[0])
    assert np.corrcoef(found["slow"], rows["slow"])[0, 1] > 0.9
    assert np.corrcoef(found["quick"], rows["quick"])[0, 1] < -0.9
    assert found["idle"].abs().mean() < 0.2 * found["quick"].abs().mean()
    mining = found.groupby(rows["sector"])["sector"].mean()
    assert mining["mining"] > 0 > mining["trade"]


def test_a_feature_that_delays_in_every_interval_adds_days_to_all_above_the_average(rows):
    X, duration, paid = sample(3_000, 4)
    model = PaymentTime(engine="logit", grid=GRID).fit(X, np.full(len(X), 30), duration, paid)
    found = delay_contributions(model, rows, 30, rows)["slow"]
    low, high = X["slow"].quantile([0.01, 0.99])
    above = rows["slow"].clip(low, high) - rows["slow"].clip(low, high).mean()
    clear = above.abs() > 0.01
    assert (np.sign(found[clear]) == np.sign(above[clear])).all()


def test_the_average_invoice_has_the_rows_terms_and_no_contributions(model, rows):
    twin = pd.concat([rows.iloc[[5]]] * 4, ignore_index=True)
    found = delay_contributions(model, twin, [5, 10, 20, 30], twin.iloc[:1])
    assert found.drop(columns=BASE).abs().to_numpy().max() < 1e-12
    assert found[BASE].to_numpy() == pytest.approx(
        model.expected_days(twin, [5, 10, 20, 30]) - [5, 10, 20, 30], abs=1e-9
    )


def test_columns_are_the_features_and_for_trees_the_timing(model, rows):
    found = delay_contributions(model, rows, 30, rows)
    timing = [TIMING] if model.engine == "lightgbm" else []
    assert found.columns.tolist() == [*rows.columns, *timing, BASE]
    assert found.index.equals(rows.index)
    assert importance(found)["feature"].iloc[0] == "slow"


def test_chunks_change_nothing(model, rows, monkeypatch):
    whole = delay_contributions(model, rows, 30, rows)
    monkeypatch.setattr("riskmodels.models.delay_reasons.ROWS", 37)
    pd.testing.assert_frame_equal(delay_contributions(model, rows, 30, rows), whole, atol=1e-9, rtol=0)


def test_longer_terms_than_ever_seen_are_refused(model, rows):
    with pytest.raises(DataRefused, match="terms: found"):
        delay_contributions(model, rows, 400, rows)
