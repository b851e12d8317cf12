"""From a book and a file of overrides to the review: outcomes are the book's, young windows are counted."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.open import open_book
from riskmodels.book.outcomes import Default, default_outcomes, known_until, standing_of
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.errors import DataRefused
from riskmodels.core.scale import OBLIGORS
from riskmodels.policy.override_outcomes import merged, outcomes_after, review_overrides
from riskmodels.policy.override_review import override_review
from riskmodels.policy.overrides import RATINGS, overridden

AS_OF = date(2026, 6, 30)
HEAD = "party_id,rated_on,before,after,reason,by\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("overridden") / "small.duckdb"
    write(synthesise(8_000, 5, AS_OF), path)
    return open_book(path)


@pytest.fixture(scope="module")
def ratings(book):
    return book.as_of(AS_OF).sql("SELECT * FROM ratings ORDER BY party_id, rated_on")


@pytest.mark.parametrize("key", ["debtor_id", "client_id"])
def test_outcomes_are_those_of_the_default_rule(book, key):
    origins = [date(2023, 6, 30), date(2024, 6, 30), date(2025, 6, 30), date(2025, 12, 31)]
    expected = default_outcomes(book, key, origins, AS_OF).rename(columns={key: "party_id", "origin": "rated_on"})
    rated = expected[["party_id", "rated_on"]].sample(frac=1, random_state=1).reset_index(drop=True)
    standing = standing_of(book.as_of(AS_OF), key, Default()).rename(columns={key: "party_id"})
    outcome, performing = outcomes_after(rated, standing, known_until(book, AS_OF))
    both = rated.assign(found=outcome).merge(expected, on=["party_id", "rated_on"])[performing]
    assert performing.mean() > 0.98  # what became known of the day later may tell more than was known then
    np.testing.assert_array_equal(both["found"], both["defaulted"])
    assert both["found"].nunique() == 2
    assert both.loc[both["rated_on"] == "2025-12-31", "found"].isna().all()


def test_one_call_goes_from_a_book_and_a_file_to_the_review(book, ratings, tmp_path):
    plain = review_overrides(book, AS_OF)
    rated = ratings[ratings["party_id"].str.startswith("D") & (ratings["model_grade"] == ratings["final_grade"])]
    row = rated[rated["model_grade"] == "4"].iloc[0]
    (tmp_path / "o.csv").write_text(f"{HEAD}{row['party_id']},{row['rated_on']:%Y-%m-%d},4,6,news,Li\n")
    told = review_overrides(book, AS_OF, tmp_path / "o.csv")
    changed = told.review.by["ratings"] - plain.review.by["ratings"]
    assert changed.to_dict() == {"raised": 0, "unchanged": -1, "lowered": 1}
    assert told.table()["direction"].tolist() == ["raised", "unchanged", "lowered"]


def test_ratings_without_an_outcome_are_counted_by_why(book, ratings):
    found = review_overrides(book, AS_OF)
    known = int(found.review.by["known"].sum())
    assert found.review.rated == known + found.young + found.idle
    assert found.review.rated + found.review.left_out + found.others == len(ratings)
    debtors = book.sql("SELECT DISTINCT debtor_id FROM invoices")["debtor_id"]
    assert found.others == (~ratings["party_id"].isin(debtors)).sum()
    assert 0 < found.young < found.review.rated


def test_the_rates_are_of_the_windows_that_are_over(book):
    early, late = (review_overrides(book, day).review.by for day in (date(2024, 6, 30), AS_OF))
    assert (early["known"] <= late["known"]).all()
    assert (early["defaults"] <= late["defaults"]).all()


def test_an_override_of_a_later_day_is_not_reviewed_yet(book, tmp_path):
    (tmp_path / "o.csv").write_text(f"{HEAD}D0001,2026-06-30,4,6,news,Li\n")
    before, after = (review_overrides(book, d, tmp_path / "o.csv").review.rated for d in (date(2026, 6, 29), AS_OF))
    assert after >= before + 1


def table(*rows):
    frame = pd.DataFrame(rows, columns=RATINGS[:-1]).astype("str")
    days = pd.to_datetime(frame["rated_on"]).astype("datetime64[us]")
    return frame.assign(rated_on=days, known_on=days)


def lowered(party, before="4", after="6", day=date(2025, 6, 30)):
    return overridden(OBLIGORS, party, day, before, after, "news", "Li")


def test_a_file_completes_the_books_ratings_and_adds_its_own():
    given = table(("p1", "2025-06-30", "m", "4", "4", None), ("p2", "2025-06-30", "m", "4", "6", "news"))
    found = merged(given, [lowered("p1"), lowered("p2"), lowered("p3")])
    assert found["final_grade"].tolist() == ["6", "6", "6"]
    assert override_review(found, OBLIGORS).unexplained == 0
    assert given["final_grade"].tolist() == ["4", "6"]


@pytest.mark.parametrize("row", [("p1", "2025-06-30", "m", "3", "3", None), ("p1", "2025-06-30", "m", "4", "5", "x")])
def test_a_file_that_contradicts_the_book_is_refused(row):
    with pytest.raises(
        DataRefused, match=r"overrides: p1 on 2025-06-30: found 4 to 6, expected what the book's ratings"
    ):
        merged(table(row), [lowered("p1")])
