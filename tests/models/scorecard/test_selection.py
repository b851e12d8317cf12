"""Which columns a scorecard takes, and why the others are out."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.text import use
from riskmodels.models.binning import Binner
from riskmodels.models.inputs import SampleError
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.selection import SelectionRules, select

N = 2000


@pytest.fixture(scope="module")
def sample():
    """Two drivers, a noisy copy, noise, a driver expected the other way round, and gaps."""
    rng = np.random.default_rng(4)
    late, age, noise = rng.normal(size=N), rng.normal(size=N), rng.normal(size=N)
    frame = pd.DataFrame({"late": late, "age": age, "noise": noise, "copy": late + rng.normal(0, 0.3, N)})
    frame["turned"] = -0.5 * late + rng.normal(size=N)
    frame["gaps"] = np.where(rng.random(N) < 0.97, np.nan, late)
    frame["same"] = 1.0
    y = (rng.random(N) < 1 / (1 + np.exp(1.5 - late + 0.7 * age))).astype(int)
    return frame, y


SIGNS = {"late": 1, "age": -1, "noise": 0, "copy": 1, "turned": 1, "gaps": 1, "same": 0}


def why(selection):
    return selection.summary().set_index("feature")["reason"].to_dict()


def test_every_column_has_its_decision_and_its_reason(sample):
    found = select(*sample, SIGNS)
    assert found.taken == ("late", "age")
    assert set(found.decisions["feature"]) == set(SIGNS)
    reasons = why(found)
    assert reasons["late"] == reasons["age"] == ""
    assert reasons["same"] == "it has one value only"
    assert reasons["gaps"] == "missing in 97% of the sample, more than 95%"
    assert reasons["turned"] == "it runs against the sign expected of it"
    assert reasons["noise"].startswith("its information value 0.0")
    assert reasons["copy"].startswith("alike late: correlation 0.")


def test_the_figures_behind_a_decision_are_kept(sample):
    table = select(*sample, SIGNS).decisions.set_index("feature")
    assert table.loc["turned", ["expected", "found"]].tolist() == [1, -1]
    assert table.loc["late", "cluster"] == table.loc["copy", "cluster"] != table.loc["age", "cluster"]
    assert table.loc["gaps", "missing"] == pytest.approx(sample[0]["gaps"].isna().mean())
    assert table.loc[["late", "age"], "vif"].between(1, 1.1).all()
    assert table.loc["late", "iv"] > table.loc["age", "iv"] > 0.02


def test_the_decisions_can_be_stored(sample, tmp_path):
    frame = select(*sample, SIGNS, SelectionRules(steps="both")).decisions
    frame.to_parquet(tmp_path / "selection.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "selection.parquet"), frame)


def test_the_same_sample_gives_the_same_decisions_in_any_order_of_columns(sample):
    X, y = sample
    rules = SelectionRules(steps="forward")
    ahead, back = select(X, y, SIGNS, rules), select(X, y, dict(reversed(SIGNS.items())), rules)
    assert ahead.taken == back.taken
    assert why(ahead) == why(back)


def test_what_a_person_takes_or_leaves_out_is_recorded_with_the_reason(sample):
    found = select(*sample, SIGNS, forced_in={"noise": "the policy names it"}, forced_out={"late": "not auditable"})
    assert "noise" in found.taken
    assert "late" not in found.taken
    assert "copy" in found.taken
    assert why(found)["noise"] == "taken by hand: the policy names it"
    assert why(found)["late"] == "left out by hand: not auditable"


@pytest.mark.parametrize("rules", [SelectionRules(steps=s) for s in ("forward", "backward", "both")])
def test_a_column_taken_by_hand_stands_in_the_model_throughout(sample, rules):
    found = select(*sample, SIGNS, rules, forced_in={"noise": "policy"})
    assert set(found.taken) == {"late", "age", "noise"}
    assert "noise" not in set(found.steps["feature"])


def test_a_column_taken_by_hand_leads_its_cluster(sample):
    found = select(*sample, SIGNS, forced_in={"copy": "cheaper to get"})
    assert "copy" in found.taken
    assert why(found)["late"].startswith("alike copy")


def test_a_column_taken_by_hand_that_another_gives_exactly_is_out_of_a_search_and_said_to_be(sample):
    X, y = sample
    hands = {"late": "policy", "again": "policy"}
    found = select(X.assign(again=X["late"]), y, {"late": 1, "again": 1}, SelectionRules(steps="both"), forced_in=hands)
    assert found.taken == ("late",)
    assert why(found)["again"] == "the others give it exactly"


@pytest.mark.parametrize(
    ("hands", "words"),
    [
        ({"forced_in": {"nothing": "x"}}, r"found no columns \['nothing'\] among those offered"),
        ({"forced_in": {"late": "x"}, "forced_out": {"late": "y"}}, r"found \['late'\] both taken and left out"),
        ({"forced_out": {"late": " "}}, r"found no reason for \['late'\]"),
    ],
)
def test_a_person_names_known_columns_once_and_says_why(sample, hands, words):
    with pytest.raises(Misuse, match=words):
        select(*sample, SIGNS, **hands)


@pytest.mark.parametrize("by", ["p", "aic", "bic"])
@pytest.mark.parametrize("steps", ["forward", "backward", "both"])
def test_every_search_finds_the_two_drivers(sample, steps, by):
    rules = SelectionRules(least_iv=0.0, steps=steps, by=by, level=0.01)
    found = select(*sample, {c: SIGNS[c] for c in ("late", "age", "noise")}, rules)
    assert set(found.taken) >= {"late", "age"}
    if by == "bic":
        assert why(found)["noise"] in (
            "it adds too little beside the others",
            "with it a coefficient has the wrong sign",
        )


def test_steps_tell_what_came_when(sample):
    found = select(*sample, SIGNS, SelectionRules(steps="forward"))
    assert found.steps["feature"].tolist() == list(found.taken) == ["late", "age"]
    assert found.steps["action"].tolist() == ["enters", "enters"]
    assert (found.steps["p_value"] < 1e-6).all()
    assert found.decisions.set_index("feature").loc["age", "entered"] == 2


def test_cross_validation_takes_the_drivers_and_not_the_noise():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(1500, 8)), columns=[f"x{i}" for i in range(8)])
    y = rng.random(1500) < 1 / (1 + np.exp(1 - X["x0"] - 0.8 * X["x1"]))
    found = select(X, y, rules=SelectionRules(least_iv=0, steps="forward", by="cv"))
    assert set(found.taken) == {"x0", "x1"}
    assert found.sizes.set_index("taken").loc[True, "size"] == 2
    assert "cross-validation asks for 2 columns" in why(found).values()


def test_folds_hold_obligors_whole():
    # each obligor's outcome is its own, and a column knows the obligor: only whole obligors show that it tells nothing
    rng = np.random.default_rng(1)
    obligor = np.repeat(np.arange(60), 20)
    y, mark = (rng.random(60) < 0.3)[obligor], rng.normal(size=60)[obligor]
    X = pd.DataFrame({"mark": mark, "noise": rng.normal(size=1200)})
    rules = SelectionRules(least_iv=0, steps="forward", by="cv")
    free = Binner(trends="none", max_bins=20, min_share=0.01, min_expected=0)
    assert "mark" in select(X, y, rules=rules, binner=free).taken
    losses = select(X, y, rules=rules, binner=free, groups=obligor, forced_in={"noise": "so that one is left"}).sizes
    assert losses.loc[losses["size"] == 1, "taken"].item()
    assert losses["excess"].iloc[-1] > 0.1


def test_weights_that_are_amounts_don_t_make_every_column_worth_much(sample):
    X, y = sample
    rules, few = SelectionRules(least_iv=0, steps="forward", by="p"), {"late": 1, "noise": 0}
    amounts = np.random.default_rng(0).lognormal(12, 0.5, N)
    worth = select(X, y, few, rules, sample_weight=amounts).decisions.set_index("feature")["worth"]
    assert worth["late"] < 1000
    assert worth["noise"] < 20


def test_whole_weights_select_as_repeated_rows_do(sample):
    X, y = sample[0].round(1), sample[1]  # few distinct values: bins are sought over the same ones
    weight = np.arange(N) % 3
    rules = SelectionRules(steps="both")
    weighted = select(X, y, SIGNS, rules, sample_weight=weight).decisions
    rows = np.repeat(np.arange(N), weight)
    repeated = select(X.iloc[rows], y[rows], SIGNS, rules).decisions
    assert weighted["taken"].tolist() == repeated["taken"].tolist()
    assert weighted["worth"].to_numpy() == pytest.approx(repeated["worth"].to_numpy(), rel=1e-6, nan_ok=True)


def test_a_column_twice_under_two_names_is_taken_once(sample):
    X, y = sample
    found = select(X.assign(again=X["late"]), y, {"again": 1, "late": 1, "age": -1})
    assert len(found.taken) == 2
    assert [r for r in why(found).values() if "correlation 1.00" in r]


def test_columns_that_give_one_another_exactly_have_an_infinite_vif(sample):
    X, y = sample
    X = X[["late", "age"]].assign(again=X["late"])
    found = select(X, y, rules=SelectionRules(alike=1.0))
    assert len(found.taken) == 2
    assert "the others say it: VIF inf, above 5" in why(found).values()


def test_one_column_is_enough(sample):
    found = select(*sample, {"late": 1}, SelectionRules(steps="both"))
    assert found.taken == ("late",)
    assert found.decisions["vif"].tolist() == [1.0]


def test_when_nothing_is_left_one_line_says_why(sample):
    words = r"features: found none of 3 to model with \(1 with one value only, .* with too little information\)"
    with pytest.raises(DataRefused, match=words):
        select(*sample, {"same": 1, "noise": 0, "late": 1}, SelectionRules(least_iv=9))


def test_nine_bads_are_too_few_for_bins_unless_they_are_asked_for():
    rng = np.random.default_rng(3)
    X = pd.DataFrame({"a": rng.normal(size=300), "b": rng.normal(size=300)})
    y = np.zeros(300)
    y[np.argsort(-X["a"].to_numpy())[[0, 3, 6, 10, 14, 19, 25, 90, 200]]] = 1
    with pytest.raises(DataRefused, match=r"found none of 2 to model with \(2 with too little information\)"):
        select(X, y)
    few = Binner(min_expected=2)
    assert select(X, y, rules=SelectionRules(steps="forward", by="p"), binner=few).taken == ("a",)
    with pytest.raises(SampleError, match="folds: found 9 obligors with bads, expected at least 10"):
        select(X, y, rules=SelectionRules(steps="forward", by="cv", folds=10), binner=few)


def test_a_single_obligor_is_refused(sample):
    X, y = sample
    for fit in (lambda: select(X, y, SIGNS, groups=np.zeros(N)), lambda: Scorecard().fit(X, y, groups=np.zeros(N))):
        with pytest.raises(SampleError, match="groups: found 1 obligor in all 2000 rows, expected at least 2"):
            fit()


def test_rows_without_an_obligor_are_refused(sample):
    X, y = sample
    with pytest.raises(SampleError, match="groups: found 1 rows without an obligor"):
        select(X, y, SIGNS, groups=pd.Series(np.arange(N) // 2).where(np.arange(N) > 0))


def test_obligors_of_one_row_each_are_rows(sample):
    X, y = sample
    rules = SelectionRules(steps="both")
    alone = select(X, y, SIGNS, rules, groups=np.arange(N))
    assert alone.decisions.equals(select(X, y, SIGNS, rules).decisions)


def test_no_more_columns_than_asked_for(sample):
    X, y = sample
    rng = np.random.default_rng(6)
    X = X[["late", "age"]].assign(third=X["age"] * 0.5 + rng.normal(size=N))
    for steps in ("none", "forward", "backward", "both"):
        found = select(X, y, rules=SelectionRules(steps=steps, by="aic", most=1))
        assert found.taken == ("late",)
        assert "there are enough columns" in why(found).values()


def test_special_codes_don_t_tell_the_sign(sample):
    X, y = sample
    coded = X[["late"]].assign(late=np.where(y & (np.arange(N) % 2 == 0), -999, X["late"]))
    assert select(coded, y, {"late": 1}, binner=Binner(specials=[-999])).taken == ("late",)
    with pytest.raises(DataRefused, match="against the sign expected"):
        select(coded, y, {"late": 1})


def test_text_columns_have_no_sign_and_are_taken(applicants):
    X, y = applicants
    found = select(X, y)
    assert set(found.taken) == {"late_share", "age", "sector"}
    assert found.decisions.set_index("feature").loc["sector", "found"] == 0


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"steps": "sideways"}, "steps: found 'sideways', expected one of none, forward, backward, both"),
        ({"by": "gut"}, "by: found 'gut', expected one of p, aic, bic, cv"),
        ({"steps": "both", "by": "cv"}, "steps: found 'both' by cv, expected forward"),
        ({"folds": 1}, "folds: found 1, expected at least 2"),
        ({"alike": 0.0}, "alike: found 0.0, expected above 0, at most 1"),
        ({"most_vif": float("nan")}, "most_vif: found nan"),
    ],
)
def test_rules_that_can_t_be_followed_are_refused(rules, words):
    with pytest.raises(Misuse, match=words):
        SelectionRules(**rules)


def test_a_sign_for_a_column_that_isn_t_there_is_refused(sample):
    with pytest.raises(Misuse, match=r"signs: found no columns \['nowhere'\] in X"):
        select(*sample, {"nowhere": 1})


def test_reasons_are_told_in_the_language_in_force(sample):
    found = select(*sample, SIGNS)
    use("zh")
    try:
        assert len(found.summary().columns) == 12
    finally:
        use("en")


def test_it_unpacks_into_names_and_decisions(sample):
    taken, decisions = select(*sample, SIGNS)
    assert taken == ["late", "age"]
    assert decisions["taken"].sum() == 2


def test_a_column_whose_order_turns_round_from_year_to_year_tells_little():
    rng = np.random.default_rng(2)
    X, year = pd.DataFrame(rng.integers(0, 2, (4000, 2)), columns=["turning", "steady"]), np.arange(4000) % 4
    odds = np.where(year % 2 == 0, 2.0, -1.0) * X["turning"] + X["steady"] - 2
    y = (rng.random(4000) < 1 / (1 + np.exp(-odds))).astype(int)
    binner, searched = Binner(min_steady=0.75), SelectionRules(steps="forward", by="cv")
    assert set(select(X, y).taken) == {"turning", "steady"}
    assert select(X, y, binner=binner, cohorts=year).taken == ("steady",)
    assert select(X, y, rules=searched, binner=binner, cohorts=year).taken == ("steady",)
