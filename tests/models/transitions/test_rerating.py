import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import RatingScale
from riskmodels.models.transitions import Hysteresis, as_ratings, rerated

SCALE = RatingScale(("1", "2", "3", "4"), (0.01, 0.02, 0.05))
QUARTERS = pd.date_range("2024-03-31", periods=40, freq="QE")


def scored(**parties):
    """PDs of each party at consecutive quarter ends; None for no row."""
    rows = [(p, QUARTERS[q], v) for p, values in parties.items() for q, v in enumerate(values) if v is not None]
    return pd.DataFrame(rows, columns=["party_id", "as_of", "probability"])


def grades(values, **rule):
    return "".join(rerated(scored(x=values), SCALE, Hysteresis(**rule))["grade"])


def test_the_first_grade_is_the_proposed_one():
    found = rerated(scored(x=[0.03]), SCALE)
    assert found[["proposed", "grade", "why"]].iloc[0].tolist() == ["3", "3", "first rating"]


def test_a_bound_passed_by_less_than_the_margin_holds_the_grade_back_once():
    found = rerated(scored(x=[0.015, 0.021, 0.019, 0.021]), SCALE)
    assert "".join(found["grade"]) == "2222"
    assert found["why"].tolist() == ["first rating", "kept for now", "stays", "kept for now"]


def test_a_bound_passed_by_the_margin_moves_the_grade_at_once():
    assert grades([0.015, 0.022]) == "23"
    assert grades([0.015, 0.0219]) == "22"
    assert grades([0.015, 0.009]) == "21"
    assert grades([0.015, 0.0095]) == "22"


def test_two_quarters_beyond_the_bound_move_the_grade():
    found = rerated(scored(x=[0.015, 0.021, 0.021]), SCALE)
    assert "".join(found["grade"]) == "223"
    assert found["why"].iloc[-1] == "beyond the bound for long"
    assert grades([0.015, 0.021, 0.021, 0.021], quarters=3) == "2223"


def test_quarters_on_different_sides_are_no_row():
    assert grades([0.015, 0.021, 0.0095, 0.021, 0.0095]) == "22222"


def test_a_far_pd_moves_to_the_farthest_bound_passed_by_the_margin():
    assert grades([0.005, 0.051]) == "13"
    assert grades([0.005, 0.056]) == "14"
    assert grades([0.09, 0.0095]) == "42"


def test_of_two_quarters_the_nearer_proposal_counts():
    assert grades([0.0095, 0.0205, 0.0105], margin=2) == "112"
    assert grades([0.0095, 0.0105, 0.0205], margin=2) == "112"


def test_a_quarter_without_a_pd_changes_nothing_and_interrupts_the_row():
    assert grades([0.015, 0.021, None, 0.021]) == "222"
    found = rerated(scored(x=[0.015, 0.021, np.nan, 0.021, 0.021]), SCALE)
    assert "".join(found["grade"]) == "22223"
    assert found["proposed"].isna().tolist() == [False, False, True, False, False]


def test_no_grade_before_the_first_pd():
    found = rerated(scored(x=[np.nan, 0.015]), SCALE)
    assert found["grade"].isna().tolist() == [True, False]
    assert found["why"].tolist() == ["not rated", "first rating"]
    assert as_ratings(found)["grade"].tolist() == ["2"]


def test_after_a_move_the_row_begins_anew():
    assert grades([0.015, 0.022, 0.0195, 0.022, 0.0195, 0.0195]) == "233332"


def test_without_margin_or_patience_the_grade_is_the_proposed_one():
    values = np.random.default_rng(1).uniform(0, 0.1, 40)
    for rule in (Hysteresis(margin=0), Hysteresis(quarters=1)):
        found = rerated(scored(x=values), SCALE, rule)
        assert (found["grade"].astype(str) == found["proposed"].astype(str)).all()


def slow(values, margin, quarters):
    """The rule by one party's own words, one quarter at a time."""
    held, row, out = None, [], []
    for p in values:
        proposed = int(np.searchsorted(SCALE.bounds, p, side="right"))
        if held is None:
            held = proposed
        elif proposed == held:
            row = []
        else:
            worse = proposed > held
            row = (
                [*(r for r in row if (r > held) == worse), proposed]
                if row and (row[-1] > held) == worse
                else [proposed]
            )
            passed = [g for g in range(4) if (
                any(round(b * (1 + margin), 12) <= p and SCALE.bounds.index(b) + 1 == g for b in SCALE.bounds) if worse
                else g < 3 and p < round(SCALE.bounds[g] / (1 + margin), 12))]  # fmt: skip
            options = [held, *(g for g in passed if (g > held) == worse and g != held)]
            if len(row) >= quarters:
                options.append(min(row) if worse else max(row))
            new = max(options) if worse else min(options)
            if new != held:
                held, row = new, []
        out.append(held)
    return out


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(st.floats(0, 0.12), min_size=1, max_size=12),
    margin=st.sampled_from([0.0, 0.1, 0.5]),
    quarters=st.integers(1, 4),
)
def test_the_sweep_is_the_rule_applied_to_one_party_at_a_time(values, margin, quarters):
    found = rerated(scored(x=values, other=values[::-1]), SCALE, Hysteresis(margin, quarters))
    mine = found[found["party_id"] == "x"]["grade"].cat.codes.tolist()
    assert mine == slow(values, margin, quarters)


def test_order_of_rows_and_other_columns_do_not_matter():
    frame = scored(x=[0.015, 0.021, 0.021], y=[0.03, 0.01, 0.01]).assign(amount=range(6))
    shuffled = frame.sample(frac=1, random_state=3)
    assert rerated(shuffled, SCALE).equals(rerated(frame, SCALE))
    assert rerated(frame, SCALE)["amount"].tolist() == list(range(6))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.iloc[:0], "probabilities: found no rows"),
        (lambda f: f.drop(columns="as_of"), "probabilities: found no column as_of"),
        (lambda f: f.assign(as_of=pd.Timestamp("2024-05-31")), "as_of: found 2024-05-31, expected quarter ends"),
        (lambda f: f.assign(probability=[0.1, 1.5]), "probability: found 1 values outside 0 to 1"),
        (lambda f: pd.concat([f, f]), "probabilities: found two rows of x at 2024-03-31, expected one a quarter end"),
    ],
)
def test_what_can_t_be_rated_is_refused_in_one_line(change, words):
    with pytest.raises(DataRefused, match=words):
        rerated(change(scored(x=[0.01, 0.02])), SCALE)


@pytest.mark.parametrize("given", [{"margin": -1}, {"quarters": 0}, {"margin": float("nan")}])
def test_a_rule_that_is_none_is_refused(given):
    with pytest.raises(Misuse, match="hysteresis: found"):
        Hysteresis(**given)
