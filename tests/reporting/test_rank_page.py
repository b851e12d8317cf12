"""The section of ranking: it says what was found, works on whatever columns there are, and shows what checks hold."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from riskmodels.core import text
from riskmodels.reporting.body import Figure, NotRun, Section, Table
from riskmodels.reporting.pages.judgement import ModelValidation
from riskmodels.reporting.pages.judgement_words import Words
from riskmodels.reporting.pages.page import Before


@dataclass(frozen=True)
class File:
    """Scored cases with neither book nor stored model behind them."""

    sample: pd.DataFrame
    development: pd.DataFrame | None = None
    identity: dict = field(default_factory=dict)
    words = Words("A score", "Cases", "Bad", "Bad: late.", "The challenger is another.", "By quarter")
    drivers = ()
    horizon = 0
    lacking = name = currency = about = ""
    stored = book = None

    def checks(self):
        return []


def scored(n=4_000, seed=0, noise=0.0):
    rng = np.random.default_rng(seed)
    driver, obligor = rng.normal(size=n), rng.integers(0, n // 3, n)
    probability = expit(1.3 * driver - 2)
    return pd.DataFrame(
        {
            "probability": expit(1.3 * driver - 2 + noise * rng.normal(size=n)),
            "outcome": (rng.random(n) < probability).astype(float),
            "grade": np.where(driver > 1, "B", "A"),
            "weight": rng.lognormal(10, 1, n),
            "obligor": obligor,
            "client": obligor % 90,
            "segment": np.where(rng.random(n) < 0.3, "north", "south"),
            "period": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 365, n), "D"),
            "challenger": expit(driver + rng.normal(size=n) - 2),
        }
    )


def section(sample, development=None, lang="en"):
    text.use(lang)
    judged = ModelValidation(File(sample, development), date(2026, 6, 30), lang, Before(None, {}))
    return judged.discrimination(), judged


def named(blocks, name):
    return next(b for b in blocks if getattr(b, "name", "") == name)


def cells(table):
    return [dict(zip([c.key for c in table.columns], row, strict=True)) for row in table.rows]


@pytest.fixture(scope="module")
def full():
    return section(scored(), scored(seed=1))


def test_the_heading_says_whether_ranking_fell():
    kept, _ = section(scored(), scored(seed=1))
    fell, _ = section(scored(noise=2.0), scored(seed=1))
    few, _ = section(scored(150), scored(seed=1))
    assert kept[0].finding.endswith("no less than at development")
    assert "down from" in fell[0].finding
    assert few[0].finding.endswith("too few to rely on that")


def test_each_test_shows_what_its_check_holds(full):
    blocks, judged = full
    rows = cells(named(blocks, "discrimination_tests"))
    checks = judged.of_group("discrimination")
    assert [(r["check"], r["h0"], r["n"], r["p"], r["dependence"]) for r in rows] == [
        (c.title, c.h0, c.n, c.p_value, c.dependence) for c in checks
    ]
    shown = [b.name for b in blocks if isinstance(b, Table) and any(checks[0].title in map(str, row) for row in b.rows)]
    assert shown == ["discrimination_tests"]


def test_a_check_that_has_not_run_says_why_where_its_measure_would_stand():
    blocks, judged = section(scored()[["probability", "outcome"]])
    reasons = {c.title: c.reason for c in judged.of_group("discrimination") if c.reason}
    rows = {r["check"]: r["h0"] for r in cells(named(blocks, "discrimination_tests"))}
    assert reasons
    assert all(rows[title] == f"not run: {reason}" for title, reason in reasons.items())
    data = {r["measure"]: r["reason"] for r in cells(named(judged.data(), "data_measures"))}
    assert data["PSI of the amounts"] == "no development sample was given"


def test_errors_stand_from_independent_cases_to_both_parties_and_one_decides(full):
    rows = cells(named(full[0], "discrimination_errors"))
    ways = [r["method"] for r in rows if r["measure"] == "AUC"]
    assert ways == [
        "cases taken as independent",
        "clustered by debtor",
        "clustered by client",
        "clustered by debtor and client",
        "1,000 draws of debtors",
    ]
    assert [r["method"] for r in rows if r["decides"] == "yes"] == ["clustered by debtor and client"] * 2


def test_segments_and_quarters_are_tabled_by_number_and_amount_and_segments_drawn_in_one_section_alone(full):
    blocks, judged = full
    segments, quarters = (cells(named(blocks, name)) for name in ("segments", "periods"))
    assert [r["name"] for r in segments] == ["south", "north"]
    assert [r["name"] for r in quarters] == ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]
    assert sum(r["n"] for r in quarters) == judged.case.n
    assert all(r["amount_auc"] is not None for r in [*segments, *quarters])
    assert {b.name for b in blocks if isinstance(b, Figure)} == {"roc", "auc_periods"}


def test_a_score_and_an_outcome_are_enough():
    plain, _ = section(scored()[["probability", "outcome"]])
    assert [b.reason for b in plain if isinstance(b, NotRun)] == ["no segments in the sample", "no dates in the sample"]
    assert [r["method"] for r in cells(named(plain, "discrimination_errors"))][:2] == [
        "cases taken as independent",
        "1,000 draws of cases",
    ]
    assert cells(next(b for b in plain if isinstance(b, Figure)).side)[0]["measure"] == "Gini"


def test_a_score_that_is_no_probability_has_no_brier_score():
    ranks, _ = section(scored()[["probability", "outcome"]].rename(columns={"probability": "risk"}))
    measures = {r["measure"] for r in cells(named(ranks, "discrimination_errors"))}
    assert measures == {"AUC", "Kolmogorov-Smirnov distance"}


@pytest.mark.parametrize("column", ["grade", "weight", "obligor", "client", "segment", "period", "challenger"])
def test_no_optional_column_is_needed(column):
    blocks, _ = section(scored(800).drop(columns=column), scored(800, seed=1).drop(columns=column))
    assert isinstance(blocks[0], Section)
    assert any(isinstance(b, Table) and b.name == "score_bands" for b in blocks)


def test_a_stored_rating_with_points_has_bands_of_probability_in_both_samples():
    pointed = scored().assign(points=lambda f: -100 * f["probability"])
    blocks, judged = section(pointed, scored(seed=1))
    plain, _ = section(scored(), scored(seed=1))
    assert not judged.case.in_points
    assert named(blocks, "score_bands").rows == named(plain, "score_bands").rows
    assert named(blocks, "roc").side.rows == named(plain, "roc").side.rows


def test_points_are_told_as_points_where_both_samples_have_them():
    now, then = (
        scored(seed=s).assign(points=lambda f: -100 * f["probability"], risk=lambda f: 100 * f["probability"])
        for s in (0, 1)
    )
    now, then = (f.drop(columns="probability") for f in (now, then))
    assert section(now, then)[1].case.in_points
    assert not section(now, then.drop(columns="points"))[1].case.in_points


@pytest.mark.parametrize(
    ("parties", "words"),
    [
        (
            ["obligor", "client"],
            "Intervals allow for cases of one obligor, and of one client, depending on each other.",
        ),
        (["obligor"], "Intervals allow for cases of one obligor depending on each other."),
        ([], "Cases are taken as independent: no column tells whose they are."),
    ],
)
def test_the_lead_says_what_intervals_allow_for(parties, words):
    cases = scored().drop(columns=[p for p in ("obligor", "client") if p not in parties])
    assert section(cases)[0][0].lead.startswith(words)


def test_the_lead_allows_for_no_obligor_where_each_has_one_case():
    cases = scored().assign(obligor=range(4_000)).drop(columns="client")
    assert section(cases)[0][0].lead.startswith("Cases are taken as independent: each is of another party")


def test_a_part_of_few_bad_cases_has_no_auc():
    _, judged = section(scored(90))
    rows = cells(named(list(judged.robustness()), "parts"))
    assert {r["events"] < 10 for r in rows} == {True, False}
    assert all((r["auc"] is None) == (r["events"] < 10) for r in rows)
