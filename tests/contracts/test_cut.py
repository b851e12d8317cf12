"""No row and no cell of any table can be seen before the day that reveals it, and nothing downstream notices it."""

import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from schema_books import schema_book

from riskmodels.book.book import Book
from riskmodels.book.garble import garbled
from riskmodels.book.outcomes import default_outcomes, invoice_outcomes
from riskmodels.book.quality import check_book
from riskmodels.book.schema import TABLES, Column
from riskmodels.features import CATALOGUE, assert_no_leak
from riskmodels.portfolio.review import review

DAYS = (date(2024, 5, 1), date(2024, 9, 15), date(2025, 3, 31))
LATER = [(t.name, c) for t in TABLES.values() for c in t.columns if c.revealed_by != "known_on"]


@dataclass(frozen=True)
class Case:
    """A book of every table and the same with a garbage future, whole and cut at a day, as books and as frames."""

    day: date
    whole: Book
    future: Book
    cut: Book
    other: Book
    frames: dict[str, dict[str, pd.DataFrame]]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def case(request) -> Case:
    book, day = schema_book(7), request.param
    books = {"whole": book, "future": garbled(book, day)}
    books |= {"cut": books["whole"].as_of(day), "other": books["future"].as_of(day)}
    return Case(day, **books, frames={k: {t: b.frame(t) for t in TABLES} for k, b in books.items()})


@pytest.mark.parametrize("name", TABLES)
def test_a_cut_of_each_table_is_the_same_whatever_comes_later(case: Case, name: str):
    pd.testing.assert_frame_equal(case.frames["cut"][name], case.frames["other"][name])


@pytest.mark.parametrize("name", TABLES)
def test_the_garbage_changes_what_comes_later(case: Case, name: str):
    assert not case.frames["whole"][name].equals(case.frames["future"][name])


@pytest.mark.parametrize(("name", "column"), LATER, ids=[f"{t}.{c.name}" for t, c in LATER])
def test_a_cell_is_seen_from_the_day_that_reveals_it(case: Case, name: str, column: Column):
    key, after = list(TABLES[name].key), pd.Timestamp(case.day) + pd.Timedelta(days=1)
    whole = case.frames["whole"][name].set_index(key)
    seen = case.frames["cut"][name].set_index(key)
    revealed = (whole[column.revealed_by] < after).reindex(seen.index)
    assert seen.loc[~revealed, column.name].isna().all()
    pd.testing.assert_series_equal(
        seen.loc[revealed, column.name], whole[column.name].reindex(seen.index[revealed]), check_index=False
    )


def test_what_reveals_a_cell_is_a_date_that_reveals_itself():
    for name, column in LATER:
        revealing = TABLES[name][column.revealed_by]
        assert revealing.kind in ("date", "stamp")
        assert revealing.revealed_by in (revealing.name, "known_on")


def test_outcomes_quality_and_portfolio_at_a_date_do_not_see_later_facts(case: Case):
    pd.testing.assert_frame_equal(invoice_outcomes(case.whole, case.day), invoice_outcomes(case.future, case.day))
    ends = [date(2024, 4, 30)]
    pd.testing.assert_frame_equal(
        default_outcomes(case.whole, "debtor_id", ends, case.day),
        default_outcomes(case.future, "debtor_id", ends, case.day),
    )
    assert told(check_book(case.cut)) == told(check_book(case.other))
    assert told(review(case.cut)) == told(review(case.other))


def test_no_feature_sees_a_later_cell_of_any_table():
    # one book on one day: the campaign of leaks tries a hundred such books, each on a day of its own
    assert_no_leak(CATALOGUE, schema_book(7), DAYS[1])


def told(results) -> str:
    return json.dumps([r.as_dict() for r in results], sort_keys=True, default=str)
