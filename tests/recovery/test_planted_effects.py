"""What is planted in the synthetic book can be estimated back from book and truth, within three standard errors."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from riskmodels.book.synthetic import Synthetic, generate, synthesise
from riskmodels.book.synthetic.clock import day_number
from riskmodels.book.synthetic.law import EARLIEST, LATEST
from riskmodels.book.synthetic.plan import SIZE_SPREAD, SMALLEST
from riskmodels.core.calendar import Calendar, calendar

LAST = date(2026, 6, 30)
SEEDS = range(9, 13)
HONEST = dict.fromkeys(("frauds.clients", "frauds.rings", "look_alikes.cycles", "look_alikes.services"), 0.0)
"""Frauds follow no law of payment, and the size of invoices that go round or are for services isn't drawn."""


def worlds(invoices: int, **changes: float) -> list[Synthetic]:
    """Books of the core tables only: what happens around them doesn't change what is planted here."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SATELLITES", "OF_PARTIES", "OF_INVOICES", "TRUTHS"):
            patch.setattr(generate, name, ())
        return [synthesise(invoices, seed, LAST, 48, **HONEST, **changes) for seed in SEEDS]


@pytest.fixture(scope="module")
def books() -> list[Synthetic]:
    return worlds(30_000)


@pytest.fixture(scope="module")
def planted(books: list[Synthetic]) -> pd.Series:
    return books[0].truth["parameters"].set_index("name")["value"]


@pytest.fixture(scope="module")
def days() -> Calendar:
    return calendar(day_number(date(2022, 1, 1)), day_number(date(2027, 12, 31)))


def numbers(dates: pd.Series) -> np.ndarray:
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def months(dates: pd.Series) -> pd.Series:
    return dates.dt.to_period("M")


def healthy(book: Synthetic) -> pd.DataFrame:
    """Invoices of living debtors, due long enough before the end of the book, with all that their pace hangs on."""
    frame = book.tables["invoices"].merge(book.truth["invoices"], on="invoice_id")
    frame = frame.merge(book.truth["debtors"], on="debtor_id")
    frame = frame.merge(book.truth["relations"], on=["debtor_id", "client_id"])
    for side, when in (("debtor", "due_on"), ("client", "issued_on")):
        known = book.truth[f"{side}_months"].assign(month=lambda x: months(x["month_end"]))
        known = known.rename(columns={"quality": f"{side}_quality"})[[f"{side}_id", "month", f"{side}_quality"]]
        frame = frame.assign(month=months(frame[when])).merge(known, on=[f"{side}_id", "month"])
    yuan = frame["amount"] * np.where(frame["currency"] == "USD", 7.1, 1.0)
    frame["size"] = np.log(yuan / frame["typical_amount"]) / SIZE_SPREAD
    frame["disputed"] = frame["invoice_id"].isin(book.tables["disputes"]["invoice_id"])
    frame["after"] = frame["due_on"] >= book.truth["turns"].set_index("kind").loc["structural break", "first_on"]
    in_time = frame["due_on"] <= pd.Timestamp(LAST) - pd.Timedelta(days=120)
    # the smallest invoices are rounded up, so that their size says less
    return frame[in_time & (frame["days_late"] < 91) & (yuan > 1.02 * SMALLEST / 100)]


def design(frame: pd.DataFrame) -> pd.DataFrame:
    month = frame["due_on"].dt.month
    return pd.DataFrame(
        {
            "payment.intercept": 1.0,
            "payment.quality": frame["debtor_quality"],
            "payment.client": frame["client_quality"],
            "payment.early": frame["early"],
            "relation": frame["slowness"],
            "payment.amount": frame["size"],
            "payment.terms": ((frame["due_on"] - frame["issued_on"]).dt.days - 60) / 30,
            "payment.dispute": frame["disputed"],
            "payment.year_end": month == 12,
            "payment.spring_festival": month.isin([1, 2]),
            "structural_break.slower": frame["after"],
            "structural_break.quality": frame["after"] * frame["debtor_quality"],
        }
    ).astype(float)


def fit_late(x: np.ndarray, late: np.ndarray, grace: np.ndarray, shape: float) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of the pace and their standard errors, by maximum likelihood of being late.

    P(late) = u (c - e) / (1 + u c) with u = exp(shape x pace), c and e the powers -shape of the days from the earliest
    payment to the last that isn't late, and to the last of all.
    """
    beta = np.zeros(x.shape[1])
    beta[0] = 2.0
    c, e = (EARLIEST + grace) ** -shape, float(EARLIEST + LATEST) ** -shape
    for _ in range(50):
        u = np.exp(shape * x @ beta)
        p = u * (c - e) / (1 + u * c)
        slope = shape * u * (c - e) / (1 + u * c) ** 2
        information = (x * (slope**2 / (p * (1 - p)))[:, None]).T @ x
        step = np.linalg.solve(information, x.T @ (slope * (late - p) / (p * (1 - p))))
        beta = beta + np.clip(step, -0.5, 0.5)
        if np.abs(step).max() < 1e-8:
            break
    return beta, np.sqrt(np.diag(np.linalg.inv(information)))


