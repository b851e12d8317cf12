"""On a synthetic book the overdue model tells late payers apart about as well as a ledger lets anybody.

The true odds, which know the hidden quality of debtors, tell them apart better still: that can't be had.
"""

from datetime import date

import pandas as pd
import pytest
from scipy.stats import rankdata

from riskmodels.book.open import open_book
from riskmodels.book.synthetic import Synthetic, generate, synthesise, write
from riskmodels.models import overdue
from tests.recovery.ledger_odds import ledger_odds

TRAINED, AS_OF = date(2025, 6, 30), date(2026, 6, 30)


def gini(score: pd.Series, late: pd.Series) -> float:
    events = late.sum()
    auc = (rankdata(score)[late > 0].sum() - events * (events + 1) / 2) / (events * (len(late) - events))
    return 2 * auc - 1


@pytest.fixture(scope="module")
def made() -> Synthetic:
    """A book of the core tables only: a ledger tells no more of payment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SATELLITES", "OF_PARTIES", "OF_INVOICES", "TRUTHS"):
            patch.setattr(generate, name, ())
        return synthesise(30_000, 1, AS_OF)


@pytest.fixture(scope="module")
def judged(made: Synthetic, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Invoices issued after the day of training that are old enough: late or not, by the model, the law, the filter."""
    path = tmp_path_factory.mktemp("gini") / "book.duckdb"
    write(made, path)
    book = open_book(path)
    models, _ = overdue.train(overdue.training_sample(book, TRAINED), 0)
    found = overdue.scored(models, overdue.validation_sample(book, TRAINED, AS_OF)).set_index("invoice_id")
    filtered = ledger_odds(book.as_of(AS_OF), made.truth, pd.Timestamp(AS_OF))
    true = made.truth["invoices"].set_index("invoice_id")["late"]
    return found.assign(true=true, filtered=filtered).dropna(subset=["outcome", "probability", "true"])


def test_the_filter_tells_what_a_ledger_tells_and_no_more(judged: pd.DataFrame):
    """Its tenths are as far apart as what happens, if all a little high: debtors that go on paying are the better ones.
    Nothing about hidden quality is in it."""
    tenths = judged.groupby(pd.qcut(judged["filtered"], 10, labels=False))[["filtered", "outcome"]].mean()
    excess = tenths["filtered"] - tenths["outcome"]
    assert abs(excess.mean()) < 0.1
    assert (excess - excess.mean()).abs().max() < 0.04
    assert gini(judged["filtered"], judged["outcome"]) < 0.92 * gini(judged["true"], judged["outcome"])


def test_late_payers_are_told_apart_nearly_as_well_as_a_ledger_lets_anybody(judged: pd.DataFrame):
    """At least 95 % of what a filter reaches that knows the planted law; either engine at least 93 %."""
    best = gini(judged["filtered"], judged["outcome"])
    assert gini(judged["probability"], judged["outcome"]) >= 0.95 * best
    assert gini(judged["challenger"], judged["outcome"]) >= 0.93 * best
