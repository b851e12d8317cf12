"""The trial: later invoices alone are judged, on what was known, beside habit; drivers' effects have both engines."""

from datetime import date

import numpy as np
import pytest

from riskmodels.book.open import open_book
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.errors import DataRefused
from riskmodels.models.baselines import TITLES
from riskmodels.validation.overdue_development.effects import effects_on_days, odds
from riskmodels.validation.overdue_development.trial import try_out

DAY, UNTIL = date(2024, 9, 30), date(2025, 9, 30)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    place = tmp_path_factory.mktemp("trial") / "book.duckdb"
    write(synthesise(4_000, 20, date(2026, 6, 30)), place)
    return open_book(place)


@pytest.fixture(scope="module")
def trial(book):
    return try_out(book, DAY, UNTIL, seed=0)


def test_it_learns_before_the_day_and_judges_after_it(trial):
    assert trial.known["issued_on"].max().date() < DAY
    assert trial.judged["issued_on"].min().date() >= DAY
    assert trial.judged["issued_on"].max().date() <= UNTIL
    assert trial.known.loc[trial.known["settled"], "settled_on"].max().date() <= DAY


def test_every_forecast_is_held_against_the_champion_on_the_same_invoices(trial):
    table = trial.compared
    assert list(dict.fromkeys(table["forecast"])) == ["champion", "challenger", *TITLES]
    assert table.groupby("measure")["n"].nunique().eq(1).all()
    assert trial.figure("champion", "auc_late")["value"] > trial.figure("prior", "auc_late")["value"] == 0.5


def test_bands_hold_more_often_the_wider_they_are(trial):
    held = trial.bands.set_index("level")["observed"]
    assert held.is_monotonic_increasing
    assert held[0.95] > 0.85


def test_levels_fall_with_the_days_past_due(trial):
    for column in ("expected", "observed"):
        assert trial.levels[column].is_monotonic_decreasing
    assert trial.levels["observed"].between(trial.levels["low"], trial.levels["high"]).all()


def test_grades_hold_every_mature_invoice_once(trial):
    assert trial.grades["n"].sum() == trial.judged["outcome"].notna().sum()
    assert trial.grades["predicted"].is_monotonic_increasing


def test_effects_on_days_have_the_signs_the_model_was_held_to(trial):
    effects = effects_on_days(trial.models, trial.known).set_index("driver")
    signs = trial.models["champion"].card()["signs"]
    for role in ("champion", "challenger"):
        held = effects[role][effects.index.isin(signs)]
        assert (held.abs() > 1).sum() >= 2
        assert all(signs[driver] * days >= -1e-9 for driver, days in held.items())


def test_odds_below_one_delay(trial):
    logit = next(m for m in trial.models.values() if m.choice_.engine == "logit")
    table = odds(logit)
    signs = logit.card()["signs"]
    before = table[table["when"] == "before"].set_index("driver")["value"]
    assert all(np.sign(np.log(before[d])) in (0, -s) for d, s in signs.items())
    trees = next(m for m in trial.models.values() if m.choice_.engine == "lightgbm")
    assert odds(trees).empty


def test_a_book_without_a_year_before_has_no_trial(book):
    with pytest.raises(DataRefused):
        try_out(book, date(2022, 8, 31), date(2023, 8, 31), seed=0)
