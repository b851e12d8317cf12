"""Several outcomes of one invoice: paid in parts, credited, lost. Rates are planted and known."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.payment_time import PaymentTime

GRID = (-20, -10, 0, 10, 20, 40, 60)
TERMS = 30
PAY, CREDIT, LOSS = 0.04, 0.01, 0.005  # a day; paying is slower by half where x is 1


def ended(n, seed):
    """x, day each invoice ended (exponential forces, as continuous time has them) and by what."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 2, n).astype(float)
    pay = rng.exponential(1 / (PAY * np.where(x == 1, 0.5, 1.0)))
    day = np.stack([pay, rng.exponential(1 / CREDIT, n), rng.exponential(1 / LOSS, n)])
    return pd.DataFrame({"x": x}), day.min(axis=0), np.array(["paid", "credited", "written_off"])[day.argmin(axis=0)]


def told(day, cause, seen):
    """What is known of whole invoices after `seen` days: durations and the frame of parts."""
    known = np.flatnonzero(day <= seen)
    parts = pd.DataFrame({"row": known, "day": day[known], "cause": cause[known], "share": 1.0})
    return np.minimum(day, seen), parts


@pytest.fixture(scope="module", params=["logit", "lightgbm"])
def model(request):
    X, day, cause = ended(20_000, 1)
    seen = np.random.default_rng(2).uniform(1, 90, len(day))
    duration, parts = told(day, cause, seen)
    return PaymentTime(request.param, GRID).fit(X, np.full(len(X), TERMS), duration, parts)


def true_incidence(x, day, rate):
    """Share ended by a force of `rate` a day, by a day since issue."""
    total = PAY * (0.5 if x else 1.0) + CREDIT + LOSS
    return rate / total * (1 - np.exp(-total * (day + TERMS)))


def test_each_cause_is_found_again_under_censoring_and_competition(model):
    found = model.incidence(pd.DataFrame({"x": [0.0, 1.0]}), TERMS)
    days = np.array(GRID)
    for row, x in enumerate((0, 1)):
        for cause, rate in (("paid", PAY * (0.5 if x else 1)), ("credited", CREDIT), ("written_off", LOSS)):
            assert found[cause].to_numpy()[row] == pytest.approx(true_incidence(x, days, rate), abs=0.02)


def test_being_open_and_the_causes_come_to_one(model):
    X = pd.DataFrame({"x": [0.0, 1.0]})
    for age in (None, [10, 37]):
        every = model.survival(X, TERMS, age) + model.incidence(X, TERMS, age).T.groupby("day").sum().T
        assert np.allclose(every, 1, atol=1e-12)


def test_what_is_written_off_is_late_and_what_is_credited_is_not(model):
    X = pd.DataFrame({"x": [0.0, 1.0]})
    settled = model.incidence(X, TERMS)[["paid", "credited"]].T.groupby("day").sum().T
    assert np.allclose(model.late(X, TERMS, 20), 1 - settled[20])
    assert (model.late(X, TERMS, 20) > model.survival(X, TERMS)[20]).all()


def test_an_invoice_open_still_ended_by_no_cause_yet(model):
    X, age = pd.DataFrame({"x": [0.0, 1.0]}), 40
    found, whole, alive = model.incidence(X, TERMS, age), model.incidence(X, TERMS), model.survival(X, TERMS)[10]
    assert (found.loc[:, (slice(None), [-20, -10, 0, 10])] == 0).all(axis=None)
    for cause in ("paid", "credited", "written_off"):
        expected = (whole[cause][40] - whole[cause][10]) / alive
        assert np.allclose(found[cause][40], expected)


def test_without_other_causes_the_chance_of_being_open_is_that_of_being_late(model):
    X, day, _cause = ended(2_000, 3)
    plain = PaymentTime(grid=GRID).fit(X, np.full(len(X), TERMS), np.minimum(day, 80), day <= 80)
    assert plain.causes_ == ("paid",)
    assert np.allclose(plain.late(X[:9], TERMS, 10), plain.survival(X[:9], TERMS)[10])
    assert np.allclose(plain.incidence(X[:9], TERMS)["paid"], 1 - plain.survival(X[:9], TERMS))


def test_flags_and_parts_that_say_the_same_give_the_same_model():
    X, day, _cause = ended(2_000, 4)
    duration, parts = told(day, np.full(len(day), "paid"), np.full(len(day), 60.0))
    terms = np.full(len(X), TERMS)
    by_flag = PaymentTime(grid=GRID).fit(X, terms, duration, day <= 60).survival(X, terms)
    assert PaymentTime(grid=GRID).fit(X, terms, duration, parts).survival(X, terms).equals(by_flag)


