"""The portal lists every run, newest first, and obeys no name in it."""

import json
import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from riskmodels.core import text
from riskmodels.core.checks import worst
from riskmodels.reporting.portal import CheckSummary, RunSummary, address, latest_figures, render_portal


@pytest.fixture
def runs(checks, hostile) -> list[RunSummary]:
    def one(i: int, as_of: date, value: float) -> RunSummary:
        told = tuple(CheckSummary.of(c) for c in [replace(checks[0], value=value), *checks[1:]])
        opinion, href = hostile[i % len(hostile)], f"validation/{as_of}/r{i}/report.html"
        return RunSummary(
            f"r{i}",
            "Validation",
            "pd",
            as_of,
            datetime(2026, 10, i + 1),
            worst(checks),
            opinion,
            href,
            "AUC",
            "0.8",
            told,
        )

    return [one(0, date(2026, 3, 31), 0.80), one(1, date(2026, 9, 30), 0.79), one(2, date(2026, 6, 30), 0.81)]


def test_runs_are_listed_newest_first(runs):
    assert re.findall(r'data-run="(r\d)"', render_portal(runs)) == ["r1", "r2", "r0"]


def test_hostile_opinions_stay_text(runs, hostile):
    page = render_portal(runs)
    assert page.count("<script") == 2
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("</script>") == 2


def test_the_embedded_checks_are_the_runs_checks(runs):
    page = render_portal(runs)
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
    assert {k: len(v["checks"]) for k, v in data["runs"].items()} == {r.run_id: len(r.checks) for r in runs}


def test_latest_figures_are_the_worst_of_the_newest_run_with_their_history(runs):
    newest = sorted(runs, key=lambda r: r.as_of, reverse=True)
    figures = latest_figures(newest)
    assert [f.check.verdict for f in figures] == ["breach", "breach", "watch", "within"]
    assert figures[-1].trend == (0.80, 0.81, 0.79)


def test_the_counts_on_the_chips_equal_the_rows(runs):
    page = render_portal(runs)
    assert re.findall(r"Breach (\d+)</span>", page) == [str(len(runs))]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "//evil.example/x", "https://evil.example"])
def test_a_link_can_only_be_a_place_below_the_portal(href):
    assert not re.match(r"[a-z]+:|//", address(href))


def test_the_portal_speaks_the_language_in_force(runs):
    text.use("zh")
    page = render_portal(runs)
    assert "报告与运行" in page
    assert 'lang="zh-CN"' in page


def test_no_run_is_said_plainly():
    assert "No run yet." in render_portal([])


def test_the_same_runs_give_the_same_page(runs):
    assert render_portal(runs) == render_portal(runs[::-1])
