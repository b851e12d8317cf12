from datetime import date

import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.transitions import States, book_histories, book_ratings, quarterly_histories, score_ratings
from tests.features.feature_books import book_of

STATES = States(("1", "2", "3"))
AS_OF = date(2025, 6, 30)


def days(*texts):
    return pd.to_datetime(list(texts)).astype("datetime64[us]")


def frames():
    invoices = pd.DataFrame(
        {
            "invoice_id": ["I1", "I2", "I3"],
            "client_id": ["C1", "C1", "C1"],
            "debtor_id": ["D1", "D2", "D3"],
            "currency": "CNY",
            "amount": [100.0, 100.0, 100.0],
            "issued_on": days("2024-01-10", "2024-01-10", "2025-06-20"),
            "due_on": days("2024-03-10", "2025-12-31", "2025-12-31"),
            "known_on": days("2024-01-10", "2024-01-10", "2025-06-20"),
        }
    )
    ratings = pd.DataFrame(
        {
            "party_id": ["D1", "D1", "D2", "D2", "D2", "C1", "D3"],
            "rated_on": days(
                "2024-01-31", "2024-09-30", "2024-01-31", "2024-05-31", "2025-05-31", "2024-01-31", "2024-02-29"
            ),
            "model_grade": ["1", "2", "2", "2", "3", "1", None],
            "final_grade": ["1", "2", "2", "1", None, "1", None],
            "known_on": days(
                "2024-02-02", "2024-10-02", "2024-02-02", "2024-06-02", "2025-07-15", "2024-02-02", "2024-02-29"
            ),
        }
    )
    scores = pd.DataFrame(
        {
            "model_id": ["rating-1", "rating-1", "other"],
            "subject_id": ["D1", "D1", "D1"],
            "as_of": days("2024-03-31", "2024-06-30", "2024-03-31"),
            "grade": ["1", "3", "2"],
            "known_on": days("2024-04-02", "2025-08-02", "2024-04-02"),
        }
    )
    return {"invoices": invoices, "ratings": ratings, "scores": scores}


@pytest.fixture(scope="module")
def book():
    return book_of(frames())


def test_ratings_are_the_final_grade_or_the_models_as_known_then(book):
    found = book_ratings(book, AS_OF)
    assert len(found) == 5
    assert found.loc[found["party_id"] == "D2", "grade"].tolist() == ["2", "1"]
    later = book_ratings(book, date(2025, 7, 31))
    assert later.loc[later["party_id"] == "D2", "grade"].tolist() == ["2", "1", "3"]


def test_a_debtor_overdue_by_more_than_ninety_days_is_in_default_whatever_it_is_rated_then(book):
    history = book_histories(book, AS_OF, STATES)
    assert history.obligors.tolist() == ["D1", "D2"]
    assert history.until <= AS_OF
    assert history.left_out["after default"] == 1
    defaulted = pd.Timestamp(int(history.default_day[0]), unit="D").date()
    assert defaulted == date(2024, 6, 9)
    assert history.moved.tolist() == [True, True, False]


def test_grades_of_scores_are_ratings_as_known_then(book):
    found = score_ratings(book, AS_OF, "rating-1")
    assert found["grade"].tolist() == ["1"]
    assert found["rated_on"].dt.date.tolist() == [date(2024, 3, 31)]
    with pytest.raises(DataRefused, match="scores: found no grades of model magic known at 2025-06-30"):
        score_ratings(book, AS_OF, "magic")


def test_a_book_without_ratings_says_so(book):
    bare = book_of({"invoices": frames()["invoices"]})
    with pytest.raises(DataRefused, match="no rows in table ratings"):
        book_ratings(bare, AS_OF)


def test_what_a_book_can_t_tell_is_refused_in_one_line(book):
    with pytest.raises(Misuse, match="states: found none for default"):
        book_histories(book, AS_OF, States(("1", "2", "3"), default=None))
    with pytest.raises(Misuse, match="key: found 'anchor_id', expected one of debtor_id, client_id"):
        book_histories(book, AS_OF, STATES, key="anchor_id")


def rated(*rows):
    frame = pd.DataFrame(rows, columns=["party_id", "as_of", "grade"])
    return frame.assign(as_of=pd.to_datetime(frame["as_of"]).astype("datetime64[us]"))


def test_who_owes_nothing_at_a_quarter_end_has_no_rating_until_it_owes_again(book):
    history = quarterly_histories(
        book,
        rated(
            ("D2", "2024-06-30", "1"),
            ("D2", "2024-12-31", "2"),
            ("D3", "2024-06-30", "1"),
            ("D3", "2024-09-30", "1"),
            ("D3", "2024-12-31", "1"),
        ),
        STATES,
        AS_OF,
    )
    assert history.obligors.tolist() == ["D2", "D3"]
    assert history.state.tolist() == [0, STATES.withdrawn_code, 1, 0]
    assert history.to.tolist() == [STATES.withdrawn_code, 1, -1, -1]
    assert history.on((date(2024, 9, 30) - date(1970, 1, 1)).days).tolist() == [STATES.withdrawn_code, 0]


def test_a_default_ends_the_quarterly_grades_and_is_no_withdrawal(book):
    history = quarterly_histories(
        book, rated(("D1", "2024-03-31", "2"), ("D2", "2024-03-31", "1"), ("D2", "2024-06-30", "1")), STATES, AS_OF
    )
    assert history.to.tolist() == [STATES.default_code, -1]
    assert history.left_out["after default"] == 0
    with pytest.raises(Misuse, match="found none for default or withdrawn"):
        quarterly_histories(book, rated(("D1", "2024-03-31", "2")), States(("1", "2", "3"), withdrawn=None), AS_OF)