def test_what_payment_hangs_on_can_be_estimated_back(books: list[Synthetic], planted: pd.Series, days: Calendar):
    frame = pd.concat([healthy(b) for b in books], ignore_index=True)
    x = design(frame)
    due = numbers(frame["due_on"])
    late = (frame["days_late"] > 0).to_numpy(dtype=float)
    found, error = fit_late(x.to_numpy(), late, days.last(due) - due, planted["payment.shape"])
    true = np.array([1.0 if name == "relation" else planted[name] for name in x])
    z = pd.Series((found - true) / error, index=x.columns)
    assert (error < 0.08).all()
    assert z.abs().max() < 3, z
    # and each is there to be found
    assert (np.abs(true) > 2 * error).all(), pd.Series(true / error, index=x.columns)


def monthly_risk(book: Synthetic, key: str) -> pd.DataFrame:
    """Months in which a party could stop: whether it did, its quality then, whether its core enterprise had fallen."""
    side = f"{key}_id"
    frame = book.truth[f"{key}_months"].sort_values([side, "month_end"]).reset_index(drop=True)
    before = frame.groupby(side)[["stopped", "hit"]].shift(1)
    chance = frame[before["stopped"].eq(False)].assign(hit=before["hit"]).copy()
    chance["month"] = months(chance["month_end"])
    return chance.astype({"hit": float, "stopped": float})


