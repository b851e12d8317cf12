"""Hard rules: judged on what was known, failed with the row that says so, never guessed."""

import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "contracts"))

from schema_books import schema_book

from riskmodels.book.garble import garbled
from riskmodels.core.errors import Misuse
from riskmodels.policy.admission import RULES, Rule, screened
from riskmodels.policy.settings import changed, packaged
from riskmodels.policy.ways import ESTABLISHED

DAY = date(2024, 10, 1)


def verdicts(screening, rule):
    found = screening.found[screening.found["rule"] == rule]
    return dict(zip(found["party_id"], found["verdict"]))


def row(screening, rule, party):
    found = screening.found.set_index(["rule", "party_id"])
    return found.loc[(rule, party)]


def test_a_core_enterprise_passes_by_its_rating_whatever_happened(seen):
    assert verdicts(seen(DAY), "core_enterprise_standing")["d1"] == "passed"


def test_a_core_enterprise_fails_by_the_major_event_when_its_rating_is_lower(seen):
    found = row(seen(DAY), "core_enterprise_standing", "d2")
    assert (found["verdict"], found["table"], found["row"]) == ("failed", "party_events", "e5")
    assert found["found"] == "safety, 2024-07-01, 4/5"


def test_a_core_enterprise_passes_without_a_major_event(seen):
    found = verdicts(seen(date(2024, 7, 2)), "core_enterprise_standing")
    assert found["d2"] == "passed"  # rated AA, its recall is of severity 3, its accident not yet known


def test_only_parties_that_others_hang_on_are_core_enterprises(seen):
    assert set(verdicts(seen(DAY), "core_enterprise_standing")) == {"d1", "d2"}


def test_an_event_of_unknown_severity_leaves_the_rule_open(tables, book_from):
    events = tables["party_events"]
    tables["party_events"] = events.assign(severity=events["severity"].where(events["event_id"] != "e5"))
    found = row(screened(book_from(tables), DAY), "core_enterprise_standing", "d2")
    assert (found["verdict"], found["reason"]) == ("not_checked", "nothing is known of it")


def test_a_bankruptcy_counts_from_the_day_it_was_known(seen):
    assert verdicts(seen(date(2024, 9, 14)), "client_not_bankrupt")["c2"] == "passed"
    assert verdicts(seen(date(2024, 9, 15)), "client_not_bankrupt")["c2"] == "failed"


def test_an_event_before_the_window_no_longer_counts(seen):
    assert verdicts(seen(date(2024, 7, 31)), "client_no_enforcement")["c1"] == "failed"
    assert verdicts(seen(date(2024, 8, 1)), "client_no_enforcement")["c1"] == "passed"


def test_the_newest_check_of_each_item_speaks_and_the_worst_item_decides(seen):
    found = verdicts(seen(DAY), "client_identified")
    assert found == {"c1": "passed", "c2": "failed", "c3": "not_checked"}
    assert verdicts(seen(date(2024, 1, 15)), "client_identified")["c1"] == "failed"
    ended = row(seen(date(2024, 12, 31)), "client_identified", "c1")
    assert (ended["verdict"], ended["row"]) == ("failed", "licence 2024-02-01")


def test_an_empty_cell_is_not_checked_rather_than_passed(seen):
    assert verdicts(seen(DAY), "client_established") == {
        "c1": "passed",
        "c2": "failed",
        "c3": "not_checked",
    }


def test_negative_equity_fails_once_it_is_published(seen):
    assert verdicts(seen(date(2024, 4, 29)), "client_solvent")["c2"] == "not_checked"
    assert verdicts(seen(date(2024, 4, 30)), "client_solvent")["c2"] == "failed"


@pytest.mark.parametrize(
    ("table", "rules"),
    [
        ("party_events", ["client_not_bankrupt", "debtor_not_bankrupt", "client_no_enforcement", "client_equity_free"]),
        ("kyc", ["client_identified"]),
        ("financials", ["client_solvent"]),
    ],
)
def test_without_its_table_a_rule_is_not_checked_and_says_why(tables, book_from, table, rules):
    del tables[table]
    found = screened(book_from(tables), DAY).found
    for rule in rules:
        rows = found[found["rule"] == rule]
        assert set(rows["verdict"]) == {"not_checked"}
        assert rows["reason"].str.contains(f"in table {table} were known").all()


