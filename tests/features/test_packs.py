"""Packs: tables and features of a trade, held to the rules of the house's own."""

import json
from datetime import date

import numpy as np
import pack_brute
import pandas as pd
import pytest
from pack_books import opened, pack_book, pack_frames
from typer.testing import CliRunner

from riskmodels.book.entities import apply_groups
from riskmodels.book.entities.propose import Member, Proposal, group_id
from riskmodels.book.entities.review import write_review
from riskmodels.book.load import load
from riskmodels.book.mapping import parse_mapping
from riskmodels.book.open import open_book
from riskmodels.book.quality import check_book
from riskmodels.book.schema import TABLES, Column, Table
from riskmodels.cli import app
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.features import CATALOGUE, Facts, Feature, Flow, assert_no_leak, available, build
from riskmodels.features.check import check_catalogue
from riskmodels.features.feature import RAISES, Compared
from riskmodels.features.formulas import total
from riskmodels.features.pack import Pack, catalogue_of, pack_named, shipped

NAMES = ["auto_parts", "pharma", "construction"]
DATES = [date(2025, 3, 15), date(2025, 12, 31)]
SUBJECTS = ("client", "debtor", "pair")
FEW = tuple(e for e in CATALOGUE if e.name in ("invoice_count_365d", "late_share_365d"))
"""What stands in for the house's catalogue where all of it would only take time."""


@pytest.fixture(scope="module", params=NAMES)
def trade(request):
    """A pack and a random book with its tables."""
    return shipped()[request.param], pack_book(request.param)


def test_the_shipped_packs_are_named_as_on_the_command_line():
    assert list(shipped()) == NAMES


@pytest.fixture(scope="module")
def frames(trade):
    """The features of the pack, by subject."""
    pack, book = trade
    return {subject: build(book, subject, DATES, pack.catalogue) for subject in SUBJECTS}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_feature_of_a_pack_equals_loops_over_the_cut_book(trade, frames, subject):
    pack, book = trade
    brute, frame = getattr(pack_brute, pack.name), frames[subject]
    views = {pd.Timestamp(d): pack_brute.Trade(book, d) for d in DATES}
    ids = ["client_id", "debtor_id"] if subject == "pair" else [f"{subject}_id"]
    wanted = []
    for row in frame.itertuples():
        own = {c: getattr(row, c) for c in ids}
        mine = lambda i, own=own: all(getattr(i, c) == k for c, k in own.items())  # noqa: E731
        wanted.append(brute(views[row.as_of], mine, own[ids[0]], subject))
    columns = [c for c in frame if str(c).startswith(f"{subject}_") and frame[c].dtype.kind == "f"]
    assert len(columns) >= 2
    for name in columns:
        values = np.array([w[name.removeprefix(f"{subject}_")] for w in wanted], float)
        np.testing.assert_array_equal(frame[name].to_numpy(), values, err_msg=name)


def test_the_random_book_says_something_of_every_feature(trade, frames):
    for entry in trade[0].catalogue:
        told = pd.concat([f[c] for f in frames.values() for c in f if str(c).split("_", 1)[1] == entry.name])
        assert told.nunique() > 2, entry.name


def test_no_feature_of_a_pack_sees_the_future(trade):
    pack, book = trade
    assert_no_leak(pack.catalogue, book, date(2025, 1, 31))


def test_the_features_of_a_pack_are_shown_beside_those_of_the_house(trade):
    pack, book = trade
    whole = catalogue_of([pack])
    assert set(CATALOGUE) | set(pack.catalogue) == set(whole)
    few = [e for e in whole if e in pack.catalogue or e.name == "invoice_count_365d"]
    assert {"client_invoice_count_365d", f"client_{pack.catalogue[0].name}"} <= set(
        build(book, "client", DATES[-1], tuple(few))
    )


def test_a_table_that_is_absent_switches_its_features_off_with_the_reason(trade):
    pack, _ = trade
    table = pack.tables[-1].name
    book = pack_book(pack.name, leave_out=(table,))
    listed = available(pack.catalogue, book).set_index("feature")
    off = listed[~listed["available"]]
    assert set(off["reason"]) == {f"no rows in table {table}"}
    assert 0 < len(off) < len(listed)
    assert set(build(book, "client", DATES[-1], pack.catalogue).attrs["switched_off"]) == set(off.index)


