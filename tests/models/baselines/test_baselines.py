"""Forecasts from habit: they see only what was settled before an issue, and draw few cases to the book's figure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.baselines import DAYS, TITLES, Forecast, fit_all, of_model
from riskmodels.models.baselines.credibility import drawn, experience
from riskmodels.models.baselines.history import past
from riskmodels.models.baselines.law import law_of
from riskmodels.models.payment_time import PaymentTime

CUT = pd.Timestamp("2025-06-30")


def ledger(seed=0, n=2_000, debtors=40, until=CUT, spread=12.0):
    """Invoices of debtors that each have a habit, as known at `until`; the days truly paid are in `true_days`."""
    rng = np.random.default_rng(seed)
    debtor = rng.integers(0, debtors, n)
    issued = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 540, n), "D")
    terms = rng.choice([30, 60], n)
    habit = rng.normal(0, spread, debtors)[debtor]
    delay = np.maximum(np.round(habit + rng.normal(0, 8, n)), 1 - terms).astype(int)
    due = issued + pd.to_timedelta(terms, "D")
    frame = pd.DataFrame(
        {
            "client_id": [f"c{d % 5}" for d in debtor],
            "debtor_id": [f"d{d}" for d in debtor],
            "issued_on": issued,
            "due_on": due,
            "paid_on": due + pd.to_timedelta(delay, "D"),
        }
    )
    return known_at(frame, until)


def known_at(frame, day):
    seen = frame[frame["issued_on"] <= day].reset_index(drop=True)
    seen["settled_on"] = seen["paid_on"].where(seen["paid_on"] <= day)
    seen["days_late"] = (seen["settled_on"].fillna(day) - seen["due_on"]).dt.days
    return seen


@pytest.fixture(scope="module")
def known():
    return ledger()


@pytest.fixture(scope="module")
def later():
    return ledger(until=pd.Timestamp("2026-06-30"))


@pytest.mark.parametrize("seed", range(3))
def test_the_past_of_an_invoice_is_what_a_loop_finds(seed):
    frame = ledger(seed, 300, 12)
    found = past(frame, frame, "debtor_id")
    for i, row in frame.iterrows():
        own = frame[(frame["debtor_id"] == row["debtor_id"]) & (frame["settled_on"] < row["issued_on"])]
        delay = (own["settled_on"] - own["due_on"]).dt.days
        assert (found.n[i], found.total[i], found.late[i]) == (len(own), delay.sum(), (delay > 0).sum())
        if len(own):
            latest = own.assign(delay=delay).sort_values(["settled_on", "due_on"])["delay"].iloc[-1]
            assert found.last[i] == latest
        else:
            assert np.isnan(found.last[i])


def test_a_baseline_cannot_see_the_future(known):
    rows = known[known["issued_on"] > "2025-03-01"]
    garbage = known.copy()
    later = garbage["settled_on"] >= rows["issued_on"].min()
    garbage.loc[later, "settled_on"] += pd.Timedelta(90, "D")
    garbage.loc[later, "debtor_id"] = "d0"
    first = rows[rows["issued_on"] == rows["issued_on"].min()]
    for key in ("client_id", "debtor_id"):
        a, b = past(known, first, key), past(garbage, first, key)
        assert (a.n == b.n).all()
        assert (a.total == b.total).all()


def test_every_baseline_answers_alike(known):
    rows = known.sort_values("issued_on").tail(200)
    found = fit_all(known)
    assert [b.name for b in found] == list(TITLES)
    for baseline in found:
        told = baseline.predict(rows)
        assert told.open_at.shape == (200, len(DAYS))
        assert (np.diff(told.open_at, axis=1) <= 1e-12).all()
        assert ((told.open_at >= 0) & (told.open_at <= 1)).all()
        assert np.isfinite(told.expected_days).all()
        assert (told.late == told.beyond(0)).all()


def test_the_means_are_those_of_their_own_curves(known):
    rows = known.sort_values("issued_on").tail(50)
    days = tuple(range(-60, 121))
    for baseline in fit_all(known):
        told = baseline.predict(rows, days)
        terms = (rows["due_on"] - rows["issued_on"]).dt.days.to_numpy()
        mean = terms - 60 + told.open_at[:, :-1].sum(axis=1)
        floor = 1.0 if baseline.name in ("client_mean", "debtor_mean", "last_delay") else 1e-9
        assert np.abs(told.expected_days - mean).max() <= floor, baseline.name


def ages(rows, on="2025-05-31"):
    """Days since issue at a date: what is open there has got so old."""
    return (pd.Timestamp(on) - rows["issued_on"]).dt.days.to_numpy(float)


@pytest.fixture(scope="module")
def aged(known):
    rows = known[(known["issued_on"] <= "2025-05-31") & (known["issued_on"] > "2025-02-28")]
    return rows, ages(rows)


def test_given_that_it_is_open_a_curve_is_that_of_all_over_what_is_open_now(known, aged):
    rows, age = aged
    now = age - (rows["due_on"] - rows["issued_on"]).dt.days.to_numpy()
    days = tuple(range(-60, 121))
    for baseline in fit_all(known):
        before, given = baseline.predict(rows, days), baseline.predict(rows, days, age)
        place = (now + 60).astype(int)
        here = before.open_at[np.arange(len(rows)), place]
        alive = here > 0
        after = np.arange(-60, 121)[None, :] > now[:, None]
        expected = np.where(after, before.open_at / np.where(alive, here, 1.0)[:, None], 1.0)
        assert given.open_at[alive] == pytest.approx(expected[alive]), baseline.name
        assert (given.open_at[~alive] == ~after[~alive]).all()
        left = np.where(after, given.open_at, 0.0)[:, :-1].sum(axis=1) + 1.0 * alive
        floor = 1.0 if baseline.name in ("client_mean", "debtor_mean", "last_delay") else 1e-9
        assert np.abs(given.expected_days - age - left).max() <= floor, baseline.name


def test_what_is_open_for_longer_than_any_was_is_expected_at_once(known):
    row = known.tail(1)
    for baseline in fit_all(known):
        told = baseline.predict(row, age=np.array([900.0]))
        assert told.expected_days[0] == 900.0
        assert (told.open_at == 1.0).all()


def test_the_longer_an_invoice_is_open_the_later_it_is_expected(known, aged):
    rows, age = aged
    for baseline in fit_all(known):
        waits = [baseline.predict(rows, age=age + more).expected_days for more in (0, 5, 20)]
        assert (waits[0] <= waits[1] + 1e-9).all()
        assert (waits[1] <= waits[2] + 1e-9).all()


def test_a_debtor_never_seen_has_the_book_s_forecast(known):
    row = known.tail(1).assign(
        debtor_id="nobody", client_id="nobody", issued_on=CUT, due_on=CUT + pd.Timedelta(30, "D")
    )
    prior, _terms, client, debtor, last, ratio, by_class = (b.predict(row) for b in fit_all(known))
    assert ratio.late[0] == pytest.approx(prior.late[0])
    for told in (client, debtor, last):
        assert told.expected_days[0] == pytest.approx(prior.expected_days[0], abs=1.5)
    assert by_class.late[0] == pytest.approx(prior.late[0], abs=0.1)


def test_what_is_fitted_stays_that_of_the_cut_and_habits_go_on(known, later):
    rows = later[later["issued_on"] > CUT - pd.Timedelta(20, "D")]
    at_cut, going_on = (fit_all(known, history) for history in (None, later))
    for one, other in zip(at_cut, going_on):
        assert one.name == other.name
    assert at_cut[3].around.open_after.tolist() == going_on[3].around.open_after.tolist()
    assert (past(later, rows, "debtor_id").n >= past(known, rows, "debtor_id").n).all()


def test_a_debtor_s_own_mean_ranks_what_a_base_rate_can_t(known, later):
    from sklearn.metrics import roc_auc_score

    rows = later[later["issued_on"] > CUT - pd.Timedelta(60, "D")]
    late = (rows["paid_on"] > rows["due_on"]).astype(int)
    auc = {b.name: roc_auc_score(late, b.predict(rows).late) for b in fit_all(known, later)}
    assert auc["prior"] == auc["terms"] == 0.5
    assert auc["debtor_mean"] > 0.85
    assert auc["debtor_mean"] > auc["client_mean"]
    assert min(auc["late_ratio"], auc["last_delay"], auc["debtor_class"]) > 0.7


def test_open_invoices_are_censored_not_left_out():
    rows = ledger(3, 4_000, until=pd.Timestamp("2024-05-01"))
    whole = ledger(3, 4_000, until=pd.Timestamp("2027-01-01"))
    mine = whole[whole["issued_on"] <= "2024-05-01"]
    true = (mine["paid_on"] > mine["due_on"]).mean()
    settled = rows["settled_on"].notna()
    dropped = (rows.loc[settled, "days_late"] > 0).mean()
    told = fit_all(rows)[0].predict(rows).late[0]
    assert abs(told - true) < 0.03 < true - dropped


def test_few_cases_are_drawn_to_the_book():
    told = drawn(np.array([0.0, 10.0, 100.0]), np.array([0.0, 1.0, 10.0]), 2.0, 4.0)
    assert told.tolist() == [2.0, 18 / 5, 108 / 14]
    assert (drawn(np.array([9.0]), np.array([3.0]), 2.0, np.inf) == 2.0).all()


def test_experience_is_variance_within_over_between():
    rng = np.random.default_rng(4)
    party = np.repeat(np.arange(4_000), 6)
    value = rng.normal(0, 2, 4_000)[party] + rng.normal(0, 6, len(party))
    assert experience(pd.Series(party), value) == pytest.approx(9, rel=0.1)
    assert experience(pd.Series(np.arange(50)), value[:50]) == np.inf
    assert experience(pd.Series([1, 1, 2, 2]), np.array([0.0, 1.0, 1.0, 0.0])) == np.inf


@settings(max_examples=40, deadline=None)
@given(days=st.lists(st.integers(-20, 40), min_size=1, max_size=30), until=st.integers(-25, 60))
def test_the_mean_until_a_day_is_that_of_the_days(days, until):
    law = law_of(np.array(days, float), np.ones(len(days), bool))
    assert float(law.mean_until(np.array(float(until)))) == pytest.approx(np.minimum(days, until).mean())
    assert float(law.open_beyond(np.array(float(until)))) == pytest.approx((np.array(days) > until).mean())


def test_a_model_s_forecast_has_the_same_shape(known):
    X = pd.DataFrame({"x": np.arange(len(known)) % 7.0})
    terms = (known["due_on"] - known["issued_on"]).dt.days
    duration = terms + known["days_late"]
    model = PaymentTime(grid=(-20, 0, 30, 60)).fit(X, terms, duration, known["settled_on"].notna())
    told = of_model("model", model, X.head(9), terms.head(9))
    assert told.open_at.shape == (9, len(told.days))
    assert told.late == pytest.approx(model.late(X.head(9), terms.head(9)))
    older = of_model("model", model, X.head(9), terms.head(9), terms.head(9) - 5.0)
    assert older.late == pytest.approx(model.late(X.head(9), terms.head(9), age=terms.head(9) - 5.0))
    assert older.expected_days == pytest.approx(model.expected_days(X.head(9), terms.head(9), terms.head(9) - 5.0))


def test_what_can_t_be_forecast_is_refused_in_one_line(known):
    with pytest.raises(DataRefused, match="found no settled invoice among"):
        fit_all(known.assign(settled_on=pd.NaT))
    with pytest.raises(DataRefused, match=r"missing columns \['due_on'\]"):
        fit_all(known.drop(columns="due_on"))
    with pytest.raises(DataRefused, match="invoices without it, expected a date in each row"):
        fit_all(known.assign(due_on=pd.NaT))
    with pytest.raises(Misuse, match="expected rising days past due with 0"):
        fit_all(known)[0].predict(known, (10, 20))
    with pytest.raises(Misuse, match="dpd: found 7, expected one of"):
        fit_all(known)[0].predict(known).beyond(7)
    with pytest.raises(Misuse, match="open_at: found shape"):
        Forecast("x", np.array([0.0]), np.zeros((2, 2)), np.zeros(2))
