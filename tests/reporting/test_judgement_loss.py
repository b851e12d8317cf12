"""Section 9 of a validation: expected against realised loss and the LGD, of samples that tell of losses and others."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.checks import Verdict
from riskmodels.reporting.blocks import NotRun, Section, Table
from riskmodels.reporting.pages.judged_frame import file_validation

COLUMNS = "score=p, outcome=y, weight=weight, obligor=obligor, client=client, grade=grade"


def cases(missing=0.0, n=6000, seed=0):
    """Cases whose loss is as foretold but for what is `missing` of the LGD estimated."""
    rng = np.random.default_rng(seed)
    p, lgd = rng.beta(1, 10, n), rng.beta(4, 6, n)
    bad = rng.random(n) < p
    known = bad & (rng.random(n) < 0.8)
    return pd.DataFrame(
        {
            "p": p,
            "y": bad.astype(int),
            "weight": rng.lognormal(8, 0.5, n),
            "obligor": np.arange(n) // 2,
            "client": np.arange(n) % 200,
            "grade": np.where(p < 0.05, "A", "B"),
            "estimated_lgd": lgd,
            "realised_lgd": np.where(known, np.clip(rng.beta(9 * lgd, 9 * (1 - lgd)) + missing, 0, 1), np.nan),
        }
    )


@pytest.fixture
def judged(tmp_path):
    def made(frame):
        path = tmp_path / "cases.csv"
        frame.to_csv(path, index=False)
        return file_validation(str(path), COLUMNS, "2026-06-30")

    return made


def verdicts(report):
    return {c.name.removeprefix("validation.loss."): c.verdict for c in report.of_group("loss")}


def tables(report):
    return {b.name: b for b in report.loss() if isinstance(b, Table)}


def column(table, key, rows="rows"):
    at = [c.key for c in table.columns].index(key)
    return [row[at] for row in getattr(table, rows)]


def test_losses_as_foretold_are_within_and_their_grades_add_up(judged):
    report = judged(cases())
    found = verdicts(report)
    assert {found[n] for n in ("realised_expected", "level", "level_by_amount", "rank")} == {Verdict.WITHIN}
    by_grade = tables(report)["loss_by_grade"]
    ratio = next(c for c in report.checks if c.name == "validation.loss.realised_expected")
    assert column(by_grade, "came", "totals")[0] == pytest.approx(ratio.detail["realised"])
    assert column(by_grade, "ratio", "totals")[0] == pytest.approx(ratio.value)


def test_an_lgd_too_low_is_a_breach_and_stands_in_its_segments(judged):
    report = judged(cases(missing=0.12))
    assert verdicts(report)["level"] is Verdict.BREACH
    segments = tables(report)["lgd_segments"]
    lower = [float(group.split("\N{EN DASH}")[0]) for group in column(segments, "group")]
    assert lower == sorted(lower)
    assert sum(column(segments, "n")) == report.case.mature["realised_lgd"].notna().sum()


def test_a_bad_case_in_workout_counts_with_what_was_estimated(judged):
    frame = cases()
    open_ = judged(frame.assign(realised_lgd=np.nan))
    ratio = next(c for c in open_.checks if c.name == "validation.loss.realised_expected")
    lost = frame["y"] * frame["estimated_lgd"] * frame["weight"]
    expected = frame["p"] * frame["estimated_lgd"] * frame["weight"]
    assert ratio.value == pytest.approx(lost.sum() / expected.sum())
    assert ratio.detail["lgd_known"] == 0
    assert verdicts(open_)["level"] is Verdict.NOT_RUN


def test_a_model_that_gives_no_loss_is_told_in_one_line(judged):
    opened, reason = judged(cases().drop(columns=["estimated_lgd", "realised_lgd"])).loss()
    assert isinstance(opened, Section)
    assert isinstance(reason, NotRun)
    assert reason.reason == "the model gives no loss"


def test_cases_without_an_estimate_are_counted_in_the_reason(judged):
    frame = cases()
    frame.loc[:9, "estimated_lgd"] = np.nan
    (reason,) = [b for b in judged(frame).loss() if isinstance(b, NotRun)] or [None]
    found = next(c for c in judged(frame).checks if c.name == "validation.loss.realised_expected")
    assert found.reason == "10 of 6,000 cases have no estimated LGD"
    assert reason is None


def test_losses_are_no_drivers(judged):
    assert judged(cases().assign(age=np.arange(6000) % 7)).drivers == ("age",)