def test_without_ratings_a_major_event_leaves_the_core_enterprise_open_and_none_lets_it_pass(tables, book_from):
    tables["parties"]["external_rating"] = None
    found = verdicts(screened(book_from(tables), date(2024, 7, 2)), "core_enterprise_standing")
    assert found == {"d1": "not_checked", "d2": "passed"}


def test_without_chains_nobody_is_a_core_enterprise_and_the_summary_says_so(tables, book_from):
    tables["parties"]["anchor_id"] = None
    summary = screened(book_from(tables), DAY).summary()
    assert summary.loc[0, ["passed", "failed", "not checked"]].tolist() == [0, 0, 0]
    assert summary.loc[0, "reason"] == "no such party is known"


def test_a_bare_ledger_is_screened_without_a_verdict(tables, book_from):
    found = screened(book_from({"invoices": tables["invoices"]}), DAY).found
    assert set(found["verdict"]) == {"not_checked"}
    assert set(found["party_id"]) == {"c1", "c2", "c3", "d1", "d2", "d3"}


def test_no_later_fact_moves_a_verdict():
    book, day = schema_book(7), date(2024, 9, 15)
    now, other = screened(book, day), screened(garbled(book, day), day)
    pd.testing.assert_frame_equal(now.found, other.found)
    assert len(now.found)


def test_every_party_of_the_role_has_one_row_per_rule(seen):
    found = seen(DAY).found
    assert not found.duplicated(["party_id", "rule"]).any()
    assert found.notna().all(axis=None)


def test_the_table_lists_what_failed_before_what_is_open(seen):
    table = seen(DAY).table()
    assert table["verdict"].unique().tolist() == ["failed", "not checked"]
    told = table[table["evidence"].str.startswith("e3")]
    assert told["rule"].tolist() == ["No bankruptcy of the client in 120 months"]


def test_rules_have_their_figures_and_figures_their_rule():
    figures = packaged("admission")
    assert {rule.name for rule in RULES} | {"decision"} == set(figures)
    assert all(table["source"] for table in figures.values())
    assert not [rule.name for rule in RULES if "{" in rule.said(figures[rule.name])]


def test_an_own_rule_is_judged_beside_the_houses(small):
    own = Rule("long_standing", "The debtor was founded at least {months} months ago", "debtor", (ESTABLISHED,))
    found = screened(small, DAY, {"long_standing": {"months": 12}}, [own])
    assert verdicts(found, "long_standing") == {"d1": "passed", "d2": "passed", "d3": "not_checked"}


def test_a_users_file_changes_a_figure(small, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('[core_enterprise_standing]\nrating = "AA"\nsource = "committee of March"\n', encoding="utf-8")
    found = screened(small, DAY, changed(packaged("admission"), path))
    assert verdicts(found, "core_enterprise_standing")["d2"] == "passed"
    assert found.said["core_enterprise_standing"].startswith("A core enterprise is rated at least AA by an agency")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[nobody]\nsource = 'x'", "nobody: found no such rule"),
        ("[client_solvent]\nyears = 1\nsource = 'x'", "found 'years', expected one of months, source"),
        ("[client_solvent]\nmonths = 'x'\nsource = 'x'", "months: found 'x', expected a value like 24"),
        ("[client_solvent]\nmonths = -1\nsource = 'x'", "months: found -1"),
        ("[client_solvent]\nmonths = 6", "found no source"),
        ("months = 6", "months: found no such rule"),
        ("[", "expected a TOML file"),
    ],
)
def test_a_users_file_that_cannot_be_meant_is_refused(tmp_path, text, message):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Misuse, match=message):
        changed(packaged("admission"), path)


def test_letters_of_no_agency_are_refused(small):
    figures = {**packaged("admission"), "core_enterprise_standing": {"rating": "A++", "severity": 4, "months": 36}}
    with pytest.raises(Misuse, match=r"rating: found 'A\+\+'"):
        screened(small, DAY, figures)