def test_a_book_read_without_its_pack_says_which_table_is_missing(trade):
    pack, _ = trade
    with pytest.raises(Misuse, match=r"found no table '\w+', expected one of parties, .*or give the pack that adds it"):
        build(opened(pack_frames(pack.name)), "client", DATES[-1], pack.catalogue)


def test_the_tables_of_a_pack_are_cut_like_those_of_the_house(trade):
    pack, book = trade
    day = date(2025, 1, 31)
    cut = book.as_of(day)
    for table in pack.tables:
        rows = cut.frame(table.name)
        assert 0 < len(rows) < len(book.frame(table.name))
        assert (rows["known_on"] <= pd.Timestamp(day)).all()
        for column in (c for c in table.columns if c.revealed_by != "known_on"):
            shown = rows[column.name].notna()
            assert (rows.loc[shown, column.revealed_by] <= pd.Timestamp(day)).all(), column.name


def test_every_table_and_column_of_a_pack_has_a_chinese_name(trade):
    for table in trade[0].tables:
        assert table.zh, table.name
        assert [c.name for c in table.columns if not c.zh] == []
        assert len({c.zh for c in table.columns}) == len(table.columns)


def test_every_rule_of_a_pack_is_sql_over_its_columns(trade):
    pack, book = trade
    for table in pack.tables:
        for rule in table.rules:
            book.sql(f"SELECT count(*) FILTER (WHERE NOT ({rule.holds})) FROM {table.name}")


# Loading

MAPPING = """
[tables.invoices]
from = "invoices"
[tables.invoices.columns]
invoice_id = "invoice_id"
client_id = "client_id"
debtor_id = "debtor_id"
currency = "currency"
amount = "amount"
issued_on = "issued_on"
due_on = "due_on"
contract_no = "contract_no"
known_on = "known_on"
[tables.milestones]
from = "节点"
[tables.milestones.columns]
milestone_id = "编号"
contract_no = "合同"
agreed_on = "约定日"
planned_on = "计划日"
currency = {constant = "CNY"}
amount = "金额"
reached_on = "完成日"
approved_on = "确认日"
approved_amount = "确认金额"
"""
SHEET = "编号,合同,约定日,计划日,金额,完成日,确认日,确认金额\n"


@pytest.fixture
def folder(tmp_path):
    """A folder of CSV files: invoices under our names, milestones under somebody else's."""
    pack_frames("construction")["invoices"].to_csv(tmp_path / "invoices.csv", index=False)
    (tmp_path / "节点.csv").write_text(
        SHEET + "M1,K1,2024-01-05,2024-02-01,1000.50,2024-03-01,2024-03-11,990\nM2,K1,2024-01-05,2024-04-01,500,,,\n",
        encoding="utf-8",
    )
    return tmp_path


def test_a_packs_table_is_loaded_from_csv_through_a_mapping(folder):
    packs = [shipped()["construction"]]
    loaded = load(folder, folder / "b.duckdb", parse_mapping(MAPPING, "m", packs), packs=packs)
    assert loaded.rows["milestones"] == 2
    book = open_book(folder / "b.duckdb", packs)
    assert book.frame("milestones")["amount"].tolist() == [1000.5, 500.0]
    frame = build(book, "client", DATES[-1], packs[0].catalogue)
    assert frame["client_overdue_milestone_count_now"].sum() == 1


def test_a_row_that_breaks_a_rule_of_a_pack_is_refused(folder):
    packs = [shipped()["construction"]]
    row = "M3,K1,2024-01-05,2024-02-01,7,2024-03-05,2024-03-01,7\n"
    (folder / "节点.csv").write_text(SHEET + row, encoding="utf-8")
    with pytest.raises(DataRefused, match=r"milestones row 2: .*expected approved_on on or after reached_on"):
        load(folder, folder / "b.duckdb", parse_mapping(MAPPING, "m", packs), packs=packs)


def test_a_load_without_the_pack_knows_no_such_table(folder):
    with pytest.raises(Misuse, match="mapping m: milestones: no such table"):
        parse_mapping(MAPPING, "m")
    rules = parse_mapping(MAPPING, "m", [shipped()["construction"]])
    with pytest.raises(Misuse, match="milestones: no such table, expected one of the house or of a pack"):
        load(folder, folder / "b.duckdb", rules)


