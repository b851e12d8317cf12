"""Decisions: a failed rule outranks every grade, an open one refers, else the tier decides."""

import json
from datetime import date

import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import INVOICES, OBLIGORS
from riskmodels.policy.admission import screened
from riskmodels.policy.decisions import Decision, decide, decide_applications, decision_table
from riskmodels.policy.settings import packaged

DAY = date(2024, 8, 15)  # c1 fails nothing, c2's bankruptcy isn't known yet, its core enterprise has had an accident


@pytest.fixture
def screening(seen):
    return seen(DAY)


@pytest.mark.parametrize(
    ("grade", "outcome"), [("1", "accepted"), ("5", "accepted"), ("6", "referred"), (None, "referred")]
)
def test_without_a_failed_rule_the_tier_decides(screening, grade, outcome):
    found = decide(screening, OBLIGORS, grade, "c1", "d1")
    assert (found.failed, found.unchecked, found.outcome) == ((), (), outcome)


def test_beyond_the_tier_that_is_referred_it_is_declined(screening):
    figures = {"decision": {"accept_to": "prime", "refer_to": "medium"}}
    outcomes = [decide(screening, OBLIGORS, g, "c1", "d1", settings=figures).outcome for g in ("3", "4", "6")]
    assert outcomes == ["accepted", "referred", "declined"]


def test_a_failed_rule_declines_the_best_grade(screening):
    found = decide(screening, OBLIGORS, "1", "c2")
    assert found.outcome == "declined"
    assert {"client_identified", "client_solvent", "client_established"} <= set(found.failed)


def test_the_core_enterprise_a_client_hangs_on_counts(screening):
    assert decide(screening, OBLIGORS, "1", "c1", "d1").outcome == "accepted"
    found = decide(screening, OBLIGORS, "1", "c1", "d2")
    assert (found.failed, found.outcome) == (("core_enterprise_standing",), "declined")


def test_a_rule_that_was_not_checked_refers_the_best_grade(screening):
    found = decide(screening, OBLIGORS, "1", "c3")
    assert found.outcome == "referred"
    assert "client_identified" in found.unchecked


def test_applications_open_on_the_day_are_decided_and_no_others(small, seen):
    cases = decide_applications(small, seen(date(2024, 10, 1)), OBLIGORS, {"c1": "2", "c2": "2"})
    assert [d.case_id for d in cases] == ["a1", "a2", "a3", "a5"]  # a5 was decided after that day
    assert [d.core_id for d in cases] == ["d1", "d2", "", "d1"]
    assert [d.outcome for d in cases] == ["accepted", "declined", "referred", "accepted"]


def test_a_book_without_applications_is_refused(tables, book_from):
    del tables["applications"]
    book = book_from(tables)
    with pytest.raises(DataRefused, match="no rows in table applications"):
        decide_applications(book, screened(book, DAY), OBLIGORS, {})


def test_a_decision_survives_its_state_as_json(screening):
    found = decide(screening, OBLIGORS, "4", "c2", "d2", "a2")
    assert Decision.from_state(json.loads(json.dumps(found.to_state()))) == found


def test_the_table_names_the_grounds(screening):
    table = decision_table([decide(screening, OBLIGORS, "1", "c1", "d2", "a1")], screening.said)
    assert table.loc[0, ["application", "grade", "tier", "decision"]].tolist() == [
        "a1",
        "1",
        "prime quality",
        "declined",
    ]
    assert table.loc[0, "failed"].startswith("A core enterprise is rated at least AAA")


def test_a_newcomer_is_judged_by_what_is_known_of_it(tables, book_from):
    case = {"case_id": "a9", "client_id": "new", "applied_on": pd.Timestamp("2024-08-01"), "currency": "CNY"}
    tables["applications"] = pd.concat([tables["applications"], pd.DataFrame([case])], ignore_index=True)
    book = book_from(tables)
    (found,) = decide_applications(book, screened(book, DAY), OBLIGORS, {"new": "1"})
    assert (found.client_id, found.outcome) == ("new", "referred")
    assert "client_identified" in found.unchecked


@pytest.mark.parametrize("parties", [("nobody",), ("c1", "nobody")])
def test_a_party_that_was_not_screened_does_not_pass(screening, parties):
    with pytest.raises(Misuse, match="found no nobody, expected a party it judged"):
        decide(screening, OBLIGORS, "1", *parties)


def test_a_grade_of_another_scale_is_refused(screening):
    with pytest.raises(Misuse, match="found 'A', expected one of 1, 2"):
        decide(screening, OBLIGORS, "A", "c1")
    with pytest.raises(Misuse, match="on a scale with tiers"):
        decide(screening, INVOICES, "A", "c1")


def test_a_tier_nobody_knows_is_refused(screening):
    figures = {"decision": {**packaged("admission")["decision"], "accept_to": "good"}}
    with pytest.raises(Misuse, match="accept_to: found 'good', expected one of prime, medium, weak"):
        decide(screening, OBLIGORS, "1", "c1", settings=figures)
