"""Figures of the logit and its diagnostics from published analyses."""

import numpy as np
import pandas as pd
import pytest
import statsmodels
from statsmodels.datasets import longley

from riskmodels.models.scorecard.likelihood import maximise
from riskmodels.models.scorecard.vif import correlation, vif


# Longley (1967): variance inflation factors as SAS PROC REG and the textbooks print them
def test_variance_inflation_of_longley_s_data():
    X = longley.load_pandas().exog
    columns = ["GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"]
    found = vif(correlation(X[columns].to_numpy(), np.ones(len(X))))
    assert found.tolist() == pytest.approx([135.53244, 1788.51348, 33.61889, 3.58893, 399.15102, 758.98060], rel=1e-6)


# Low birth weight (Hosmer and Lemeshow), logit on age lwt race smoke ptl ht ui: log-likelihood of the Stata manual
def test_log_likelihood_of_low_birth_weight():
    path = f"{statsmodels.__path__[0]}/genmod/tests/results/stata_lbw_glm.csv"
    frame = pd.read_csv(path)
    race = pd.get_dummies(frame["race"], drop_first=True, dtype=float)
    design = pd.concat([frame[["age", "lwt", "smoke", "ptl", "ht", "ui"]], race], axis=1)
    found = maximise(np.column_stack([np.ones(len(frame)), design]), frame["low"].to_numpy(float), np.ones(len(frame)))
    assert found.log_likelihood == pytest.approx(-100.7239956, abs=5e-8)