@pytest.mark.parametrize("engine", ["logit", "lightgbm"])
def test_an_invoice_in_parts_counts_as_its_parts_by_share_of_the_amount(engine):
    """Quarters: one invoice whose first quarter is paid early equals four invoices, one early and three late, if each
    whole invoice counts four."""
    rng = np.random.default_rng(5)
    n, x = 600, rng.normal(size=600)
    early, late = rng.uniform(5, 30, n), rng.uniform(31, 80, n)
    seen = np.full(n, 70.0)
    parts = pd.DataFrame(
        {
            "row": np.concatenate([np.arange(n), np.flatnonzero(late <= seen)]),
            "day": np.concatenate([early, late[late <= seen]]),
            "cause": "paid",
            "share": np.concatenate([np.full(n, 0.25), np.full((late <= seen).sum(), 0.75)]),
        }
    )
    ours = PaymentTime(engine, GRID, ridge=0.25, min_child_samples=1).fit(
        pd.DataFrame({"x": x}), np.full(n, TERMS), np.minimum(late, seen), parts
    )
    split = pd.DataFrame({"x": np.repeat(x, 4)})
    days = np.column_stack([early, late, late, late]).ravel()
    whole = PaymentTime(engine, GRID, ridge=1.0, min_child_samples=1).fit(
        split, np.full(4 * n, TERMS), np.minimum(days, 70), days <= 70, groups=np.repeat(np.arange(n), 4)
    )
    asked = pd.DataFrame({"x": [-1.0, 0.0, 1.0]})
    tolerance = 1e-7 if engine == "logit" else 0.06  # the trees' own settings are in numbers of rows
    np.testing.assert_allclose(ours.survival(asked, TERMS), whole.survival(asked, TERMS), atol=tolerance)
    np.testing.assert_allclose(ours.expected_days(asked, TERMS), whole.expected_days(asked, TERMS), atol=1.5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"row": [0, 5]}, "paid: found rows 0 to 5, expected 0 to 1"),
        ({"share": [0.5, 0.0]}, "paid: found 1 shares that aren't above 0"),
        ({"row": [0, 0], "share": [0.8, 0.8]}, "paid: found 1 invoices whose parts come to more than their amount"),
        ({"day": [5.0, 50.0]}, "paid: found 1 parts before issue or after"),
        ({"day": [-1.0, 30.0]}, "paid: found 1 parts before issue or after"),
        ({"cause": ["paid", "stolen"]}, "paid: found causes .'stolen'., expected some of paid, credited"),
    ],
)
def test_parts_that_can_t_be_are_refused_in_one_line(change, words):
    parts = {"row": [0, 1], "day": [5.0, 30.0], "cause": ["paid", "paid"], "share": [0.5, 1.0], **change}
    with pytest.raises(DataRefused, match=words):
        PaymentTime().fit(pd.DataFrame({"x": [0.0, 1.0]}), [30, 30], [40.0, 40.0], pd.DataFrame(parts))


def test_parts_without_a_column_are_refused_by_its_name():
    parts = pd.DataFrame({"row": [0], "day": [3.0], "cause": ["paid"]})
    with pytest.raises(DataRefused, match=r"paid: missing columns \['share'\]"):
        PaymentTime().fit(pd.DataFrame({"x": [0.0, 1.0]}), [30, 30], [40.0, 40.0], parts)


@pytest.mark.parametrize("engine", ["logit", "lightgbm"])
def test_a_sign_holds_for_what_is_answered_though_another_cause_goes_against_it(engine):
    """Credit notes come the sooner the larger x is; x is said to delay, so P(late) may not fall with it."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=6_000)
    day = np.ceil(np.stack([rng.exponential(30, len(x)), rng.exponential(60 * np.exp(-x))]))
    first, ended_by = day.min(axis=0), np.array(["paid", "credited"])[day.argmin(axis=0)]
    duration, parts = told(first, ended_by, 100.0)
    model = PaymentTime(engine, signs=[1]).fit(pd.DataFrame({"x": x}), np.full(len(x), TERMS), duration, parts)
    asked = pd.DataFrame({"x": np.linspace(-2, 2, 9)})
    for k in (0, 10, 60):
        assert (np.diff(model.late(asked, TERMS, k)) >= -1e-12).all()
    free = PaymentTime(engine).fit(pd.DataFrame({"x": x}), np.full(len(x), TERMS), duration, parts)
    assert np.diff(free.late(asked, TERMS)).min() < -0.01


def test_what_is_written_off_sooner_goes_with_a_sign_that_delays():
    rng = np.random.default_rng(2)
    x = rng.normal(size=6_000)
    day = np.ceil(np.stack([rng.exponential(30, len(x)), rng.exponential(60 * np.exp(-x))]))
    first, ended_by = day.min(axis=0), np.array(["paid", "written_off"])[day.argmin(axis=0)]
    duration, parts = told(first, ended_by, 100.0)
    model = PaymentTime("logit", signs=[1]).fit(pd.DataFrame({"x": x}), np.full(len(x), TERMS), duration, parts)
    found = model.late(pd.DataFrame({"x": [-1.0, 0.0, 1.0]}), TERMS)
    assert (np.diff(found) > 0.05).all()
