"""IBM late payments out of time: trained on what was known at three cuts, judged on the invoices issued since.

Reference on the last cut, 621 invoices, with history known the day before issue: logistic regression on invoices
already paid AUC .873, boosting .843, mean absolute error 5.99 days (6.49 for the customer's mean, 9.99 for the training
median). Disputed is left out: the file doesn't say when it became known. Intervals redraw the 100 customers.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mean_absolute_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from riskmodels.models.baselines import fit_all, of_model
from riskmodels.models.payment_time import PaymentTime
from riskmodels.validation.baselines import comparison, observed

CUTS = tuple(pd.Timestamp(day) for day in ("2012-12-31", "2013-03-05", "2013-06-05"))
CUT = CUTS[-1]
DRAWS = 200
DATES = ["InvoiceDate", "DueDate", "SettledDate"]


@pytest.fixture(scope="module")
def invoices(real_data):
    frame = pd.read_csv(real_data("ibm_late_payment", "invoices.csv"))
    frame[DATES] = frame[DATES].apply(pd.to_datetime, format="%m/%d/%Y")
    return frame.sort_values("InvoiceDate", kind="stable", ignore_index=True)


@pytest.fixture(scope="module")
def history(invoices):
    """What each customer's invoices settled before the issue day say, by their number, lateness and duration."""
    rows = [_known(group, row) for _, group in invoices.groupby("customerID") for row in group.itertuples()]
    known = pd.DataFrame(rows).set_index("index").sort_index()
    return known.assign(amount=invoices["InvoiceAmount"], paper=invoices["PaperlessBill"])


def _known(group, row):
    settled = group[group["SettledDate"] < row.InvoiceDate]
    is_open = (group["InvoiceDate"] < row.InvoiceDate) & (group["SettledDate"] >= row.InvoiceDate)
    late, days = settled["DaysLate"], settled["DaysToSettle"]
    return {
        "index": row.Index,
        "settled": len(settled),
        "late_share": (late > 0).mean() if len(late) else np.nan,
        "days_late": late.mean(),
        "days_to_settle": days.mean(),
        "spread": days.std(),
        "open": is_open.sum(),
    }


def facts(invoices, cut):
    """Which invoices stand before a cut, and days seen, whether paid and terms of all, as known there."""
    paid = invoices["SettledDate"] < cut
    seen = np.where(paid, invoices["DaysToSettle"], (cut - invoices["InvoiceDate"]).dt.days - 1)
    return invoices["InvoiceDate"] < cut, seen, paid, (invoices["DueDate"] - invoices["InvoiceDate"]).dt.days


def judge(invoices, history, cut, engine):
    """The invoices since a cut, with the model's answers and those of the baseline on invoices already paid."""
    before, seen, paid, terms = facts(invoices, cut)
    told = {"issued": invoices["InvoiceDate"][before], "groups": invoices["customerID"][before]}
    model = PaymentTime(engine).fit(history[before], terms[before], seen[before], paid[before], **told)
    X, days = history[~before], terms[~before]
    answers = {
        "late": model.late(X, days),
        "median": model.quantile_days(X, days),
        "mean": model.expected_days(X, days),
        "low": np.ceil(model.quantile_days(X, days, 0.1)),
        "high": np.ceil(model.quantile_days(X, days, 0.9)),
        "baseline": baseline(invoices, history, before & paid)[~before],
        "engine": model.card()["engine"],
    }
    return invoices[~before].assign(**answers)


def baseline(invoices, history, known):
    """P(late) of each invoice by a logistic regression on those already paid."""
    numbers = history.drop(columns="paper").assign(paper=history["paper"] == "Electronic")
    filled = numbers.fillna(numbers[known].mean()).astype(float)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(filled[known], invoices["DaysLate"][known] > 0)
    return pd.Series(model.predict_proba(filled)[:, 1], index=filled.index)


@pytest.fixture(scope="module", params=["auto", "logit"])
def every_cut(request, invoices, history):
    """The judged invoices of each cut."""
    return [judge(invoices, history, cut, request.param) for cut in CUTS]


