from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from riskmodels.core.checks import Verdict
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models import store
from riskmodels.models.cards import ImportedScorecard, from_json, import_card
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


@pytest.fixture(autouse=True)
def _storable(monkeypatch):
    monkeypatch.setitem(store.MODELS, "ImportedScorecard", ImportedScorecard)


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
