import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.transitions import States, rating_histories, worst_of_day
from tests.models.transitions.rated import STATES, day, ratings, seen

D, NR = 2, 3


def spells(h):
    """(obligor, state, first day, last day, next state) of each spell, days counted as the tests write them."""
    zero = h.start.min()
    return list(zip(h.obligors[h.obligor], h.state, h.start - zero, h.end - zero, h.to))


def test_a_rating_lasts_until_the_next_and_the_last_until_the_end():
    assert spells(seen(x="0 A 100 B", y="0 B", until=300)) == [
        ("x", 0, 0, 100, 1),
        ("x", 1, 100, 300, -1),
        ("y", 1, 0, 300, -1),
    ]


def test_observation_ends_with_the_last_rating_unless_said():
    assert seen(x="0 A 100 B").until == day(100)


def test_a_repeated_grade_goes_on_with_its_spell():
    assert spells(seen(x="0 A 50 A 100 B", until=200)) == spells(seen(x="0 A 100 B", until=200))


def test_what_follows_a_default_is_left_out_and_counted():
    h = seen(x="0 A 10 D 20 B 30 D", until=40)
    assert spells(h) == [("x", 0, 0, 10, D)]
    assert h.left_out["after default"] == 2


def test_a_withdrawal_ends_the_spell_and_a_new_grade_begins_one():
    h = seen(x="0 A 10 NR 30 B", until=40)
    assert spells(h) == [("x", 0, 0, 10, NR), ("x", NR, 10, 30, 1), ("x", 1, 30, 40, -1)]
    assert h.rated.tolist() == [True, False, True]
    assert h.moved.tolist() == [False, False, False]


def test_a_withdrawal_before_any_grade_is_left_out_and_counted():
    h = seen(x="0 NR 5 A", y="0 A", until=10)
    assert h.left_out["withdrawn before a grade"] == 1
    assert spells(h)[0] == ("x", 0, 5, 10, -1)


def test_an_obligor_that_enters_in_default_has_no_history():
    assert seen(x="0 D 5 A", y="0 A", until=10).obligors.tolist() == ["y"]


def test_one_rating_is_a_history_too():
    assert spells(seen(x="0 A", until=10)) == [("x", 0, 0, 10, -1)]
    assert spells(seen(x="0 A", until=0)) == [("x", 0, 0, 0, -1)]


def test_the_state_on_a_day_is_that_of_its_close():
    h = seen(x="0 A 10 B 20 D", y="5 A 10 NR", until=30)
    at = {n: h.on(h.start.min() + n).tolist() for n in (0, 9, 10, 20, 30)}
    assert at == {0: [0, -1], 9: [0, 0], 10: [1, NR], 20: [D, NR], 30: [D, NR]}


def test_equal_ratings_of_one_day_count_once():
    once, twice = ratings(x="0 A 10 B"), ratings(x="0 A 0 A 10 B 10 B")
    h = rating_histories(twice, STATES)
    assert spells(h) == spells(rating_histories(once, STATES))
    assert h.left_out["repeated on a day"] == 2


def test_two_grades_on_one_day_are_refused_in_one_line_or_settled_by_the_worst():
    both = ratings(x="0 A 10 B 10 A", y="0 B 10 NR 10 A", z="0 A 10 D 10 B")
    with pytest.raises(DataRefused, match="found A and B of x on 2020-01-10, and 3 such days in all, expected one"):
        rating_histories(both, STATES)
    settled = worst_of_day(both, STATES)
    assert [tuple(row) for row in settled[["party_id", "grade"]].to_numpy()] == [
        ("x", "A"), ("x", "B"), ("y", "B"), ("y", "A"), ("z", "A"), ("z", "D"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.iloc[:0], "ratings: found no rows, expected at least one"),
        (lambda f: f.drop(columns="grade"), "ratings: found no column grade, expected party_id"),
        (lambda f: f.assign(grade=["A", None]), "ratings: found 1 rows without grade, expected none"),
        (lambda f: f.assign(rated_on=[pd.NaT, f["rated_on"][1]]), "ratings: found 1 rows without rated_on"),
        (lambda f: f.assign(grade=["A", "C"]), "grade: found C, expected one of A, B, D, NR"),
        (lambda f: f.assign(grade=["D", "NR"]), "ratings: found no grade before a default or withdrawal"),
        (lambda f: f.assign(rated_on=["soon", "later"]), "rated_on: found soon, expected dates"),
        (lambda f: f.assign(rated_on=[0, 10]), "rated_on: found 0, expected dates"),
    ],
)
def test_ratings_that_are_none_are_refused_in_one_line(change, words):
    with pytest.raises(DataRefused, match=words):
        rating_histories(change(ratings(x="0 A 10 B")), STATES)


def test_a_rating_after_the_end_is_refused_in_one_line():
    with pytest.raises(
        DataRefused, match=r"found 1 ratings after the end of observation 2020-01-08.*the first is of x on"
    ):
        rating_histories(ratings(x="0 A 10 B"), STATES, until=day(8))


def test_dates_may_be_text_or_days():
    frame = ratings(x="0 A 10 B")
    for dates in (frame["rated_on"].dt.strftime("%Y-%m-%d"), frame["rated_on"].dt.date):
        assert spells(rating_histories(frame.assign(rated_on=dates), STATES)) == [
            ("x", 0, 0, 10, 1),
            ("x", 1, 10, 10, -1),
        ]


def test_states_without_default_or_withdrawal_know_neither():
    tiers = States(("A", "B"), default=None, withdrawn=None)
    h = seen(x="0 A 10 B", until=20, states=tiers)
    assert h.on(h.start.min() + 10).tolist() == [1]
    with pytest.raises(DataRefused, match="grade: found D, expected one of A, B"):
        seen(x="0 A 10 D", states=tiers)


def test_a_state_named_twice_is_refused():
    with pytest.raises(Misuse, match=r"states: found .*each name once"):
        States(("A", "D"))


def test_states_come_back_from_their_state():
    assert States.from_state(STATES.to_state()) == STATES


def test_it_shows_how_much_there_is_and_no_arrays():
    told = repr(seen(x="0 A 10 D", y="0 B 20 A", until=40))
    assert told == f"Histories(2 obligors, 3 spells, 1 in default, {day(0)} to {day(40)}, {STATES!r})"
