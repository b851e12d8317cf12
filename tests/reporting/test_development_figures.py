"""Figures of model development draw what they get, say what they show, and leave nothing behind."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from riskmodels.core import text
from riskmodels.models.score_bands import score_bands
from riskmodels.reporting.figures import development
from riskmodels.reporting.figures.theme import draw


@pytest.fixture(scope="module")
def bands():
    rng = np.random.default_rng(1)
    made = {}
    for name, n in (("development $a$", 3000), ("hold-out", 1000), ("out of time", 800)):
        score = rng.normal(0, 1, n)
        made[name] = (score, (rng.random(n) < 1 / (1 + np.exp(2 + 2 * score))).astype(float))
    return score_bands(made, 6, higher="safer").table


@pytest.fixture
def tables(bands):
    rolls = {"name": ["falling due", "1-30"], "rate": [0.2, np.nan], "low": [0.1, np.nan], "high": [0.3, np.nan]}
    cured = {"dpd": [30, 60, 90], "uncured": [0.1, 0.6, np.nan], "low": [0.05, 0.4, 0], "high": [0.2, 0.7, 1]}
    ages = np.arange(1, 13)
    grown = [pd.DataFrame({"dpd": d, "age": ages, "share": s * (1 - 0.6**ages)}) for d, s in ((30, 0.1), (90, 0.02))]
    curves = pd.concat(grown).assign(low=lambda t: t["share"] * 0.8, high=lambda t: t["share"] * 1.2)
    return {
        "score_bands": bands,
        "roll_rates": pd.DataFrame({**rolls, "to_loss": [0.001, 0.01]}),
        "cures": pd.DataFrame(cured),
        "maturation": curves,
    }


@pytest.mark.parametrize("name", ["score_bands", "roll_rates", "cures", "maturation"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_figure_is_the_same_twice_and_leaves_matplotlib_alone(tables, name, lang):
    text.use(lang)
    before = dict(mpl.rcParams)
    once, again = (draw(getattr(development, name), tables[name]) for _ in range(2))
    assert once == again
    assert dict(mpl.rcParams) == before
    assert "nan" not in once.lower().replace("nanum", "")


def test_names_of_samples_are_text_not_mathematics(bands):
    assert "development $a$" in draw(development.score_bands, bands)


def test_the_title_says_whether_the_score_ranks(bands):
    ranked = bands.assign(rate=0.5 - bands["band"] / 20)
    assert "falls from band to band in every sample" in draw(development.score_bands, ranked)
    turned = ranked.assign(rate=np.where((bands["band"] == 2) & (bands["sample"] == "hold-out"), 0.9, ranked["rate"]))
    assert "bands out of order in hold-out: 1" in draw(development.score_bands, turned)


def test_the_title_says_from_which_days_obligors_stay(tables):
    said = draw(development.cures, tables["cures"], threshold=60)
    assert "From 60 days on at least 50.0% of obligors stay" in said
    assert "No level from which 50.0%" in draw(development.cures, tables["cures"])


def test_the_title_says_when_bad_has_shown(tables):
    assert "have shown 6 months after issue" in draw(development.maturation, tables["maturation"], window=6)
    assert "still come when the book ends" in draw(development.maturation, tables["maturation"])


def test_a_sample_with_empty_bands_and_no_bads_still_draws(bands):
    empty = bands.assign(rate=np.nan, low=np.nan, high=np.nan)
    assert "<svg" in draw(development.score_bands, empty)
