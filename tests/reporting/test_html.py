"""The page stands alone, obeys no data, and says the same as its results."""

import base64
import hashlib
import html
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pandas as pd
import pytest

from riskmodels.core import text
from riskmodels.core.checks import counts
from riskmodels.reporting import blocks as b
from riskmodels.reporting.header import RunHeader
from riskmodels.reporting.html import render_html


class Tags(HTMLParser):
    """Every tag with its attributes, and the text outside style and script."""

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.text, self.open = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text.append(data)


@pytest.fixture
def page(report, run) -> str:
    return render_html(report, run)


def test_hostile_names_stay_text(page, hostile):
    seen = Tags(page)
    for name in hostile:
        assert name in "".join(seen.text)
    assert [tag for tag, _ in seen.tags].count("script") == 1
    assert "49" not in re.findall(r"about (\S+)", "".join(seen.text))


def test_no_tag_reaches_outside(page):
    for tag, attributes in Tags(page).tags:
        for name in ("src", "href", "action", "xlink:href", "srcset", "data"):
            assert not re.match(r"(?i)\s*(https?:|//|javascript:|file:)", attributes.get(name) or ""), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert tag_names(page).isdisjoint({"link", "iframe", "object", "embed", "base", "img", "foreignobject"})


def tag_names(page: str) -> set[str]:
    return {tag for tag, _ in Tags(page).tags}


def test_the_style_fetches_nothing(page):
    style = page[page.index("<style>") : page.index("</style>")]
    assert "@import" not in style
    assert not re.search(r"url\((?!#)", style)


def test_the_policy_allows_the_one_script_of_the_page(page):
    script = page[page.index("<script>") + 8 : page.rindex("</script>")]
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1])
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'")
    assert f"script-src 'sha256-{digest}';" in policy


def test_counts_equal_rows(page, checks):
    assert len(re.findall(r'<tr class="[a-z]*" data-value', page)) == len(checks)
    tally = html.unescape(re.sub(r"<[^>]+>|\s+", " ", page[page.index('class="tally"') + 14 : page.index("<table")]))
    assert [int(n) for n in re.findall(r"(\d+) (?:Breach|Watch|Within|Not run)", tally)] == list(
        counts(checks).values()
    )


def test_the_same_report_gives_the_same_bytes(report, run):
    assert render_html(report, run) == render_html(report, run)


def test_a_stored_report_renders_as_the_fresh_one(report, run, page):
    assert render_html([b.from_json(block.to_json()) for block in report], run) == page


def test_the_language_is_the_run_s_and_stays_in_the_run(report, run):
    page = render_html(report, replace(run, language="zh"))
    assert '<html lang="zh-CN">' in page
    for word in ("超限", "关注", "达标", "未执行", "基准日", "运行", "需委员会决定的事项", "图 1　"):
        assert word in page
    assert text.language() == "en"
    assert "Breach" in render_html(report, run)


def test_a_check_not_run_says_why(page):
    assert "the table bank_flows is missing" in page
    assert "Not run, because the table bank_flows is missing" in page


def test_money_of_a_table_has_one_unit_and_it_stands_in_the_subtitle(table, run):
    page = render_html([table], run).replace("\u00a0", " ")
    assert "by balance, CNY m" in page
    assert ">150.0<" in page
    assert ">−4.0<" in page


def test_a_long_table_shows_fifty_rows_and_says_so(run):
    page = render_html([b.Table.of("long", pd.DataFrame({"n": range(501)}), title="Long")], run)
    assert page.count("<tr") == 51
    assert "The first 50 of 501 rows" in page


def test_a_run_s_names_can_t_leave_the_page_style(run):
    page = render_html([b.Text(("x",))], replace(run, report='"}</style><script>alert(1)</script>'))
    assert tag_names(page) >= {"html"}
    assert [tag for tag, _ in Tags(page).tags].count("script") == 1


def test_the_contents_carry_the_worst_shape_of_each_section(page, checks):
    contents = page[page.index('<nav class="contents"') : page.index("</nav>")]
    assert re.findall(r'class="shape (\w+)"', contents) == ["watch", "within"]


def test_halves_share_a_line_and_a_lone_half_takes_it_all(run):
    half = b.Decisions((b.Decision("x"),))
    assert render_html([half, half, half], run).count('class="pair"') == 1


def test_a_long_verdict_table_prints_what_matters_and_counts_the_rest(checks, run):
    more = [replace(checks[0], name=f"validation.grades.g{i}", title=f"Grade {i}") for i in range(15)]
    page = render_html([b.Verdicts((*checks, *more))], run)
    assert page.count('class="name"') == 20
    assert page.count(" spare") + page.count('"spare') == 16
    assert "16 further checks are within" in page


def test_an_empty_report_is_still_a_page():
    assert "<main>" in render_html([], RunHeader("Review", date(2026, 9, 30), "r1"))
