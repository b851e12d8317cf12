"""A stored model is read only if it is the one that was stored, and judged only on what came after it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from riskmodels.book.synthetic import synthesise, write


def changed(folder: Path) -> None:
    place = next(folder.glob("*.lightgbm.txt"))
    place.write_bytes(place.read_bytes().replace(b"num_leaves", b"num_weaves", 1))


def damage(folder: Path, how: str) -> None:
    match how:
        case "changed":
            changed(folder)
        case "missing":
            (folder / "development.parquet").unlink()
        case "extra":
            (folder / "notes.txt").write_text("x")
        case "no manifest":
            (folder / "MANIFEST.json").unlink()
        case "spoilt manifest":
            (folder / "MANIFEST.json").write_text("[]")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("changed", ".lightgbm.txt was changed after it was saved"),
        ("missing", "missing files ['development.parquet']"),
        ("extra", "found files ['notes.txt'] that are not in the manifest"),
        ("no manifest", "found no MANIFEST.json, expected a folder of models"),
        ("spoilt manifest", "MANIFEST.json can't be read"),
    ],
)
def test_a_model_that_was_tampered_with_is_not_read(demo, model, tmp_path, refused, how, said):
    copy = tmp_path / "model"
    shutil.copytree(model, copy)
    damage(copy, how)
    scored = ("score", copy, demo, "--as-of", "2026-06-30", "--out", tmp_path / "s.csv")
    reported = ("report", "run", "model_validation", "--book", demo, "--as-of", "2026-06-30", "--model", copy)
    refused(*scored, code=30, said=said, keep=tmp_path)
    refused(*reported, "--reports", tmp_path / "runs", code=30, said=said, keep=tmp_path)


def test_a_model_of_another_purpose_is_misuse(demo, model, tmp_path, refused):
    copy = tmp_path / "model"
    shutil.copytree(model, copy)
    manifest = copy / "MANIFEST.json"
    manifest.write_text(manifest.read_text().replace('"purpose": "overdue"', '"purpose": "magic"'))
    asked = ("score", copy, demo, "--as-of", "2026-06-30", "--out", tmp_path / "s.csv")
    refused(*asked, code=2, said="found a model for 'magic', expected one of rating, overdue, ", keep=tmp_path)


def test_a_book_that_cannot_give_what_the_model_uses_is_refused(ledger, model, tmp_path, refused):
    book = ledger(
        "invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on\ni1,c1,d1,CNY,100.00,2026-06-05,2026-08-05\n"
    )
    asked = ("score", model, book, "--as-of", "2026-06-30", "--out", tmp_path / "s.csv")
    refused(*asked, code=30, said="the book can't give", keep=tmp_path)


def test_a_model_is_trained_once_and_its_development_told_in_a_report(demo, model, tmp_path, cli, files_of):
    before = files_of(demo.parent)
    ended = cli("train", "overdue", demo, "--as-of", "2025-06-30", "--reports", tmp_path)
    assert (ended.code, ended.out.strip(), ended.err) == (0, str(model), "")
    assert files_of(demo.parent) == before
    (page,) = tmp_path.glob("overdue_development/2025-06-30/*/report.html")
    assert "Development of the overdue model" in page.read_text()


def test_every_open_invoice_is_scored_the_oldest_as_late_for_certain(demo, tmp_path, cli):
    ended = cli("score", "overdue", demo, "--as-of", "2026-06-30", "--out", tmp_path / "s.csv")
    assert (ended.code, ended.err) == (0, "")
    found = pd.read_csv(tmp_path / "s.csv")
    beyond = found[found["expected_days"].isna()]
    assert found["probability"].between(0, 1).all()
    assert len(beyond) > 0
    assert (beyond["probability"] == 1).all()


@pytest.fixture(scope="module")
def rated(tmp_path_factory, cli):
    """A book with a rating anchored on a stated tendency, and the rating's folder."""
    book = tmp_path_factory.mktemp("rated") / "rated.duckdb"
    write(synthesise(15_000, 5, date(2026, 6, 30)), book)
    asked = ("--as-of", "2025-06-30", "--tendency", "0.04", "--reports", book.parent / "reports")
    ended = cli("train", "rating", book, *asked)
    assert (ended.code, ended.err) == (0, "")
    return book, Path(ended.out.strip())


