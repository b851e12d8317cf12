"""The suite of payment time on a stored model and its book: what is foretold is what the model says."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.open import open_book
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.checks import Verdict
from riskmodels.models import overdue
from riskmodels.models.inputs import columns_of
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.recipes import StoredModel
from riskmodels.validation.timing.case import Timing
from riskmodels.validation.timing.checks import validate_timing
from riskmodels.validation.timing.days import beside_habits

TRAINED, AS_OF = date(2025, 3, 31), date(2026, 3, 31)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    place = tmp_path_factory.mktemp("timing") / "book.duckdb"
    write(synthesise(2_000, 20, date(2026, 6, 30)), place)
    return open_book(place)


@pytest.fixture(scope="module")
def case(book):
    known = overdue.training_sample(book, TRAINED)
    facts = known["terms_days"], known["duration_days"], known["settled"], known["obligor"], known["period"]
    model = PaymentTime("logit").fit(known[["debtor_typical_days_late_365d", "invoice_terms"]], *facts)
    models = {"champion": model, "challenger": model}
    sample = overdue.scored(models, overdue.validation_sample(book, TRAINED, AS_OF))
    card = {"purpose": "overdue", "as_of": str(TRAINED), "seed": 0}
    stored = StoredModel(Path(), models, card, sample, pd.DataFrame(), pd.DataFrame())
    return stored, sample, Timing.of_model(stored, sample, book, AS_OF)


def test_the_sample_says_whose_client_an_invoice_is(case):
    sample = case[1]
    assert (sample["client"] == sample["client_id"]).all()
    assert len(case[2].payments.clusters) == 2


def test_what_is_foretold_is_what_the_model_says(case):
    stored, sample, timing = case
    model = stored.models["champion"]
    rows = sample[sample["terms_days"].between(0, model.longest_terms_)]
    told = model.late(columns_of(model, rows), rows["terms_days"], 30)
    assert timing.payments.forecast.beyond(30) == pytest.approx(told)
    assert timing.payments.forecast.late == pytest.approx(rows["probability"].to_numpy())


def test_parts_of_an_invoice_are_all_of_it(case):
    parts, n = case[2].payments.parts, case[2].payments.n
    assert np.bincount(parts.place, parts.share, n) == pytest.approx(1.0)
    assert ((case[2].payments.unsettled(90) > -1e-9) & (case[2].payments.unsettled(-1000) == 1)).all()


def test_a_band_of_80_in_100_says_that_it_holds_80_or_a_little_more(case):
    bands = case[2].payments.bands
    whole = ~np.isnan(bands.high)
    assert (bands.held[whole] > 0.79).all()
    assert 0.8 < bands.held[whole].mean() < 0.9


def test_every_check_of_a_book_is_run_or_says_why_not(case):
    found = validate_timing(case[2])
    assert all(r.reason for r in found if r.verdict is Verdict.NOT_RUN)
    ran = {r.name.removeprefix("validation.timing.") for r in found if r.verdict is not Verdict.NOT_RUN}
    assert {"curve.gap", "curve.gap_amount", "observed_expected.0", "auc.0", "auc.gain", "band.coverage"} <= ran
    assert {"days.error", "days.later", "cash.coverage_80", "cash.bias", "ageing.coverage_80"} <= ran


def test_weeks_of_one_forecast_count_as_one_case(case):
    held = next(r for r in validate_timing(case[2]) if r.name.endswith("cash.coverage_80"))
    assert held.detail["forecasts"] == 4
    assert held.n > 40
    assert held.dependence == "clustered by forecast"
    assert held.p_value is None or held.p_value > held.detail["kupiec_p"] / 10


def test_habits_stand_beside_the_model_by_both_measures(case):
    table = beside_habits(case[2].payments)
    assert (table.groupby("measure")["habit"].nunique() == 8).all()
    assert table.loc[table["habit"] == "champion", "gain"].isna().all()
    assert (table.query("habit == 'prior' and measure == 'auc_late'")["gain"] > 0).all()
