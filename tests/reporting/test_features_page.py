"""The pages of the feature review: text and tables agree, faults are asked about, and what can't be told says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from riskmodels.book.synthetic import synthesise
from riskmodels.core import text
from riskmodels.core.checks import Limits, Verdict
from riskmodels.core.errors import Misuse
from riskmodels.reporting.blocks import (
    Changes,
    Decisions,
    Figure,
    KeyFigures,
    NotRun,
    Opinion,
    Section,
    Table,
    Verdicts,
)
from riskmodels.reporting.pages.features import FeatureReport
from riskmodels.reporting.pages.features_coverage import spaced
from riskmodels.reporting.pages.page import Before
from riskmodels.validation.features.each import default_limits
from tests.features.feature_books import book_of

AS_OF = date(2026, 6, 30)
PAGES = ("front", "coverage", "stability", "power", "alike", "leak", "appendix")
STRICT = {"features.each.filled": Limits.at_least(0.95), "features.leak.moved": Limits.at_most(0)}


@pytest.fixture(scope="module")
def tables():
    return synthesise(4_000, 3, AS_OF, 36).tables


@pytest.fixture(autouse=True)
def english():
    yield
    text.use("en")


def report_of(tables, lang="en", before=None, **asked) -> FeatureReport:
    return FeatureReport(book_of(tables), AS_OF, lang, before or Before(None, {}), **asked)


@pytest.fixture(scope="module")
def report(tables):
    """A report on payment behaviour whose line on filled shares some features are beyond."""
    made = report_of(
        tables,
        part="Payment behaviour",
        outcome="late",
        before=Before(date(2026, 3, 31), {"features.stability.psi": 40.0}),
    )
    strict = replace(made.review, limits={**default_limits(), **STRICT})
    made.__dict__["review"] = strict
    return made


@pytest.fixture(scope="module")
def shown(report) -> list:
    """All blocks of the report, made once: drawing takes longest."""
    return blocks(report)


def blocks(report: FeatureReport) -> list:
    return [block for page in PAGES for block in getattr(report, page)()]


def first(shown: list, kind: type):
    return next(b for b in shown if isinstance(b, kind))


def named(shown: list, name: str):
    tables = [b if isinstance(b, Table) else b.data for b in shown if isinstance(b, Table | Figure)]
    return next(t for t in tables if t.name == name)


def column(table: Table, key: str) -> list:
    place = [c.key for c in table.columns].index(key)
    return [row[place] for row in table.rows]


def test_every_page_speaks_in_either_language(report, shown):
    chinese = replace(report, lang="zh")
    chinese.__dict__["review"] = report.review
    for found in (shown, blocks(chinese)):
        assert sum(isinstance(b, Section) for b in found) == 6
        assert all(b.finding for b in found if isinstance(b, Section))


def test_the_counts_of_the_opinion_are_those_of_the_table(shown):
    opinion, table = first(shown, Opinion), first(shown, Verdicts)
    assert sum(opinion.counts.values()) == len(table.checks)
    assert opinion.counts[Verdict.BREACH] == sum(c.verdict is Verdict.BREACH for c in table.checks)
    assert len(table.checks) <= 16


def test_the_key_figures_are_those_of_the_workbook(report, shown):
    built, off, held, watched, telling = (k.value for k in first(shown, KeyFigures).items)
    verdicts = column(named(shown, "features"), "verdict")
    assert built + off == len(report.review.offered)
    assert built == len(verdicts)
    assert held == verdicts.count(str(Verdict.BREACH)) > 0
    assert watched == verdicts.count(str(Verdict.WATCH))
    assert telling == report.review.power["telling"].sum()


def test_the_parts_of_the_catalogue_add_up(report, shown):
    parts = named(shown, "parts")
    keys = [c.key for c in parts.columns]
    for key in ("built", "held", "watch", "telling"):
        assert parts.totals[0][keys.index(key)] == sum(column(parts, key))
    assert sum(column(parts, "built")) == len(report.review.columns)


def test_a_feature_held_back_is_named_asked_about_and_listed(report, shown):
    faults = report.review.faults
    filled = faults.loc[(faults["fault"] == "filled") & (faults["verdict"] == Verdict.BREACH), "feature"].tolist()
    asked = next(d.title for d in first(shown, Decisions).items if "rarely filled" in d.title)
    assert report.titles[filled[0]] in asked
    assert f"{len(filled)} rarely filled" in first(shown, Opinion).reason
    assert set(filled) <= set(column(named(shown, "faulty"), "feature"))


def test_the_run_before_is_compared_with(shown):
    changes = first(shown, Changes)
    assert changes.since == "the report of 2026-03-31"
    assert [c.before for c in changes.items] == [40.0]


def test_the_finding_on_power_counts_what_the_table_shows(report, shown):
    section = next(b for b in shown if isinstance(b, Section) and b.number == "3")
    assert section.finding.startswith(f"{int(report.review.power['telling'].sum())} of ")


def test_every_cell_of_the_heat_map_is_a_feature_and_a_month(report, shown):
    table = named(shown, "psi_by_month")
    assert set(column(table, "feature")) <= set(report.review.columns)
    assert len(set(column(table, "when"))) <= 12
    assert max(column(table, "when")) == "2026-06"


def test_a_list_of_open_items_says_what_cannot_be_told(tables):
    found = blocks(report_of({"invoices": tables["invoices"]}, part="Concentration"))
    reasons = [b.reason for b in found if isinstance(b, NotRun)]
    assert reasons == ["the book has no payments, so nothing is known of who paid"]
    assert all(b.finding for b in found if isinstance(b, Section))


def test_a_book_that_gives_no_feature_says_so_on_every_page(tables):
    found = blocks(report_of({"invoices": tables["invoices"]}, part="Payment behaviour"))
    assert first(found, Opinion).sentence == "No feature could be built on this book"
    assert sum(isinstance(b, NotRun) for b in found) == 5
    assert named(found, "switched_off").rows


def test_a_book_of_one_invoice_is_reviewed(tables):
    one = tables["invoices"].sort_values("issued_on").tail(1)
    found = blocks(report_of({"invoices": one}, part="Concentration"))
    assert sum(isinstance(b, Section) for b in found) == 6


def test_without_outcomes_the_table_of_all_features_stands_in_the_appendix(tables):
    found = blocks(report_of({"invoices": tables["invoices"]}, part="Concentration", key="client"))
    table = named(found, "features")
    assert all(f.startswith("client_") for f in column(table, "feature"))


def test_a_wrong_parameter_is_said_before_any_work(tables):
    with pytest.raises(Misuse, match="months: found 500, expected 4 to 120"):
        _ = report_of(tables, months=500).review


@pytest.mark.parametrize(("months", "places"), [(1, [0]), (12, list(range(12))), (24, list(range(1, 24, 2)))])
def test_months_shown_are_evenly_apart_and_end_with_the_last(months, places):
    assert spaced(months) == places
