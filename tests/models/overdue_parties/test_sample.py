"""Whom a model of overdue parties is trained, judged and used on."""

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from riskmodels.book.outcomes import default_outcomes
from riskmodels.core.dates import add_months
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.overdue_parties import party_sample, rule_of
from riskmodels.models.overdue_parties.sample import later_origins
from tests.models.bad_definition.conftest import ledger_of
from tests.models.overdue_parties.conftest import AS_OF

TRAINED = date(2025, 6, 30)


@pytest.mark.parametrize("months", [3, 6, 12])
@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 6, 29), date(2026, 2, 28), date(2026, 5, 31)])
def test_windows_judged_are_over_don_t_overlap_and_begin_after_training(as_of, months):
    origins = later_origins(date(2025, 1, 31), as_of, months)
    assert origins[0] >= date(2025, 1, 31)
    assert add_months(origins[-1], months) <= as_of
    assert all(add_months(a, months) <= b for a, b in pairwise(origins))


def test_without_a_window_that_is_over_the_training_day_is_judged_as_too_young():
    assert later_origins(TRAINED, date(2025, 8, 31), 3) == [TRAINED]


def test_the_sample_judged_shares_no_window_with_the_one_learnt_from(book, recipe):
    learnt, judged = recipe.training_sample(book, TRAINED), recipe.validation_sample(book, TRAINED, AS_OF)
    assert learnt["as_of"].map(lambda day: add_months(day.date(), 3)).max() <= TRAINED
    assert judged["as_of"].min() >= pd.Timestamp(TRAINED)
    assert judged["outcome"].isin([0.0, 1.0]).all()


def test_those_scored_owe_something_and_are_not_overdue(book, recipe):
    sample = recipe.scoring_sample(book, AS_OF)
    open_then = default_outcomes(book, "debtor_id", [AS_OF], AS_OF, recipe.RULE)
    assert set(sample["debtor_id"]) == set(open_then["debtor_id"])
    assert sample["debtor_id"].is_unique
    assert sample["outcome"].isna().all()


def test_a_book_too_short_for_the_window_is_refused():
    rows = [("a", "d", 100.0, "2025-09-01", "2025-10-10")]
    said = "begins on 2025-09-01 and is known until 2025-09-01; overdue debtors within 12 months need 15 months"
    with pytest.raises(DataRefused, match=said):
        party_sample(ledger_of(rows), "debtor_id", date(2025, 12, 31), rule_of(30, 12))


def test_a_key_that_names_no_party_is_refused(book):
    with pytest.raises(Misuse, match="key: found 'invoice_id', expected one of debtor_id, client_id"):
        party_sample(book, "invoice_id", AS_OF, rule_of())
