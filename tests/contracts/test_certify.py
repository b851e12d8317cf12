"""Campaigns hold on a small sample, go on where they were interrupted, and leave a page that says what was found."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.certify import campaigns, page, runner
from tests.certify.campaign import Campaign, Figure, none, share
from tests.certify.killed_loads import KILLED_LOADS

SWIFT = {
    campaigns.KERNEL: 50,
    campaigns.INTERVALS: 100,
    campaigns.YEARS: 300,
    campaigns.STORED_MODELS: 60,
    campaigns.SYNTHETIC: 2,
    campaigns.LEAKS: 1,
    campaigns.MUTATED_FILES: 25,
}


@pytest.mark.parametrize("campaign", SWIFT, ids=lambda c: c.name)
def test_a_campaign_holds_on_a_small_sample(campaign):
    figures = campaign.summary(runner.sample(campaign, SWIFT[campaign]))
    assert [f for f in figures if f.holds is False] == []
    assert any(f.holds for f in figures)


def test_a_killed_load_leaves_the_old_book_or_the_new_one_and_the_next_load_works():
    (record,) = runner.sample(KILLED_LOADS, 1)
    assert record["found"] in ("old", "new")
    assert record["next"] == "new"


def test_campaigns_have_names_of_their_own_and_a_quick_sample():
    assert len({c.name for c in campaigns.ALL}) == len(campaigns.ALL)
    assert all(0 < c.quick < c.seeds for c in campaigns.ALL)


@pytest.fixture
def squares():
    """A campaign that is interrupted at its third seed when asked to be."""
    tried = []

    def run(seed):
        tried.append(seed)
        if interrupt and seed == 2:
            raise KeyboardInterrupt
        return {"square": seed**2}

    interrupt = [True]
    campaign = Campaign(
        "squares", "Squares", run, lambda r: [none("odd", sum(x["square"] % 2 for x in r), len(r))], 9, 2
    )
    return campaign, tried, interrupt


def test_an_interrupted_campaign_goes_on_where_it_stopped(squares, tmp_path):
    campaign, tried, interrupt = squares
    with pytest.raises(KeyboardInterrupt):
        runner.resumed(campaign, 4, tmp_path / "state.jsonl")
    interrupt.clear()
    records = runner.resumed(campaign, 4, tmp_path / "state.jsonl")
    assert tried == [0, 1, 2, 2, 3]
    assert records == runner.sample(campaign, 4)


def test_a_torn_record_is_made_again(squares, tmp_path):
    campaign, tried, interrupt = squares
    interrupt.clear()
    state = tmp_path / "state.jsonl"
    runner.resumed(campaign, 3, state)
    state.write_text(state.read_text()[:-4])
    assert runner.resumed(campaign, 4, state) == runner.resumed(campaign, 4, state) == runner.sample(campaign, 4)
    assert tried[:5] == [0, 1, 2, 2, 3]


def test_records_of_other_code_are_never_mixed_in(squares, monkeypatch):
    before = runner.state_of(squares[0])
    monkeypatch.setattr(runner, "code_digest", lambda: "f" * 64)
    assert runner.state_of(squares[0]) != before


def test_a_page_gives_the_figures_the_seeds_and_the_commit(squares):
    figures = [none("odd", 0, 4), none("even", 2, 4), Figure("told", "7")]
    text = page.text(squares[0], figures, 4, page.Commit("abc-dirty", "2026-06-30"))
    assert "| odd | 0 of 4 | none | holds |" in text
    assert "| even | 2 of 4 | none | does not hold |" in text
    assert "| told | 7 |  |  |" in text
    assert "Seeds 0 to 3; commit abc-dirty of 2026-06-30" in text


def test_a_share_far_from_its_nominal_value_does_not_hold():
    assert share("covered", 1900, 2000, 0.95, 0.005).holds
    assert not share("covered", 1800, 2000, 0.95, 0.005).holds


def test_a_campaign_that_is_wrong_says_so(squares):
    wrong = replace(squares[0], run=lambda seed: {"square": 1})
    assert [f.holds for f in wrong.summary(runner.sample(wrong, 3))] == [False]
