"""The portal shows every sound run and survives the others."""

from __future__ import annotations

import json
import logging

import pytest

from riskmodels.core.checks import Verdict
from riskmodels.runs.execute import run
from riskmodels.runs.portal import render_portal, summary


@pytest.fixture
def rendered():
    """A renderer that writes what the portal reads of a result."""

    def render(executed, manifest, folder):
        check = {
            "name": "a.b.c",
            "title": "Share",
            "value": 0.25,
            "unit": "share",
            "verdict": "watch",
            "limit_text": "20%",
        }
        figure = {"label": "Balance", "value": 41.4e6, "unit": "money", "currency": "CNY"}
        told = {
            "overall": "watch",
            "opinion": "Look again.",
            "figures": {"a.b.c": 0.25},
            "checks": [check],
            "key_figures": [figure] if manifest.parameters["top"] else [],
        }
        (folder / "result.json").write_text(json.dumps(told), encoding="utf-8")

    return render


def test_a_run_is_summed_up_in_words_and_links(notebook, subject, instant, rendered, tmp_path):
    made = run(notebook(), {}, subject, tmp_path, render=rendered)
    row = summary(made, tmp_path)
    folder = f"tiny_report/2026-06-30/{made.manifest.run_id}"
    assert (row.report, row.subject, row.opinion) == ("Tiny report", "ledger", "Look again.")
    assert (row.key_label, row.key_value) == ("Balance", "CNY\u00a041.4\u00a0m")
    assert (row.href, row.files) == (f"{folder}/report.html", (("json", f"{folder}/result.json"),))
    (check,) = row.checks
    assert (check.verdict, check.formatted, check.limit) == (Verdict.WATCH, "25.0%", "20%")


def test_a_report_without_key_figures_has_none_in_the_portal(notebook, subject, instant, rendered, tmp_path):
    row = summary(run(notebook(), {"top": 0}, subject, tmp_path, render=rendered), tmp_path)
    assert (row.key_label, row.key_value) == ("", "")


def test_the_portal_lists_all_runs_and_leaves_out_a_broken_one(notebook, subject, instant, rendered, tmp_path, caplog):
    sound, broken = (run(notebook(), {}, subject, tmp_path, render=rendered) for _ in range(2))
    (broken.path / "result.json").write_text("{}", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        render_portal(tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert sound.manifest.run_id in page
    assert broken.manifest.run_id not in page
    assert "left out of the portal" in caplog.text


def test_a_portal_without_runs_is_an_empty_page(tmp_path):
    render_portal(tmp_path)
    assert (tmp_path / "index.html").is_file()
