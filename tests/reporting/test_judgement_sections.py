"""Sections of data, concept, process, robustness and business: their headings name what was planted."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.reporting.body import NotRun, Section, Table, Text
from riskmodels.reporting.pages.judged_frame import file_validation
from tests.validation.planted import FLAWS, GOOD, OBLIGORS, TINY

COLUMNS = "score=probability, outcome=outcome, weight=weight, obligor=obligor, segment=segment, grade=grade"
DAY = "2026-06-30"


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The validation of a planted case, by its name."""
    planted = {p.name: p for p in (GOOD, TINY, *FLAWS)}
    made = {}

    def judge(name):
        if name not in made:
            folder = tmp_path_factory.mktemp("planted")
            then, now, drivers = planted[name].samples(np.random.default_rng([4, 7]))
            for frame, file in ((then, "then"), (now, "now")):
                frame.to_parquet(folder / f"{file}.parquet")
            told = {"reference": str(folder / "then.parquet"), "drivers": ",".join(drivers)}
            made[name] = file_validation(str(folder / "now.parquet"), COLUMNS, DAY, **told)
        return made[name]

    return judge


def heading(blocks):
    return next(b for b in blocks if isinstance(b, Section)).finding


def table(blocks, name):
    found = next(b for b in blocks if isinstance(b, Table) and b.name == name)
    return pd.DataFrame(found.rows, columns=[c.key for c in found.columns])


def test_the_leaked_driver_is_named_in_the_heading_of_data(judged):
    blocks = judged("trained with a leak").data()
    assert heading(blocks).startswith("balance_written_off may have known the outcome in development: AUC 0.9")
    assert table(blocks, "driver_falls")["name"].iloc[0] == "balance_written_off"


def test_the_segment_ranked_the_wrong_way_is_named_in_the_heading_of_robustness(judged):
    blocks = judged("inverted in a segment").robustness()
    assert heading(blocks) == "In north the safer cases go bad more often"
    assert table(blocks, "segment_tests")["name"].iloc[0] == "north"


def test_a_good_model_has_none_of_these_headings(judged):
    good = judged("good")
    assert heading(good.data()).startswith("The data are whole, and no driver lost more of its power")
    assert heading(good.robustness()).startswith("No segment ranks worse than the rest by more than chance")
    assert heading(good.concept()) == "No driver pulls the other way than in development"
    assert heading(good.process()).startswith("The")


def test_without_a_stored_model_what_needs_one_says_so(judged):
    good = judged("good")
    reasons = [b.reason for page in (good.process(), good.robustness()) for b in page if isinstance(b, NotRun)]
    assert reasons == [
        "grades are overridden where parties are rated",
        "there is no stored model to score or train again",
    ]


def test_the_swap_set_adds_up_to_all_cases(judged):
    swaps = table(judged("good").business(), "swap_set")
    assert swaps["n"].sum() == OBLIGORS
    assert swaps["events"].sum() == judged("good").case.events
    assert swaps["n"].iloc[1] == swaps["n"].iloc[2]


def test_losses_add_up_to_the_check_of_the_level_by_amount(judged):
    good = judged("good")
    losses = next(b for b in good.business() if isinstance(b, Table) and b.name == "losses")
    level = next(c for c in good.checks if c.name == "validation.calibration.observed_expected.amount")
    assert losses.totals[0][-1] == pytest.approx(level.value)


def test_parts_of_the_sample_add_up(judged):
    parts = table(judged("good").robustness(), "parts").set_index("part")
    assert parts.loc["All", "n"] == OBLIGORS
    assert parts.loc["Without the largest obligor", "n"] == OBLIGORS - 1
    assert parts.loc["Without the largest obligor", "share"] < 1


def test_limitations_are_said_in_words_where_there_are_some(judged):
    few = next(b for b in judged("too few to tell").concept() if isinstance(b, Text))
    assert few.paragraphs[0].startswith("Limitations: judged on ")
    assert not [b for b in judged("good").concept() if isinstance(b, Text)]
