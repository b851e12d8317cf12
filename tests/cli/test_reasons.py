"""Why an open invoice is expected so late, asked from the front: beside its score, and as a frame of days."""

import json
import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

import riskmodels as rm
from riskmodels.core import text
from riskmodels.reporting.pages.delay_words import delay_sentences
from riskmodels.validation.overdue_development.reasons import explained, told_of

AS_OF = "2026-06-30"


def test_each_score_with_an_expected_day_says_why_and_the_others_stay_empty(demo, tmp_path, cli):
    plain, told = tmp_path / "p.parquet", tmp_path / "s.parquet"
    assert cli("score", "overdue", demo, "--as-of", AS_OF, "--out", plain).code == 0
    ended = cli("score", "overdue", demo, "--as-of", AS_OF, "--out", told, "--reasons", "en")
    assert (ended.code, ended.err) == (0, "")
    found = pd.read_parquet(told)
    pd.testing.assert_frame_equal(found.drop(columns="reasons"), pd.read_parquet(plain))
    known = found["expected_days"].notna()
    assert 0 < known.sum() < len(found)
    assert found.loc[known, "reasons"].str.startswith("Expected ").all()
    assert (found.loc[~known, "reasons"] == "").all()


def test_reasons_are_told_in_chinese_and_the_callers_language_stays(demo, tmp_path, cli):
    asked = ("score", "overdue", demo, "--as-of", AS_OF, "--out", tmp_path / "s.csv")
    assert cli(*asked, "--reasons", "zh").code == 0
    assert pd.read_csv(tmp_path / "s.csv")["reasons"].dropna().str.startswith("预计").all()
    assert text.language() == "en"


def test_days_by_driver_add_up_to_the_days_expected(demo):
    found = rm.explain_delays("overdue", demo, AS_OF)
    parts = found.drop(columns=["invoice_id", "days_late", "reasons"])
    np.testing.assert_allclose(parts.sum(axis=1), found["days_late"], atol=1e-8)
    scores = rm.score("overdue", demo, AS_OF).dropna(subset="expected_days")
    assert found["invoice_id"].tolist() == scores["invoice_id"].tolist()


def test_the_other_engine_explains_itself_alike(demo, model):
    stored = rm.open_model(model)
    other = replace(stored, models={"champion": stored.models["challenger"]})
    book = rm.open_book(demo)
    told, _untold = told_of(book, date.fromisoformat(AS_OF), other.models["champion"])
    few = told.head(20)
    days = explained(other, few)
    np.testing.assert_allclose(days.sum(axis=1), few["days_late"], atol=1e-6)
    assert delay_sentences(days, few).str.startswith("Expected ").all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--as-of", AS_OF, "--reasons", "fr"), "lang: found 'fr', expected one of en, zh"),
        (("--as-of", "2025-06-29", "--reasons", "en"), "trained by 2025-06-29"),
    ],
)
def test_reasons_that_cannot_be_given_are_refused(demo, tmp_path, refused, given, said):
    refused("score", "overdue", demo, "--out", tmp_path / "s.csv", *given, code=2, said=said, keep=tmp_path)


def test_only_an_overdue_model_of_invoices_gives_reasons(demo, model, tmp_path, refused):
    copy = tmp_path / "model"
    shutil.copytree(model, copy)
    manifest = copy / "MANIFEST.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(told | {"card": told["card"] | {"purpose": "rating"}}))
    asked = ("score", copy, demo, "--as-of", AS_OF, "--out", tmp_path / "s.csv", "--reasons", "en")
    refused(*asked, code=2, said="found a model for 'rating', expected one for 'overdue'", keep=tmp_path)


def test_reasons_by_a_model_trained_later_are_refused(demo, model, tmp_path, refused):
    asked = ("score", model, demo, "--as-of", "2025-03-31", "--out", tmp_path / "s.csv", "--reasons", "zh")
    refused(*asked, code=2, said="found a model trained on 2025-06-30", keep=tmp_path)
