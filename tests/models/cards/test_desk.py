import subprocess
import sys
from dataclasses import replace
from io import StringIO

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from riskmodels.core.checks import Verdict
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models import store
from riskmodels.models.calibration import anchored
from riskmodels.models.cards import ImportedScorecard, from_json, import_card
from riskmodels.models.cards.card import moved
from riskmodels.models.cards.desk import (
    export_text,
    judged_bands,
    judged_sample,
    keep_card,
    kept_card,
    missing_of,
    read_cases,
    scale_of,
    scored,
    specials_of,
)
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.points import Scale
from riskmodels.validation.suite import validate

CARD = """driver,bin,points
base,,480
late,<0.2,60
late,>=0.2,-25
late,missing,0
sector,01|02,10
sector,03,-30
sector,missing,0
"""


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card.csv").write_text(CARD)
    return import_card(tmp_path / "card.csv", scale=Scale(500, 9, 30))


@pytest.fixture
def cases(tmp_path):
    rng = np.random.default_rng(2)
    late, sector = rng.random(2000), rng.choice(["01", "02", "03"], 2000)
    bad = rng.random(2000) < np.where(late < 0.2, 0.02, 0.14) * np.where(sector == "03", 2, 1)
    table = pd.DataFrame({"id": range(2000), "late": late, "sector": sector, "bad": bad.astype(int)})
    table.loc[::50, "late"] = None
    table.to_csv(tmp_path / "cases.csv", index=False)
    return tmp_path / "cases.csv"


def test_a_foreign_card_goes_from_its_file_to_a_validation_unedited(card, cases, tmp_path):
    again = kept_card(keep_card(card, tmp_path / "models" / "x"))
    assert again == card
    sample = judged_sample(again, read_cases(cases, again), "bad", obligor="id")
    checks = {check.name: check for check in validate(sample, drivers=again.names)}
    ranked = checks["validation.discrimination.auc.out_of_time"]
    assert ranked.value == pytest.approx(roc_auc_score(sample["outcome"], -sample["points"]), abs=1e-12)
    assert ranked.value > 0.6


@pytest.mark.parametrize("turned", [False, True])
def test_a_card_without_a_scale_ranks_as_with_one(card, cases, turned):
    drivers = [
        replace(d, log_odds=None, points=tuple(-p for p in d.points) if turned else d.points) for d in card.drivers
    ]
    bare = replace(card, drivers=tuple(drivers), intercept=None, scale=None, more_is_worse=turned)
    table = read_cases(cases, card).assign(probability=0.5)
    whole, ranked = (judged_sample(each, table, "bad", obligor="id") for each in (card, bare))
    assert "probability" not in ranked
    with_scale, without = ({r.name: r for r in validate(sample)} for sample in (whole, ranked))
    for name, result in without.items():
        if name.split(".")[1] == "calibration":
            assert (result.verdict, "has no scale" in result.reason) == (Verdict.NOT_RUN, True)
        else:
            assert (result.value, result.interval) == (with_scale[name].value, with_scale[name].interval)
    bands, ranked_bands = judged_bands(card, whole).table, judged_bands(bare, ranked).table
    told = ["n", "bads", "rate", "ks", "lift"]
    assert bands[told].equals(ranked_bands[told])


def test_a_sample_without_probabilities_needs_a_reference_of_its_kind(card, cases):
    sample = judged_sample(card, read_cases(cases, card), "bad")
    ranks = sample.drop(columns="probability").assign(risk=-sample["points"])
    with pytest.raises(Misuse, match="reference: found the score as probability, expected risk"):
        validate(ranks, sample)
    moved = {r.name: r for r in validate(ranks, ranks.assign(risk=ranks["risk"] + 40))}
    assert moved["validation.stability.psi.score"].value > 1


def test_the_folder_says_that_the_development_of_a_card_is_not_known(card, tmp_path):
    told = store.read_card(keep_card(card, tmp_path / "scaled"))
    assert (told["outcome"], told["population"]) == (None, None)
    assert "definition of bad is not told" in told["limits"][0]
    bare = import_card(tmp_path / "card.csv")
    assert "points rank only" in store.read_card(keep_card(bare, tmp_path / "bare"))["limits"][1]


def test_codes_with_leading_noughts_stay_text(card, cases):
    table = read_cases(cases, card)
    assert set(table["sector"]) == {"01", "02", "03"}
    assert table["late"].isna().sum() == 40
    assert scored(card, table)["points"].between(425, 550).all()


def test_a_parquet_table_is_scored_too(card, cases, tmp_path):
    table = read_cases(cases, card)
    table.to_parquet(tmp_path / "cases.parquet")
    assert scored(card, read_cases(tmp_path / "cases.parquet", card)).equals(scored(card, table))


def test_what_the_command_line_says_becomes_settings():
    assert scale_of("600,19,50") == Scale(600, 19, 50)
    assert (scale_of(""), missing_of("")) == (None, None)
    assert (missing_of("-3.5"), missing_of("worst")) == (-3.5, "worst")
    for text in ("600", "600,19,x", "600,0,50", "600,19,-50"):
        with pytest.raises(Misuse, match="found"):
            scale_of(text)


