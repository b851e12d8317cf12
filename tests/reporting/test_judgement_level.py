"""Sections 6 and 7 on files of cases whose truth is known: the heading is the finding, and what can't be told isn't."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from riskmodels.reporting.body import Figure, NotRun, Section, Table
from riskmodels.reporting.pages.judged_frame import file_validation
from riskmodels.validation.acceptance import LGD

WHOLE = "score=probability, outcome=outcome, grade=grade, period=period, weight=amount, obligor=obligor, segment=region"
PLAIN = "score=probability, outcome=outcome"


@cache
def cases(n=2_000, understated=1.0, years=2):
    """One cohort of the same obligors a year, in four grades; their true rate is `understated` x the PD."""
    rng = np.random.default_rng(11)
    p = np.exp(rng.normal(-3.5, 1.0, (years, n))).clip(max=0.5)
    frame = pd.DataFrame(
        {
            "probability": p.ravel(),
            "outcome": (rng.random((years, n)) < understated * p).ravel().astype(float),
            "grade": np.array(list("ABCD"))[np.digitize(p.ravel(), [0.015, 0.04, 0.1])],
            "period": np.repeat([f"{2026 - years + y}-06" for y in range(years)], n),
            "amount": rng.lognormal(10, 1, years * n),
            "obligor": np.tile([f"o{i}" for i in range(n)], years),
            "region": rng.choice(["north", "south", "west"], years * n),
        }
    )
    return frame


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    kept = {}

    def judge(frame, columns=WHOLE):
        key = columns, pd.util.hash_pandas_object(frame).sum()
        if key not in kept:
            path = tmp_path_factory.mktemp("file") / "cases.csv"
            frame.to_csv(path, index=False)
            kept[key] = file_validation(str(path), columns, "2026-06-30")
        return kept[key]

    return judge


def named(blocks):
    return {b.name: b for b in blocks if isinstance(b, (Figure, Table))}


def finding(blocks):
    return next(b.finding for b in blocks if isinstance(b, Section))


def column(table, key):
    place = [c.key for c in table.columns].index(key)
    return [row[place] for row in table.rows]


def test_a_right_level_is_said_to_be_right_and_all_parts_are_there(judged):
    blocks = judged(cases()).calibration()
    assert finding(blocks).startswith("The level is right")
    expected = [
        "reliability",
        "grades",
        "grades_otherwise",
        "level_by_year",
        "recalibrated",
        "calibration_tests",
        "legs",
    ]
    assert list(named(blocks)) == [*expected, "level_by_segment"]


def test_a_level_too_low_names_the_grades_and_by_how_much(judged):
    blocks = judged(cases(understated=1.8)).calibration()
    assert finding(blocks) == "The level is too low in grade A, B, C, D"
    section = next(b for b in blocks if isinstance(b, Section))
    assert "Observed over expected is 1.7" in section.lead
    assert "one row per obligor and 12 months" in section.lead


def test_a_level_too_high_is_said_too(judged):
    assert finding(judged(cases(understated=0.4)).calibration()).startswith("The level is too high")


def test_few_cases_tell_nothing_of_the_level(judged):
    blocks = judged(cases(n=200, understated=0.7, years=1)).calibration()
    assert "too few to tell whether the level is right" in finding(blocks)
    assert set(column(named(blocks)["grades"], "verdict")) <= {"no_evidence", "not_run"}


def test_a_plain_frame_is_judged_by_tenths_of_probability(judged):
    blocks = judged(cases()[["probability", "outcome"]], PLAIN).calibration()
    assert column(named(blocks)["grades"], "grade") == [str(i) for i in range(1, 11)]
    assert named(blocks)["grades"].title == "Test per tenth of probability"


def test_the_grades_tie_to_the_cases_and_the_years_too(judged):
    tables = named(judged(cases()).calibration())
    assert sum(column(tables["grades"], "n")) == sum(column(tables["level_by_year"], "n")) == 4_000
    assert column(tables["level_by_year"], "light")[0] in ("green", "yellow", "orange", "red")


def test_each_test_tells_its_hypothesis_dependence_and_what_it_could_miss(judged):
    table = named(judged(cases()).calibration())["calibration_tests"]
    assert all(column(table, "h0"))
    assert all(column(table, "dependence"))
    assert "1." in column(table, "detectable")[0]


def test_a_score_without_probabilities_has_no_level(judged):
    points = cases().assign(points=600 - 40 * np.log(cases()["probability"]))
    blocks = judged(points, "score=points, outcome=outcome, higher=safer, grade=grade").calibration()
    assert any(isinstance(b, NotRun) and "ranks cases" in b.reason for b in blocks)


def test_grades_in_order_are_said_to_be_and_moves_are_drawn(judged):
    blocks = judged(cases()).grades()
    assert finding(blocks) == "No two neighbours of 4 grades stand in the wrong order beyond chance"
    assert {"grade_neighbours", "grade_halves", "grade_concentration", "grade_moves"} <= set(named(blocks))


def test_grades_in_the_wrong_order_are_told(judged):
    swapped = cases().assign(outcome=np.where(cases()["grade"] == "D", 0.0, cases()["outcome"]))
    assert finding(judged(swapped).grades()) == "One pair of neighbouring grades stands in the wrong order"


def test_p_values_that_would_not_hold_are_not_shown(judged):
    many = pd.concat([cases(years=1).assign(obligor=cases(years=1)["obligor"].str[:3])] * 2)
    blocks = judged(many, WHOLE.replace("period=period, ", "")).grades()
    assert [c.key for c in named(blocks)["grade_neighbours"].columns] == ["pair", "better", "worse"]
    assert "Not tested" in named(blocks)["grade_halves"].caption


def test_without_grades_the_section_says_why(judged):
    blocks = judged(cases()[["probability", "outcome"]], PLAIN).grades()
    assert any(isinstance(b, NotRun) and b.reason == "no grades in the sample" for b in blocks)


def test_moves_are_judged_once_and_as_they_are_drawn(judged, tmp_path):
    both = cases()
    for report in (file_pair(both, tmp_path), judged(both)):
        names = [c.name for c in report.checks]
        assert len(names) == len(set(names))
        moved = next(c for c in report.checks if c.name.endswith("migration.mobility"))
        assert moved.n == report.moves.settled.sum() == 2_000 - report.moves.total[:, -1].sum()
        assert {"grade_moves", "move_tests"} <= set(named(report.grades()))


def file_pair(both, folder):
    """The last of two yearly cohorts, the first as its development."""
    early = both["period"] == both["period"].min()
    then, now = folder / "then.csv", folder / "now.csv"
    both[early].to_csv(then, index=False)
    both[~early].to_csv(now, index=False)
    return file_validation(str(now), WHOLE, "2026-06-30", reference=str(then))


def test_without_two_years_moves_are_not_known(judged):
    blocks = judged(cases(years=1)).grades()
    assert any(isinstance(b, NotRun) and "twelve months apart" in b.reason for b in blocks)


def monthly(understated=1.0):
    """A year of monthly rows of the same obligors, a default in each row of its obligor."""
    one = cases(2_000, understated, 1)
    return pd.concat([one.assign(period=f"2025-{month:02d}") for month in range(1, 13)], ignore_index=True)


def told(blocks):
    return " ".join(str(part) for b in blocks for part in vars(b).values())


def test_page_1_counts_what_the_level_is_judged_on(judged):
    report = judged(monthly())
    once = report.case.cohorts
    assert once.n == 2_000 < report.case.n
    words = f"{once.events:,} bad cases came where it expected"
    assert words in told(report.front())
    assert "counted once per obligor and 12 months" in told(report.front())
    assert "2,000 of them, which count each outcome once" in told(report.scope())


def test_amounts_are_lost_once_and_not_in_every_row_of_a_default(judged):
    report = judged(monthly())
    losses = named(report.business())["losses"]
    once = report.case.cohorts
    assert sum(column(losses, "expected")) == pytest.approx(LGD * once.weight @ once.probability)
    assert "count once per obligor" in losses.caption


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_probabilities_all_alike_at_an_end_make_a_document_and_a_breach(judged, probability):
    report = judged(cases(400, years=1).assign(probability=probability))
    assert finding(report.calibration()).startswith("The level is too")
    assert next(c for c in report.checks if c.name.endswith("observed_expected")).verdict == "breach"