def test_rows_are_added_to_a_packs_table_of_a_book(folder, tmp_path):
    packs = [shipped()["construction"]]
    rules = parse_mapping(MAPPING, "m", packs)
    load(folder, folder / "b.duckdb", rules, packs=packs)
    later = "M2,K1,2024-01-05,2024-04-01,500,2024-05-01,,\nM3,K2,2024-01-05,2024-04-01,70,,,\n"
    (folder / "节点.csv").write_text(SHEET + later, encoding="utf-8")
    loaded = load(folder, folder / "b.duckdb", rules, packs=packs, append=True)
    assert (loaded.added["milestones"], loaded.completed["milestones"]) == (1, 1)
    assert open_book(folder / "b.duckdb", packs).frame("milestones")["milestone_id"].tolist() == ["M1", "M2", "M3"]


def test_a_packs_table_is_kept_when_a_load_that_knows_nothing_of_it_appends(folder):
    packs = [shipped()["construction"]]
    load(folder, folder / "b.duckdb", parse_mapping(MAPPING, "m", packs), packs=packs)
    (folder / "节点.csv").unlink()
    load(folder / "invoices.csv", folder / "b.duckdb", append=True, known_on=None)
    assert len(open_book(folder / "b.duckdb", packs).frame("milestones")) == 2


def test_a_folder_of_our_names_is_opened_with_a_pack(folder):
    (folder / "节点.csv").unlink()
    for name, frame in pack_frames("construction").items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    assert len(open_book(folder, [shipped()["construction"]]).frame("milestones")) == 90
    assert "milestones" not in open_book(folder).tables


def test_the_checks_of_a_books_data_reach_the_tables_of_a_pack(trade):
    pack, _ = trade
    frames = pack_frames(pack.name)
    for table in pack.tables:
        frames[table.name] = pd.concat([frames[table.name], frames[table.name].head(1)], ignore_index=True)
    found = {r.name: r for r in check_book(opened(frames, pack))}["book.uniqueness.duplicate_keys"]
    assert {t.name for t in pack.tables} <= set(found.detail["parts"])


def test_the_command_line_loads_checks_and_computes_with_a_pack(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr("riskmodels.features.pack.CATALOGUE", FEW)
    (folder / "m.toml").write_text(MAPPING, encoding="utf-8")
    packed = ["--pack", "construction", "--pack", "pharma"]
    assert "milestones" in asked("load", ".", "--map", "m.toml", "--out", "b.duckdb", *packed)
    checks = json.loads(asked("check", "b.duckdb", "--json", *packed))
    (required,) = [c for c in checks if c["name"] == "book.completeness.required"]
    assert required["n"] == 120 + 2  # invoices and milestones
    asked("features", "b.duckdb", "--key", "debtor", "--as-of", "2025-12-31", "--out", "f.parquet", *packed)
    columns = pd.read_parquet(folder / "f.parquet").columns
    assert {"debtor_overdue_milestone_count_now", "debtor_invoice_count_365d"} <= set(columns)
    assert "debtor_recalled_share_365d" not in columns


def asked(*words):
    """What the command line prints."""
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code in (0, 10, 20), done.output
    return done.stdout


def test_parties_that_become_one_do_so_in_the_tables_of_a_pack(tmp_path):
    (pack,) = packs = [shipped()["auto_parts"]]
    frames = pack_frames("auto_parts")
    frames["parties"]["name"] = frames["parties"]["party_id"]
    for table in ("invoices", "parties", "quality_records", "programmes"):
        frames[table].to_csv(tmp_path / f"{table}.csv", index=False)
    load(tmp_path, tmp_path / "b.duckdb", packs=packs)
    kept, gone = ids = sorted(i for i in set(frames["parties"]["party_id"]) if i.startswith("C"))[:2]
    members = tuple(Member(i, i, 1, 1.0) for i in ids)
    write_review([Proposal(group_id(ids), 0.9, (), (), members)], tmp_path / "r.csv")
    decided = pd.read_csv(tmp_path / "r.csv", dtype=str).assign(accept="yes")
    decided.to_csv(tmp_path / "r.csv", index=False)
    apply_groups(tmp_path / "b.duckdb", tmp_path / "r.csv", tmp_path / "n.duckdb", packs)
    merged = open_book(tmp_path / "n.duckdb", packs)
    scored = set(frames["quality_records"]["client_id"])
    assert {kept, gone} <= scored
    assert set(merged.frame("quality_records")["client_id"]) == scored - {gone}
    assert len(merged.frame("programmes")) == len(frames["programmes"])
    assert {t.name for t in pack.tables} <= set(merged.tables)


# Conflicts


def table(name="extra", **changes):
    given = {
        "key": ("extra_id",),
        "event": "known_on",
        "columns": (
            Column("extra_id", "text", "its id", required=True),
            Column("known_on", "date", "day", required=True),
        ),
    }
    return Table(name, "something more", **(given | changes))


def pack(*tables, catalogue=(), name="mine"):
    return Pack(name, "Mine", tables, catalogue)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (table("invoices"), "pack mine: table 'invoices': found a table of that name in the house, expected another"),
        (table("meta"), "found a name that can't be used"),
        (table("select"), "found a name that can't be used"),
        (table("Extra"), "found a name that can't be used"),
        (table("clients"), "pack mine: found a table clients, expected another name: keys are called so"),
        (table(key=("other_id",)), r"found no column for key other_id \(other_id\), expected one"),
        (table(event="opened_on"), r"found no column for its event \(opened_on\), expected one"),
        (
            table(columns=(Column("extra_id", "text", "its id"),)),
            r"found no column for the day it is known \(known_on\), expected one",
        ),
        (table(columns=(*table().columns, Column("x", "day", "x"))), "found kind 'day', expected one of text, date"),
        (
            table(columns=(*table().columns, Column("x", "text", "x", revealed_by="extra_id"))),
            "table extra.x: found revealed by 'extra_id', expected a date column",
        ),
        (
            table(columns=(*table().columns, Column("x", "text", "x", refers_to="nowhere"))),
            "table extra.x: found a reference to 'nowhere', expected a table",
        ),
    ],
)
def test_a_table_that_cannot_be_is_one_line_where_the_pack_is_declared(wrong, said):
    with pytest.raises(Misuse, match=said):
        pack(wrong)


