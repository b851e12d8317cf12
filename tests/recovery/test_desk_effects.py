"""What is planted in the desk's work can be estimated back from it."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from riskmodels.book.schema.work import STAGES
from riskmodels.book.synthetic import desk
from riskmodels.book.synthetic.clock import clock
from riskmodels.book.synthetic.contracts import facilities_table
from riskmodels.book.synthetic.desk.amendments import asked_for
from riskmodels.book.synthetic.desk.balances import balances
from riskmodels.book.synthetic.desk.hours import A_DAY, OPENS, working_hours
from riskmodels.book.synthetic.desk.runs import medians
from riskmodels.book.synthetic.history import History, draw_history, draw_world
from riskmodels.book.synthetic.law import Law, demo_law
from riskmodels.book.synthetic.ledger import invoices_table
from riskmodels.book.synthetic.network import REGIONS

LAST = date(2026, 6, 30)
CLOCK = clock(LAST, 48)
SEEDS = (1, 2, 3, 4)
MANY_CASES = {"applications.invoices_per_case": 6}
LAW = demo_law(**MANY_CASES)

Told = dict[str, pd.DataFrame]


def draw(seed: int, law: Law = LAW) -> History:
    return draw_history(draw_world(law, seed, CLOCK, 30_000, 75, 300))


def tell(history: History) -> Told:
    """The desk's tables and truth, and what else the estimates need."""
    return {
        **desk.tables(history),
        **desk.truth(history),
        "invoices": invoices_table(history, {}),
        "facilities": facilities_table(history.world),
        "regions": pd.DataFrame({"client_id": history.world.client_ids, "region": history.world.clients.region}),
    }


