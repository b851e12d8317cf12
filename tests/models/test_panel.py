from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

from riskmodels.core.errors import Misuse
from riskmodels.models.boosting import Booster
from riskmodels.models.inputs import SampleError
from riskmodels.models.panel import (
    ForwardFolds,
    ObligorFolds,
    development_split,
    effective_size,
    exclusions,
    mature,
    size_bars,
    size_table,
)


@pytest.fixture(scope="module")
def panel():
    """100 obligors at 12 quarter ends; one in five is ever bad, and then at two neighbouring origins."""
    origins = pd.date_range("2022-03-31", periods=12, freq="QE")
    rng = np.random.default_rng(3)
    frame = pd.DataFrame([(f"D{i}", day) for i in range(100) for day in origins], columns=["obligor", "period"])
    frame["outcome"] = 0
    for obligor in range(0, 100, 5):
        first = rng.integers(0, 11)
        frame.loc[[obligor * 12 + first, obligor * 12 + first + 1], "outcome"] = 1
    return frame


def test_no_obligor_stands_on_both_sides_of_a_fold(panel):
    for learn, test in ObligorFolds(5).split(panel, panel["outcome"], panel["obligor"]):
        assert set(panel["obligor"].iloc[learn]).isdisjoint(panel["obligor"].iloc[test])


def test_each_row_is_tested_once(panel):
    tested = [test for _, test in ObligorFolds(5).split(panel, panel["outcome"], panel["obligor"])]
    assert sorted(np.concatenate(tested)) == list(range(len(panel)))


def test_each_fold_gets_its_share_of_the_obligors_that_are_ever_bad(panel):
    for _, test in ObligorFolds(5).split(panel, panel["outcome"], panel["obligor"]):
        fold = panel.iloc[test]
        assert fold.groupby("obligor")["outcome"].max().sum() == 4


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 6), st.integers(0, 2**31), st.lists(st.integers(0, 30), min_size=6, max_size=60))
def test_obligors_are_dealt_evenly_whatever_the_sample(n_splits, seed, numbers):
    from riskmodels.models.panel.folds import obligor_folds

    obligor = pd.factorize(np.array(numbers))[0]
    bad = np.random.default_rng(seed).random(len(obligor)) < 0.3
    folds = obligor_folds(bad, obligor, n_splits, seed)
    counts = [len(set(obligor[test])) for _, test in folds]
    assert sum(counts) == len(set(numbers))
    assert max(counts) - min(counts) <= 1
    ever = np.bincount(obligor, bad) > 0
    bads = [int(ever[list(set(obligor[test]))].sum()) for _, test in folds]
    assert max(bads) - min(bads) <= 1


def test_the_same_seed_gives_the_same_folds_and_another_seed_others(panel):
    def tested(seed):
        return [tuple(t) for _, t in ObligorFolds(5, seed).split(panel, panel["outcome"], panel["obligor"])]

    assert tested(1) == tested(1)
    assert tested(1) != tested(2)


def test_folds_work_in_cross_validation_of_scikit_learn(panel):
    X = pd.DataFrame({"x": panel["outcome"] + np.random.default_rng(0).normal(size=len(panel))})
    for cv, groups in ((ObligorFolds(4), panel["obligor"]), (ForwardFolds(3, 12), panel["period"])):
        scores = cross_val_score(LogisticRegression(), X, panel["outcome"], cv=cv, groups=groups, scoring="roc_auc")
        assert len(scores) == cv.get_n_splits()
        assert scores.min() > 0.5


def test_the_obligor_reaches_the_model_s_own_inner_folds_too(panel):
    X = pd.DataFrame({"mark": pd.factorize(panel["obligor"])[0], "x": np.arange(len(panel)) % 7})
    told = {"cv": ObligorFolds(3), "groups": panel["obligor"], "params": {"groups": panel["obligor"]}}
    model = Booster(preset="small", max_rounds=20)
    assert len(cross_val_score(model, X, panel["outcome"], scoring="roc_auc", **told)) == 3


def test_a_row_is_learnt_from_only_if_its_window_was_over_at_the_first_test_origin(panel):
    folds = list(ForwardFolds(3, gap=12).split(panel, panel["outcome"], panel["period"]))
    assert len(folds) == 3
    for learn, test in folds:
        last, first = panel["period"].iloc[learn].max(), panel["period"].iloc[test].min()
        assert last + pd.DateOffset(months=12) + pd.offsets.MonthEnd(0) <= first


