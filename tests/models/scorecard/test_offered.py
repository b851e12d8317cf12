"""Which features of the catalogue a model is offered."""

import numpy as np
import pandas as pd

from riskmodels.models.scorecard.offered import candidates, expected_signs

rng = np.random.default_rng(4)


def sample(clients=20, n=200):
    columns = ["debtor_mean_days_late_365d", "debtor_mean_days_late_ever", "debtor_late_share_365d"]
    columns += ["client_late_share_365d", "pair_late_share_365d", "stranger"]
    frame = pd.DataFrame(rng.normal(size=(n, len(columns))), columns=columns)
    return frame.assign(client_id=[f"c{i % clients}" for i in range(n)])


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


def test_lateness_is_expected_to_raise_risk():
    assert expected_signs()["debtor_late_share_365d"] == 1
