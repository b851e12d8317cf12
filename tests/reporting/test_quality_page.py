"""The pages of the data-quality report: they say what was found, tie to the ledger, and degrade with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from riskmodels.book.synthetic import synthesise
from riskmodels.core import text
from riskmodels.core.checks import Verdict
from riskmodels.reporting.blocks import Changes, Decisions, Findings, NotRun, Opinion, Section, Table, Verdicts
from riskmodels.reporting.pages.page import Before
from riskmodels.reporting.pages.quality import DataQuality
from tests.features.feature_books import book_of

AS_OF = date(2026, 6, 30)
PAGES = ("front", "completeness", "rows", "reconciliation", "timeliness", "shifts", "appendix")


@pytest.fixture(scope="module")
def tables():
    return synthesise(3_000, 3, AS_OF, 30, **{"frauds.clients": 0.0, "frauds.rings": 0.0}).tables


@pytest.fixture(scope="module")
def spoilt(tables):
    lost = tables["payments"].assign(invoice_id=lambda t: t["invoice_id"].where(t.index >= 7, "nobody"))
    note = tables["credit_notes"].head(1).assign(note_id="over", amount=5e8)
    return {**tables, "payments": lost, "credit_notes": pd.concat([tables["credit_notes"], note], ignore_index=True)}


@pytest.fixture(autouse=True)
def english():
    yield
    text.use("en")


def report_of(tables, lang="en", before=None) -> DataQuality:
    return DataQuality(book_of(tables), AS_OF, lang, before or Before(None, {}))


def blocks(report: DataQuality) -> list:
    return [block for page in PAGES for block in getattr(report, page)()]


def first(shown: Iterable, kind: type):
    return next(b for b in shown if isinstance(b, kind))


@pytest.fixture(scope="module")
def report(spoilt) -> DataQuality:
    return report_of(spoilt)


@pytest.fixture(scope="module")
def shown(report) -> list:
    """All blocks of the spoilt book's report, made once: drawing takes longest."""
    return blocks(report)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_speaks_in_either_language(spoilt, shown, lang):
    found = shown if lang == "en" else blocks(report_of(spoilt, lang))
    assert sum(isinstance(b, Section) for b in found) == 6
    assert all(b.finding for b in found if isinstance(b, Section))


def test_the_counts_of_the_opinion_are_those_of_the_table(report):
    front = report.front()
    opinion = next(b for b in front if isinstance(b, Opinion))
    table = next(b for b in front if isinstance(b, Verdicts))
    assert sum(opinion.counts.values()) == len(table.checks)
    assert opinion.counts[Verdict.BREACH] == sum(c.verdict is Verdict.BREACH for c in table.checks)


def test_a_failed_check_is_said_asked_found_and_shown_with_its_rows(report, shown):
    assert "Rows without their invoice" in first(shown, Opinion).sentence
    assert any("Rows without their invoice at 7" in d.title for d in first(shown, Decisions).items)
    assert any(f.severity == "S2" and "without their invoice: 7" in f.finding for f in first(shown, Findings).items)
    rows = next(b for b in report.rows() if isinstance(b, Table))
    orphans = next(r for r in rows.rows if r[1] == "payments.invoice_id → invoices")
    assert orphans[2] == 7
    assert "/ nobody" in orphans[3]


def test_the_clients_and_the_others_tie_to_the_ledger(tables, spoilt, report):
    for given, made in ((tables, report_of(tables)), (spoilt, report)):
        page = made.reconciliation()
        for table in (b for b in page if isinstance(b, Table) and b.name.startswith("clients_")):
            place = [c.key for c in table.columns].index("invoiced")
            shown = sum(row[place] for row in table.rows)
            others = table.totals[0][place] if len(table.totals) > 1 else 0.0
            assert shown + others == pytest.approx(table.totals[-1][place])
            assert table.caption.endswith(": 0.00.")
        invoiced = given["invoices"]["amount"].sum()
        totals = [b.totals[-1][place] for b in page if isinstance(b, Table) and b.name.startswith("clients_")]
        assert sum(totals) == pytest.approx(invoiced)


def test_the_client_with_the_difference_comes_first(report, spoilt):
    wrong = spoilt["credit_notes"].iloc[-1]["invoice_id"]
    owner = spoilt["invoices"].set_index("invoice_id").loc[wrong, "client_id"]
    assert report.clients.iloc[0]["client_id"] == owner
    assert any(owner in b.finding for b in report.reconciliation() if isinstance(b, Section))


def test_rows_of_the_future_are_found_though_no_date_shows_them(tables):
    later = tables["payments"].copy()
    later.loc[:2, ["paid_on", "known_on"]] = pd.Timestamp("2036-01-01")
    check = next(c for c in report_of({**tables, "payments": later}).checks if c.name == "book.dates.future")
    assert (check.value, check.verdict) == (3, Verdict.BREACH)


def test_the_run_before_is_compared_with(report):
    told = replace(report, before=Before(date(2026, 3, 31), {"book.integrity.orphans": 2.0}))
    told.__dict__["checks"] = report.checks
    changes = first(told.front(), Changes)
    assert changes.since == "the report of 2026-03-31"
    assert [(c.before, c.after) for c in changes.items] == [(2.0, 7)]


def test_a_list_of_open_items_says_what_cannot_be_checked(tables):
    found = blocks(report_of({"invoices": tables["invoices"]}))
    reasons = [b.reason for b in found if isinstance(b, NotRun)]
    assert "the book has no rows in payments" in reasons
    assert "the book has no accounts of the factor" in reasons
    heads = [b.finding for b in found if isinstance(b, Section)]
    assert "Nothing can be reconciled: the book has neither payments nor credit notes" in heads


def test_a_book_of_one_invoice_is_reported(tables):
    found = blocks(report_of({"invoices": tables["invoices"].sort_values("issued_on").tail(1)}))
    assert len([b for b in found if isinstance(b, Section)]) == 6
