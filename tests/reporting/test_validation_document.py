"""The whole document of a scored file: what a machine reads is what the tables show, in both languages."""

import json
import re
from datetime import date

import numpy as np
import pytest
from bs4 import BeautifulSoup

from riskmodels.core import text as language
from riskmodels.reporting.header import RunHeader
from riskmodels.reporting.html import render_html
from riskmodels.reporting.pages.judged_frame import file_validation
from riskmodels.reporting.result import render_json
from riskmodels.reporting.tables import MOST_ROWS, money_unit
from riskmodels.reporting.words import verdict_word
from riskmodels.reporting.xlsx import tables_of
from tests.validation.planted import GOOD

ROLES = "score=probability, outcome=outcome, grade=grade, weight=weight, obligor=obligor, segment=segment"
NUMBER = re.compile(r"−?[\d,]+(?:\.\d+)?")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    development, later, drivers = GOOD.samples(np.random.default_rng(3))
    folder = tmp_path_factory.mktemp("scored")
    for name, frame in (("development", development), ("later", later.assign(period="2025-06-30"))):
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder, ",".join(drivers)


def document(files, repository, lang):
    """The blocks of the document, section by section in the order of the notebook."""
    folder, drivers = files
    judged = file_validation(
        str(folder / "later.csv"),
        f"{ROLES}, period=period",
        reference=str(folder / "development.csv"),
        drivers=drivers,
        lang=lang,
    )
    notebook = json.loads((repository / "notebooks" / "model_validation.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    sections = [found[1] for source in sources if (found := re.fullmatch(r"judged\.(\w+)\(\)", source))]
    return [block for section in sections for block in getattr(judged, section)()]


@pytest.fixture(scope="module", params=["en", "zh"])
def told(request, files, repository):
    """Blocks, page and result of one language."""
    blocks = document(files, repository, request.param)
    run = RunHeader("model_validation", date(2026, 6, 30), "20260630T0000Z-0000", language=request.param)
    return request.param, blocks, BeautifulSoup(render_html(blocks, run), "html.parser"), render_json(blocks, run)


def test_every_section_of_the_document_is_there_in_order(told):
    _lang, blocks, _page, _result = told
    numbers = [int(b.number) for b in blocks if b.kind == "section"]
    assert sorted(set(numbers)) == list(range(1, 16))
    assert numbers == sorted(numbers)


def test_each_figure_of_the_result_is_the_one_its_table_shows(told):
    lang, blocks, page, result = told
    language.use(lang)
    shown = {box["aria-label"]: box.select("tbody tr") for box in page.select("div.scroll:has(table.grid)")}
    compared = 0
    for table, entry in zip(tables_of(blocks), result["tables"].values(), strict=True):
        rows = shown.get(table.title, [])
        for row, found in zip(rows, entry["rows"] if rows else [], strict=len(entry["rows"]) <= MOST_ROWS):
            cells = [cell.get_text(strip=True) for cell in row.select("td")]
            for (key, column), text in zip(entry["columns"].items(), cells, strict=True):
                compared += agrees(text, found[key], column["unit"], money_unit(table)[0])
    assert compared > 1_000


def test_the_verdicts_of_page_one_are_those_of_the_result(told):
    lang, _blocks, page, result = told
    language.use(lang)
    votes = [check for check in result["checks"] if check["primary"]]
    assert sum(result["counts"].values()) == len(votes)
    for row, check in zip(page.select("table.verdicts tbody tr"), votes, strict=True):
        assert row.select_one(".name").get_text() == check["title"]
        assert row.select_one(".result b").get_text() == verdict_word(check["verdict"])
        assert agrees(row.select_one(".value").get_text(), check["value"], check["unit"], 1.0)


def test_the_result_holds_every_test_of_the_appendix(told):
    _lang, _blocks, _page, result = told
    rows = {row["check"]: row["verdict"] for row in result["tables"]["tests"]["rows"]}
    assert {check["title"]: check["verdict"] for check in result["checks"]} == rows
    assert len(result["figures"]) == len(result["checks"]) == len(result["tables"]["tests"]["rows"]) > 50


def test_the_verdict_page_carries_materiality_identity_and_signatures_once(told):
    lang, blocks, _page, _result = told
    kinds = [b.kind for b in blocks]
    first = kinds.index("section")
    assert (kinds.count("identity"), kinds.count("signoff")) == (1, 1)
    assert kinds.index("identity") < kinds.index("signoff") < first
    made_of = blocks[kinds.index("identity")]
    assert all(len(digest) == 12 for digest in (made_of.data, made_of.code, made_of.environment))
    language.use(lang)
    assert ("materiality" if lang == "en" else "重要性") in blocks[0].subtitle


def agrees(text: str, value: object, unit: str, divisor: float) -> bool:
    """Whether a cell tells a value: a number to its last digit, a word, or a dash for nothing."""
    if value is None or value == "":
        assert text in ("", "—"), (text, value)
        return True
    if unit == "verdict":
        assert text == verdict_word(value)
        return True
    if text == "< 0.001":
        assert value < 0.001
        return True
    if not isinstance(value, int | float):
        assert str(value) == text
        return True
    number = NUMBER.search(text)
    assert number, (text, value)
    digits = number[0].replace(",", "").replace("−", "-")
    scale = 100.0 if unit in ("share", "rate", "use") else 1.0 / divisor if unit == "money" else 1.0
    last = 10.0 ** -len(digits.partition(".")[2])
    assert abs(float(digits) - value * scale) <= last * 0.500001, (text, value, unit)
    return True
