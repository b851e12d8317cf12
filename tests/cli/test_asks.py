"""A request that makes no sense, or asks for more than the book has, is one line, and nothing is written."""

from __future__ import annotations

import re

import pytest

OUT = {"features": "f.parquet", "score": "s.csv"}


@pytest.mark.parametrize(
    ("key", "when", "code", "said"),
    [
        ("debto", "2025-03-31", 2, "found 'debto', expected one of debtor, client, pair, chain, industry, invoice"),
        ("debtor", "2025-02-31", 2, "--as-of: found '2025-02-31', expected a date like 2026-06-30"),
        ("debtor", "yesterday", 2, "--as-of: found 'yesterday', expected a date"),
        ("debtor", "", 2, "--as-of: found '', expected a date"),
        ("debtor", "2025\x1b[31m", 2, r"--as-of: found '2025\x1b[31m', expected a date"),
        ("debtor", "9999-12-31", 2, "expected a date between 1900-01-01 and 2199-12-31"),
        ("debtor", "2024-01-31", 30, "as of 2024-01-31 is before all data; its first day is 2025-01-05"),
        ("debtor", "2025-05-31..2025-01-31", 2, "found no month end"),
        ("debtor", "2025-01-31..", 2, "expected a date like"),
        ("debtor", "2025-01-31..9999-12-31", 2, "expected a date between"),
        ("debtor", "issue", 2, "found 'issue' for key debtor"),
        ("invoice", "2025-03-31", 2, "found '2025-03-31' for key invoice, expected 'issue'"),
    ],
)
def test_features_that_cannot_be_asked_for_are_refused(single, tmp_path, refused, key, when, code, said):
    out = tmp_path / "f.parquet"
    out.write_text("of last month")
    refused("features", single, "--key", key, "--as-of", when, "--out", out, code=code, said=said, keep=tmp_path)


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("f.csv", "expected a name that ends in .parquet"),
        ("nowhere/f.parquet", "--out: no such folder"),
        ("folder.parquet", "found a folder, expected the name of a file"),
    ],
)
def test_features_go_into_a_parquet_file_of_a_folder_that_is_there(single, tmp_path, refused, out, said):
    (tmp_path / "folder.parquet").mkdir()
    asked = ("features", single, "--key", "debtor", "--as-of", "2025-03-31", "--out", tmp_path / out)
    refused(*asked, code=2, said=said, keep=tmp_path)


@pytest.mark.parametrize(("key", "when"), [("debtor", "2025-03-31"), ("pair", "2025-03-31"), ("invoice", "issue")])
def test_a_book_of_one_invoice_has_features(single, tmp_path, cli, key, when):
    ended = cli("features", single, "--key", key, "--as-of", when, "--out", tmp_path / "f.parquet")
    assert (ended.code, ended.err) == (0, "")
    assert ": 1 rows, " in ended.out


@pytest.mark.parametrize(
    ("purpose", "when", "code", "said"),
    [
        (
            "overdue",
            "2025-03-31",
            30,
            "one: found nothing known from 2025-01-05 to 2025-03-31, expected a book that tells",
        ),
        ("overdue", "2025-01-31", 30, ("overdue: found 0 late of", "expected at least 20 late and 20")),
        ("rating", "2027-03-31", 30, ("rating: found 0 defaults among", "expected at least 20 with")),
        ("rating", "2025-03-31", 30, "a rating needs 15 months before the training date 2025-03-31"),
        ("overdue", "2024-03-31", 30, "as of 2024-03-31 is before all data; its first day is 2025-01-05"),
        ("rating", "2024-03-31", 30, "as of 2024-03-31 is before all data; its first day is 2025-01-05"),
        ("overdue", "31.3.2025", 2, "--as-of: found '31.3.2025', expected a date"),
        ("overdue", "9999-12-31", 2, "expected a date between"),
        ("overdue-debtor", "2025-03-31", 30, "overdue debtors within 3 months need 6 months and a month end"),
        (
            "overdue-client",
            "2026-06-30",
            30,
            "is known until 2025-01-05; overdue clients within 3 months need 6 months",
        ),
        ("ratng", "2025-03-31", 2, "train: found 'ratng', expected one of rating, overdue"),
        ("[/x]", "2025-03-31", 2, "train: found '[/x]', expected one of rating, overdue"),
    ],
)
def test_a_model_that_cannot_be_trained_says_why(single, refused, purpose, when, code, said):
    refused("train", purpose, single, "--as-of", when, code=code, said=said, keep=single.parent)


