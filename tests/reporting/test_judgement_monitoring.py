"""Sections 13 and 14 of a validation: what persists by month, the register, conditions and signatures."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from riskmodels.core.checks import Verdict
from riskmodels.core.errors import Misuse
from riskmodels.reporting.body import Figure, NotRun, Section, Table
from riskmodels.reporting.closing import Findings, SignOff
from riskmodels.reporting.front import Opinion, Verdicts
from riskmodels.reporting.header import RunHeader
from riskmodels.reporting.pages.judged_frame import file_validation
from riskmodels.reporting.pages.judged_people import People
from riskmodels.reporting.pages.judgement_closing import sign_off
from riskmodels.reporting.result import render_json
from riskmodels.validation.findings import State

COLUMNS = "score=p, outcome=y, period=day, obligor=who"


def scored(drift: float, n: int = 6_000, seed: int = 0) -> pd.DataFrame:
    """Cases of two years whose scores move by `drift` in the last three months."""
    rng = np.random.default_rng(seed)
    day = pd.Timestamp("2024-07-01") + pd.to_timedelta(np.sort(rng.integers(0, 730, n)), "D")
    x = rng.normal(size=n) - 2.5
    moved = x + np.where(day >= "2026-04-01", drift, 0.0)
    y = (rng.random(n) < expit(x)).astype(int)
    return pd.DataFrame({"p": expit(moved), "y": y, "day": day.strftime("%Y-%m-%d"), "who": np.arange(n)})


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scored")
    for name, drift, seed in (("good", 0.0, 0), ("moved", 2.0, 0), ("start", 0.0, 1)):
        scored(drift, seed=seed).to_csv(folder / f"{name}.csv", index=False)
    return folder


def judged(files, name, **told):
    return file_validation(
        str(files / f"{name}.csv"), COLUMNS, "2026-06-30", reference=str(files / "start.csv"), horizon=0, **told
    )


@pytest.fixture(scope="module")
def good(files):
    return judged(files, "good")


@pytest.fixture(scope="module")
def moved(files):
    return judged(files, "moved")


def first(blocks, kind):
    return next(b for b in blocks if isinstance(b, kind))


def test_a_model_that_holds_says_so(good):
    shown = good.watched()
    section = first(shown, Section)
    assert section.finding == "No figure was beyond its limit in two of the last three months"
    assert section.verdict is Verdict.WITHIN


def test_what_moved_is_named_in_the_heading_and_raises_a_finding(moved):
    assert "Score PSI" in first(moved.watched(), Section).finding
    raised = {f.raised_by: f.severity for f in moved.findings}
    assert raised["validation.monitoring.psi"] == "S2" or raised["validation.stability.psi.score"] == "S2"


def test_the_figure_the_table_and_page_one_show_the_same_months(moved):
    shown = moved.watched()
    figure, table = first(shown, Figure), next(b for b in shown if isinstance(b, Table) and b.name == "months")
    drawn = [row for row in figure.data.rows if row[0] == "Score PSI"]
    places = [c.key for c in table.columns]
    listed = [row[places.index("psi")] for row in table.rows]
    assert [row[2] for row in drawn][-13:] == listed[::-1]
    trend = moved.monitoring.trends["validation.stability.psi.score"]
    assert list(trend) == listed[:8][::-1]
    assert first(moved.front(), Verdicts).trends["validation.stability.psi.score"] == trend


def test_cases_without_a_day_are_not_watched(files):
    undated = file_validation(str(files / "good.csv"), "score=p, outcome=y", "2026-06-30")
    assert first(undated.watched(), NotRun).reason == "no column says when the cases were scored"
    assert not any(f.raised_by.startswith("validation.monitoring") for f in undated.findings)


def test_the_register_goes_from_run_to_run(files, moved, tmp_path):
    run = RunHeader("model_validation", date(2026, 6, 30), "r1", "en", "moved", "", "", "", "")
    path = tmp_path / "result.json"
    path.write_text(json.dumps(render_json([*moved.front(), *moved.register()], run)))
    again = replace(judged(files, "good", previous=str(path)), as_of=date(2026, 9, 30))
    register = first(again.register(), Findings)
    before = {f.id: f for f in moved.findings}
    after = {f.id: f for f in register.items}
    psi = next(i for i, f in before.items() if f.severity == "S2" and "psi" in f.raised_by)
    assert (after[psi].state, after[psi].carried) == (State.PROPOSED, 1)
    assert set(before) <= set(after)
    watched = {c.name for c in moved.checks if c.verdict is Verdict.WATCH}
    assert again.earlier.watched == watched
    assert any(not c.primary for c in moved.checks if c.name in watched)


def test_a_severe_finding_is_a_condition_of_use_until_it_is_closed(moved):
    shown = moved.front()
    conditions = next(b for b in shown if isinstance(b, Table) and b.name == "conditions")
    grave = [f.id for f in moved.findings if f.severity in ("S1", "S2")]
    assert [row[2] for row in conditions.rows] == [f"{i} is closed" for i in sorted(grave)]


def test_the_validator_s_opinion_stands_with_the_computed_one_beside_it(files, moved):
    given = judged(files, "moved", opinion=1, opinion_reason="the shift is a known campaign")
    block = first(given.front(), Opinion)
    assert (block.grade, block.computed) == (1, moved.opinion[0])
    assert "in place of the computed one" in block.reason
    assert "the shift is a known campaign" in block.reason
    assert moved.given.sentence in block.reason


def test_an_opinion_without_a_reason_is_refused(files):
    with pytest.raises(Misuse, match="opinion: found 2 without opinion_reason"):
        judged(files, "good", opinion=2).front()


@pytest.mark.parametrize(
    ("people", "said", "independent"),
    [
        (People(developer="Li", validator="Wang", approver="Chen"), "three persons", True),
        (People(developer="Li", validator=" li ", approver="Chen"), "not independent", False),
        (People(developer="Li", validator="Wang"), "not shown", False),
        (People(), "not shown", False),
    ],
)
def test_developer_validator_and_approver_are_three_persons(people, said, independent):
    line = sign_off(people).items[-1]
    assert (line.name, line.signed) == (said, independent)
    assert isinstance(sign_off(people), SignOff)