def test_codes_of_special_bins_are_told_by_driver_and_by_bin():
    told = specials_of(["a12=23|24", "a1:no bureau=-999", "a1:refused=-998"])
    assert told == {"a12": {"Special": ["23", "24"]}, "a1": {"no bureau": ["-999"], "refused": ["-998"]}}
    for text in ("a12", "=23", "a12="):
        with pytest.raises(Misuse, match=f"specials: found '{text}', expected DRIVER=CODE"):
            specials_of([text])


def test_a_kept_card_is_carried_out_as_sql_python_and_json(card):
    assert 'FROM "risk"."cases"' in export_text(card, ".sql", "risk.cases")
    assert "def score(row" in export_text(card, ".py", "")
    assert from_json(export_text(card, ".json", "")) == card


def test_what_can_t_be_judged_is_refused(card, cases, tmp_path):
    table = read_cases(cases, card)
    with pytest.raises(Misuse, match=r"found no columns \['defaulted'\]"):
        judged_sample(card, table, "defaulted")
    bare = import_card(tmp_path / "card.csv")
    assert "probability" not in scored(bare, table)
    with pytest.raises(DataRefused, match="found no such file"):
        read_cases(tmp_path / "none.csv", card)
    store.save({"other": ImportedScorecard(card)}, tmp_path / "m")
    with pytest.raises(DataRefused, match="expected one called champion"):
        kept_card(tmp_path / "m")


def test_a_rating_is_carried_out_with_its_calibration_and_says_so(applicants, tmp_path):
    X, y = applicants
    model = Scorecard().fit(X, y)
    own = model.predict_proba(X)[:, 1]
    calibration = anchored(own, 0.05)
    card = kept_card(store.save({"champion": model, "calibration": calibration}, tmp_path / "rating"))
    expected = calibration.apply(own)
    row = X.iloc[0].astype(object).where(X.iloc[0].notna(), None).to_dict()
    source: dict = {}
    exec(export_text(card, ".py", ""), source)
    said = source["score"](row)
    assert said["probability"] == pytest.approx(expected[0], rel=1e-12)
    assert said["points"] == model.points(X)[0]
    assert from_json(export_text(card, ".json", "")).probability(X) == pytest.approx(expected, rel=1e-12)
    sql = export_text(card, ".sql", "applicants")
    found = duckdb.connect().register("applicants", X).execute(sql).df()
    assert found["probability"].to_numpy() == pytest.approx(expected, rel=1e-12)
    assert all("probabilities are calibrated" in text for text in (sql, source["NOTES"][0], card.notes[0]))


def test_a_note_of_a_card_cannot_become_code(card):
    told = replace(card, notes=("\nDROP TABLE x; @DRIVERS@ '); import os #",))
    source: dict = {}
    exec(export_text(told, ".py", ""), source)
    assert source["NOTES"] == told.notes
    assert export_text(told, ".sql", "cases").splitlines()[1].startswith("SELECT")


def test_points_alone_cannot_be_calibrated(card, tmp_path):
    with pytest.raises(Misuse, match="it tells points only, so there are no log-odds to move"):
        moved(import_card(tmp_path / "card.csv"), 0.1, "why")


SCORES = """
import sys
from pathlib import Path
from riskmodels.models.cards.desk import kept_card, read_cases, scored
card = kept_card(sys.argv[1])
print(scored(card, read_cases(Path(sys.argv[2]), card)).to_json(double_precision=15))
print(*sorted({"lightgbm", "numba", "sklearn", "sqlglot", "statsmodels"} & set(sys.modules)))
"""


def in_a_new_process(folder, cases):
    """What a process that only scores gives, and the slow libraries it has loaded."""
    done = subprocess.run([sys.executable, "-c", SCORES, folder, cases], capture_output=True, text=True, check=True)
    told, loaded = done.stdout.splitlines()
    return pd.read_json(StringIO(told), precise_float=True), loaded.split()


def test_an_imported_card_is_scored_without_waiting_for_the_libraries_that_fit(card, cases, tmp_path):
    told, loaded = in_a_new_process(keep_card(card, tmp_path / "kept"), cases)
    assert loaded == []
    assert told["probability"].tolist() == pytest.approx(card.probability(read_cases(cases, card)), rel=1e-12)


def test_a_stored_scorecard_is_scored_without_compiling_or_boosting(german, tmp_path):
    X, y = german
    model = Scorecard().fit(X[["a1", "a4"]], y)
    folder = store.save({"champion": model}, tmp_path / "kept")
    X[["a1", "a4"]].head(20).to_csv(tmp_path / "cases.csv", index=False)
    told, loaded = in_a_new_process(folder, tmp_path / "cases.csv")
    assert loaded == ["sklearn"]
    assert told["points"].tolist() == model.points(X[["a1", "a4"]].head(20)).tolist()
