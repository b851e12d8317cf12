"""A model is watched month by month from a file of stored scores: the months, what persists, its exit code."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

ROLES = ("--score", "pd", "--outcome", "gone", "--period", "month")


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """A year of scores in files: one that holds, one whose scores move in its last two months."""
    folder, rng = tmp_path_factory.mktemp("scores"), np.random.default_rng(7)
    month = np.repeat([f"2025-{m:02d}" for m in range(1, 13)], 300)
    x = rng.normal(size=len(month)) * 1.5 - 1
    pd_ = 1 / (1 + np.exp(-x))
    gone = (rng.random(len(x)) < pd_).astype(int)
    frame = pd.DataFrame(
        {"pd": pd_.round(6), "gone": gone, "month": month, "override": (rng.random(len(x)) < 0.02) * 1}
    )
    frame.to_csv(folder / "good.csv", index=False)
    moved = frame.assign(pd=frame["pd"].where(frame["month"] < "2025-11", (frame["pd"] + 1) / 2))
    moved.to_csv(folder / "moved.csv", index=False)
    return folder


def test_a_model_that_holds_ends_well(scores, tmp_path, cli):
    ended = cli("monitor", scores / "good.csv", *ROLES, "--out", tmp_path / "months.csv")
    assert (ended.code, ended.err) == (0, "")
    head = " ".join(ended.out.splitlines()[0].split())
    assert head == "month cases too young bad, 12 months AUC AUC change Observed / expected Score PSI Overrides"
    assert "within; findings: 0" in ended.out
    months = pd.read_csv(tmp_path / "months.csv")
    assert len(months) == 12
    assert set(months["psi_result"].tail(6)) == {"within"}


def test_what_persists_for_two_months_is_a_finding_and_a_breach(scores, cli):
    ended = cli("monitor", scores / "moved.csv", *ROLES, "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["verdict"]) == (20, "breach")
    raised = {f["raised_by"]: (f["id"], f["severity"]) for f in told["findings"]}
    assert raised["validation.monitoring.psi"][1] == "S2"
    assert [m["psi_result"] for m in told["months"]][-3:] == ["within", "breach", "breach"]
    assert told["months"][-1]["month"] == "2025-12"


def test_the_rule_is_the_user_s_to_change(scores, tmp_path, cli):
    limits = tmp_path / "limits.toml"
    limits.write_text('["validation.monitoring.months_beyond"]\nat_most = 2\nsource = "committee"\n')
    assert cli("monitor", scores / "moved.csv", *ROLES, "--limits", limits).code == 10


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--period", ""), 2, "--period: found none, expected the column"),
        (("--period", "gone"), 30, "gone: found '"),
        (("--score", "p"), 2, "no column 'p' for the score"),
        (("--outcome", "month"), 30, "expected 1 for bad"),
        (("--reference", "nosuch.csv"), 2, "'nosuch.csv': no such file"),
        (("--limits", "nosuch.toml"), 2, "nosuch.toml: limits can't be read"),
        (("--as-of", "30.6.2026"), 2, "--as-of: found '30.6.2026'"),
        (("--out", "months.xlsx"), 2, "expected a name that ends in .parquet or .csv"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(scores, cli, more, code, said):
    ended = cli("monitor", scores / "good.csv", *ROLES, *more)
    assert ended.code == code, ended
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_a_book_without_the_model_is_misuse(tmp_path, refused):
    command = ("monitor", "rating", "--book", tmp_path / "none.duckdb", "--as-of", "2026-06-30")
    refused(*command, code=2, said="none.duckdb", keep=tmp_path)