def logit(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    x = sm.add_constant(frame[["quality", "hit"]])
    fit = sm.GLM(frame["stopped"], x, family=sm.families.Binomial()).fit()
    return fit.params, fit.bse


@pytest.fixture(scope="module")
def falling() -> list[Synthetic]:
    """Books in which core enterprises are no better than others, so that some fall."""
    return worlds(30_000, **{"debtors.core_premium": -1.5, "chain.dealer_share": 0.6})


def test_why_debtors_stop_can_be_estimated_back(falling: list[Synthetic], planted: pd.Series):
    parts = []
    for book in falling:
        ledger = book.tables["invoices"].query("currency == 'CNY'")
        owing = ledger.assign(month=months(ledger["due_on"]))[["debtor_id", "month"]].drop_duplicates()
        # a debtor stops in a month in which something falls due from it
        parts.append(monthly_risk(book, "debtor").merge(owing, on=["debtor_id", "month"]))
    found, error = logit(pd.concat(parts))
    true = [planted["stopping.intercept"], -planted["stopping.slope"], planted["chain.jump"]]
    assert (np.abs(found - true) < 3 * error).all(), (found, true, error)
    assert found["hit"] > 2 * error["hit"]


def test_why_clients_fail_can_be_estimated_back(falling: list[Synthetic], planted: pd.Series):
    parts = []
    for book in falling:
        roles = book.tables["parties"].drop_duplicates("party_id").set_index("party_id")["roles"]
        risk = monthly_risk(book, "client")
        # one that is a debtor too stops by the law of debtors
        parts.append(risk[risk["client_id"].map(roles) == "client"])
    found, error = logit(pd.concat(parts))
    true = [planted["clients.intercept"], -planted["clients.slope"], planted["chain.jump"]]
    assert (np.abs(found - true) < 3 * error).all(), (found, true, error)


def test_the_shock_of_an_industry_can_be_estimated_back(books: list[Synthetic], planted: pd.Series):
    """The step of quality at either end of the shock, less the mean of the steps beside it, which the cycle makes."""
    steps = []
    for book in books:
        shock = book.truth["turns"].set_index("kind").loc["industry shock"]
        parties = book.tables["parties"].drop_duplicates("party_id").set_index("party_id")["industry"]
        wide = book.truth["debtor_months"].pivot(index="debtor_id", columns="month_end", values="quality")
        change = wide[parties.loc[wide.index].to_numpy() == shock["industry"]].diff(axis=1)
        for first, sign in ((shock["first_on"], -1), (shock["last_on"] + pd.Timedelta(days=1), 1)):
            at = list(change.columns).index(first + pd.offsets.MonthEnd(0))
            beside = (change.iloc[:, at - 1] + change.iloc[:, at + 1]) / 2
            steps.append(sign * (change.iloc[:, at] - beside).dropna())
    found = pd.concat(steps)
    error = found.std() / np.sqrt(len(found))
    assert abs(found.mean() - planted["shock.drop"]) < 3 * error
    assert error < 0.1


def surplus(
    factor: float, due: np.ndarray, late: np.ndarray, start: np.ndarray, days: Calendar
) -> tuple[np.ndarray, np.ndarray]:
    """For each invoice on how many of some days it is open if treated, and on how many it would be for that if not.

    A treated invoice is paid after a day exactly when the same delay, left alone, is longer than the inverse of the
    shrinking says. That shows on business days only, which hang on the due day alone.
    """
    treated, alone = np.zeros(due.size), np.zeros(due.size)
    for day in range(21, 46, 3):
        until = days.last(due + day) - due
        inverse = start + np.floor((until - start) / factor + 1e-9).astype(np.int64)
        shows = days.is_open(due + inverse)
        treated += shows & (late > until)
        alone += shows & (late > inverse)
    return treated, alone


def test_what_collecting_brings_can_be_estimated_back(books: list[Synthetic], planted: pd.Series, days: Calendar):
    """The factor at which treated invoices stay open as long as those left alone would, their delay shrunk by it."""
    frame = pd.concat([b.truth["invoices"].merge(b.tables["invoices"], on="invoice_id") for b in books])
    due, late = numbers(frame["due_on"]), frame["days_late"].to_numpy()
    start = days.next(due + int(planted["collecting.day"])) - due
    open_then = (late > start) & (late < 91)
    treated = frame["treated"].to_numpy(dtype=bool)
    assert not treated[~open_then & (late < 91)].any()

    def difference(factor: float) -> tuple[float, float]:
        if_treated, if_alone = surplus(factor, due, late, start, days)
        one, other = if_treated[open_then & treated], if_alone[open_then & ~treated]
        return one.mean() - other.mean(), np.sqrt(one.var() / one.size + other.var() / other.size)

    grid = np.linspace(0.4, 0.8, 81)
    found = grid[np.argmin([abs(difference(f)[0]) for f in grid])]
    steepness = (difference(0.7)[0] - difference(0.5)[0]) / 0.2
    error = difference(planted["collecting.factor"])[1] / abs(steepness)
    assert error < 0.02
    assert abs(found - planted["collecting.factor"]) < 3 * error
    share = treated[open_then].mean()
    assert abs(share - planted["collecting.share"]) < 3 * np.sqrt(share * (1 - share) / open_then.sum())


def test_how_quality_drifts_can_be_estimated_back(books: list[Synthetic], planted: pd.Series):
    """From neighbouring months of each debtor's history, the cycles taken out by industry and region."""
    now, ahead = [], []
    for book in books:
        parties = book.tables["parties"].drop_duplicates("party_id").set_index("party_id")
        frame = book.truth["debtor_months"].merge(book.truth["debtors"], on="debtor_id")
        frame["rest"] = frame["quality"] - frame["base"]
        for place in ("industry", "region"):
            frame["place"] = frame["debtor_id"].map(parties[place])
            frame["rest"] -= frame.groupby(["place", "month_end"])["rest"].transform("mean")
        frame = frame.sort_values(["debtor_id", "month_end"])
        following = frame.groupby("debtor_id")["rest"].shift(-1)
        now.append(frame["rest"][following.notna()])
        ahead.append(following.dropna())
    fit = sm.OLS(pd.concat(ahead).to_numpy(), pd.concat(now).to_numpy()).fit()
    assert fit.params[0] == pytest.approx(planted["drift.persistence"], abs=3 * fit.bse[0])


def detrended(values: pd.DataFrame) -> pd.DataFrame:
    """Months x industries without each industry's level and trend and without each month's mean."""
    line = np.column_stack([np.ones(len(values)), np.arange(len(values))])
    rest = values - line @ np.linalg.lstsq(line, values.to_numpy(), rcond=None)[0]
    return rest.sub(rest.mean(axis=1), axis=0)


def test_the_seasons_of_industries_can_be_estimated_back(books: list[Synthetic], planted: pd.Series):
    """From the log of invoices counted by industry and month; the month's mean takes out what all share."""
    counts, waves = [], []
    for book in books:
        industry = book.tables["parties"].drop_duplicates("party_id").set_index("party_id")["industry"]
        ledger = book.tables["invoices"]
        # the last month's invoices aren't all known yet
        count = ledger.groupby([months(ledger["issued_on"]), ledger["debtor_id"].map(industry)]).size().unstack()[:-1]
        peaks = book.truth["seasons"].set_index("industry")["peak"][count.columns].to_numpy()
        wave = np.cos(2 * np.pi * (count.index.month.to_numpy()[:, None] - peaks) / 12)
        counts.append(detrended(np.log(count)).to_numpy().ravel())
        waves.append(detrended(pd.DataFrame(wave)).to_numpy().ravel())
    fit = sm.OLS(np.concatenate(counts), np.concatenate(waves)).fit()
    assert abs(fit.params[0] - planted["business.season_height"]) < 3 * fit.bse[0]
    assert fit.params[0] > 10 * fit.bse[0]
