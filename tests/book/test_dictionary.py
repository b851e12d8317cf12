"""The data dictionary says what the schema says, and every column has a Chinese name."""

import re

import pytest

from riskmodels.book.dictionary import KINDS, dictionary
from riskmodels.book.schema import KINDS as SCHEMA_KINDS
from riskmodels.book.schema import TABLES
from riskmodels.book.vocabulary import called, column_zh, recodings, table_zh, vocabulary


def test_the_page_in_docs_is_what_the_schema_says(repository):
    page = (repository / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary() + "\n", "run: python -m riskmodels.book.dictionary > docs/data-dictionary.md"


@pytest.mark.parametrize("name", TABLES)
def test_every_column_and_row_rule_stands_on_the_page_in_its_order(name):
    section = dictionary().split(f"\n## {name}\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.M) == [
        *TABLES[name].names,
        *(rule.name for rule in TABLES[name].rules),
    ]


def test_rows_have_as_many_cells_as_their_heads():
    blocks = re.findall(r"(?:^\|.*\n?)+", dictionary(), re.M)
    widths = [{len(re.findall(r"(?<!\\)\|", line)) for line in block.strip().split("\n")} for block in blocks]
    assert len(blocks) > len(TABLES)
    assert all(len(width) == 1 for width in widths)


def test_every_kind_is_explained():
    assert set(KINDS) == set(SCHEMA_KINDS)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_column_has_a_chinese_name(name):
    names = [table_zh(name), *(column_zh(name, column) for column in TABLES[name].names)]
    assert [n for n in names if not re.search(r"[\u4e00-\u9fff]", n)] == []


@pytest.mark.parametrize("name", TABLES)
def test_no_two_columns_of_a_table_share_a_chinese_name(name):
    names = [column_zh(name, column) for column in TABLES[name].names]
    assert sorted(set(names)) == sorted(names)


def test_every_entry_of_the_vocabulary_is_a_table_or_a_column():
    words = vocabulary()
    assert set(words["tables"]) == set(TABLES)
    strange = [
        f"{table}.{name}"
        for table, entry in words["tables"].items()
        for name in [*entry["columns"], *entry.get("values", {})]
        if name not in TABLES[table].names
    ]
    assert strange == []
    assert set(words["common"]) <= {name for table in TABLES.values() for name in table.names}


def test_recodings_lead_to_every_allowed_value_and_no_other():
    for table in TABLES.values():
        for column in table.columns:
            if found := recodings(table.name, column.name):
                assert set(found) == set(column.allowed or ("true", "false")), f"{table.name}.{column.name}"


def test_no_foreign_value_is_recoded_in_two_ways():
    for table in TABLES.values():
        for column in table.columns:
            theirs = [word for words in recodings(table.name, column.name).values() for word in words]
            assert sorted(set(theirs)) == sorted(theirs), f"{table.name}.{column.name}"


def test_a_placeholder_stands_for_each_of_its_words():
    names = called("invoices", "debtor_id").names
    assert {"customer id", "买方编号", "bill to number"} <= set(names)
    assert not [name for name in names if "{" in name]
