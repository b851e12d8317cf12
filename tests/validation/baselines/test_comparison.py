"""A model beside its baselines: the textbook's figures, unbent by open invoices, with intervals by obligor."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn.metrics import brier_score_loss, roc_auc_score

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.baselines import Forecast
from riskmodels.validation.baselines import MEASURES, comparison, observed
from riskmodels.validation.baselines.scores import auc, interval, less
from riskmodels.validation.discrimination import auc_difference, auc_interval

DAYS = np.arange(-20.0, 101.0, 10)


def invoices(seed=0, n=1_500, obligors=150, read=None):
    """Delays around a debtor's habit, and the frame `invoice_outcomes` would give of them; `read` closes the book."""
    rng = np.random.default_rng(seed)
    debtor = rng.integers(0, obligors, n)
    centre = rng.normal(5, 18, obligors)[debtor]
    delay = np.round(centre + rng.normal(0, 12, n)).clip(-29, 160)
    issued = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 250, n), "D")
    due = issued + pd.Timedelta(30, "D")
    end = pd.Timestamp("2026-12-31" if read is None else read)
    until = (end - due).days.to_numpy()
    settled = delay <= until
    told = np.where(settled, delay, until)
    late = np.where(until <= 0, np.nan, told > 0)
    frame = pd.DataFrame(
        {"debtor_id": debtor, "issued_on": issued, "due_on": due, "days_late": told, "settled": settled, "late": late}
    )
    return frame[issued < end].reset_index(drop=True), centre[issued < end]


def around(name, centre, spread=12.0, shift=0.0):
    """A forecast of normal delays around a centre."""
    open_at = norm.sf((DAYS[None, :] + 0.5 - centre[:, None] - shift) / spread)
    fine = np.arange(-30.0, DAYS[-1])
    wait = norm.sf((fine[None, :] + 0.5 - centre[:, None] - shift) / spread).sum(axis=1)
    return Forecast(name, DAYS, open_at, wait)


@pytest.fixture(scope="module")
def whole():
    frame, centre = invoices()
    return observed(frame), around("model", centre), around("flat", np.full(len(frame), 5.0), 22.0)


def value(table, forecast, measure, column="value"):
    return table.set_index(["forecast", "measure"]).loc[(forecast, measure), column]


def test_without_open_invoices_the_figures_are_the_textbook_s(whole):
    seen, model, flat = whole
    table = comparison(model, [flat], seen)
    late = (seen.delay > 0).astype(int)
    assert value(table, "model", "auc_late") == pytest.approx(roc_auc_score(late, model.late), abs=1e-12)
    assert value(table, "model", "brier_late") == pytest.approx(brier_score_loss(late, model.late), abs=1e-12)
    days = np.minimum(seen.delay, DAYS[-1]) + 30
    assert value(table, "model", "mae_days") == pytest.approx(np.abs(days - model.expected_days).mean())
    briers = [((seen.delay > day) - model.beyond(day)) @ ((seen.delay > day) - model.beyond(day)) for day in DAYS]
    assert value(table, "model", "ibs") == pytest.approx(np.trapezoid(briers, DAYS) / 120 / len(seen.delay))
    assert value(table, "model", "auc_30") == pytest.approx(roc_auc_score(seen.delay > 30, model.beyond(30)))


def test_the_table_has_every_forecast_and_measure_and_differences_from_the_model(whole):
    seen, model, flat = whole
    table = comparison(model, [flat], seen)
    assert len(table) == 2 * len(MEASURES)
    assert table.loc[table["forecast"] == "model", "difference"].isna().all()
    for measure in MEASURES:
        gap = value(table, "flat", measure) - value(table, "model", measure)
        told = [value(table, "flat", measure, c) for c in ("difference", "difference_low", "difference_high")]
        assert told[0] == pytest.approx(gap, nan_ok=True)
        assert np.isnan(gap) or told[1] <= gap <= told[2]
    assert value(table, "flat", "auc_late") == 0.5
    assert value(table, "flat", "ibs", "difference_low") > 0


def test_the_error_of_auc_is_obuchowski_s_paired_and_alone(whole):
    seen, model, _flat = whole
    late, other = (seen.delay > 0).astype(float), np.round(model.late, 1)
    one, two = (auc(late, score, np.ones(len(late))) for score in (model.late, other))
    peer = auc_interval(late, model.late, seen.obligor)
    low, high = interval(one, seen.obligor)
    assert (high - low) / 2 / 1.96 == pytest.approx(peer.se, rel=0.02)
    gap = auc_difference(late, model.late, other, seen.obligor)
    low, high = interval(less(one, two), seen.obligor)
    assert (high - low) / 2 / 1.96 == pytest.approx(gap.se, rel=0.03)


def test_weights_stand_for_the_invoices_read_too_early():
    frame, _centre = invoices(1, read="2025-07-01")
    seen = observed(frame)
    assert 0.1 < (~seen.settled).mean() < 0.9
    for day in (-10.0, 0.0, 30.0):
        weights = seen.weights(day)
        assert weights.sum() == pytest.approx(len(frame), rel=1e-9)
        assert (weights[~seen.settled & (seen.delay < day)] == 0).all()
        assert (weights[weights > 0] >= 1).all()