def test_the_youngest_row_whose_window_was_over_is_learnt_from(panel):
    (learn, test), *_ = ForwardFolds(2, gap=12).split(panel, panel["outcome"], panel["period"])
    assert panel["period"].iloc[test].min() == pd.Timestamp("2023-09-30")
    assert panel["period"].iloc[learn].max() == pd.Timestamp("2022-09-30")


def test_without_a_gap_the_past_still_comes_before_the_test(panel):
    for learn, test in ForwardFolds(3, gap=0).split(panel, panel["outcome"], panel["period"]):
        assert panel["period"].iloc[learn].max() < panel["period"].iloc[test].min()


def test_forward_folds_test_later_and_later_origins_once(panel):
    folds = list(ForwardFolds(3, gap=6).split(panel, panel["outcome"], panel["period"]))
    spans = [(panel["period"].iloc[t].min(), panel["period"].iloc[t].max()) for _, t in folds]
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert spans[-1][1] == panel["period"].max()


def test_a_history_too_short_for_the_gap_is_refused(panel):
    with pytest.raises(SampleError, match="origins: found 12 from 2022-03-31 to 2024-12-31, which give 0 folds"):
        ForwardFolds(3, gap=48).split(panel, panel["outcome"], panel["period"])


def test_a_fold_with_one_class_is_refused(panel):
    one = panel.assign(outcome=(panel["obligor"] == "D7").astype(int))
    with pytest.raises(SampleError, match=r"fold 1, .* rows: found 0 bads in \d+ rows, expected good and bad ones"):
        ObligorFolds(5, seed=1).split(one, one["outcome"], one["obligor"])


@pytest.mark.parametrize(
    ("cv", "y", "groups", "words"),
    [
        (ObligorFolds(3), [0, 1] * 3, None, "groups: found none, expected the obligor of each row"),
        (ObligorFolds(3), [0, 1] * 3, ["a", "b", None] * 2, "groups: found 2 rows without an obligor"),
        (ObligorFolds(3), [0, 1] * 3, ["a", "b"] * 3, "groups: found 2 obligors, expected at least 3"),
        (ObligorFolds(3), [0, 1] * 3, ["a", "b"], "groups: found 2 values, expected 6, one per row"),
        (ObligorFolds(3), [0] * 6, list("abcdef"), "outcome: found 1 distinct values, expected two"),
        (ObligorFolds(3), [0, 1, np.nan] * 2, list("abcdef"), "outcome: found 2 rows without one"),
        (ForwardFolds(3), [0, 1] * 3, list("abcdef"), "origins: found values of kind .*, expected the date"),
        (ForwardFolds(3), [0, 1] * 3, None, "origins: found none, expected the date of each row"),
    ],
)
def test_bad_input_of_folds_is_said_in_one_line(cv, y, groups, words):
    with pytest.raises(SampleError, match=words):
        cv.split(np.zeros((6, 1)), y, groups)


@pytest.mark.parametrize(
    ("cv", "words"), [(ObligorFolds(1), "n_splits: found 1"), (ForwardFolds(3, gap=-1), "gap: found -1")]
)
def test_a_mistaken_number_of_folds_or_gap_is_refused(panel, cv, words):
    with pytest.raises(Misuse, match=words):
        cv.split(panel, panel["outcome"], panel["period"])


def test_hold_out_has_other_obligors_and_out_of_time_later_origins(panel):
    split = development_split(panel, since="2024-06-30", gap=12)
    development, held, late = (panel[rows] for rows in (split.development, split.hold_out, split.out_of_time))
    assert set(development["obligor"]).isdisjoint(held["obligor"])
    assert held["obligor"].nunique() == 20
    assert development["period"].max() == held["period"].max() == pd.Timestamp("2023-06-30")
    assert late["period"].min() == pd.Timestamp("2024-06-30")


def test_every_row_of_a_split_is_in_one_part(panel):
    split = development_split(panel, gap=6)
    parts = np.array([split.development, split.hold_out, split.out_of_time, split.purged])
    assert (parts.sum(axis=0) == 1).all()
    assert split.counts["rows"].sum() + split.purged.sum() == len(panel)


def test_rows_whose_window_reaches_into_the_later_sample_are_purged(panel):
    split = development_split(panel, since="2024-06-30", gap=12)
    assert sorted(panel.loc[split.purged, "period"].dt.strftime("%Y-%m").unique()) == ["2023-09", "2023-12", "2024-03"]


def test_without_a_date_the_latest_fifth_of_the_rows_is_out_of_time(panel):
    split = development_split(panel)
    assert split.since == pd.Timestamp("2024-06-30").date()
    assert split.out_of_time.mean() == pytest.approx(0.25)


