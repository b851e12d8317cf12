import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from riskmodels.core.errors import Misuse
from riskmodels.models.binning import Cuts, Groups
from riskmodels.models.cards import CardDriver, ImportedScorecard, PointsCard, from_json, linked, to_json
from riskmodels.models.inputs import SampleError
from riskmodels.models.scorecard.points import Scale
from tests.models.cards.made import rows_for


def small(**more):
    age = CardDriver("age", Cuts((30.0,)), (10, 25, 5))
    return PointsCard((age,), 500, **more)


def test_the_card_of_a_scorecard_gives_its_bits(scorecard):
    card = PointsCard.of(scorecard)
    X = rows_for(card)[list(scorecard.feature_names_in_)]
    assert card.names == list(scorecard.logit_.drivers)
    assert np.array_equal(card.points(X), scorecard.points(X))
    assert card.points(X).dtype.kind == "i"
    assert np.array_equal(card.log_odds(X), scorecard.decision_function(X))
    assert np.array_equal(card.probability(X), scorecard.predict_proba(X)[:, 1])
    assert card.contributions(X).equals(scorecard.contributions(X))


def test_the_card_tells_how_its_points_were_rounded(scorecard):
    ranked = clone(scorecard).set_params(rounding="rank", least_points=0)
    ranked.__dict__ |= {name: value for name, value in vars(scorecard).items() if name.endswith("_")}
    card = PointsCard.of(ranked)
    assert card.scale == ranked.scale == Scale(600, 19, 50, "rank", 0)
    assert min(min(driver.points) for driver in card.drivers) == 0
    again = from_json(to_json(card))
    assert again == card
    assert ImportedScorecard(again).card()["scale"] == vars(ranked.scale)


def test_a_row_alone_scores_to_the_same_bits_as_among_others():
    rng = np.random.default_rng(1)
    drivers = [CardDriver(f"x{i}", Cuts((0.0,)), (0, 0, 0), tuple(rng.normal(size=3).tolist())) for i in range(20)]
    card = PointsCard(tuple(drivers), 0, 0.1)
    X = rows_for(card, 300)
    alone = [card.log_odds(X.iloc[[i]])[0] for i in range(len(X))]
    assert np.array_equal(card.log_odds(X), alone)


def test_partial_points_and_base_add_up_to_the_score(hostile):
    X = rows_for(hostile, 1000)
    assert np.array_equal(hostile.partial(X).sum(axis=1), hostile.points(X))


def test_the_scale_turns_points_into_the_odds_it_promises():
    card = linked(small(), Scale(510, 19, 20))
    X = pd.DataFrame({"age": [20.0, 40.0]})
    assert card.points(X).tolist() == [510, 525]
    odds = (1 - card.probability(X)) / card.probability(X)
    assert odds == pytest.approx([19, 19 * 2 ** (15 / 20)], rel=1e-12)


def test_where_more_is_worse_the_odds_run_the_other_way():
    card = linked(small(more_is_worse=True), Scale(510, 19, 20))
    odds = 1 / card.probability(pd.DataFrame({"age": [20.0, 40.0]})) - 1
    assert odds == pytest.approx([19, 19 * 2 ** (-15 / 20)], rel=1e-12)


def test_points_alone_give_no_probability_and_say_why():
    X = pd.DataFrame({"age": [20.0]})
    for call in (small().probability, small().contributions, ImportedScorecard(small()).predict_proba):
        with pytest.raises(Misuse, match="it tells points only; state its scale"):
            call(X)


def test_points_that_are_not_whole_stay_as_they_are():
    card = PointsCard((CardDriver("age", Cuts((30.0,)), (10.25, 25, 5)),), 0.5)
    assert card.points(pd.DataFrame({"age": [20.0, 40.0]})).tolist() == [10.75, 25.5]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"weight": [1.0]}, "found no column 'age'"),
        ({"age": ["old"]}, "age: found text, expected numbers"),
        ({"age": [True]}, "age: found text, expected numbers"),
        ({"age": [np.inf]}, "age: found infinite values"),
    ],
)
def test_a_frame_the_card_can_t_score_is_refused(frame, message):
    with pytest.raises(SampleError, match=message):
        small().points(pd.DataFrame(frame))


def test_numbers_in_a_column_of_categories_are_refused():
    card = PointsCard((CardDriver("sector", Groups((("1",),)), (1, 2, 3)),))
    with pytest.raises(SampleError, match="sector: found numbers, expected text"):
        card.points(pd.DataFrame({"sector": [1, 2]}))
    assert card.points(pd.DataFrame({"sector": [None, None]})).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("card", "message"),
    [
        (lambda: CardDriver("age", Cuts((30.0,)), (1, 2)), "age: points: found 2 values, expected 3"),
        (lambda: CardDriver("age", Cuts((30.0,)), (1, 2, np.nan)), "age: found points that are not finite"),
        (lambda: PointsCard(small().drivers * 2), r"found drivers twice: \['age'\]"),
        (lambda: PointsCard(()), "expected at least one"),
        (lambda: small(intercept=0.0), "found log-odds for some"),
        (lambda: PointsCard.of(3), "found a int, expected a fitted scorecard"),
    ],
)
def test_a_card_that_contradicts_itself_is_refused(card, message):
    with pytest.raises(Misuse, match=message):
        card()
