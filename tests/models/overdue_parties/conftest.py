"""A synthetic book and its sample of debtors: more than 30 days past due within three months."""

from datetime import date

import pytest

from riskmodels.book.open import open_book
from riskmodels.book.synthetic import synthesise, write
from riskmodels.models.overdue_parties import OverdueParties, rule_of

AS_OF = date(2026, 6, 30)


@pytest.fixture(scope="package")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("parties") / "small.duckdb"
    write(synthesise(3_000, 5, AS_OF), path)
    return open_book(path)


@pytest.fixture(scope="package")
def recipe():
    return OverdueParties("debtor_id", rule_of(30, 3))


@pytest.fixture(scope="package")
def debtors(book, recipe):
    return recipe.training_sample(book, AS_OF)
