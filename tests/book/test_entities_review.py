"""What is proposed of a book's parties, and the file in which a person decides."""

import csv

import pandas as pd
import pytest

from riskmodels.book.entities import propose, read_review, suggest
from riskmodels.book.entities.propose import Member, Proposal, group_id
from riskmodels.book.entities.review import COLUMNS, write_review
from riskmodels.book.open import open_book
from riskmodels.core.errors import DataRefused, Misuse

PARTIES = pd.DataFrame(
    {
        "party_id": ["c1", "c2", "d1", "d2"],
        "valid_from": "2024-01-01",
        "name": ["宏达机械有限公司", "Harvest Acme Inc", "Golden Field Foods LLC", "Golden Field Foods Corporation"],
        "region": ["Shanghai", "Beijing", "Hubei", "Hubei"],
    }
)


def source(ledger, parties=PARTIES, **tables):
    """A folder with a ledger and its parties."""
    folder = ledger(**tables)
    parties.to_csv(folder / "parties.csv", index=False)
    return folder


def lines(path):
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def edit(path, change, encoding="utf-8-sig", delimiter=","):
    """Change the lines of a review file and write it again, as a person in Excel would."""
    rows = lines(path)
    changed = change(rows)
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows if changed is None else changed)


def accept(path, word="yes", first_only=False):
    def change(rows):
        for row in rows[:1] if first_only else rows:
            row["accept"] = word

    edit(path, change)


def test_a_group_has_its_members_with_what_they_owe_and_are_owed(ledger):
    (group,) = propose(open_book(source(ledger)))
    assert (
        group.members
        == (
            Member("d2", "Golden Field Foods Corporation", 1, 250.5),
            Member("d1", "Golden Field Foods LLC", 2, 180.0),
        )[:: 1 if group.canonical.party_id == "d2" else -1]
    )
    assert group.canonical.party_id == "d2"
    assert group.amount == 430.5
    assert group.evidence == ("same region",)
    assert group.against == ("form",)
    assert group.group_id == group_id(["d2", "d1"])


def test_what_else_the_book_knows_moves_the_score_a_little(ledger):
    alike = propose(open_book(source(ledger)))[0].score
    apart = propose(open_book(source(ledger, PARTIES.assign(region=list("wxyz")))))[0]
    assert 0 < alike - apart.score < 0.05
    assert apart.evidence == ("different region",)


def test_ids_that_differ_in_leading_zeros_alone_are_evidence(tmp_path, ledger, invoices):
    renamed = {"d1": "0007", "d2": "7"}
    book = source(ledger, PARTIES.replace(renamed), invoices=invoices.replace(renamed))
    suggest(book, tmp_path / "groups.csv")
    (group,) = read_review(tmp_path / "groups.csv")
    assert group.rows[0]["evidence"] == "same id but for leading zeros; same region"
    assert set(group.party_ids) == {"0007", "7"}


def test_parties_that_invoice_one_another_are_less_likely_one(ledger):
    names = PARTIES.assign(name=["Golden Field LLC", "Acme", "Golden Field Inc", "Other"])
    (group,) = propose(open_book(source(ledger, names)))
    assert "they invoice one another" in group.evidence
    assert group.score < propose(open_book(source(ledger)))[0].score


def test_only_the_latest_name_of_a_party_counts(ledger):
    renamed = pd.DataFrame({"party_id": ["d1"], "valid_from": ["2025-01-01"], "name": ["Silver Lantern"]})
    assert propose(open_book(source(ledger, pd.concat([PARTIES, renamed])))) == []


def test_a_book_without_names_is_refused_in_one_line(ledger):
    with pytest.raises(DataRefused, match="no rows in table parties"):
        propose(open_book(ledger()))
    with pytest.raises(Misuse, match=r"threshold: found 0\.1, expected a score between 0\.5 and 1"):
        propose(open_book(source(ledger)), 0.1)


def test_the_file_is_for_excel_and_proposing_again_keeps_decisions(ledger, tmp_path):
    out, book = tmp_path / "groups.csv", source(ledger)
    first = suggest(book, out)
    assert (len(first.proposals), first.parties, first.kept) == (1, 2, 0)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    before = out.read_bytes()
    assert suggest(book, out).kept == 0
    assert out.read_bytes() == before
    accept(out, "YES", first_only=True)
    assert suggest(book, out).kept == 1
    assert [r["accept"] for r in lines(out)] == ["yes", "yes"]
    assert suggest(book, tmp_path / "other.csv", earlier=out).kept == 1
    assert [d.accept for d in read_review(tmp_path / "other.csv")] == ["yes"]