def test_open_invoices_don_t_bend_the_figures_where_dropping_them_does():
    truth = comparison(*blunt(2, 20_000))
    _model, _none, seen = late = blunt(2, 20_000, "2025-05-31")
    table = comparison(*late)
    for measure, margin in (("mae_days", 0.35), ("ibs", 0.004), ("auc_30", 0.01)):
        assert abs(value(table, "model", measure) - value(truth, "model", measure)) < margin, measure
    days = seen.delay[seen.settled] + 30 - late[0].expected_days[seen.settled]
    assert abs(value(truth, "model", "mae_days") - np.abs(days).mean()) > 0.5


def blunt(seed, n, read=None):
    """A model that knows nothing of habits, and the invoices it is judged on, ten of each debtor."""
    frame, _centre = invoices(seed, n, n // 10, read)
    return around("model", np.full(len(frame), 12.0)), [], observed(frame)


def test_the_interval_holds_the_truth_when_obligors_share_their_error():
    truth = value(comparison(*blunt(999, 60_000)), "model", "mae_days")
    held = 0
    for seed in range(40):
        table = comparison(*blunt(seed, 600))
        held += value(table, "model", "mae_days", "low") <= truth <= value(table, "model", "mae_days", "high")
    assert held >= 34


def test_what_the_invoices_can_t_tell_is_not_a_number():
    frame, centre = invoices(3, read="2025-02-20")
    table = comparison(around("model", centre), [], observed(frame))
    assert np.isnan(value(table, "model", "mae_days"))
    assert np.isnan(value(table, "model", "auc_90"))
    assert np.isfinite(value(table, "model", "ibs"))
    alone = comparison(around("model", centre[:1]), [], observed(frame.head(1)))
    assert alone[["low", "high"]].isna().all().all()


def test_forecasts_of_other_invoices_days_or_names_are_refused(whole):
    seen, model, flat = whole
    with pytest.raises(Misuse, match="flat: found 3 invoices, expected the 1500 that are judged"):
        comparison(model, [Forecast("flat", DAYS, flat.open_at[:3], flat.expected_days[:3])], seen)
    with pytest.raises(Misuse, match="flat: found other days than model tells of"):
        comparison(model, [Forecast("flat", DAYS[:-1], flat.open_at[:, :-1], flat.expected_days)], seen)
    with pytest.raises(Misuse, match="expected each name once"):
        comparison(model, [model], seen)
    with pytest.raises(DataRefused, match="outcomes: found no invoices"):
        observed(pd.DataFrame())


def open_at(origin, read, seed=0):
    """Invoices open at a date, read at a later one: their frame, ages, true centres."""
    frame, centre = invoices(seed, 6_000, 600, read)
    issued, due = frame["issued_on"], frame["due_on"]
    settled_on = (due + pd.to_timedelta(frame["days_late"], "D")).where(frame["settled"])
    there = (issued <= origin) & ~(settled_on <= origin)
    return frame[there].reset_index(drop=True), (pd.Timestamp(origin) - issued[there]).dt.days.to_numpy(), centre[there]


def conditional(name, centre, age):
    """The forecast of normal delays around a centre, given open at an age of invoices of 30 days."""
    made, now = around(name, centre), age - 30.0
    here = norm.sf((now + 0.5 - centre) / 12.0)[:, None]
    held = np.where(DAYS[None, :] <= now[:, None], 1.0, made.open_at / here)
    fine = np.arange(-30.0, DAYS[-1])[None, :]
    left = norm.sf((fine + 0.5 - centre[:, None]) / 12.0) / here * (fine >= now[:, None])
    return Forecast(name, DAYS, held, age + left.sum(axis=1))


def test_open_invoices_are_judged_from_the_age_they_have_come_to():
    frame, age, centre = open_at("2025-08-15", "2026-12-31")
    seen = observed(frame, age)
    model, flat = conditional("model", centre, age), conditional("flat", np.full(len(frame), 5.0), age)
    table = comparison(model, [flat], seen)
    young = age < 30
    late = (frame["days_late"] > 0).to_numpy()
    assert value(table, "model", "auc_late") == pytest.approx(roc_auc_score(late[young], model.late[young]))
    assert value(table, "model", "auc_late", "n") == young.sum() < len(frame)
    beyond = age < 60
    off = np.abs(frame["days_late"].clip(upper=100) + 30 - model.expected_days)[age - 30 < 100].mean()
    assert value(table, "model", "mae_days") == pytest.approx(off)
    assert value(table, "model", "auc_30", "n") == beyond.sum()
    assert value(table, "flat", "ibs", "difference_low") > 0


def test_open_invoices_read_early_tell_what_they_would_have_told_later():
    whole, age, centre = open_at("2025-08-15", "2026-12-31", 4)
    early, _, _ = open_at("2025-08-15", "2025-10-15", 4)
    assert len(early) == len(whole)
    model, flat = conditional("model", centre, age), conditional("flat", np.full(len(whole), 5.0), age)
    full, part = (comparison(model, [flat], observed(frame, age)) for frame in (whole, early))
    for forecast in ("model", "flat"):
        assert value(part, forecast, "auc_30") == pytest.approx(value(full, forecast, "auc_30"), abs=0.04)


def test_an_invoice_that_was_settled_by_its_age_is_refused():
    frame, age, _ = open_at("2025-08-15", "2026-12-31")
    with pytest.raises(DataRefused, match="age: found 1 invoices that were settled or last read by then"):
        observed(frame, np.where(np.arange(len(age)) == 3, 500, age))
