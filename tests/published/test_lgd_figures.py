"""Loss given default: published figures, and models against each other on 2,545 defaulted loans."""

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression

from riskmodels.models.dilution import dilution_reserve
from riskmodels.models.lgd import BoostedLGD, FractionalLGD, TwoStageLGD
from riskmodels.models.lgd.comparison import loss_difference, out_of_fold, scores, somers_d
from riskmodels.models.lgd.downturn import DownturnRule
from riskmodels.validation.losses.order import order, somers_influence
from riskmodels.validation.losses.shortfall import loss_shortfall, shortfall, shortfalls

# known before the loss; the other columns of the file are the loss in other words
KNOWN = ["LTV", "purpose1"]


# SAS documentation of PROC FREQ and ECB, Instructions for reporting the validation results of internal models, 2019:
# Somers' D(C|R) = .4426719840, generalised AUC = .7213360
def test_somers_d_and_the_generalised_auc():
    table = np.array([[26, 26, 23, 18, 9], [6, 7, 9, 14, 23]])
    given, outcome = (np.repeat(place.ravel(), table.ravel()) for place in np.indices(table.shape))
    assert somers_d(given, outcome) == pytest.approx(0.4426719840, abs=1e-9)
    assert (somers_d(given, outcome) + 1) / 2 == pytest.approx(0.7213360, abs=5e-8)
    assert somers_d(outcome, given) == pytest.approx(0.2569444444, abs=1e-9)


# The same two sources: ASE of D(C|R) .0837336, of D(R|C) .0498712; the SE of the generalised AUC .0418668
def test_the_errors_of_somers_d_and_the_generalised_auc():
    table = np.array([[26, 26, 23, 18, 9], [6, 7, 9, 14, 23]])
    given, outcome = (np.repeat(place.ravel(), table.ravel()) for place in np.indices(table.shape))
    ase = [np.sqrt((somers_influence(*pair) ** 2).sum()) for pair in ((given, outcome), (outcome, given))]
    assert ase == pytest.approx([0.0837336, 0.0498712], abs=5e-8)
    # shares in the segments of these codes
    assert order(given / 10, outcome / 10).se == pytest.approx(0.0418668, abs=5e-8)


@pytest.fixture(scope="module")
def facilities(oracle):
    return pd.read_csv(oracle("lgd_t_test.csv"))


# Tests of the library meliora, figures of its R notebook on the same file. It tests estimated less realised by segment,
# the other way round: its p-values, 3.7760920875724846 in all, are 1 less ours
def test_the_back_test_by_segment_is_that_of_another_program(facilities):
    gap = facilities["realised_lgd"] - facilities["predicted_lgd"]
    found = shortfalls(gap, facilities["segment"])
    assert (1 - found["p_value"]).sum() == pytest.approx(3.7760920875724846, abs=1e-9)


# The same: two-sided p of all facilities .03848163849330821; loss shortfall -.008480989922580617
def test_the_back_test_of_all_and_the_loss_shortfall_are_those_of_another_program(facilities):
    estimated, realised = facilities["predicted_lgd"], facilities["realised_lgd"]
    p = shortfall(realised - estimated).p_value
    assert 2 * min(p, 1 - p) == pytest.approx(0.03848163849330821, abs=1e-12)
    assert loss_shortfall(estimated, realised, facilities["ead"]).gap == pytest.approx(-0.008480989922580617, abs=1e-12)


# EBA/GL/2019/03, section on downturn LGD where no impact can be observed or estimated: 15 points, at most 105 %
def test_the_stated_add_on_and_cap_are_the_eba_s():
    assert (DownturnRule().add_on, DownturnRule().cap) == (0.15, 1.05)


# [2 x 3 % + (5 % - 3 %) x 5 % / 3 %] x 1.2, recomputed from the formula of the dynamic dilution reserve
def test_the_dynamic_dilution_reserve():
    assert dilution_reserve(0.03, 0.05, 1.2, 2.0) == pytest.approx(0.112)


@pytest.fixture(scope="module")
def loans(real_data):
    frame = pd.read_csv(real_data("lgd", "lgd.csv"))
    return frame[KNOWN], frame["lgd_time"].to_numpy()


@pytest.fixture(scope="module")
def predicted(loans):
    models = {
        "mean": DummyRegressor(),
        "linear": LinearRegression(),
        "histogram": HistGradientBoostingRegressor(random_state=0),
        "fractional": FractionalLGD(),
        "boosted": BoostedLGD(signs={"LTV": 1}),
        "two stages": TwoStageLGD(),
    }
    return out_of_fold(models, *loans, folds=5, seed=0)


# creditriskanalytics.net, lgd.csv: 2,545 loans, mean .2281, median .0321, 28.6 % without a loss
def test_the_losses_have_a_peak_at_each_end(loans):
    _, y = loans
    assert (len(y), round(y.mean(), 4), round(np.median(y), 4)) == (2545, 0.2281, 0.0321)
    assert (y <= 0.001).mean() == pytest.approx(0.2955, abs=5e-5)
    assert (y >= 0.999).mean() == pytest.approx(0.0578, abs=5e-5)


# Measured, 5 folds, seed 0: MAE / RMSE / R2 / gAUC of mean .271 / .329 / -.001 / -, linear .225 / .296 / .190 / .665,
# fractional .222 / .294 / .205 / .670, boosted .222 / .294 / .203 / .684, two stages .223 / .294 / .204 / .669
def test_every_model_explains_a_fifth_of_the_variance(loans, predicted):
    table = scores(loans[1], predicted).set_index("model")
    ours = table.loc[["fractional", "boosted", "two stages"]]
    assert ours["R2"].between(0.195, 0.215).all()
    assert ours["MAE"].between(0.215, 0.225).all()
    assert (ours["RMSE"] < 0.295).all()
    assert ours["gAUC"].between(0.66, 0.70).all()
    assert table.loc["mean", "R2"] < 0


@pytest.mark.parametrize("name", ["fractional", "boosted", "two stages"])
@pytest.mark.parametrize("power", [1, 2])
def test_every_model_beats_the_mean_the_straight_line_and_untuned_boosting(loans, predicted, name, power):
    y = loans[1]
    assert loss_difference(y, predicted[name], predicted["mean"], power)[2] < 0
    assert loss_difference(y, predicted[name], predicted["linear"], power)[2] < 0
    if power == 2:
        assert loss_difference(y, predicted[name], predicted["histogram"], power)[2] < 0


@pytest.mark.parametrize("name", ["boosted", "two stages"])
def test_no_model_is_surely_worse_than_one_equation(loans, predicted, name):
    """Squared error of each less that of the fractional logit: the interval holds 0."""
    _, low, high = loss_difference(loans[1], predicted[name], predicted["fractional"])
    assert low < 0 < high


def test_predictions_are_on_the_level_of_the_losses(loans, predicted):
    assert predicted.mean().to_numpy() == pytest.approx(loans[1].mean(), abs=0.003)


def test_more_lent_on_the_house_loses_more(loans):
    table = FractionalLGD().fit(*loans).summary().set_index("term")
    assert table.loc["LTV", "change of the share"] == pytest.approx(0.128, abs=0.0005)
    assert (table.loc[KNOWN, "low"] > 0).all()
