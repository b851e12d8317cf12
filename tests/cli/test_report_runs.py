"""A report is asked for by name and parameters; its exit code is its verdict, and a run that fails leaves nothing."""

from __future__ import annotations

import json
import shutil

import pytest

from riskmodels.core.errors import DataRefused

AS_OF = ("--as-of", "2026-06-30")
CODES = {"within": 0, "not_run": 0, "watch": 10, "breach": 20}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("lagn=zh", "has no parameter 'lagn'; did you mean 'lang'?"),
        ("x=1; import os=1", "has no parameter 'x'"),
        ("import os=1", "'import os', expected the plain name of a parameter"),
        ("=1", "found '', expected the plain name of a parameter"),
        ("nonsense", "--set: found 'nonsense', expected name=value"),
        ("book=other", "--set: found book, which has an option of its own: --book"),
        ("as_of=2020-01-01", "which has an option of its own: --as-of"),
        ("model=x", "which has an option of its own: --model"),
        ("lang=" + "z" * 2000, "lang: found 2000 characters, expected at most 1000"),
        ("lang=\x1b[31m", "lang: found characters that can't be printed"),
        ("lang=en\nimport os", "lang: found characters that can't be printed"),
        ("previous=https://me:secret@host/x", "holds a password"),
    ],
)
def test_a_parameter_that_is_not_declared_or_does_not_fit_is_misuse(demo, tmp_path, refused, setting, said):
    asked = ("report", "run", "portfolio_review", "--book", demo, *AS_OF, "--set", setting)
    refused(*asked, "--reports", tmp_path / "runs", code=2, said=said, keep=tmp_path)


def test_a_language_nobody_speaks_is_misuse_and_leaves_no_run(demo, tmp_path, cli):
    asked = ("report", "run", "portfolio_review", "--book", demo, *AS_OF, "--set", "lang=fr")
    ended = cli(*asked, "--reports", tmp_path / "runs")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "riskmodels: lang: found 'fr', expected one of en, zh\n"
    assert list((tmp_path / "runs").glob("[!.]*")) == []


@pytest.mark.parametrize(
    ("name", "asked", "code", "said"),
    [
        ("portfolio_reveiw", AS_OF, 2, "no report 'portfolio_reveiw'; did you mean 'portfolio_review'?"),
        ("", AS_OF, 2, "no report ''; known: data_quality, feature_review, model_validation, overdue_development"),
        ("../x.ipynb", AS_OF, 2, "no such notebook file"),
        ("portfolio_review", ("--as-of", "30/06/2026"), 2, "--as-of: found '30/06/2026', expected a date"),
        ("portfolio_review", ("--as-of", "9999-12-31"), 2, "expected a date between 1900-01-01 and 2199-12-31"),
        ("portfolio_review", ("--as-of", "2001-06-30"), 30, "as of 2001-06-30 is before all data; its first day is"),
        ("portfolio_review", (*AS_OF, "--model", "overdue"), 2, "--model: portfolio_review takes no model"),
        ("model_validation", (*AS_OF, "--model", "nosuch"), 2, "--model: found 'nosuch', expected a model's folder"),
        ("model_validation", (*AS_OF, "--model", "rating"), 2, "--model: no rating model of"),
        ("model_validation", (*AS_OF, "--set", "findings=none.csv"), 2, "findings: none.csv: no such file"),
        ("model_validation", (*AS_OF, "--set", "opinion=3"), 2, "opinion: found 3 without opinion_reason"),
        ("model_validation", (*AS_OF, "--set", "opinion=9"), 2, "opinion: found 9, expected 1 (adequate)"),
    ],
)
def test_a_report_that_cannot_be_run_says_why(demo, tmp_path, refused, name, asked, code, said):
    command = ("report", "run", name, "--book", demo, *asked, "--reports", tmp_path / "runs")
    refused(*command, code=code, said=said, keep=tmp_path)


def test_a_model_trained_after_the_date_is_not_judged(demo, tmp_path, refused):
    command = ("report", "run", "model_validation", "--book", demo, "--as-of", "2025-01-31", "--model", "overdue")
    said = "no overdue model of"
    refused(*command, "--reports", tmp_path / "runs", code=2, said=said, keep=tmp_path)