@pytest.fixture
def judged(every_cut):
    """The invoices since the last cut, with the model's answers."""
    return every_cut[-1]


NEEDED = ["DaysLate", "DaysToSettle", "late", "baseline", "median", "mean"]


def redrawn(frames, measure):
    """A measure of frames as arrays, and its 95 % interval over customers drawn again, the same ones in every frame."""
    names, rng = np.sort(frames[0]["customerID"].unique()), np.random.default_rng(1)
    rows = [frame.groupby("customerID").indices for frame in frames]
    arrays = [{name: frame[name].to_numpy() for name in NEEDED} for frame in frames]
    found = []
    for _draw in range(DRAWS):
        drawn = rng.choice(names, len(names))
        places = [np.concatenate([of[name] for name in drawn if name in of]) for of in rows]
        found.append(measure([{n: v[place] for n, v in told.items()} for told, place in zip(arrays, places)]))
    return measure(arrays), *np.quantile(found, [0.025, 0.975], axis=0)


def auc(column):
    """The mean over frames of the AUC, by ranks."""
    return lambda frames: np.mean([_auc(frame["DaysLate"] > 0, frame[column]) for frame in frames])


def _auc(late, score):
    bad, good = late.sum(), (~late).sum()
    return (rankdata(score)[late].sum() - bad * (bad + 1) / 2) / (bad * good)


def test_late_payers_are_told_apart_over_three_cuts(every_cut):
    """Mean AUC, and its difference to the baseline on invoices already paid: .876 and -.004 as chosen, .881 and .001
    by the logit. Customers are few, so that the interval is wide and holds what the baseline gets."""
    assert [len(frame) for frame in every_cut] == [1192, 963, 621]
    found, low, high = redrawn(every_cut, auc("late"))
    assert found >= 0.875
    assert 0.025 < (high - low) / 2 < 0.045
    _gap, worst, best = redrawn(every_cut, lambda frames: auc("late")(frames) - auc("baseline")(frames))
    assert worst < 0 < best


def test_the_order_is_that_of_the_baseline_at_each_cut(every_cut):
    """Paired differences of AUC to the logistic regression: -.000, -.005 and -.007 as chosen, .005, .000 and -.001 by
    the logit. Their intervals hold 0 and say that no more than .02 is lost or won."""
    told = {"lightgbm": (-0.000, -0.005, -0.007), "logit": (0.005, 0.000, -0.001)}
    for frame, stated in zip(every_cut, told[every_cut[0]["engine"].iloc[0]]):
        gap, low, high = redrawn([frame], lambda frames: auc("late")(frames) - auc("baseline")(frames))
        assert gap == pytest.approx(stated, abs=0.002)
        assert -0.02 < low < 0 < high < 0.02


def test_days_to_settle_are_closer_than_the_reference(judged):
    """5.70 days off; a customer's mean is 6.49 off, and stands above the interval."""
    for column in ("median", "mean"):
        found, _low, high = redrawn([judged], lambda f, c=column: mean_absolute_error(f[0]["DaysToSettle"], f[0][c]))
        assert found <= 5.8
        assert high < 6.49


def test_the_band_of_80_per_cent_holds_about_as_many(every_cut):
    for frame in every_cut:
        inside = (frame["low"] <= frame["DaysToSettle"]) & (frame["DaysToSettle"] <= frame["high"])
        assert 0.75 <= inside.mean() <= (0.85 if frame["engine"].iloc[0] == "lightgbm" else 0.87)


def test_the_slope_of_calibration_is_1_within_its_interval(every_cut):
    """As the engine chosen has it; the logit's slope at the last cut is .75, interval .59 to .98: it is too sure."""
    if every_cut[0]["engine"].iloc[0] == "logit":
        _slope, _low, high = redrawn(every_cut[-1:], slope)
        assert high == pytest.approx(0.98, abs=0.05)
        return
    for frame in every_cut:
        _slope, low, high = redrawn([frame], slope)
        assert low < 1 < high


