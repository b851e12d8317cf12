"""Only accepted groups are merged, into a new book, without loss and without looking ahead."""

import csv
import json

import pandas as pd
import pytest

from riskmodels.book.book import Book
from riskmodels.book.entities import Applied, apply_groups, suggest
from riskmodels.book.entities.merge import party_columns
from riskmodels.book.entities.propose import Member, Proposal, group_id
from riskmodels.book.entities.review import read_review, write_review
from riskmodels.book.load import load
from riskmodels.book.open import open_book
from riskmodels.book.schema import TABLES
from riskmodels.core.errors import DataRefused, Misuse, RunFailed

PARTIES = pd.DataFrame(
    [
        ("c1", "2024-01-01", "Harvest Acme", "client", "steel", "Hubei", "d2", "2024-01-01"),
        ("c2", "2024-01-01", "Silver Lantern", "client", "food", "Hubei", "", "2024-01-01"),
        ("d1", "2024-01-01", "Golden Field LLC", "debtor", "", "Hubei", "", "2024-01-01"),
        ("d2", "2024-01-01", "Golden Field Inc", "debtor", "food", "", "", "2024-03-01"),
        ("d2", "2025-01-01", "Golden Field Incorporated", "client", "", "Beijing", "", "2025-01-05"),
    ],
    columns=["party_id", "valid_from", "name", "roles", "industry", "region", "anchor_id", "known_on"],
)
FINANCIALS = pd.DataFrame(
    {
        "party_id": ["d1", "d2", "d2"],
        "period_end": ["2023-12-31", "2023-12-31", "2024-12-31"],
        "published_on": ["2024-04-30", "2024-04-30", "2025-04-30"],
        "currency": "CNY",
        "revenue": ["10.00", "20.00", "30.00"],
    }
)
GUARANTEES = pd.DataFrame(
    {
        "guarantee_id": ["g1"],
        "guarantor_id": ["d2"],
        "beneficiary_id": ["c1"],
        "kind": ["guarantee"],
        "currency": ["CNY"],
        "valid_from": ["2024-01-01"],
    }
)


INVOICES = pd.DataFrame(
    [("i1", "c1", "d1", "100.00"), ("i2", "c1", "d2", "250.50"), ("i3", "c2", "d1", "80.00")],
    columns=["invoice_id", "client_id", "debtor_id", "amount"],
).assign(currency="CNY", issued_on="2025-01-05", due_on="2025-03-05")
PAYMENTS = pd.DataFrame({"payment_id": ["p1"], "invoice_id": ["i1"], "paid_on": ["2025-03-10"], "amount": ["100.00"]})


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of two clients and of one debtor under two ids."""
    folder = tmp_path_factory.mktemp("source")
    for name, frame in {
        **{"invoices": INVOICES, "payments": PAYMENTS, "parties": PARTIES},
        **{"financials": FINANCIALS, "guarantees": GUARANTEES},
    }.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    out = tmp_path_factory.mktemp("book") / "book.duckdb"
    load(folder, out)
    return out


@pytest.fixture(scope="module")
def new_book(book, tmp_path_factory):
    """The book with d1 and d2 as d1: what was done, and where it is."""
    folder = tmp_path_factory.mktemp("merged")
    return apply_groups(book, review_of(folder / "groups.csv", "d1 d2"), folder / "new.duckdb"), folder / "new.duckdb"


@pytest.fixture
def merged(new_book):
    """What was done, and the merged book opened."""
    return new_book[0], open_book(new_book[1])


def review_of(path, *groups, accept="yes"):
    """A review file of groups of ids, the first of each canonical, all decided."""
    proposals = [
        Proposal(group_id(ids), 0.9, (), (), tuple(Member(i, i, 1, 1.0) for i in ids))
        for ids in (g.split() for g in groups)
    ]
    write_review(proposals, path)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(r | {"accept": accept} for r in rows)
    return path


def extra(opened: Book, table: str) -> pd.DataFrame:
    """A table of the file that is not one of a book's."""
    return opened.connection.execute(f"SELECT * FROM book_file.{table}").df()


@pytest.mark.parametrize("accept", ["", "no"])
def test_nothing_accepted_gives_an_identical_book(book, tmp_path, accept):
    suggest(book, tmp_path / "groups.csv")
    assert len(read_review(tmp_path / "groups.csv")) == 1
    review = review_of(tmp_path / "groups.csv", "d1 d2", accept=accept)
    applied = apply_groups(book, review, tmp_path / "new.duckdb")
    assert (applied.groups, applied.ids, applied.set_apart, applied.to_self) == (0, 0, {}, 0)
    old, new = open_book(book), open_book(tmp_path / "new.duckdb")
    assert new.fingerprint == old.fingerprint
    assert new.meta == old.meta


def test_every_column_that_holds_a_party_has_the_canonical_id(merged):
    _, new = merged
    for name in new.tables:
        for column in party_columns(TABLES[name]):
            assert "d2" not in new.frame(name)[column].tolist(), (name, column)
    assert new.frame("invoices")["debtor_id"].tolist() == ["d1", "d1", "d1"]
    assert set(new.frame("parties")["anchor_id"].dropna()) == {"d1"}
    assert new.frame("guarantees")["guarantor_id"].tolist() == ["d1"]


def test_every_reference_to_a_party_is_known_to_the_merge():
    named = {(t.name, c.name) for t in TABLES.values() for c in t.columns if c.refers_to == "parties"}
    assert ("invoices", "debtor_id") in named
    found = {(t.name, c) for t in TABLES.values() for c in party_columns(t)}
    assert found == named | {("parties", "party_id"), ("parties", "anchor_id")}