def test_the_counts_of_a_split_name_origins_and_obligors(panel):
    counts = development_split(panel, since="2024-06-30").counts.set_index("sample")
    assert list(counts.index) == ["development", "hold-out", "out-of-time"]
    assert counts.loc["out-of-time", ["obligors", "rows", "first origin", "last origin"]].tolist() == [
        100, 300, "2024-06-30", "2024-12-31",
    ]  # fmt: skip


def test_a_split_that_leaves_nothing_to_develop_on_is_refused(panel):
    with pytest.raises(SampleError, match=r"development sample .* found 0 bads in 0 rows"):
        development_split(panel, since="2022-06-30", gap=12)


def test_a_split_needs_outcomes_that_are_known(panel):
    with pytest.raises(SampleError, match="outcome: found 1 rows without one, expected none; `mature`"):
        development_split(panel.assign(outcome=panel["outcome"].astype(float).where(panel.index != 3)))


def test_windows_that_are_not_over_are_left_out_and_counted(panel):
    found = mature(panel, "2025-03-31", months=12)
    assert panel.loc[found.kept, "period"].max() == pd.Timestamp("2024-03-31")
    assert found.left_out == 300
    assert found.table.iloc[1].tolist() == ["outcome window of 12 months not over on 2025-03-31", 300, 0, 900, 100]


def test_a_window_is_over_at_the_close_of_its_last_day(panel):
    assert mature(panel, "2025-12-31", months=12).left_out == 0
    assert mature(panel, "2025-12-30", months=12).left_out == 100


def test_a_young_bad_is_left_out_like_a_young_good(panel):
    bad = panel.assign(outcome=1)
    assert (mature(bad, "2024-12-31", 12).kept == mature(panel, "2024-12-31", 12).kept).all()


def test_a_row_is_excluded_for_the_first_reason_that_meets_it():
    frame = pd.DataFrame({"obligor": ["a", "a", "b", "c"]})
    steps = [("group company", [True, True, False, False]), ("no turnover", [True, False, True, False])]
    found = exclusions(frame, [(reason, np.array(out)) for reason, out in steps])
    assert found.kept.tolist() == [False, False, False, True]
    assert found.table["rows left out"].tolist() == [0, 2, 1]
    assert found.table["obligors left out"].tolist() == [0, 1, 1]
    assert found.table["rows left"].tolist() == [4, 2, 1]


def test_an_exclusion_that_is_no_mask_is_refused():
    with pytest.raises(SampleError, match=r"young: found int64 values of shape .*expected 4 booleans"):
        exclusions(pd.DataFrame({"obligor": list("abcd")}), [("young", np.array([0, 1, 0, 1]))])


def test_obligors_seen_many_times_are_worth_one_row_each():
    once = effective_size([0, 1, 0, 0], list("abcd"))
    copied = effective_size([0, 1, 0, 0] * 10, list("abcd") * 10)
    assert (copied.rows, copied.bads, copied.obligors, copied.obligors_with_a_bad) == (40, 10, 4, 1)
    assert copied.effective_rows == pytest.approx(once.effective_rows)
    assert copied.design_effect == pytest.approx(10 * once.design_effect)


def test_independent_rows_are_worth_themselves():
    y = (np.random.default_rng(0).random(4000) < 0.1).astype(int)
    assert effective_size(y, np.arange(4000)).design_effect == pytest.approx(4000 / 3999)


def test_obligors_that_are_bad_once_each_are_worth_no_more_than_their_rows():
    size = effective_size([0, 1] * 50, np.arange(50).repeat(2))
    assert size.design_effect < 1e-12
    assert size.effective_rows == 100


def test_the_worth_of_a_sample_is_the_precision_of_its_bad_rate():
    rng = np.random.default_rng(1)
    rates, worth = [], []
    for _ in range(400):
        risk = rng.beta(1, 4, 60).repeat(8)
        y = (rng.random(480) < risk).astype(int)
        rates.append(y.mean())
        worth.append(effective_size(y, np.arange(60).repeat(8)).effective_rows)
    assert np.mean(worth) == pytest.approx(0.2 * 0.8 / np.var(rates), rel=0.15)


def test_a_single_obligor_has_no_design_effect():
    assert np.isnan(effective_size([0, 1], ["a", "a"]).design_effect)


def test_the_size_is_drawn_with_its_finding(panel, ax):
    size = effective_size(panel["outcome"], panel["obligor"])
    assert size_bars(size, ax=ax) is ax
    assert ax.get_title().startswith("1,200 rows of 100 obligors are worth ")
    assert ax.patches[0].get_width() == 20
    assert size_table({"all": size})["obligors with a bad"].tolist() == [20]