def test_a_decided_group_stays_when_it_is_no_longer_proposed(ledger, tmp_path):
    out, book = tmp_path / "groups.csv", source(ledger)
    suggest(book, out)
    accept(out, "no")
    assert suggest(book, out, threshold=1.0).proposals == ()
    assert [d.accept for d in read_review(out)] == ["no"]


def test_a_chosen_canonical_party_stays_chosen(ledger, tmp_path):
    out, book = tmp_path / "groups.csv", source(ledger)
    suggest(book, out)
    edit(out, lambda rows: [r | {"canonical_id": "d1", "accept": "yes"} for r in rows])
    suggest(book, out)
    assert {(r["canonical_id"], r["canonical_name"]) for r in lines(out)} == {("d1", "Golden Field Foods LLC")}


HOSTILE = ["=1+1", "+1", "-1", "@x", "\tx", "'=1", "007", "1E5", "MAR-1", "true", 'a,"b"\n;c', "甲;乙", "'"]


def hostile() -> Proposal:
    return Proposal(group_id(HOSTILE), 0.9, (), (), tuple(Member(i, i, 1, 1.0) for i in HOSTILE))


def test_no_cell_is_a_formula_and_every_id_comes_back(tmp_path):
    out = tmp_path / "groups.csv"
    write_review([hostile()], out)
    cells = [cell for row in lines(out) for cell in row.values()]
    assert not [c for c in cells if c[:1] in "=+-@\t\r" and c]
    assert {r["party_id"] for r in lines(out)} >= {"'=1+1", "'007", "'1E5", "'MAR-1"}
    (back,) = read_review(out)
    assert back.party_ids == tuple(HOSTILE)
    assert [r["name"] for r in back.rows] == HOSTILE


@pytest.mark.parametrize(("encoding", "delimiter"), [("gbk", ","), ("utf-8", ";"), ("utf-8-sig", "\t")])
def test_what_excel_saves_is_read(tmp_path, encoding, delimiter):
    out = tmp_path / "groups.csv"
    write_review([hostile()], out)
    edit(out, lambda rows: [r | {"accept": "是"} for r in rows], encoding, delimiter)
    (back,) = read_review(out)
    assert (back.accept, back.party_ids) == ("yes", tuple(HOSTILE))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[1:], "found members 'd1', expected those that were proposed"),
        (lambda rows: [*rows, rows[0]], "expected those that were proposed"),
        (lambda rows: [r | {"party_id": "d9"} for r in rows], "found members 'd9', 'd9', expected"),
        (lambda rows: [r | {"group_id": ""} for r in rows], "group without an id: found members"),
        (lambda rows: [r | {"accept": "maybe"} for r in rows], "accept: found 'maybe', expected yes, no or nothing"),
        (lambda rows: [rows[0] | {"accept": "yes"}, rows[1] | {"accept": "no"}], "accept: found yes, no, expected one"),
        (lambda rows: [rows[0], rows[1] | {"accept": "yes"}], "accept: found nothing, yes, expected one decision"),
        (
            lambda rows: [r | {"canonical_id": "c1"} for r in rows],
            "canonical_id: found 'c1', expected one of its members",
        ),
        (lambda rows: [rows[0] | {"canonical_id": "d1"}, rows[1]], "canonical_id: found 'd1', 'd2', expected one"),
    ],
)
def test_a_spoilt_review_is_refused_in_one_line(tmp_path, change, said):
    out = tmp_path / "groups.csv"
    members = tuple(Member(i, f"Golden {i}", 1, 1.0) for i in ("d2", "d1"))
    write_review([Proposal(group_id(["d1", "d2"]), 0.9, (), (), members)], out)
    edit(out, change)
    with pytest.raises(DataRefused, match=said) as refused:
        read_review(out)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "missing columns group_id"),
        (b"a,b\n1,2\n", "missing columns group_id"),
        (b"\xff\xfe\x00\xd8", "neither UTF-8 nor GBK"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path, data, said):
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(DataRefused, match=said):
        read_review(tmp_path / "x.csv")


def test_a_file_that_is_not_there_is_misuse(ledger, tmp_path):
    with pytest.raises(Misuse, match="no such file"):
        read_review(tmp_path / "none.csv")
    with pytest.raises(Misuse, match=r"ends in \.csv"):
        suggest(source(ledger), tmp_path / "groups.xlsx")