def test_what_no_party_touches_stays_as_it_was(merged, book):
    _, new = merged
    old = open_book(book)
    pd.testing.assert_frame_equal(new.frame("payments"), old.frame("payments"))
    keep = [c for c in TABLES["invoices"].names if c not in ("client_id", "debtor_id")]
    pd.testing.assert_frame_equal(new.frame("invoices")[keep], old.frame("invoices")[keep])
    alone = new.frame("parties").query("party_id == 'c2'").reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, old.frame("parties").query("party_id == 'c2'").reset_index(drop=True))


def test_rows_in_are_rows_out_and_rows_set_apart(merged, book):
    applied, new = merged
    old = open_book(book)
    assert applied.set_apart == {"financials": 1, "parties": 1}
    for table, rows in applied.rows.items():
        assert rows == len(new.frame(table))
        assert rows + applied.set_apart.get(table, 0) == len(old.frame(table))
    apart = extra(new, "merged_rows")
    assert apart[["table_name", "old_id", "canonical_id"]].values.tolist() == [
        ["parties", "d2", "d1"],
        ["financials", "d2", "d1"],
    ]
    assert [json.loads(r).get("name") or json.loads(r)["revenue"] for r in apart["row_as_json"]] == [
        "Golden Field Inc",
        20.0,
    ]
    assert new.frame("financials")["revenue"].tolist() == [10.0, 30.0]


def test_the_old_ids_and_names_stay_with_the_book(merged):
    applied, new = merged
    assert (applied.groups, applied.ids) == (1, 1)
    assert extra(new, "merged_parties").values.tolist() == [
        ["d2", "Golden Field Incorporated", "d1", group_id(["d1", "d2"])]
    ]


def test_versions_are_merged_without_looking_ahead(merged):
    _, new = merged
    rows = new.frame("parties").query("party_id == 'd1'")
    assert rows["name"].tolist() == ["Golden Field LLC", "Golden Field LLC"]
    assert rows["roles"].tolist() == ["debtor", "both"]
    # d2's industry was known in March 2024: after d1's first version, before the second.
    assert rows["industry"].fillna("").tolist() == ["", "food"]
    assert rows["region"].tolist() == ["Hubei", "Beijing"]


def test_a_merged_book_meets_the_contract_again(merged, tmp_path):
    _, new = merged
    folder = tmp_path / "again"
    folder.mkdir()
    for name in new.tables:
        new.frame(name).to_parquet(folder / f"{name}.parquet")
    load(folder, tmp_path / "again.duckdb")
    assert open_book(tmp_path / "again.duckdb").fingerprint == new.fingerprint


def test_a_second_merge_keeps_what_the_first_did(new_book, tmp_path):
    review = review_of(tmp_path / "more.csv", "c1 d1")
    applied = apply_groups(new_book[1], review, tmp_path / "newer.duckdb")
    assert applied.to_self == 2
    history = extra(open_book(tmp_path / "newer.duckdb"), "merged_parties")
    assert history[["old_id", "canonical_id"]].values.tolist() == [["d2", "c1"], ["d1", "c1"]]
    assert set(extra(open_book(tmp_path / "newer.duckdb"), "merged_rows")["canonical_id"]) == {"c1"}


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (("d1 d9",), r"party 'd9': not in the book, expected parties of book"),
        (("d1 d2", "d2 c1"), r"party 'd2': found in two accepted groups, g\w+ and g\w+, expected one"),
    ],
)
def test_a_review_that_does_not_fit_is_refused_and_nothing_is_written(book, tmp_path, groups, said):
    with pytest.raises(DataRefused, match=said) as refused:
        apply_groups(book, review_of(tmp_path / "groups.csv", *groups), tmp_path / "new.duckdb")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "new.duckdb").exists()


def test_a_removed_line_is_refused(book, tmp_path):
    review = review_of(tmp_path / "groups.csv", "d1 d2")
    review.write_text("".join(review.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(DataRefused, match="a line was removed"):
        apply_groups(book, review, tmp_path / "new.duckdb")


def test_the_book_itself_is_never_overwritten(book, tmp_path):
    with pytest.raises(Misuse, match="found the book itself"):
        apply_groups(book, review_of(tmp_path / "groups.csv", "d1 d2"), book)
    with pytest.raises(Misuse, match=r"ends in \.duckdb"):
        apply_groups(book, tmp_path / "groups.csv", tmp_path / "new.csv")


def test_a_failed_apply_leaves_what_was_there(book, tmp_path, monkeypatch):
    out = tmp_path / "new.duckdb"
    out.write_bytes(b"as it was")
    monkeypatch.setattr("riskmodels.book.entities.apply._SHAPES", {"merged_rows": "no such type"})
    with pytest.raises(RunFailed, match="cannot be written"):
        apply_groups(book, review_of(tmp_path / "groups.csv", "d1 d2"), out)
    assert out.read_bytes() == b"as it was"
    assert sorted(p.name for p in tmp_path.glob("*new*")) == ["new.duckdb"]


def test_what_was_suggested_and_accepted_is_merged(book, tmp_path):
    out = tmp_path / "groups.csv"
    (proposal,) = suggest(book, out).proposals
    assert {m.party_id for m in proposal.members} == {"d1", "d2"}
    out.write_text(out.read_text(encoding="utf-8-sig").replace(",,", ",yes,", 1), encoding="utf-8-sig")
    applied = apply_groups(book, out, tmp_path / "new.duckdb")
    assert isinstance(applied, Applied)
    assert applied.ids == 1
    assert suggest(tmp_path / "new.duckdb", tmp_path / "after.csv").proposals == ()
