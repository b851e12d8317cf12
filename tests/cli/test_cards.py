"""Cards made elsewhere, from the command line: kept, scored, judged, carried away; mistakes in one line."""

import importlib.util
import json
from pathlib import Path

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
    told = json.loads(ended.out)
    assert "validation.discrimination.auc.out_of_time" in {check["name"] for check in told["checks"]}
    assert (told["bands"][0]["band"], sum(band["n"] for band in told["bands"])) == (0, 400)


def test_a_card_without_a_scale_is_judged_by_how_it_ranks(cases, cli, tmp_path):
    (tmp_path / "card.csv").write_text(CARD)
    assert cli("card", "import", tmp_path / "card.csv", "--out", tmp_path / "bare", "--missing", "worst").code == 0
    asked = ("card", "validate", tmp_path / "bare", cases, "--outcome", "bad", "--bands", tmp_path / "bands.csv")
    ended = cli(*asked)
    assert (ended.code in (0, 10, 20), ended.err) == (True, "")
    assert "the card has no scale" in next(line for line in ended.out.splitlines() if "Calibration slope" in line)
    assert "the card has no scale" not in next(line for line in ended.out.splitlines() if "AUC on later data" in line)
    assert "bad caught" in ended.out
    table = pd.read_csv(tmp_path / "bands.csv")
    assert table["n"].sum() == 400
    assert table["bads"].sum() == pd.read_csv(cases)["bad"].sum()


def test_outcomes_nobody_knows_yet_leave_checks_but_no_bands(card, cases, cli, tmp_path):
    pd.read_csv(cases).assign(bad=np.nan).to_csv(tmp_path / "young.csv", index=False)
    ended = cli("card", "validate", card, tmp_path / "young.csv", "--outcome", "bad", "--json")
    assert (ended.code in (0, 10, 20), ended.err) == (True, "")
    assert json.loads(ended.out)["bands"] == []


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


OPTBINNING = Path(__file__).parents[1] / "models/cards/fixtures/optbinning_card.csv"


def test_the_codes_an_optbinning_table_keeps_to_itself_are_told_beside_it(cli, refused, tmp_path):
    asked = ("card", "import", OPTBINNING, "--out", tmp_path / "kept")
    refused(*asked, code=30, said="found the special bin 'Special', expected its codes in specials (--specials)")
    refused(*asked, "--specials", "a13=23", code=2, said="specials: found no drivers ['a13'] on the card")
    ended = cli(*asked, "--specials", "a12=23")
    assert (ended.code, ended.err) == (0, "")


def test_a_card_of_toad_without_missing_values_names_the_driver_once_and_the_flag(refused, tmp_path):
    asked = ("card", "import", OPTBINNING.with_name("toad_card.json"), "--out", tmp_path / "kept")
    line = refused(*asked, code=30, said="(--missing)")
    assert line.count("a4") == 1


def test_a_card_stands_in_for_the_house_rating_only(demo, card, refused):
    asked = ("train", "overdue", demo, "--as-of", "2025-06-30", "--card", card)
    refused(*asked, code=2, said="--card: found it with overdue, expected it with rating", keep=demo.parent)