def test_a_notebook_that_is_none_is_misuse(demo, tmp_path, refused):
    (tmp_path / "mine.ipynb").write_text("nope")
    command = ("report", "run", tmp_path / "mine.ipynb", "--book", demo, *AS_OF, "--reports", tmp_path / "runs")
    refused(*command, code=2, said="can't be read as a notebook", keep=tmp_path)


def test_a_file_is_no_folder_of_runs(demo, tmp_path, refused):
    place = tmp_path / "runs"
    place.write_text("mine")
    run = ("report", "run", "portfolio_review", "--book", demo, *AS_OF)
    for command in (run, ("runs", "list"), ("runs", "show", "x")):
        refused(*command, "--reports", place, code=2, said="found a file, expected a folder", keep=tmp_path)


def test_a_folder_without_runs_lists_none_and_shows_none(tmp_path, cli, refused):
    assert cli("runs", "list", "--reports", tmp_path / "none").code == 0
    refused("runs", "show", "x", "--reports", tmp_path, code=2, said="no run 'x'; known: none", keep=tmp_path)


@pytest.fixture(scope="module")
def runs(demo, tmp_path_factory, cli):
    """A folder with one run of the portfolio review."""
    folder = tmp_path_factory.mktemp("runs")
    ended = cli("report", "run", "portfolio_review", "--book", demo, *AS_OF, "--reports", folder)
    told = json.loads(next(folder.glob("*/*/*/run.json")).read_text())
    assert (ended.code, ended.err) == (CODES[told["verdict"]], "")
    assert ended.out.strip().endswith(told["run_id"])
    return folder


def test_the_exit_code_of_a_report_is_its_verdict(runs, cli):
    listed = json.loads(cli("runs", "list", "--reports", runs, "--json").out)
    assert [r["report"] for r in listed] == ["portfolio_review"]
    assert cli("runs", "show", listed[0]["run_id"], "--reports", runs).code == 0


@pytest.mark.parametrize("how", ["changed", "missing", "extra"])
def test_a_run_that_was_tampered_with_is_not_shown(runs, tmp_path, refused, how):
    copy = tmp_path / "runs"
    shutil.copytree(runs, copy)
    folder = next(copy.glob("*/*/*"))
    page = folder / "report.html"
    match how:
        case "changed":
            page.write_text(page.read_text().replace("<", "< ", 1))
        case "missing":
            page.unlink()
        case "extra":
            (folder / "notes.txt").write_text("x")
    said = ("changed since it was promoted", "notes.txt" if how == "extra" else "report.html")
    refused("runs", "show", folder.name, "--reports", copy, code=30, said=said, keep=tmp_path)


def test_a_validation_of_a_book_without_a_model_runs_no_check(single, tmp_path, cli):
    command = ("report", "run", "model_validation", "--book", single, "--as-of", "2025-03-31")
    ended = cli(*command, "--reports", tmp_path)
    assert (ended.code, ended.err) == (10, "")
    result = json.loads(next(tmp_path.glob("*/*/*/result.json")).read_text())
    assert result["overall"] == "not_run"


def test_a_book_with_nothing_open_has_nothing_to_review(ledger, tmp_path, cli):
    import riskmodels as rm

    paid = "payment_id,invoice_id,paid_on,amount\np1,i1,2025-02-01,100\np2,i2,2025-02-01,250.50\n"
    assert cli("load", ledger(payments=paid), "--out", tmp_path / "b.duckdb").code == 0
    with pytest.raises(DataRefused, match="b: found nothing open at the close of 2025-03-31, expected a balance"):
        rm.portfolio_review(str(tmp_path / "b.duckdb"), "2025-03-31")


def test_a_currency_with_nothing_open_does_not_stop_the_review(ledger, tmp_path, cli):
    import riskmodels as rm

    invoices = (
        "invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on\n"
        "i1,c1,d1,CNY,100.00,2025-01-05,2025-03-05\n"
        "i2,c1,d2,USD,250.50,2025-01-20,2025-03-20\n"
    )
    paid = "payment_id,invoice_id,paid_on,amount\np1,i1,2025-02-01,100\n"
    assert cli("load", ledger(invoices, payments=paid), "--out", tmp_path / "b.duckdb").code == 0
    review = rm.portfolio_review(str(tmp_path / "b.duckdb"), "2025-03-31")
    assert review.currencies == ["USD"]
    for page in (review.front, review.ageing, review.concentration, review.turnover, review.cohorts, review.data):
        page()
