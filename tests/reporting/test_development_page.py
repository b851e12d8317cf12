"""The development of a rating as a report: every page in both languages, figures that tie, no trial said to be none."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.checks import Verdict
from riskmodels.reporting.blocks import NotRun, Section, Table
from riskmodels.reporting.pages.development import scorecard_development
from riskmodels.validation.development.evidence import PARTS

PAGES = ["front", "sample", "definition", "drivers", "bins", "scorecard", "bands", "grades", "challenger", "appendix"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("development") / "small.duckdb"
    write(synthesise(40_000, 20, date(2026, 6, 30)), path)
    return str(path)


@pytest.fixture(scope="module")
def report(place):
    return scorecard_development(place, "2025-06-30")


def measured_as(report, other):
    """The other report, with the measures of this one that take longest and depend on neither language nor trial."""
    other.made.__dict__.update({name: getattr(report.made, name) for name in ("explained", "study")})
    return other


def tables(report, page):
    return {b.name: b for b in getattr(report, page)() if isinstance(b, Table)}


def column(table, key):
    at = [c.key for c in table.columns].index(key)
    return [row[at] for row in table.rows]


def test_every_page_speaks_in_either_language(place, report):
    chinese = measured_as(report, scorecard_development(place, "2025-06-30", "zh"))
    assert chinese.stored.folder == report.stored.folder
    for page in PAGES:
        told = str(getattr(chinese, page)())
        assert any("一" <= letter <= "鿿" for letter in told), page
        assert len(getattr(chinese, page)()) == len(getattr(report, page)())


def test_the_parts_of_the_trial_share_no_debtor_and_no_window(report):
    parts = report.made.parts
    assert set(parts) == set(PARTS)
    development, held, later = (parts[name] for name in PARTS)
    assert not set(development["obligor"]) & set(held["obligor"])
    assert development["period"].max() + pd.DateOffset(months=12) <= later["period"].min()
    assert column(tables(report, "sample")["parts"], "n") == [len(f) for f in parts.values()]


def test_the_bins_tie_to_the_sample_and_the_points_to_the_score(report):
    table = tables(report, "bins")["points"]
    drivers = len(report.stored.drivers)
    assert sum(column(table, "n")) == drivers * report.made.size.rows
    assert [name for name in column(table, "driver") if name] != []


def test_every_feature_offered_is_told_what_became_of_it(report):
    table = tables(report, "drivers")["selection"]
    assert all(column(table, "reason"))
    shown = report.stored.selection.head(len(table.rows))
    assert column(table, "reason").count("taken") == shown["feature"].isin(report.stored.drivers).sum()
    dropped = shown["taken"] & ~shown["feature"].isin(report.stored.drivers)
    assert sum(reason.startswith("chosen, then dropped") for reason in column(table, "reason")) == dropped.sum() == 1


def test_the_score_bands_hold_every_case_of_every_part(report):
    table = tables(report, "bands")["score_bands"]
    assert sum(column(table, "n")) == sum(len(frame) for frame in report.made.parts.values())


def test_the_most_prudent_pd_never_falls_for_a_worse_grade(report):
    prudent = column(tables(report, "grades")["grades"], "prudent")
    assert prudent == sorted(prudent)


def test_the_level_shows_each_part_before_and_after(report):
    table, told = tables(report, "grades")["level"], report.stored.card["level"]
    assert column(table, "n") == [report.made.size.rows, *(len(f) for f in report.made.parts.values())]
    assert column(table, "observed")[0] == pytest.approx(told["sample_rate"])
    moved = [after - before for before, after in zip(column(table, "before"), column(table, "after"))]
    assert moved[0] * told["shift"] > 0
    assert f"{100 * told['central_tendency']:.2f}%" in table.caption


def test_without_a_trial_nothing_says_how_it_does_on_others(report):
    stored = replace(report.stored, trial=pd.DataFrame(), card={**report.stored.card, "no_trial": "too few defaults"})
    alone = measured_as(report, replace(report, stored=stored))
    ranked = [c for c in alone.checks if c.group in ("rank", "bands")]
    assert {c.verdict for c in ranked} == {Verdict.NOT_RUN}
    assert {c.reason for c in ranked} == {"too few defaults"}
    bands = alone.bands()
    assert isinstance(bands[0], Section)
    assert bands[1] == NotRun(bands[0].name, "too few defaults")


def test_a_breach_asks_for_a_decision(report):
    front = report.front()
    broken = [c for c in report.checks if c.verdict is Verdict.BREACH]
    assert len(front[-1].items) == 1 + min(len(broken), 4)
