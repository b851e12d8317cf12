"""Cash bands hold planted shocks as often as they say: debtors and industries that pay together at each origin.

A fixed sample stands here; the campaign `cash-bands` learns the strength anew in each of many worlds.
"""

import numpy as np
import pandas as pd
import pytest

from riskmodels.models.cash.spreads import spreads
from tests.certify.cash_bands import DEBTOR_EFFECT, INDUSTRY_EFFECT, held, origin, residuals

ORIGINS = 150


@pytest.fixture(scope="module")
def learnt():
    rng = np.random.default_rng(11)
    return spreads(residuals([origin(rng) for _ in range(24)]))


@pytest.fixture(scope="module")
def outcomes(learnt):
    rng = np.random.default_rng(12)
    return pd.DataFrame([held(origin(rng), learnt, rng) for _ in range(ORIGINS)])


def test_the_strength_of_shocks_is_found(learnt):
    assert learnt[0] == pytest.approx(DEBTOR_EFFECT, abs=0.08)
    assert learnt[1] == pytest.approx(INDUSTRY_EFFECT, abs=0.12)


@pytest.mark.parametrize(("band", "room"), [(80, 0.1), (95, 0.055)])
def test_bands_hold_as_often_as_they_say(outcomes, band, room):
    # three standard errors at 150 origins
    assert outcomes[f"horizon_{band}"].mean() == pytest.approx(band / 100, abs=room)
    assert outcomes[f"weeks_{band}"].mean() == pytest.approx(band / 100, abs=room)


def test_without_shocks_bands_are_too_narrow():
    rng = np.random.default_rng(12)
    naive = pd.DataFrame([held(origin(rng), (0.0, 0.0, 0.0), rng) for _ in range(ORIGINS)])
    assert naive["horizon_80"].mean() < 0.7
    assert naive["horizon_95"].mean() < 0.88
