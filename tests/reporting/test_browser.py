"""In a real browser: nothing is wider than the screen, and the scripts run under their own policy."""

import html
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime

import pytest

from riskmodels.core.checks import Verdict
from riskmodels.reporting.html import render_html
from riskmodels.reporting.portal import CheckSummary, RunSummary, render_portal

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1400,1200",
    "--virtual-time-budget=5000",
]

# The page lies in a frame of the width asked, with its policy on; only the frame around it is scripted.
MEASURE = """<script>
addEventListener("load", () => {
  const seen = [...document.querySelectorAll("iframe")].map((frame) => {
    const page = frame.contentDocument, root = page.documentElement;
    const told = { width: frame.clientWidth, client: root.clientWidth, scroll: root.scrollWidth };
    told.marked = page.querySelectorAll(".contents a.here").length;
    const sort = page.querySelector("th[data-sort=rank] button");
    if (sort) { sort.click(); told.first = page.querySelector(".verdicts tbody tr .result").textContent.trim(); }
    const picks = [...page.querySelectorAll(".pick input")];
    if (picks.length) {
      picks.slice(0, 2).forEach((box) => box.click());
      page.getElementById("compare").click();
      told.compared = page.querySelectorAll("#comparison tbody tr").length;
      page.querySelector(".chip input[value=within]").click();
      told.left = page.querySelectorAll(".runs tbody tr:not([hidden])").length;
    }
    return told;
  });
  document.body.replaceChildren(JSON.stringify(seen));
});
</script>"""


_RUN = RunSummary(
    "r0",
    "Validation",
    "pd " * 9,
    date(2026, 1, 1),
    datetime(2026, 10, 1),
    Verdict.BREACH,
    "x" * 60,
    "r/report.html",
    "AUC",
    "1",
)


@pytest.fixture
def browser():
    if CHROMIUM is None and os.environ.get("CI") == "true":
        pytest.fail("chromium is missing: install the Debian package chromium")
    if CHROMIUM is None:
        pytest.skip("chromium isn't installed (Debian package chromium)")

    def measure(pages: list[str], folder) -> list[dict]:
        frames = [
            f'<iframe style="width:{width}px;height:900px;border:0" srcdoc="{html.escape(page)}"></iframe>'
            for page in pages
            for width in (430, 1280)
        ]
        (folder / "wrap.html").write_text(f"<!doctype html><body>{MEASURE}{''.join(frames)}</body>", encoding="utf-8")
        command = [
            CHROMIUM,
            *FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            "--dump-dom",
            f"file://{folder / 'wrap.html'}",
        ]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
        return json.loads(html.unescape(re.search(r"<body>(\[.*\])</body>", shown, re.DOTALL)[1]))

    return measure


def test_no_page_is_wider_than_its_screen_and_scripts_run_under_their_policy(browser, report, run, checks, tmp_path):
    told = tuple(map(CheckSummary.of, checks))
    runs = [replace(_RUN, run_id=f"r{i}", as_of=date(2026, 1 + i, 1), checks=told) for i in (1, 2)]
    runs.append(replace(_RUN, run_id="r3", verdict=Verdict.WITHIN))
    pages = [render_html(report, run), render_html(report, replace(run, language="zh")), render_portal(runs)]
    seen = browser(pages, tmp_path)
    assert [page["width"] for page in seen] == [430, 1280] * 3
    assert all(page["scroll"] <= page["client"] for page in seen), seen
    assert [page["marked"] for page in seen] == [1, 1, 1, 1, 0, 0]
    assert [page.get("first") for page in seen[:4]] == ["Breach", "Breach", "超限", "超限"]
    assert [page.get("compared") for page in seen[4:]] == [len(checks)] * 2
    assert [page.get("left") for page in seen[4:]] == [1, 1]
