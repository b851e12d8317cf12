"""Key figures month by month: which cases each looks at, how it is judged, and what persists."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.checks import CheckResult, Limits, Verdict
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.validation.findings import register
from riskmodels.validation.monitoring import WATCHED, monitor
from riskmodels.validation.opinion import AUC, OBSERVED_EXPECTED
from riskmodels.validation.suite import default_limits, validate

PSI = "validation.stability.psi.score"


def scored(sample, months=18, each=300, **told):
    """Cases of so many months from 2024-01 on, `each` a month, one obligor to a case."""
    cases = sample(months * each, **told).drop(columns=["challenger", "issued_on"])
    start = np.repeat(pd.date_range("2024-01-01", periods=months, freq="MS") + pd.Timedelta(days=14), each)
    return cases.assign(period=start, obligor=np.arange(len(cases)))


def overridden(shares):
    """Twenty cases a month of which so large a share was changed by hand."""
    rows = [(pd.Timestamp(2025, m, 1), float(i < share * 20)) for m, share in enumerate(shares, 1) for i in range(20)]
    frame = pd.DataFrame(rows, columns=["period", "override"])
    return frame.assign(probability=0.1, outcome=np.nan)


def rule(found, key):
    return next(r for r in found.persistence if r.name.endswith(key))


def test_the_last_month_says_what_the_suite_says_of_the_year_to_it(sample):
    cases, start = scored(sample), sample(2_000, seed=5)
    found = monitor(cases, start)
    year = cases[cases["period"] > "2024-07-01"]
    by_name = {r.name: r for r in validate(year, start)}
    assert found.last["auc"].value == by_name[AUC].value
    assert found.last["observed_expected"].limits == by_name[OBSERVED_EXPECTED].limits
    own = validate(cases[cases["period"] > "2025-06-01"], start)
    assert found.last["psi"].value == next(r.value for r in own if r.name == PSI)


def test_the_order_of_the_rows_does_not_matter(sample):
    cases, start = scored(sample, months=6), sample(2_000, seed=5)
    shuffled = cases.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(monitor(cases, start).table, monitor(shuffled, start).table)


def test_outcomes_of_a_month_with_young_cases_wait(sample):
    cases = scored(sample)
    late = cases["period"] > "2025-05-01"
    young = cases.assign(outcome=cases["outcome"].mask(late & (cases["outcome"] == 0)))
    found = monitor(young, sample(2_000, seed=5))
    assert found.last["auc"].subject == "2025-04"
    assert "of the month's cases have no outcome yet" in found.results["auc"][-1].reason
    assert found.table["events"].isna().tolist() == [False] * 16 + [True] * 2
    assert found.last["psi"].subject == "2025-06"


def test_a_monthly_panel_counts_a_default_once():
    panel = pd.DataFrame(
        [
            {"period": day, "obligor": f"D{i}", "probability": 0.1, "outcome": float(i < 20)}
            for day in pd.date_range("2024-01-31", periods=14, freq="ME")
            for i in range(200)
        ]
    )
    assert monitor(panel, horizon=12).table["events"].tolist() == [20.0] * 14
    assert monitor(panel, horizon=0).table["events"].iloc[-1] == 240


def test_without_a_reference_the_first_months_stand_for_it(sample):
    psi = monitor(scored(sample)).results["psi"]
    assert [r.verdict is Verdict.NOT_RUN for r in psi] == [True] * 4 + [False] * 14
    assert psi[0].reason == "the first months are what later ones are compared with"


def test_a_population_that_moves_raises_a_finding_after_two_months(sample):
    cases = scored(sample)
    moved = cases.assign(probability=cases["probability"].where(cases["period"] < "2025-05-01", 0.5))
    found = monitor(moved, sample(2_000, seed=5))
    assert (rule(found, "psi").value, found.verdict) == (2, Verdict.BREACH)
    raised = register(found.persistence, found.table["month"].iloc[-1].date(), default_limits())
    assert [(f.severity, f.raised_by) for f in raised] == [("S2", "validation.monitoring.psi")]
    assert raised[0].finding.startswith("Score PSI beyond its limit in 2 of the 3 months last judged; ")
    assert raised[0].finding.endswith("in 2025-06")


def test_a_level_that_is_too_low_by_half_is_seen(sample):
    found = monitor(scored(sample, understated=2.0), sample(2_000, seed=5))
    assert rule(found, "observed_expected").verdict is Verdict.BREACH
    assert rule(monitor(scored(sample), sample(2_000, seed=5)), "observed_expected").verdict is Verdict.WITHIN


def test_good_models_raise_no_finding_and_levels_half_as_high_all_do(sample):
    start = sample(4_000, seed=10_000)
    good = [monitor(scored(sample, each=170, seed=seed), start) for seed in range(6)]
    low = [monitor(scored(sample, each=170, seed=seed, understated=2.0), start) for seed in range(6)]
    assert [r.verdict is Verdict.BREACH for m in good for r in m.persistence] == [False] * 6 * len(WATCHED)
    assert {rule(m, "observed_expected").verdict for m in low} == {Verdict.BREACH}


@pytest.mark.parametrize(
    ("shares", "value", "verdict", "all_of_it"),
    [
        ([0.5, 0.5, 0.0, 0.0, 0.0], 0, Verdict.WITHIN, Verdict.WITHIN),
        ([0.0, 0.0, 0.0, 0.0, 0.5], 1, Verdict.WITHIN, Verdict.WATCH),
        ([0.0, 0.0, 0.5, 0.0, 0.5], 2, Verdict.BREACH, Verdict.BREACH),
        ([0.0, 0.0, 0.15, 0.0, 0.15], 0, Verdict.WITHIN, Verdict.WATCH),
        ([0.0, 0.0, 0.15, 0.15, 0.15], 3, Verdict.WATCH, Verdict.WATCH),
        ([0.0, 0.0, 0.5, 0.15, 0.15], 3, Verdict.WATCH, Verdict.WATCH),
        ([0.5, 0.5], 2, Verdict.BREACH, Verdict.BREACH),
    ],
)
def test_two_red_months_of_three_persist_and_so_do_three_amber_ones(shares, value, verdict, all_of_it):
    found = monitor(overridden(shares))
    assert (rule(found, "overrides").value, rule(found, "overrides").verdict) == (value, verdict)
    assert found.verdict is all_of_it


def test_the_rule_is_a_limit_of_the_limits_file():
    never = {"validation.monitoring.months_beyond": Limits.at_most(3, source="committee")}
    found = rule(monitor(overridden([0.5] * 5), limits=never), "overrides")
    assert (found.value, found.verdict) == (3, Verdict.WATCH)
    assert found.limits == default_limits()["validation.monitoring.months_on_watch"]


def test_what_could_never_be_judged_is_not_run_and_says_why():
    found = monitor(overridden([0.0] * 3).drop(columns="override"))
    assert rule(found, "overrides").reason == "no column says which grades were changed by hand"
    assert rule(found, "auc").reason == "100.0% of the month's cases have no outcome yet"
    assert found.verdict is Verdict.NOT_RUN


def test_trends_end_with_the_last_month_judged(sample):
    cases = scored(sample)
    young = cases.assign(outcome=cases["outcome"].mask(cases["period"] > "2025-05-01"))
    trends = monitor(young, sample(2_000, seed=5)).trends
    assert len(trends[AUC]) == len(trends[PSI]) == 8
    assert None not in trends[AUC]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"period": None}, r"period: found None in row 1 and 59 more"),
        ({"period": 202501}, r"period: found 202501 in row 1"),
        ({"period": "soon"}, r"period: found soon in row 1"),
        ({"override": 2}, r"override: found 2 in row 1, expected 1, 0 or nothing"),
        ({"override": "yes"}, r"override: found yes in row 1"),
    ],
)
def test_a_bad_column_is_refused_by_its_name(broken, words):
    with pytest.raises(DataRefused, match=words):
        monitor(overridden([0.0] * 3).assign(**broken))


def test_dates_centuries_apart_are_refused():
    frame = overridden([0.0] * 3)
    frame.loc[0, "period"] = pd.Timestamp("1900-01-01")
    with pytest.raises(DataRefused, match="period: found dates 1503 months apart"):
        monitor(frame)


def test_no_period_or_no_rows_are_refused():
    with pytest.raises(Misuse, match=r"missing columns \['period'\]"):
        monitor(overridden([0.0]).drop(columns="period"))
    with pytest.raises(DataRefused, match="sample: found no rows"):
        monitor(overridden([]))


@given(st.lists(st.sampled_from([0.0, 0.15, 0.5]), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_only_the_last_three_months_decide(shares):
    def told(found) -> CheckResult:
        return rule(found, "overrides")

    whole, end = (told(monitor(overridden(part))) for part in (shares, shares[-3:]))
    assert (whole.value, whole.verdict) == (end.value, end.verdict)


def test_every_figure_has_a_rule_and_a_column(sample):
    found = monitor(scored(sample, months=3))
    assert [r.name.rsplit(".", 1)[1] for r in found.persistence] == [w.key for w in WATCHED]
    assert {w.key for w in WATCHED} <= set(found.table)
