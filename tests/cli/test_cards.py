"""Cards made elsewhere, from the command line: kept, scored, judged, carried away; mistakes in one line."""

import importlib.util
import json

import duckdb
import numpy as np
import pandas as pd
import pytest

CARD = """driver,bin,points
base,,300
age,"[-inf, 26)",-10
age,"[26, 40)",0
age,"[40, inf)",15
housing,own,20
housing,rent|free,-5
housing,missing,-8
"""


@pytest.fixture
def card(tmp_path, cli):
    source = tmp_path / "card.csv"
    source.write_text(CARD)
    ended = cli("card", "import", source, "--out", tmp_path / "kept", "--scale", "300,5,20", "--missing", "worst")
    assert (ended.code, ended.err) == (0, "")
    assert "2 drivers" in ended.out
    return tmp_path / "kept"


@pytest.fixture
def cases(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.integers(18, 70, 400), "housing": rng.choice(["own", "rent", "free"], 400)})
    worse = (frame["age"] < 26) + (frame["housing"] != "own") * 1.0
    frame["bad"] = (rng.random(400) < 0.1 + 0.2 * worse).astype(int)
    frame["obligor"] = np.arange(400) // 2
    frame.to_csv(tmp_path / "cases.csv", index=False)
    return tmp_path / "cases.csv"


def test_a_card_is_scored_as_it_stands(card, cases, cli, tmp_path):
    ended = cli("card", "score", card, cases, "--out", tmp_path / "scored.csv")
    assert (ended.code, ended.err) == (0, "")
    found = pd.read_csv(tmp_path / "scored.csv")
    age = np.select([found["age"] < 26, found["age"] < 40], [-10, 0], 15)
    assert (found["points"] == 300 + age + np.where(found["housing"] == "own", 20, -5)).all()
    assert found["probability"].between(0, 1).all()


def test_a_card_is_judged_by_the_house_checks(card, cases, cli):
    ended = cli("card", "validate", card, cases, "--outcome", "bad", "--obligor", "obligor", "--json")
    assert ended.code in (0, 10, 20)
    names = {check["name"] for check in json.loads(ended.out)}
    assert "validation.discrimination.auc.out_of_time" in names


@pytest.mark.parametrize("end", ["sql", "py"])
def test_a_card_carried_away_scores_alike(card, cases, cli, tmp_path, end):
    out = tmp_path / f"score.{end}"
    assert cli("card", "export", card, "--out", out, "--table", "cases").code == 0
    assert cli("card", "score", card, cases, "--out", tmp_path / "s.csv").code == 0
    expected = pd.read_csv(tmp_path / "s.csv")["points"].tolist()
    frame = pd.read_csv(cases)
    if end == "sql":
        con = duckdb.connect()
        con.register("cases", frame)
        found = con.sql(out.read_text()).df()["points"].tolist()
    else:
        spec = importlib.util.spec_from_file_location("score", out)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found = [module.score(row)["points"] for row in frame.to_dict("records")]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CARD.replace("[26, 40)", "[27, 40)"), "age"),
        (CARD.replace("-10", "ten"), "ten"),
        ("a,b\n1,2\n", "card"),
    ],
)
def test_a_card_that_cannot_be_read_is_refused_in_one_line(tmp_path, refused, text, said):
    source = tmp_path / "card.csv"
    source.write_text(text)
    asked = ("card", "import", source, "--out", tmp_path / "kept", "--scale", "300,5,20", "--missing", "worst")
    code = 30 if "driver" in text else None
    line = refused(*asked, code=code or 30, said=said, keep=tmp_path)
    assert "Traceback" not in line


def test_a_card_stands_in_for_the_house_rating_only(demo, card, refused):
    asked = ("train", "overdue", demo, "--as-of", "2025-06-30", "--card", card)
    refused(*asked, code=2, said="--card: found it with overdue, expected it with rating", keep=demo.parent)
