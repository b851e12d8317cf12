"""The pages of both reports on a small synthetic book: they tie to the ledger and say what they can't."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.book.synthetic import synthesise
from riskmodels.core import text
from riskmodels.core.checks import Verdict
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.reporting.blocks import Changes, Decisions, NotRun, Opinion, Section, Table, Verdicts
from riskmodels.reporting.pages.page import Before, read_before, say_counts
from riskmodels.reporting.pages.review import PortfolioReview
from tests.features.feature_books import book_of

AS_OF = date(2026, 6, 30)
PAGES = ("front", "ageing", "concentration", "turnover", "cohorts", "data", "appendix")


@pytest.fixture(scope="module")
def tables():
    return synthesise(4_000, 3, AS_OF, **{"clients.export_share": 0.0}).tables


@pytest.fixture(autouse=True)
def english():
    yield
    text.use("en")


def review_of(tables: dict[str, pd.DataFrame], lang: str = "en", before: Before | None = None) -> PortfolioReview:
    return PortfolioReview(book_of(tables), AS_OF, lang, before or Before(None, {}))


@pytest.fixture(scope="module")
def review(tables) -> PortfolioReview:
    """A review in English; what it measures is measured once."""
    return review_of(tables)


def blocks(review: PortfolioReview) -> list:
    return [block for page in PAGES for block in getattr(review, page)()]


def test_every_page_speaks_in_either_language(tables, review):
    for made in (review, review_of(tables, "zh")):
        found = blocks(made)
        assert sum(isinstance(b, Section) for b in found) == 6
        assert not [b for b in found if isinstance(b, NotRun)]


def test_the_counts_of_the_opinion_are_those_of_the_table(review):
    front = review.front()
    opinion = next(b for b in front if isinstance(b, Opinion))
    table = next(b for b in front if isinstance(b, Verdicts))
    assert sum(opinion.counts.values()) == len(table.checks)
    assert opinion.counts[Verdict.BREACH] == sum(c.verdict is Verdict.BREACH for c in table.checks)


def test_the_largest_debtors_and_the_others_tie_to_the_ledger(tables, review):
    paid = sum(tables[name]["amount"].sum() for name in ("payments", "credit_notes", "write_offs"))
    page = review.concentration()
    largest = next(b for b in page if isinstance(b, Table))
    balance = [c.key for c in largest.columns].index("balance")
    owed = tables["invoices"]["amount"].sum() - paid
    assert largest.totals[-1][balance] == pytest.approx(owed)
    assert sum(row[balance] for row in largest.rows) + largest.totals[0][balance] == pytest.approx(owed)
    assert largest.caption.endswith(": 0.00.")


def test_a_difference_to_the_ledger_is_shown(tables):
    invoices, extra = tables["invoices"], tables["payments"].head(1)
    over = extra.assign(payment_id="over", amount=5_000_000.0)
    spoilt = {**tables, "payments": pd.concat([tables["payments"], over], ignore_index=True)}
    assert len(invoices)
    caption = next(b for b in review_of(spoilt).concentration() if isinstance(b, Table)).caption
    assert not caption.endswith(": 0.00.")


def test_a_breach_asks_for_a_decision(review):
    broken = [c for c in review.checks if c.verdict is Verdict.BREACH]
    asked = [d for b in review.front() if isinstance(b, Decisions) for d in b.items]
    assert len(asked) == len(broken)


def test_the_previous_run_stands_before_the_quarter_before(tables, review):
    name = next(n for n in review.previous if n.endswith("over_90"))
    told = review_of(tables, before=Before(date(2026, 5, 31), {name: 0.123}))
    assert told.previous == {name: 0.123}
    assert told.compared == "the report of 2026-05-31"
    changes = next(b for b in told.front() if isinstance(b, Changes))
    assert [c.before for c in changes.items] == [0.123]


def test_a_book_of_invoices_only_says_what_it_cannot_tell(tables):
    found = blocks(review_of({"invoices": tables["invoices"]}))
    reasons = [b.reason for b in found if isinstance(b, NotRun)]
    assert len(reasons) == 2
    assert all("no payments" in reason for reason in reasons)


def test_a_book_of_one_invoice_is_reviewed(tables):
    one = tables["invoices"].sort_values("issued_on").tail(1)
    found = blocks(review_of({"invoices": one}))
    assert len([b for b in found if isinstance(b, Section)]) == 6


def test_an_earlier_result_that_cannot_be_read_is_one_line(tmp_path):
    (tmp_path / "result.json").write_text("{}")
    with pytest.raises(DataRefused, match=r"previous: .*result.json: can't be read as a run's result"):
        read_before(str(tmp_path / "result.json"))


def test_nothing_checked_is_not_called_fine():
    assert say_counts([]) == "Nothing could be checked on this book"


def test_an_unknown_language_is_refused():
    with pytest.raises(Misuse, match="lang: found 'fr', expected one of en, zh"):
        text.use("fr")
