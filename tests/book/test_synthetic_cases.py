"""The synthetic book's applications and process log agree with each other, its facilities and the calendar."""

import pandas as pd
import pytest

from riskmodels.book.schema.work import STAGES
from riskmodels.book.synthetic import desk
from riskmodels.book.synthetic.history import History
from tests.book.desk_book import Frames, draw, told


@pytest.fixture(scope="module")
def history() -> History:
    return draw()


@pytest.fixture(scope="module")
def book(history: History) -> Frames:
    return told(history)


@pytest.fixture(scope="module")
def truth(history: History) -> Frames:
    return desk.truth(history)


@pytest.fixture(scope="module")
def log(book: Frames) -> pd.DataFrame:
    return book["process_log"].sort_values(["case_id", "started_at"], ignore_index=True)


def test_a_case_goes_through_the_stages_in_order_and_one_at_a_time(log: pd.DataFrame):
    stage = log["stage"].map(STAGES.index)
    same = log["case_id"] == log["case_id"].shift()
    returned = (log["outcome"] == "returned").shift(fill_value=False)
    assert (stage[~same] == 0).all()
    assert (stage[same] - stage.shift()[same] == 1 - returned[same].astype(int)).all()
    assert (log["started_at"][same] >= log["finished_at"].shift()[same]).all()


def test_work_is_done_from_nine_to_five_on_business_days(log: pd.DataFrame, history: History):
    calendar = history.world.clock.calendar
    for column in ("started_at", "finished_at"):
        moments = log[column].dropna()
        assert calendar.is_open(moments.to_numpy().astype("datetime64[D]").astype(int)).all()
        assert moments.dt.hour.between(9, 16).all()


def test_cases_end_as_their_applications_say(book: Frames, log: pd.DataFrame):
    decided = book["applications"].set_index("case_id")["decision"]
    assert set(log["case_id"]) == set(decided.index)
    last = log.groupby("case_id").last().join(decided)
    done = last[last["finished_at"].notna()]
    for word in ("declined", "withdrawn"):
        ended = done[done["decision"] == word]
        assert len(ended) > 5
        assert (ended["outcome"] == word).all()
        assert ended["stage"].isin(STAGES[:2]).all()
    whole = done[(done["stage"] == "settlement") & (done["outcome"] == "passed")]
    assert (whole["decision"] == "approved").all()
    assert len(whole) > 200


def test_a_decision_falls_when_due_diligence_is_done_or_the_case_ends(book: Frames, log: pd.DataFrame):
    early = log[log["stage"].isin(STAGES[:2])].groupby("case_id")["finished_at"].max()
    decided = book["applications"].dropna(subset="decided_on").set_index("case_id")["decided_on"]
    assert (early[decided.index].dt.normalize() == decided).all()


def test_a_facility_opens_after_its_contract_and_is_funded_no_sooner(book: Frames, truth: Frames, log: pd.DataFrame):
    new = book["applications"].merge(truth["case_truth"][["case_id", "kind", "newcomer_refused"]], on="case_id")
    new = new[(new["kind"] == "new facility") & ~new["newcomer_refused"]].set_index("case_id")
    opened = new["facility_id"].map(
        book["facilities"].drop_duplicates("facility_id").set_index("facility_id")["opened_on"]
    )
    contract = log[log["stage"] == "contract"].groupby("case_id")["finished_at"].max()
    funding = log[log["stage"] == "funding"].groupby("case_id")["started_at"].min()
    assert set(new["facility_id"]) == set(book["facilities"]["facility_id"])
    assert (contract[new.index] <= opened + pd.Timedelta(hours=9)).all()
    assert (funding[new.index] >= opened).all()


def test_a_drawing_names_an_invoice_only_if_its_advance_was_paid_after_the_contract(book: Frames, log: pd.DataFrame):
    drawn = book["applications"].dropna(subset="invoice_id").set_index("case_id")
    paid_out = drawn["invoice_id"].map(book["advances"].set_index("invoice_id")["advanced_on"])
    contract = log[log["stage"] == "contract"].groupby("case_id")["finished_at"].max()
    assert len(drawn) > 50
    assert (contract[drawn.index].dt.normalize() <= paid_out).all()
    assert (drawn["applied_on"] <= paid_out).all()


def test_who_decides_is_never_who_prepared(book: Frames):
    applications = book["applications"].dropna(subset="approver")
    assert not set(applications["officer"]) & set(applications["approver"])


def test_refused_newcomers_are_parties_that_trade_nothing(book: Frames, history: History):
    newcomers = desk.applicants(history)
    applied = book["applications"].set_index("client_id")["decision"]
    assert set(newcomers["roles"]) == {"other"}
    assert not set(newcomers["party_id"]) & set(book["invoices"]["client_id"])
    assert set(applied[newcomers["party_id"]].dropna()) <= {"declined", "withdrawn"}
    assert set(applied.index) == set(newcomers["party_id"]) | set(history.world.client_ids)
