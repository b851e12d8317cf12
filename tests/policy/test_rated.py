"""What stands beside a grade: the hard rules, and the newest override that is still in force."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import OBLIGORS
from riskmodels.policy.admission import screened
from riskmodels.policy.overrides import overridden
from riskmodels.policy.rated import Beside, with_admission, with_final_grades

AS_OF = date(2024, 9, 30)


@pytest.fixture
def scores():
    rows = [("d1", 0.002), ("d2", 0.015), ("d3", 0.03)]
    frame = pd.DataFrame(rows, columns=["debtor_id", "probability"])
    p = frame["probability"]
    return frame.assign(grade=OBLIGORS.grade(p), tier=OBLIGORS.tier(p))


def lowered(party, before, after, on=AS_OF):
    return overridden(OBLIGORS, party, on, before, after, "loss of its main buyer", "Li")


def test_one_failed_rule_fails_a_debtor_and_the_reason_names_its_evidence(scores, seen):
    found = with_admission(scores, seen(AS_OF)).set_index("debtor_id")
    assert found["admission"].to_dict() == {"d1": "passed", "d2": "failed", "d3": "passed"}
    assert found.loc["d2", "admission_reason"].startswith("A core enterprise is rated at least AAA")
    assert "(e5: safety, 2024-07-01, 4/5)" in found.loc["d2", "admission_reason"]
    assert found.loc[["d1", "d3"], "admission_reason"].tolist() == ["", ""]


def test_a_rule_that_was_not_checked_leaves_a_debtor_open(scores, tables, book_from):
    bare = book_from({name: frame for name, frame in tables.items() if name != "party_events"})
    found = with_admission(scores, screened(bare, AS_OF)).set_index("debtor_id")
    assert found.loc["d3", "admission"] == "open"
    assert "no values of kind in table party_events were known" in found.loc["d3", "admission_reason"]


def test_a_debtor_that_no_rule_judged_is_open(scores, seen):
    stranger = scores.head(1).assign(debtor_id="d9")
    assert with_admission(stranger, seen(AS_OF))["admission"].tolist() == ["open"]


def test_the_newest_override_gives_the_final_grade_and_tier(scores):
    overrides = [lowered("d1", "1", "4", date(2024, 3, 31)), lowered("d1", "1", "6", date(2024, 6, 30))]
    found = with_final_grades(scores, overrides, OBLIGORS, AS_OF).set_index("debtor_id")
    assert found["grade"].tolist() == ["1", "4", "5"]
    assert found["grade_final"].tolist() == ["6", "4", "5"]
    assert found["tier_final"].tolist() == ["weak", "medium", "medium"]
    told = found.loc["d1", ["override_reason", "override_by", "override_approved_by", "override_state"]].tolist()
    assert told == ["loss of its main buyer", "Li", "", "in force"]
    assert found.loc["d1", "override_on"] == pd.Timestamp("2024-06-30")
    assert found.loc["d2", "override_state"] == ""


def test_an_override_of_a_later_day_is_not_known_yet(scores):
    found = with_final_grades(scores, [lowered("d1", "1", "6", date(2024, 10, 1))], OBLIGORS, AS_OF)
    assert found["grade_final"].tolist() == ["1", "4", "5"]
    assert found["override_state"].tolist() == ["", "", ""]


@pytest.mark.parametrize(
    ("override", "state"),
    [
        (lowered("d1", "2", "6"), "made from another grade"),
        (lowered("d1", "1", "6", date(2023, 9, 29)), "too old"),
        (lowered("d1", "1", "6", date(2023, 9, 30)), "in force"),
    ],
)
def test_an_override_ends_with_its_year_and_with_the_grade_it_was_made_from(scores, override, state):
    found = with_final_grades(scores, [override], OBLIGORS, AS_OF)
    assert found.loc[0, "override_state"] == state
    assert found.loc[0, "grade_final"] == ("6" if state == "in force" else "1")


def test_an_override_of_nobody_the_book_knows_is_refused(scores):
    with pytest.raises(DataRefused, match="found d8, d9, expected debtors that the book knows by 2024-09-30"):
        with_final_grades(scores, [lowered("d9", "1", "6"), lowered("d8", "1", "6")], OBLIGORS, AS_OF)


def test_what_was_not_asked_for_adds_nothing(scores):
    assert Beside.of().added(scores, None, AS_OF) is scores


def test_scores_without_tiers_have_no_admission(scores):
    with pytest.raises(Misuse, match="found scores without tiers, expected those of a rating"):
        Beside.of("default").added(scores.drop(columns="tier"), None, AS_OF)


def test_figures_of_ones_own_change_the_rules(small, scores, tmp_path):
    (tmp_path / "rules.toml").write_text(
        '[core_enterprise_standing]\nrating = "AA"\nsource = "minutes of the committee"\n'
    )
    usual, own = (Beside.of(rules).added(scores, small, AS_OF) for rules in ("default", str(tmp_path / "rules.toml")))
    assert usual["admission"].tolist() == ["passed", "failed", "passed"]
    assert own["admission"].tolist() == ["passed", "passed", "passed"]


def test_rules_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(Misuse, match=r"none\.toml: can't be read"):
        Beside.of(str(tmp_path / "none.toml"))
