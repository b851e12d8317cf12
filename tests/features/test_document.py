"""The page of features says what the catalogue says, in both languages."""

import re

import pytest

from riskmodels.core.text import language
from riskmodels.features import CATALOGUE
from riskmodels.features.catalogue import PARTS
from riskmodels.features.document import chinese, page, table_of
from riskmodels.features.feature import NEITHER, RAISES, Compared, Feature, over
from riskmodels.features.formulas import total
from riskmodels.features.measures import Flow
from riskmodels.features.pack import shipped

CJK = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def written():
    return page()


@pytest.fixture(scope="module")
def every():
    """Every entry of the house and of the shipped packs."""
    return (*CATALOGUE, *(e for pack in shipped().values() for e in pack.catalogue))


def test_the_page_is_what_the_catalogue_says(repository, written):
    kept = (repository / "docs" / "features.md").read_text(encoding="utf-8")
    assert kept == written + "\n", "run: make catalogue"


def test_every_feature_has_its_row(every, written):
    rows = [re.match(r"\| `(\w+)` \|.*\| ([\w, ]*) \| ([\w, ]+) \| [^|]+ \|$", line) for line in written.splitlines()]
    shown = {
        f"{key}_{re.sub('_WINDOW$', f'_{window}', found[1].split('_', 1)[1])}"
        for found in rows
        if found
        for key in found[3].split(", ")
        for window in found[2].split(", ")
    }
    wanted = {f"{s}_{e.name}" for e in every for s in (e.subjects if hasattr(e, "subjects") else ("invoice",))}
    assert wanted <= shown


def test_every_sentence_and_subject_has_a_chinese_translation(every):
    sentences = {e.meaning for e in every} | set(PARTS) | {pack.meaning for pack in shipped().values()}
    assert sorted(s for s in sentences if not CJK.search(chinese(s))) == []


def test_the_page_is_in_english_whatever_language_is_in_force_afterwards(written):
    assert language() == "en"
    assert "## Five kinds of measure" in written


def test_every_row_of_a_table_has_all_its_cells(written):
    tables = re.findall(r"(?:^\|.*\n?)+", written, re.M)
    for table in tables:
        widths = {len(re.split(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table[:200]
    assert len(tables) > len(PARTS) + len(shipped())


def test_the_subjects_are_the_whole_catalogue(written):
    assert f"The {len(CATALOGUE)} features of the house, in {len(PARTS)} subjects" in written
    for title, entries in PARTS.items():
        assert f"\n## {title}\n" in written
        assert re.search(rf"\| \[{re.escape(title)}\]\(#[a-z0-9-]+\) \| .* \| {len(entries)} \|", written)


def test_links_lead_to_headings_of_the_page_or_to_pages_that_exist(repository, written):
    headings = {
        re.sub(r"[^a-z0-9 _-]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.*)$", written, re.M)
    }
    for place, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", written):
        if place:
            assert (repository / "docs" / place).exists(), place
        else:
            assert anchor in headings, anchor


def test_a_family_is_one_row_and_anything_else_is_not(book):
    facts = CATALOGUE[0].measures[0].facts
    count = Flow(facts, lambda r: 1)
    rows = table_of(
        (
            *over((90, None), "my_count", "Count", "count", RAISES, total, count),
            *over((30,), "my_count", "Count", "count", NEITHER, total, count),
            Feature("my_level_now", "A | level", "count", RAISES, total, (count,), ("client",)),
            Compared("my_double", "Double", "count", RAISES, total, ("client_my_level_now",)),
        )
    )[2:]
    assert [row.split(" | ")[0] for row in rows] == [
        *("| `KEY_my_count_WINDOW`", "| `KEY_my_count_30d`", "| `client_my_level_now`", "| `invoice_my_double`")
    ]
    assert "| 90d, ever | debtor, client, pair, chain |" in rows[0]
    assert "A \\| level" in rows[2]
    assert rows[3].endswith("| invoice | `client_my_level_now` |")
