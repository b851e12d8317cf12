"""A model made anywhere is validated on a file of its scored cases: one command, a document, its verdict as code."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

CODES = {"within": 0, "no_evidence": 10, "not_run": 10, "watch": 10, "breach": 20}


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """Two quarters of a scorecard of elsewhere, and its development sample."""
    folder, rng = tmp_path_factory.mktemp("scores"), np.random.default_rng(7)
    for name, months, n in (
        ("first", ["2025-12", "2026-01"], 300),
        ("second", ["2026-06"], 300),
        ("dev", ["2024-06"], 500),
    ):
        p = rng.beta(1, 6, n).round(5)
        frame = pd.DataFrame(
            {"pd, 12m": p, "gone": np.where(rng.random(n) < p, "bad", "good"), "income": rng.random(n)}
        )
        frame.assign(month=rng.choice(months, n)).to_csv(folder / f"{name}.csv", index=False)
    return folder


@pytest.fixture
def asked(scores):
    """The command, up to what a test adds."""
    roles = ("--score", "pd, 12m", "--outcome", "gone", "--bad", "bad", "--period", "month")
    return lambda name, *more: ("validate", scores / f"{name}.csv", *roles, *more)


def test_a_file_becomes_a_document_and_is_compared_with_the_one_before(asked, scores, tmp_path, cli):
    shared = ("--name", "branch card", "--reports", tmp_path / "runs")
    first = cli(*asked("first", *shared, "--reference", scores / "dev.csv", "--lang", "zh"))
    folder = tmp_path / "runs" / first.out.strip().removeprefix(f"{tmp_path / 'runs'}/")
    run, result = (json.loads((folder / name).read_text()) for name in ("run.json", "result.json"))
    assert (first.code, first.err) == (CODES[run["verdict"]], "")
    assert (run["as_of"], run["book"], run["model"], run["language"]) == ("2026-01-31", "branch card", "", "zh")
    both = [hashlib.sha256((scores / f"{n}.csv").read_bytes()).hexdigest() for n in ("first", "dev")]
    assert run["fingerprint"]["book"] == hashlib.sha256("".join(both).encode()).hexdigest()
    assert "branch card" in (folder / "report.html").read_text()
    assert result["figures"]["validation.stability.psi.score"] is not None

    second = cli(*asked("second", *shared, "--json", "--set", "validator=A. Validator"))
    told = json.loads(second.out)
    assert "A. Validator" in (tmp_path / "runs" / told["folder"] / "report.html").read_text()
    assert second.code == CODES[told["overall"]]
    assert json.loads((tmp_path / "runs" / told["folder"] / "run.json").read_text())["previous"] == run["run_id"]
    auc = next(c for c in told["checks"] if c["name"] == "validation.discrimination.auc.out_of_time")
    assert auc["previous"] == pytest.approx(result["figures"][auc["name"]])
    assert {c["name"]: c["reason"] for c in told["checks"]}["validation.stability.psi.score"]
    assert {c["primary"] for c in told["checks"]} == {True, False}


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--score", "p"), 2, "no column 'p' for the score; known: pd, 12m, gone, income, month"),
        (("--outcome", ""), 2, "columns: found none for the outcome"),
        (("--bad", "Bad"), 2, "gone: no cell says 'Bad'; did you mean 'bad'?"),
        (("--bad", ""), 30, "gone: found 'good' in line"),
        (("--set", "opinion=2"), 2, "opinion: found 2 without opinion_reason"),
        (("--findings", "nosuch.csv"), 2, "findings: nosuch.csv: no such file"),
        (("--period", "gone"), 30, "gone: found 'good' in line"),
        (("--as-of", "30.6.2026"), 2, "as-of: found '30.6.2026', expected a date like 2026-06-30"),
        (("--as-of", "2020-06-30"), 30, "found no row scored by 2020-06-30"),
        (("--score-is", "pd"), 2, "--score-is: found 'pd', expected probability or points"),
        (("--score-is", "points"), 2, "--higher safer or riskier"),
        (("--lang", "fr"), 2, "lang: found 'fr', expected one of en, zh"),
        (("--drivers", "incme"), 2, "drivers: no column 'incme' in the file; did you mean 'income'?"),
        (("--reference", "nosuch.csv"), 2, "'nosuch.csv': no such file"),
        (("--limits", "nosuch.toml"), 2, "nosuch.toml: limits can't be read"),
        (("--horizon", "-1"), 2, "--horizon"),
        (("--set", "valdator=me"), 2, "has no parameter 'valdator'; did you mean 'validator'?"),
        (("--set", "reports=x"), 2, "has no parameter 'reports'"),
        (("--set", "horizon=soon"), 2, "horizon: found 'soon', expected a whole number"),
        (("--set", "file=other.csv"), 2, "--set: found file, which has a place of its own"),
    ],
)
def test_what_is_wrong_with_a_file_or_an_option_is_said_before_anything_runs(asked, tmp_path, cli, more, code, said):
    ended = cli(*asked("first", "--reports", tmp_path / "runs", *more))
    assert ended.code == code, ended
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "runs").exists()


def test_a_place_that_is_no_folder_or_no_file_is_misuse(asked, scores, tmp_path, refused):
    (tmp_path / "runs").write_text("mine")
    refused(
        *asked("first", "--reports", tmp_path / "runs"), code=2, said="found a file, expected a folder", keep=tmp_path
    )
    refused(*asked("third", "--reports", tmp_path / "r"), code=2, said="third.csv': no such file", keep=tmp_path)


def test_two_columns_are_enough_and_the_close_is_the_day_the_file_was_written(tmp_path, cli):
    rng = np.random.default_rng(3)
    p = rng.beta(1, 6, 400)
    pd.DataFrame({"p": p, "y": (rng.random(400) < p).astype(int)}).to_csv(tmp_path / "two.csv", index=False)
    os.utime(tmp_path / "two.csv", (1_770_000_000, 1_770_000_000))
    ended = cli("validate", tmp_path / "two.csv", "--outcome", "y", "--score", "p", "--reports", tmp_path / "runs")
    folder = Path(ended.out.strip())
    assert json.loads((folder / "run.json").read_text())["as_of"] == "2026-02-02"
    said = "the close, 2026-02-02, is the day the file was last written"
    assert said in (folder / "report.html").read_text()


def test_with_a_book_its_stored_model_is_asked_for(tmp_path, refused):
    command = ("validate", "rating", "--book", tmp_path / "none.duckdb", "--as-of", "2026-06-30")
    refused(*command, "--reports", tmp_path / "runs", code=2, said="none.duckdb", keep=tmp_path)


def test_the_guide_names_every_option_and_no_other(repository):
    from typer.main import get_command

    from riskmodels.cli import app

    guide = (repository / "docs" / "validation.md").read_text(encoding="utf-8")
    options = {o for p in get_command(app).commands["validate"].params for o in p.opts if o.startswith("--")}
    named = set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", guide))
    assert named - {"--model"} == options
