"""Tables of the report: they tie to the sample, and an empty grade is not run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.checks import Limits, Verdict
from riskmodels.models.low_default import prudent_bounds
from riskmodels.validation.case import Case
from riskmodels.validation.tables import by_period, by_segment, grade_details, grade_table, in_tenths

P_LIMITS = Limits.at_least(0.01, 0.05)


def graded(rows):
    """Cases from (grade, probability, n, bad)."""
    parts = [
        pd.DataFrame({"grade": grade, "probability": pd_, "outcome": [1.0] * bad + [0.0] * (n - bad)})
        for grade, pd_, n, bad in rows
    ]
    return pd.concat(parts, ignore_index=True)


def test_an_empty_grade_is_not_run_rather_than_within():
    cases = graded([("A", 0.01, 200, 2), ("B", 0.05, 200, 8)])
    cases["grade"] = pd.Categorical(cases["grade"], ["A", "B", "C"])
    table = grade_table(cases, P_LIMITS).set_index("grade")
    assert table.loc["C", "verdict"] == Verdict.NOT_RUN
    assert table.loc[["A", "B"], "verdict"].tolist() == [Verdict.WITHIN] * 2


def test_a_grade_of_few_cases_is_not_tested_whatever_it_shows():
    table = grade_table(graded([("A", 0.01, 10, 0), ("B", 0.02, 10, 4), ("C", 0.1, 50, 20)]), P_LIMITS).set_index(
        "grade"
    )
    assert table["verdict"].tolist() == [Verdict.NOT_RUN, Verdict.NOT_RUN, Verdict.BREACH]
    assert table.loc["C", "holm_p"] == table.loc["C", "jeffreys_p"]


def test_holm_spreads_over_the_grades_tested():
    table = grade_table(graded([("A", 0.05, 400, 31), ("B", 0.1, 400, 40), ("C", 0.2, 400, 80)]))
    assert table["holm_p"].iloc[0] == pytest.approx(3 * table["jeffreys_p"].iloc[0])


def test_a_grade_too_small_to_show_what_matters_is_no_evidence_rather_than_within():
    cases = graded([("A", 0.02, 200, 4), ("B", 0.2, 2_000, 400)])
    table = grade_table(cases, replace(P_LIMITS, material=1.5)).set_index("grade")
    assert table["verdict"].to_dict() == {"A": Verdict.NO_EVIDENCE, "B": Verdict.WITHIN}


def test_each_grade_is_told_what_its_test_finds_and_a_bound_where_few_are_bad():
    table = grade_table(graded([("A", 0.002, 500, 0), ("B", 0.05, 2_000, 90), ("C", 0.1, 10, 3)]))
    told = grade_details(table)
    assert (told["detectable"] > table["pd"])[:2].all()
    assert told["bound"].notna().tolist() == [True, False, True]
    assert told.loc[0, "bound"] == pytest.approx(prudent_bounds([500, 2_000, 10], [0, 90, 3], 0.9)[0])
    assert told.loc[2, ["binomial_p", "correlated_p", "detectable"]].isna().all()
    assert (told["correlated_p"] >= 0)[:2].all()


def test_tenths_stand_in_for_grades_and_keep_equal_probabilities_together(sample):
    cases = in_tenths(sample())
    table = grade_table(cases)
    assert table["grade"].tolist() == [str(i) for i in range(1, 11)]
    assert table["pd"].is_monotonic_increasing
    assert len(grade_table(in_tenths(graded([("A", 0.1, 70, 5), ("B", 0.2, 30, 5)])))) == 2


def test_grades_stand_in_order_of_pd_and_tie_to_the_sample(sample):
    cases = sample()
    table = grade_table(cases)
    assert table["pd"].is_monotonic_increasing
    assert table["n"].sum() == len(cases)
    assert table["expected"].sum() == pytest.approx(cases["probability"].sum())
    assert ((table["low"] <= table["rate"]) & (table["rate"] <= table["high"])).all()


def test_the_interval_of_a_grade_allows_for_obligors_that_repeat():
    cases = graded([("A", 0.05, 400, 31), ("B", 0.1, 400, 40)])
    alone = grade_table(cases.assign(obligor=range(800)))
    assert alone[["low", "high"]].equals(grade_table(cases)[["low", "high"]])
    of_ten = grade_table(cases.assign(obligor=np.arange(800) // 10))
    assert (of_ten["low"] < alone["low"]).all()
    assert (of_ten["high"] > alone["high"]).all()


def test_periods_count_censored_cases_apart_and_give_no_auc_to_noise(sample):
    cases = sample()
    cases.loc[cases["issued_on"] >= "2025-10-01", "outcome"] = np.nan
    table = by_period(Case(cases), "issued_on")
    assert table["period"].dt.strftime("%m-%d").tolist() == ["03-31", "06-30", "09-30", "12-31"]
    assert table["n"].sum() + table["censored"].sum() == len(cases)
    assert table["auc"].notna().tolist() == [True, True, True, False]


def test_segments_come_largest_first_by_number_and_by_amount_with_intervals(sample):
    cases = sample().assign(
        segment=lambda s: np.where(s["driver"] > 1, "few", "many"), client=lambda s: s["obligor"] % 40
    )
    table = by_segment(Case(cases))
    assert table["segment"].tolist() == ["many", "few"]
    assert (table["low"] < table["auc"]).all()
    assert (table["amount_high"] > table["amount_auc"]).all()
    plain = by_segment(Case(cases.drop(columns=["weight", "obligor", "client"])))
    assert plain["auc"].tolist() == table["auc"].tolist()
    assert plain["amount_auc"].isna().all()


def test_a_score_without_probabilities_is_ranked_by_period_and_expects_nothing(sample):
    cases = sample().rename(columns={"probability": "risk"})
    table = by_period(Case(cases), "issued_on")
    assert table["auc"].notna().all()
    assert table["expected"].isna().all()


def test_tables_of_no_cases_are_empty(sample):
    none = sample().iloc[:0]
    assert [len(t) for t in (grade_table(none), by_period(Case(none), "issued_on"))] == [0, 0]
