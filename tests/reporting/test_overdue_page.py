"""The development of an overdue model as a report: every page in both languages, figures that tie, no trial said."""

from dataclasses import replace
from datetime import date

import pytest

from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.checks import Verdict
from riskmodels.models.baselines import TITLES
from riskmodels.reporting.blocks import NotRun, Section, Table
from riskmodels.reporting.pages.overdue import overdue_development

PAGES = ["front", "sample", "endings", "choice", "effects", "habit", "level", "reasons", "cash", "ageing", "appendix"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("overdue") / "small.duckdb"
    write(synthesise(4_000, 20, date(2026, 6, 30)), path)
    return str(path)


@pytest.fixture(scope="module")
def report(place):
    return overdue_development(place, "2025-06-30")


def measured_as(report, other):
    """The other report, with the trial and the evidence of this one: measured in no language, unless there is none."""
    other.made.__dict__["tried"] = report.made.tried
    for name in ("reasons_evidence", "cash_evidence", "ageing_evidence"):
        other.__dict__[name] = replace(getattr(report, name))  # a copy, whose checks are titled anew
    return other


def tables(report, page):
    return {b.name: b for b in getattr(report, page)() if isinstance(b, Table)}


def column(table, key):
    at = [c.key for c in table.columns].index(key)
    return [row[at] for row in table.rows]


def test_every_page_speaks_in_either_language(place, report):
    chinese = measured_as(report, overdue_development(place, "2025-06-30", "zh"))
    assert chinese.stored.folder == report.stored.folder
    for page in PAGES:
        told = str(getattr(chinese, page)())
        assert any("一" <= letter <= "鿿" for letter in told), page
        assert len(getattr(chinese, page)()) == len(getattr(report, page)())


def test_the_quarters_hold_every_invoice_learnt_from(report):
    table = tables(report, "sample")["quarters"]
    assert sum(column(table, "n")) == len(report.made.sample)
    assert sum(column(table, "young")) == report.made.sample["outcome"].isna().sum()


def test_model_and_habits_stand_in_one_table_least_error_first(report):
    table = tables(report, "habit")["habit"]
    assert len(table.rows) == 2 + len(TITLES)
    told = list(zip(column(table, "mae_days"), column(table, "auc_late")))
    assert told == sorted(told, key=lambda row: (row[0] or 0.0, -row[1]))
    assert column(table, "less_auc_late").count("") == 1


def test_leaving_out_open_invoices_is_shown_beside_what_came(report):
    table = tables(report, "endings")["young_shares"]
    assert column(table, "dropped")[1] < column(table, "came")[1]


def test_a_book_too_short_for_a_trial_says_so_on_every_page_that_rests_on_it(place):
    early = overdue_development(place, "2023-06-30")
    reason = early.made.no_trial
    assert reason
    assert early.trial_models == {}
    for page in ("habit", "level"):
        first, second = getattr(early, page)()
        assert isinstance(first, Section)
        assert second == NotRun(first.name, reason)
    rested = [c for c in early.checks if c.name != "overdue.sample.late"]
    assert {c.verdict for c in rested} == {Verdict.NOT_RUN}
    assert len(early.front()) >= 5
