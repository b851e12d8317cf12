"""Stored scores meet the outcomes their book has come to know."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.book.open import open_book
from riskmodels.book.outcomes import default_outcomes, invoice_outcomes
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.overdue_rule import rule_of
from riskmodels.validation.score_files import score_files, scored_cases

AS_OF = date(2026, 6, 30)
ORIGINS = [date(2025, 3, 31), date(2025, 4, 30), date(2026, 3, 31)]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("scores") / "small.duckdb"
    write(synthesise(800, 5, AS_OF), path)
    return open_book(path)


def written(folder, key, names, **more):
    for origin in ORIGINS:
        frame = pd.DataFrame({key: names, "as_of": str(origin), "probability": 0.1, "grade": 3, **more})
        frame.to_csv(folder / f"{origin}.csv", index=False)
    return score_files(str(folder / "*.csv"))


def test_debtors_meet_the_defaults_of_their_window(book, tmp_path):
    known = default_outcomes(book, "debtor_id", ORIGINS, AS_OF)
    cases, horizon = scored_cases(written(tmp_path, "debtor_id", sorted(set(known["debtor_id"]))), book, AS_OF)
    assert horizon == 12
    both = cases.merge(known, left_on=["obligor", "period"], right_on=["debtor_id", "origin"])
    assert len(both) == len(cases) == len(known)
    pd.testing.assert_series_equal(both["outcome"], both["defaulted"], check_names=False, check_dtype=False)
    assert cases.loc[cases["period"] == "2026-03-31", "outcome"].isna().all()


def test_scores_of_the_overdue_bring_their_rule(book, tmp_path):
    known = default_outcomes(book, "debtor_id", ORIGINS, AS_OF, rule_of(30, 3))
    files = written(tmp_path, "debtor_id", sorted(set(known["debtor_id"])), dpd=30, months=3)
    cases, horizon = scored_cases(files, book, AS_OF)
    assert horizon == 3
    assert cases["outcome"].sum() == known["defaulted"].sum()


def test_an_invoice_scored_every_month_counts_once(book, tmp_path):
    known = invoice_outcomes(book, AS_OF).set_index("invoice_id")
    names = known.index[:50].tolist()
    cases, horizon = scored_cases(written(tmp_path, "invoice_id", names), book, AS_OF)
    assert (len(cases), horizon) == (50, 0)
    assert set(cases["period"]) == {pd.Timestamp(ORIGINS[0])}
    assert cases.set_index("invoice_id")["outcome"].equals(known.loc[cases["invoice_id"], "late"].rename("outcome"))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"invoice": "i1"}, "expected one of debtor_id, client_id, invoice_id"),
        ({"debtor_id": "d1", "as_of": "31/03/2025"}, "as_of: found '31/03/2025' in line 2"),
        ({"debtor_id": "d1", "probability": "high"}, "probability: found 'high' in line 2, expected finite numbers"),
        ({"debtor_id": "d1", "as_of": "2027-01-31"}, "found no score by the close of 2026-06-30"),
        ({"debtor_id": ""}, "found scores of different subjects"),
    ],
)
def test_a_bad_file_of_scores_is_refused(book, tmp_path, broken, words):
    row = {"as_of": "2025-03-31", "probability": 0.1, "grade": 3, **broken}
    pd.DataFrame([row]).to_csv(tmp_path / "scores.csv", index=False)
    with pytest.raises(DataRefused, match=words):
        scored_cases(score_files(str(tmp_path / "scores.csv")), book, AS_OF)


def test_a_pattern_that_meets_no_file_is_misuse_and_a_folder_is_no_score(tmp_path):
    with pytest.raises(Misuse, match="no such file, expected files of stored scores"):
        score_files(str(tmp_path / "*.parquet"))
    assert score_files("rating") == []