def test_a_rating_is_trained_with_the_report_of_its_development(rated):
    book, folder = rated
    card = json.loads((folder / "MANIFEST.json").read_text())["card"]
    assert {"as_of", "book_sha256", "code_sha256", "rows", "events", "first", "last", "drivers"} <= set(card)
    assert (card["level"]["found"], card["level"]["central_tendency"]) == ("stated", 0.04)
    (page,) = (book.parent / "reports").glob("scorecard_development/2025-06-30/*/report.html")
    assert "Development of the rating of debtors" in page.read_text()
    assert "PDs are anchored on 4.00%, a stated tendency" in page.read_text()
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_a_rating_is_scored_with_tier_admission_and_final_grade(rated, tmp_path, cli):
    book, _folder = rated
    plain = ("score", "rating", book, "--as-of", "2026-06-30", "--out")
    assert cli(*plain, tmp_path / "p.csv").code == 0
    before = pd.read_csv(tmp_path / "p.csv", dtype={"grade": str})
    changed = before[before["grade"] == "5"].iloc[0]["debtor_id"]
    (tmp_path / "o.csv").write_text(
        f"party_id,rated_on,before,after,reason,by\n{changed},2026-06-15,5,7,news of a suit,Li\n"
    )
    ended = cli(*plain, tmp_path / "s.csv", "--rules", "default", "--overrides", tmp_path / "o.csv")
    assert (ended.code, ended.err) == (0, "")
    after = pd.read_csv(tmp_path / "s.csv", dtype={"grade": str, "grade_final": str}).set_index("debtor_id")
    assert before.columns.tolist() == ["debtor_id", "as_of", "probability", "challenger", "grade", "tier", "points"]
    assert after.reset_index()[before.columns].equals(before)
    assert set(after["admission"]) <= {"passed", "failed", "open"}
    assert after["admission_reason"].notna().equals(after["admission"] != "passed")
    assert after.loc[changed, ["grade_final", "tier_final", "override_by"]].tolist() == ["7", "weak", "Li"]
    assert (after["grade_final"] != after["grade"]).sum() == 1


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--rules", "none.toml"), 2, "none.toml: can't be read"),
        (("--overrides", "none.csv"), 30, "none.csv: found no such file, expected a CSV of overrides"),
    ],
)
def test_rules_and_overrides_that_cannot_be_read_are_refused_before_scoring(
    rated, tmp_path, refused, options, code, said
):
    asked = ("score", "rating", rated[0], "--as-of", "2026-06-30", "--out", tmp_path / "s.csv")
    refused(*asked, *options, code=code, said=said, keep=tmp_path)


def test_open_invoices_have_no_admission(demo, tmp_path, refused):
    asked = ("score", "overdue", demo, "--as-of", "2026-06-30", "--out", tmp_path / "s.csv", "--rules", "default")
    refused(*asked, code=2, said="found scores without tiers, expected those of a rating", keep=tmp_path)


@pytest.mark.parametrize(
    ("purpose", "tendency", "said"),
    [("rating", "1.5", "expected a rate strictly between 0 and 1"), ("overdue", "0.1", "expected it with rating")],
)
def test_a_tendency_that_cannot_be_is_refused(demo, refused, purpose, tendency, said):
    asked = ("train", purpose, demo, "--as-of", "2025-06-30", "--tendency", tendency)
    refused(*asked, code=2, said=f"--tendency: found {tendency if purpose == 'rating' else 'it'}", keep=demo.parent)
    refused(*asked, code=2, said=said)
