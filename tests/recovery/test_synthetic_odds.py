"""What the synthetic book says is probable happens as often as it says."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, rankdata

from riskmodels.book.synthetic.clock import clock
from riskmodels.book.synthetic.history import draw_history, draw_world
from riskmodels.book.synthetic.law import beyond, demo_law, draw_delay
from riskmodels.book.synthetic.quality import rouwenhorst
from riskmodels.book.synthetic.truth import truth_frames

SEEDS = range(1, 13)
LAST = date(2026, 6, 30)
FRAGILE = {"debtors.core_premium": -1.5, "chain.jump": 3.0, "chain.dealer_share": 0.5, "clients.intercept": -5.0}
"""A world whose core enterprises often fall, and take their chains with them."""


def told(seed: int, invoices: int, **changes: float) -> dict[str, pd.DataFrame]:
    """The truth of a book, and its ledger."""
    world = draw_world(demo_law(**changes), seed, clock(LAST, 48), invoices, max(20, invoices // 400), invoices // 100)
    ledger = pd.DataFrame(
        {
            "debtor_id": world.debtor_ids[world.plan.debtor],
            "due_on": world.plan.due.astype("datetime64[D]").astype("datetime64[us]"),
        }
    )
    truth = truth_frames(draw_history(world))
    return {**truth, "ledger": ledger.assign(invoice_id=truth["invoices"]["invoice_id"])}


@pytest.fixture(scope="module", params=["demo", "fragile"])
def books(request: pytest.FixtureRequest) -> dict[int, dict[str, pd.DataFrame]]:
    """Truth and invoices of twelve books of 12,000 invoices each."""
    changes = FRAGILE if request.param == "fragile" else {}
    return {seed: told(seed, 12_000, **changes) for seed in SEEDS}


def together(books: dict[int, dict[str, pd.DataFrame]], name: str) -> pd.DataFrame:
    return pd.concat([b[name].assign(seed=s) for s, b in books.items()], ignore_index=True)


@pytest.fixture(scope="module")
def invoices(books: dict[int, dict[str, pd.DataFrame]]) -> pd.DataFrame:
    return together(books, "invoices").merge(together(books, "ledger"), on=["seed", "invoice_id"])


@pytest.fixture(scope="module")
def months(books: dict[int, dict[str, pd.DataFrame]]) -> pd.DataFrame:
    return together(books, "debtor_months")


@pytest.fixture(scope="module")
def client_months(books: dict[int, dict[str, pd.DataFrame]]) -> pd.DataFrame:
    return together(books, "client_months")


@pytest.fixture(scope="module")
def large() -> dict[int, dict[str, pd.DataFrame]]:
    """Truth of five books of the demo's size."""
    return {seed: told(seed, 60_000) for seed in range(1, 6)}


def clustered_z(surprise: pd.Series, cluster: list[pd.Series]) -> float:
    """Sum of surprises in standard errors; a debtor's invoices share its fortune, so they count as one draw."""
    sums = surprise.groupby(cluster).sum()
    return sums.sum() / np.sqrt((sums**2).sum())


def auc(score: pd.Series, event: pd.Series) -> float:
    events = event.sum()
    return (rankdata(score)[event].sum() - events * (events + 1) / 2) / (events * (len(event) - events))


@pytest.mark.parametrize(("column", "days"), [("late", 0), ("late_30", 30), ("late_90", 90)])
def test_invoices_are_late_as_often_as_the_truth_says_in_every_band(invoices: pd.DataFrame, column: str, days: int):
    open_cases = invoices[invoices[column] < 1].sort_values(column)
    # bands of equally many expected events, so that each has enough of them
    bands = pd.cut(open_cases[column].cumsum(), 8, labels=False)
    surprise = (open_cases["days_late"] > days) - open_cases[column]
    z = [clustered_z(g, [invoices["seed"], invoices["debtor_id"]]) for _, g in surprise.groupby(bands)]
    assert np.abs(z).max() < 3.5


def test_an_invoice_to_a_stopped_debtor_is_certain_to_be_late(invoices: pd.DataFrame):
    assert (invoices.loc[invoices["late_90"] == 1, "days_late"] == 91).all()


def test_days_late_average_what_the_truth_expects(invoices: pd.DataFrame):
    surprise = invoices["days_late"].clip(lower=0) - invoices["expected_days_late"]
    assert abs(clustered_z(surprise, [invoices["seed"], invoices["debtor_id"]])) < 3.5


@pytest.mark.parametrize("june", [2023, 2024, 2025, 2026])
def test_twelve_month_default_probabilities_are_calibrated_in_each_cohort(months: pd.DataFrame, june: int):
    cohort = months[(months["month_end"] == f"{june}-06-30") & ~months["stopped"]]
    p = cohort["default_12m"]
    z = (cohort["defaulted_12m"].sum() - p.sum()) / np.sqrt((p * (1 - p)).sum())
    assert abs(z) < 3.5


def test_default_probabilities_are_calibrated_from_best_to_worst(months: pd.DataFrame):
    cohorts = months[(months["month_end"].dt.month == 6) & ~months["stopped"]]
    bands = pd.qcut(cohorts["default_12m"], 5, labels=False)
    p = cohorts["default_12m"]
    z = (cohorts["defaulted_12m"] - p).groupby(bands).sum() / np.sqrt((p * (1 - p)).groupby(bands).sum())
    assert z.abs().max() < 3.5