def test_the_late_rate_falls_and_what_is_foretold_falls_with_it(every_cut, invoices):
    """Of invoices paid before a cut .37 were late, of those after it .32, .31 and .29: customers pay sooner than they
    used to, and the logit, which leans on their whole history, comes to be too sure of the late ones (slope .75)."""
    for frame, cut in zip(every_cut, CUTS):
        before = (invoices["DaysLate"][invoices["SettledDate"] < cut] > 0).mean()
        late = (frame["DaysLate"] > 0).mean()
        assert before - late > 0.05
        assert abs(frame["late"].mean() - late) < 0.05 < before - frame["late"].mean()


def slope(frames):
    """Slope of the log-odds of being late on the log-odds foretold."""
    (frame,) = frames
    odds = logit(frame["late"].clip(1e-6, 1 - 1e-6))[:, None]
    return LogisticRegression(C=np.inf).fit(odds, frame["DaysLate"] > 0).coef_[0, 0]


def test_the_expected_number_of_late_invoices_is_right_in_the_large(judged):
    assert judged["late"].mean() == pytest.approx((judged["DaysLate"] > 0).mean(), abs=0.03)


def test_the_engine_is_chosen_on_invoices_before_the_cut(invoices, history):
    before, seen, paid, terms = facts(invoices, CUT)
    known = invoices["InvoiceDate"][before]
    card = PaymentTime().fit(history[before], terms[before], seen[before], paid[before], issued=known).card()
    tried = pd.DataFrame(card["choice"]["tried"])
    assert (pd.to_datetime(tried["origin"]) < CUT).all()
    assert tried.groupby("engine")["loss"].mean().idxmin() == card["engine"] == "lightgbm"


def known_of(invoices, day):
    """The invoices as a ledger tells them at the close of a day, for forecasts from habit."""
    seen = invoices["SettledDate"].where(invoices["SettledDate"] <= day)
    columns = {"debtor_id": "customerID", "issued_on": "InvoiceDate", "due_on": "DueDate"}
    frame = pd.DataFrame({name: invoices[source] for name, source in columns.items()})
    late = (seen.fillna(day) - frame["due_on"]).dt.days
    return frame.assign(client_id="c", settled_on=seen, settled=seen.notna(), days_late=late)


def test_days_and_curves_are_closer_than_those_of_every_habit(invoices, history):
    """The table of the notes: AUC, days and Brier score of the curve, and how much worse each habit is."""
    before, seen, paid, terms = facts(invoices, CUT)
    told = {"issued": invoices["InvoiceDate"][before], "groups": invoices["customerID"][before]}
    model = PaymentTime().fit(history[before], terms[before], seen[before], paid[before], **told)
    last = pd.Timestamp("2014-01-10")
    later = known_of(invoices, last)[~before]
    later["late"] = (later["days_late"] > 0).astype(float).mask(~later["settled"] & (later["days_late"] <= 0))
    habits = fit_all(known_of(invoices, CUT - pd.Timedelta(1, "D"))[before], known_of(invoices, last))
    ours = of_model("model", model, history[~before], terms[~before])
    table = comparison(ours, [habit.predict(later, model.grid_) for habit in habits], observed(later))
    table = table.set_index(["measure", "forecast"])
    stated = {"auc_late": (0.871, 0.833, 0.909), "mae_days": (5.70, 5.26, 6.14), "ibs": (0.0296, 0.0273, 0.0319)}
    for measure, figures in stated.items():
        assert table.loc[(measure, "model"), ["value", "low", "high"]].tolist() == pytest.approx(figures, abs=0.005)
    worse = table.loc[["mae_days", "ibs"]].drop("model", level="forecast")["difference_low"]
    assert (worse > 0).all()
    assert table.loc[("mae_days", "debtor_mean"), "difference"] == pytest.approx(0.68, abs=0.02)
    assert table.loc[("auc_late", "debtor_mean"), "difference"] == pytest.approx(-0.003, abs=0.002)