def test_a_book_with_too_few_overdue_parties_says_how_many_it_has(demo, refused):
    said = ("overdue debtors: found", "with an outcome, expected at least 20 with and 20 without")
    refused("train", "overdue-debtor", demo, "--as-of", "2023-03-31", "--dpd", 90, code=30, said=said, keep=demo.parent)


@pytest.mark.parametrize(
    ("purpose", "option", "value", "said"),
    [
        ("overdue-debtor", "--dpd", 45, "dpd: found 45, expected one of 30, 60, 90"),
        ("overdue-client", "--months", 4, "months: found 4, expected one of 3, 6, 12"),
        (
            "overdue",
            "--months",
            3,
            "--months: found it with overdue, expected it with overdue-debtor or overdue-client",
        ),
        ("overdue-debtors", "--months", 3, "train: found 'overdue-debtors', expected one of rating, overdue, overdue-"),
        ("overdue-client", "--tendency", 0.1, "--tendency: found it with overdue-client, expected it with rating"),
    ],
)
def test_a_setting_that_a_model_does_not_take_is_misuse(single, refused, purpose, option, value, said):
    asked = ("train", purpose, single, "--as-of", "2025-03-31", option, value)
    refused(*asked, code=2, said=said, keep=single.parent)


def test_a_book_with_too_few_defaults_says_how_many_it_has(demo, refused):
    said = ("rating: found", "defaults among", "expected at least 20 with and 20 without")
    line = refused("train", "rating", demo, "--as-of", "2025-06-30", code=30, said=said, keep=demo.parent)
    found = re.search(r"found (\d+) defaults among ([\d,]+) debtor-origins", line)
    assert found
    assert 0 < int(found[1]) < 20 < int(found[2].replace(",", ""))


@pytest.mark.parametrize(
    ("model", "when", "out", "code", "said"),
    [
        ("nosuch", "2026-06-30", "s.csv", 2, "--model: found 'nosuch', expected a model's folder or one of rating"),
        ("rating", "2026-06-30", "s.csv", 2, "no rating model of"),
        (
            "overdue",
            "2001-06-30",
            "s.csv",
            2,
            "no overdue model of",
        ),
        ("overdue", "June", "s.csv", 2, "--as-of: found 'June', expected a date"),
        ("overdue", "2026-06-30", "s.xlsx", 2, "expected a name that ends in .parquet or .csv"),
        ("overdue", "2026-06-30", "nowhere/s.csv", 2, "--out: no such folder"),
        ("overdue", "2026-06-30", "folder.csv", 2, "found a folder, expected the name of a file"),
    ],
)
def test_a_book_that_cannot_be_scored_says_why(demo, tmp_path, refused, model, when, out, code, said):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "s.csv").write_text("of last month")
    refused("score", model, demo, "--as-of", when, "--out", tmp_path / out, code=code, said=said, keep=tmp_path)


def test_an_option_the_command_does_not_have_or_lacks_is_misuse(cli, demo):
    for asked in (["check"], ["check", demo, "--nonsense"], ["nonsense"], ["train", "overdue", demo], ["report"], []):
        ended = cli(*asked)
        assert ended.code == 2
        assert "Usage:" in ended.err
        assert "Traceback" not in ended.err
    assert cli("train", "overdue", demo, "--as-of", "2025-06-30", "--seed", "-1").code == 2