@pytest.fixture(scope="module")
def histories() -> list[History]:
    return [draw(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def books(histories: list[History]) -> list[Told]:
    return [tell(h) for h in histories]


@pytest.fixture(scope="module")
def pooled(books: list[Told]) -> Callable[..., pd.DataFrame]:
    """One frame of all books, of one table or of two by their common key."""

    def pool(name: str, more: str = "", on: str = "") -> pd.DataFrame:
        frames = [b[name].merge(b[more], on=on) if more else b[name] for b in books]
        return pd.concat([f.assign(seed=s) for s, f in zip(SEEDS, frames, strict=True)], ignore_index=True)

    return pool


def assert_near(estimate: float, error: float, planted: float) -> None:
    assert error < 0.35 * max(1.0, abs(planted)), "too little data to tell"
    assert abs(estimate - planted) < 3 * error


def assert_rate(events: pd.Series, planted: float) -> None:
    assert_near(events.mean(), np.sqrt(planted * (1 - planted) / len(events)), planted)


def logit(event: np.ndarray, quality: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Intercept and slope with their standard errors."""
    fit = sm.Logit(event.astype(float), sm.add_constant(quality)).fit(disp=0)
    return np.asarray(fit.params), np.asarray(fit.bse)


def quality_then(history: History, invoice_ids: pd.Series, day: pd.Series) -> np.ndarray:
    """The quality of each invoice's debtor in the month of the day."""
    debtor = history.world.plan.debtor[invoice_ids.str[1:].astype(int).to_numpy() - 1]
    month = CLOCK.month(day.to_numpy().astype("datetime64[D]").astype(np.int64))
    return history.world.quality.value[debtor, month]


def test_good_debtors_keep_their_promises_as_often_as_planted(histories: list[History], books: list[Told]):
    kept, quality = [], []
    for history, book in zip(histories, books, strict=True):
        told = book["actions"].merge(book["action_truth"], on="action_id").query("promised and not stopped")
        kept.append(told["kept"].to_numpy())
        quality.append(quality_then(history, told["invoice_id"], told["acted_on"]))
    estimate, error = logit(np.concatenate(kept), np.concatenate(quality))
    for k, planted in enumerate((LAW.actions.kept_intercept, LAW.actions.kept_quality)):
        assert_near(estimate[k], error[k], planted)


def test_debtors_promise_refuse_or_say_nothing_as_often_as_planted(pooled: Callable[..., pd.DataFrame]):
    actions = pooled("actions", "action_truth", "action_id")
    answered = actions[actions["outcome"].isin(["promise", "refusal", "no answer"])]
    for stopped, promise, refusal in (
        (False, LAW.actions.promise_rate, LAW.actions.refusal_rate),
        (True, LAW.actions.stopped_promise_rate, LAW.actions.stopped_refusal_rate),
    ):
        group = answered[answered["stopped"] == stopped]
        assert_rate(group["outcome"] == "promise", promise)
        assert_rate(group["outcome"] == "refusal", refusal)


def test_a_share_of_the_invoices_still_open_is_reminded_before_it_is_due(histories: list[History], books: list[Told]):
    reminded = []
    for history, book in zip(histories, books, strict=True):
        plan = history.world.plan
        day = CLOCK.calendar.last(plan.due - LAW.actions.reminder_days)
        asked = (day > plan.known) & (day < balances(history).cleared) & (day <= CLOCK.last)
        early = (
            book["actions"].merge(book["invoices"], on="invoice_id").query("rung == 'reminder' and acted_on < due_on")
        )
        rows = early["invoice_id"].str[1:].astype(int).to_numpy() - 1
        reminded.append(np.isin(np.flatnonzero(asked), rows))
    assert_rate(pd.Series(np.concatenate(reminded)), LAW.actions.reminded_share)


def test_actions_just_before_full_payment_are_answered_by_it(histories: list[History], books: list[Told]):
    paid = []
    for history, book in zip(histories, books, strict=True):
        actions = book["actions"].dropna(subset="outcome")
        cleared = balances(history).cleared[actions["invoice_id"].str[1:].astype(int) - 1]
        wait = cleared - actions["acted_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
        paid.append(actions["outcome"].eq("payment")[(wait <= 2) & (cleared <= CLOCK.last)])
        assert not actions["outcome"].eq("payment")[wait > 2].any()
    assert_rate(pd.concat(paid), LAW.actions.paid_at_once)


def worked(book: Told) -> pd.DataFrame:
    """Each attempt of a stage that was begun early enough to be done by now: its working hours and their causes."""
    log = book["process_log"].merge(book["case_truth"][["case_id", "kind"]], on="case_id")
    log = log.merge(book["regions"], on="client_id")
    log = log[log["started_at"] < pd.Timestamp(LAST) - pd.Timedelta(days=300)]
    open_days = working_hours(CLOCK.calendar).open_days

    def hour(moment: pd.Series) -> np.ndarray:
        day = moment.to_numpy().astype("datetime64[D]").astype(np.int64)
        time = (moment - moment.dt.normalize()) / pd.Timedelta(hours=1)
        return np.searchsorted(open_days, day) * A_DAY + time.to_numpy() - OPENS

    december = (log["stage"] == "contract") & (log["started_at"].dt.month == 12)
    slow = (log["stage"] == "due diligence") & (log["region"] == REGIONS.index(LAW.process.slow_region))
    causes = {"repeat": log["kind"] != "new facility", "region": slow, "december": december}
    causes |= {"officer": log["officer"] == f"U{LAW.process.slow_officer:02d}"}
    stages = {f"stage {k}": log["stage"] == name for k, name in enumerate(STAGES)}
    log_hours = np.log(hour(log["finished_at"]) - hour(log["started_at"]))
    return pd.DataFrame({"log_hours": log_hours, **stages, **causes}).astype(float)


def test_stage_times_and_bottlenecks_are_found_in_the_process_log(books: list[Told]):
    rows = pd.concat([worked(b) for b in books], ignore_index=True)
    fit = sm.OLS(rows["log_hours"], rows.drop(columns="log_hours")).fit()
    law = LAW.process
    planted = dict(enumerate(np.log(medians(law))))
    factors = {"repeat": law.repeat_factor, "region": law.region_factor, "december": law.december_factor}
    factors |= {"officer": law.officer_factor}
    for stage, value in planted.items():
        assert_near(fit.params[f"stage {stage}"], fit.bse[f"stage {stage}"], value)
    for cause, factor in factors.items():
        assert_near(fit.params[cause], fit.bse[cause], np.log(factor))
    assert np.sqrt(fit.scale) == pytest.approx(law.spread, rel=0.03)


def test_a_bottleneck_that_is_taken_away_is_not_found():
    fast = {"process.region_factor": 1.0, "process.december_factor": 1.0, "process.officer_factor": 1.0}
    rows = worked(tell(draw(1, demo_law(**MANY_CASES, **fast))))
    fit = sm.OLS(rows["log_hours"], rows.drop(columns="log_hours")).fit()
    for cause in ("region", "december", "officer"):
        assert_near(fit.params[cause], fit.bse[cause], 0.0)


def test_stages_are_done_again_as_often_as_planted(pooled: Callable[..., pd.DataFrame]):
    log = pooled("process_log")
    done = log[log["finished_at"].notna() & (log["started_at"] < pd.Timestamp(LAST) - pd.Timedelta(days=300))]
    first = done.drop_duplicates(["seed", "case_id", "stage"])
    assert_rate(first["outcome"] == "returned", LAW.process.rework)


def test_overrides_are_as_frequent_as_planted(pooled: Callable[..., pd.DataFrame]):
    decided = pooled("applications").dropna(subset="decided_on")
    below = decided["score"] < LAW.applications.cutoff
    approved, declined = decided["decision"] == "approved", decided["decision"] == "declined"
    assert_rate(below[approved], LAW.applications.approved_override)
    assert_rate(~below[declined], LAW.applications.declined_override)
    assert (decided["override_reason"].notna() == (approved & below) | (declined & ~below)).all()


def test_declined_newcomers_are_worse_by_the_planted_shift(
    histories: list[History], pooled: Callable[..., pd.DataFrame]
):
    cases = pooled("case_truth")
    refused = cases[cases["newcomer_refused"] & (cases["decision"] == "declined")]
    clients = pd.Series({s: h.world.clients.quality.mean() for s, h in zip(SEEDS, histories, strict=True)})
    gap = refused["seed"].map(clients) - refused["quality"]
    assert_near(gap.mean(), gap.std() / np.sqrt(len(gap)), LAW.applications.declined_shift)


def test_declined_and_withdrawn_newcomers_are_as_many_as_planted(pooled: Callable[..., pd.DataFrame]):
    cases = pooled("case_truth").query("newcomer_refused")
    facilities = pooled("facilities").drop_duplicates(["seed", "facility_id"])
    for word, share in (
        ("declined", LAW.applications.declined_per_approved),
        ("withdrawn", LAW.applications.withdrawn_per_approved),
    ):
        # an application that isn't begun by the last day is not in the book
        assert (cases["decision"] == word).sum() == pytest.approx(share * len(facilities), abs=len(SEEDS) + 2)


def test_a_share_of_refusals_comes_by_hard_rules_at_the_first_stage(pooled: Callable[..., pd.DataFrame]):
    ended = pooled("process_log").query("outcome == 'declined'")
    assert_rate(ended["stage"] == "application", LAW.applications.early_share)


def test_worse_clients_are_declined_more_often(pooled: Callable[..., pd.DataFrame]):
    known = pooled("case_truth").query("kind != 'new facility'")
    estimate, error = logit((known["decision"] == "declined").to_numpy(), known["quality"].to_numpy())
    for k, planted in enumerate((LAW.applications.review_decline, LAW.applications.review_quality)):
        assert_near(estimate[k], error[k], planted)


def test_write_offs_come_at_the_planted_age(pooled: Callable[..., pd.DataFrame]):
    rows = pooled("write_offs", "invoices", "invoice_id")
    age = (rows["written_off_on"] - rows["due_on"]).dt.days
    law = LAW.write_offs
    assert len(age) > 100
    # moved to a business day, at most the longest holiday later
    assert age.between(law.days, law.days + law.spread + 10).all()
    # some two weekend days in seven, and holidays, put it off by one to two days on average
    assert_near(age.mean() - 1.2, np.hypot(age.std() / np.sqrt(len(age)), 0.3), law.days + law.spread / 2)


def test_more_time_is_granted_by_the_planted_law_of_quality(histories: list[History], books: list[Told]):
    granted, quality = [], []
    for history, book in zip(histories, books, strict=True):
        rows, day, level = asked_for(history, balances(history))
        # an amendment of the last days may not be known yet
        old = day < CLOCK.last - 20
        amended = book["amendments"]["target_id"].str[1:].astype(int).to_numpy() - 1
        granted.append(np.isin(rows[old], amended))
        quality.append(level[old])
    estimate, error = logit(np.concatenate(granted), np.concatenate(quality))
    for k, planted in enumerate((LAW.amendments.intercept, LAW.amendments.quality)):
        assert_near(estimate[k], error[k], planted)


def test_receipts_are_as_untidy_as_planted(pooled: Callable[..., pd.DataFrame]):
    law = LAW.receipts
    receipts = pooled("receipts", "receipt_truth", "receipt_id")
    matched = receipts[~receipts["stray"] & (receipts["received_on"] < pd.Timestamp(LAST) - pd.Timedelta(days=30))]
    assert_rate(receipts["written"] != "registered", law.noisy_name_share)
    assert_rate(matched["amount"] - matched["allocated_amount"] > 0.005, law.overpaid_share)
    assert_rate(matched["reference"].str.startswith("N").fillna(False).astype(bool), law.numbered_share)
    assert_rate(matched["reference"].isna(), 1 - law.numbered_share - law.vague_share)


def test_the_reserve_and_the_borrowing_stand_at_the_planted_level(pooled: Callable[..., pd.DataFrame]):
    accounts, law = pooled("factor_accounts"), LAW.treasury
    share = accounts["risk_reserve"] / accounts["financing_balance"]
    thin = share < 0.01
    assert thin.groupby(accounts["seed"]).sum().eq(law.thin_months).all()
    assert np.abs(share[thin] - law.thin_reserve).max() < 1e-6
    assert share[~thin].between(0.9 * law.reserve, 1.2 * law.reserve).all()
