"""The models of LGD tried against each other: what each says of claims of debtors it hasn't seen."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sklearn.dummy import DummyRegressor

from riskmodels.models.lgd.boosted import BoostedLGD
from riskmodels.models.lgd.comparison import out_of_fold
from riskmodels.models.lgd.drivers import LossSample
from riskmodels.models.lgd.fractional import FractionalLGD
from riskmodels.models.lgd.two_stage import TwoStageLGD

FOLDS = 5
SIGNS = {"disputed": 1, "guaranteed": -1, "holdback": -1, "insured_share": -1, "margin_rate": -1, "recourse": -1}
"""What the trade expects of drivers: cover loses less, a dispute more."""


def candidates(sample: LossSample, seed: int = 0) -> dict[str, Any]:
    """The models, simplest first: mean, fractional, two_stage, boosted (held to SIGNS)."""
    signs = {name: sign for name, sign in SIGNS.items() if name in sample.X}
    return {
        "mean": DummyRegressor(),
        "fractional": FractionalLGD(),
        "two_stage": TwoStageLGD(),
        "boosted": BoostedLGD(signs=signs, seed=seed),
    }


def trial(sample: LossSample, seed: int = 0) -> pd.DataFrame:
    """What each of `candidates` says of every claim when fitted without its debtor's fold; the same folds for all."""
    return out_of_fold(candidates(sample, seed), sample.X, sample.y, FOLDS, seed, sample.groups)
