"""Which features a model is offered, and which it takes."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.selection import candidates, expected_signs, select

rng = np.random.default_rng(4)


def sample(n=2000, clients=20):
    risk = rng.normal(size=n)
    return pd.DataFrame(
        {
            "client_id": [f"c{i % clients}" for i in range(n)],
            "debtor_mean_days_late_365d": risk + rng.normal(0, 1, n),
            "debtor_mean_days_late_ever": risk,
            "debtor_late_share_365d": rng.normal(size=n),
            "client_late_share_365d": rng.normal(size=n),
            "pair_late_share_365d": rng.normal(size=n),
            "stranger": risk,
            "outcome": (rng.random(n) < 1 / (1 + np.exp(-risk))).astype(float),
        }
    )


def test_only_windows_of_the_catalogue_are_offered():
    assert list(candidates(sample())) == [
        "debtor_mean_days_late_365d",
        "debtor_late_share_365d",
        "client_late_share_365d",
        "pair_late_share_365d",
    ]


def test_a_single_client_tells_nothing_but_the_time():
    assert [c for c in candidates(sample(clients=1)) if not c.startswith("debtor")] == []
    assert "pair_late_share_365d" in candidates(sample(clients=5))
    assert "client_late_share_365d" not in candidates(sample(clients=5))


def test_noise_and_copies_are_not_taken_and_the_reason_is_kept():
    frame = sample()
    frame["pair_late_share_365d"] = frame["debtor_mean_days_late_365d"] + rng.normal(0, 0.01, len(frame))
    taken, decided = select(frame, frame["outcome"], candidates(frame))
    reasons = decided.set_index("feature")["reason"]
    assert len({"debtor_mean_days_late_365d", "pair_late_share_365d"} & set(taken)) == 1
    assert reasons["debtor_late_share_365d"] == "too little information"
    assert any(reason.startswith("alike ") for reason in reasons)


def test_a_sample_without_variation_is_refused():
    frame = sample().assign(debtor_late_share_365d=1.0)
    with pytest.raises(DataRefused, match="every column is constant"):
        select(frame, frame["outcome"], {"debtor_late_share_365d": 1})


def test_lateness_is_expected_to_raise_risk():
    assert expected_signs()["debtor_late_share_365d"] == 1