def test_two_packs_with_a_table_of_one_name_are_refused(tmp_path):
    with pytest.raises(Misuse, match="pack yours: table 'extra': found a table of that name in pack mine"):
        load(tmp_path, tmp_path / "b.duckdb", packs=[pack(table()), pack(table(), name="yours")])


def test_a_feature_whose_name_is_taken_is_refused():
    with pytest.raises(Misuse, match=f"feature {CATALOGUE[0].name}: found twice in the catalogue"):
        pack(catalogue=(CATALOGUE[0],))
    with pytest.raises(Misuse, match="found twice in the catalogue"):
        catalogue_of([shipped()["pharma"]], shipped()["pharma"].catalogue[:1])


def test_two_streams_of_facts_of_one_name_are_refused(book):
    mine = Flow(Facts("invoices", ("invoices",), lambda t: t["invoices"]), lambda r: 1)
    feature = Feature("my_count_ever", "My count", "count", RAISES, total, (mine,))
    with pytest.raises(Misuse, match="facts 'invoices': found two of that name"):
        build(book, "client", DATES[-1], (*CATALOGUE, feature))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("late", "catalogue: found str in place 0, expected Feature, Own, Compared or Linked"),
        (
            Feature("late_share", "Late", "share", RAISES, total, ()),
            "feature 'late_share': found that name, expected .*_90d",
        ),
        (
            Compared("Late share", "Late", "share", RAISES, total, ()),
            "feature 'Late share': found that name, expected small",
        ),
    ],
)
def test_an_entry_that_cannot_be_a_column_is_refused(wrong, said):
    with pytest.raises(Misuse, match=said):
        check_catalogue((wrong,))


def test_a_pack_is_named_or_lies_in_a_module_of_the_user(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_trade.py").write_text(
        "from riskmodels.features.pack import Pack\nMINE = Pack('mine', 'Mine', (), ())\nOTHER = 3\n"
    )
    (tmp_path / "broken_trade.py").write_text("1 / 0\n")
    assert pack_named("my_trade:MINE").name == "mine"
    for name, said in {
        "nothing": "--pack: found 'nothing', expected one of auto_parts, pharma, construction, or MODULE:ATTRIBUTE",
        "my_trade:": "--pack: found 'my_trade:', expected MODULE:ATTRIBUTE",
        "my_trade:YOURS": "--pack: module my_trade: found no 'YOURS'",
        "my_trade:OTHER": "--pack: my_trade:OTHER: found int, expected a riskmodels.features.pack.Pack",
        "no_trade:MINE": "--pack: found no module 'no_trade'",
        "broken_trade:MINE": "--pack: module broken_trade: ZeroDivisionError: division by zero",
    }.items():
        with pytest.raises(Misuse, match=said):
            pack_named(name)


def test_the_house_has_no_table_of_a_shipped_pack():
    assert {t.name for p in shipped().values() for t in p.tables}.isdisjoint(TABLES)