def test_debtors_stop_paying_as_often_as_the_monthly_probability_says(months: pd.DataFrame):
    order = months.sort_values(["seed", "debtor_id", "month_end"])
    ahead = order.groupby(["seed", "debtor_id"])["stopped"].shift(-1)
    known = order[~order["stopped"] & ahead.notna()].assign(stops=ahead)
    p = known["stop_1m"]
    assert abs(known["stops"].astype(float).sum() - p.sum()) < 3.5 * np.sqrt((p * (1 - p)).sum())


def test_a_stopped_debtor_is_certain_to_default(months: pd.DataFrame):
    stopped = months[months["stopped"]]
    assert (stopped["default_12m"] == 1).all()
    assert stopped["defaulted_12m"].all()


def calibration(cohort: pd.DataFrame) -> float:
    """Defaults less those expected, in standard errors; parties of one chain fare alike, which this leaves out."""
    p = cohort["default_12m"]
    return (cohort["defaulted_12m"].sum() - p.sum()) / np.sqrt((p * (1 - p)).sum())


@pytest.mark.parametrize("june", [2023, 2024, 2025, 2026])
def test_default_probabilities_of_clients_are_calibrated_in_each_cohort(client_months: pd.DataFrame, june: int):
    cohort = client_months[(client_months["month_end"] == f"{june}-06-30") & ~client_months["stopped"]]
    assert abs(calibration(cohort)) < 3.5


def test_default_probabilities_hold_for_those_whose_core_enterprise_fell_and_the_others(
    months: pd.DataFrame, client_months: pd.DataFrame
):
    for frame in (months, client_months):
        cohorts = frame[(frame["month_end"].dt.month == 6) & ~frame["stopped"]]
        assert abs(calibration(cohorts[cohorts["hit"]])) < 3.5
        assert abs(calibration(cohorts[~cohorts["hit"]])) < 3.5


def test_invoices_of_a_chain_are_late_as_often_as_the_truth_says(
    books: dict[int, dict[str, pd.DataFrame]], invoices: pd.DataFrame
):
    chained = together(books, "chains").query("role == 'debtor'")
    mine = invoices.merge(chained, left_on=["seed", "debtor_id"], right_on=["seed", "party_id"]).query("late < 1")
    cluster = [mine["seed"], mine["anchor_id"]]
    for column, days in (("late", 0), ("late_30", 30), ("late_90", 90)):
        assert abs(clustered_z((mine["days_late"] > days) - mine[column], cluster)) < 3.5


def test_the_truth_separates_as_intended(large: dict[int, dict[str, pd.DataFrame]]):
    """Neither hopeless nor easy, in each book."""
    seen = {"late": [], "late_30": [], "debtor_months": [], "client_months": []}
    for book in large.values():
        open_cases = book["invoices"].query("late < 1")
        seen["late"].append(auc(open_cases["late"], open_cases["days_late"] > 0))
        seen["late_30"].append(auc(open_cases["late_30"], open_cases["days_late"] > 30))
        for name in ("debtor_months", "client_months"):
            going = book[name].query("not stopped")
            seen[name].append(auc(going["default_12m"], going["defaulted_12m"]))
    assert all(0.70 < value < 0.85 for values in seen.values() for value in values), seen


def test_each_book_of_the_demos_size_has_enough_defaults_to_learn_from(large: dict[int, dict[str, pd.DataFrame]]):
    known = [(b["defaults"]["default_on"] <= pd.Timestamp(LAST)).sum() for b in large.values()]
    assert all(60 <= n <= 110 for n in known), known


def test_payment_worsens_in_the_half_year_before_a_debtor_stops(books: dict[int, dict[str, pd.DataFrame]]):
    before, otherwise = [], []
    for book in books.values():
        paid = (
            book["invoices"].merge(book["ledger"], on="invoice_id").merge(book["defaults"], on="debtor_id", how="left")
        )
        lead = (paid["stopped_on"] - paid["due_on"]).dt.days
        before.append(paid.loc[lead.between(1, 180), "days_late"])
        otherwise.append(paid.loc[lead.isna() | (lead > 720), "days_late"])
    assert (pd.concat(before) > 0).mean() > 1.3 * (pd.concat(otherwise) > 0).mean()


@pytest.mark.parametrize("pace", [2.0, 2.4, 3.0])
def test_delays_are_drawn_by_the_law_they_are_scored_with(pace: float):
    n, law = 200_000, demo_law()
    paces = np.full(n, pace)
    delay = draw_delay(np.random.default_rng(7), paces, law.payment.shape)
    for days in (-5, 0, 10, 30, 60):
        p = beyond(days, paces[:1], law.payment.shape)[0]
        low, high = binom.interval(0.9999, n, p)
        assert low <= (delay > days).sum() <= high


def test_the_quality_grid_has_the_moments_of_the_autoregression():
    grid, step = rouwenhorst(11, 0.94, 0.85)
    stationary = np.linalg.matrix_power(step, 4096)[0]
    assert step.sum(axis=1) == pytest.approx(1)
    assert step @ grid == pytest.approx(0.94 * grid)
    assert stationary @ grid == pytest.approx(0, abs=1e-9)
    assert stationary @ grid**2 == pytest.approx(0.85**2)
