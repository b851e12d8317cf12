import hashlib
import json

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.binning import Binner
from riskmodels.models.boosting import Booster
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.sealed import MANIFEST
from riskmodels.models.store import load, load_frame, read_card, save


@pytest.fixture(scope="module")
def models(applicants):
    X, y = applicants
    return {"champion": Scorecard().fit(X, y), "challenger": Booster().fit(X, y)}


@pytest.fixture
def folder(models, tmp_path):
    return save(models, tmp_path / "pd", {"purpose": "test", "window": ["2025-01-01", "2026-01-01"]})


def name_models(folder, **kinds):
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["models"] |= kinds
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_a_loaded_model_gives_the_same_bits(models, folder, applicants):
    X, _ = applicants
    for name, model in load(folder).items():
        assert np.array_equal(model.predict_proba(X), models[name].predict_proba(X))
        assert model.contributions(X).equals(models[name].contributions(X))
        assert model.summary().equals(models[name].summary())
        assert model.card() == models[name].card()


def test_a_loaded_model_can_be_saved_again_with_the_same_bytes(folder, tmp_path):
    again = save(load(folder), tmp_path / "again", read_card(folder))
    names = {path.name for path in folder.iterdir()}
    assert names == {path.name for path in again.iterdir()}
    assert all((folder / name).read_bytes() == (again / name).read_bytes() for name in names)


@pytest.mark.parametrize("engine", ["logit", "lightgbm"])
def test_a_payment_model_gives_the_same_bits(engine, applicants, tmp_path):
    X, y = applicants
    terms, duration = np.full(len(y), 30), np.random.default_rng(0).integers(5, 80, len(y))
    model = PaymentTime(engine=engine).fit(X, terms, duration, y == 0)
    loaded = load(save({"time": model}, tmp_path / "m"))["time"]
    assert loaded.survival(X, terms).equals(model.survival(X, terms))
    assert loaded.card() == model.card()


def test_a_model_kept_by_another_version_is_refused_in_a_line(folder):
    path = folder / "champion.json"
    state = json.loads(path.read_text())
    state.pop(next(iter(state)))
    path.write_text(json.dumps(state))
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["sha256"]["champion.json"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(DataRefused, match="found a Scorecard of another version of this package"):
        load(folder)


def test_a_model_of_plain_arrays_is_kept_too(applicants, tmp_path):
    X, y = applicants
    values = X[["late_share", "age"]].to_numpy()
    loaded = load(save({"bins": Binner().fit(values, y)}, tmp_path / "m"))["bins"]
    assert np.array_equal(loaded.transform(values), Binner().fit(values, y).transform(values))


def test_a_frame_is_kept_as_it_was(models, applicants, tmp_path):
    X, y = applicants
    sample = X.assign(y=y, as_of=pd.Timestamp("2026-06-30"), taken=True)
    folder = save(models, tmp_path / "m", frames={"sample": sample})
    pd.testing.assert_frame_equal(load_frame(folder, "sample"), sample, check_exact=True)
    with pytest.raises(DataRefused, match="found no frame 'other'"):
        load_frame(folder, "other")


def test_the_card_of_the_caller_is_kept(folder):
    assert read_card(folder) == {"purpose": "test", "window": ["2025-01-01", "2026-01-01"]}


@pytest.mark.parametrize("name", ["champion.json", "challenger.json", "challenger.lightgbm.txt"])
def test_a_changed_file_is_refused_before_it_is_parsed(folder, name, monkeypatch):
    (folder / name).write_bytes((folder / name).read_bytes().replace(b"1", b"2", 1))
    monkeypatch.setattr("riskmodels.models.store.MODELS", {})
    with pytest.raises(DataRefused, match=f"{name} was changed after it was saved"):
        load(folder)


def test_a_missing_file_is_refused(folder):
    (folder / "champion.json").unlink()
    with pytest.raises(DataRefused, match=r"missing files \['champion\.json'\]"):
        load(folder)


def test_an_extra_file_is_refused(folder):
    (folder / "notes.txt").write_text("")
    with pytest.raises(DataRefused, match=r"found files \['notes\.txt'\] that are not"):
        load(folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sha256": 3, "models": {}, "card": {}}'])
def test_a_broken_manifest_is_refused(folder, text):
    (folder / MANIFEST).write_text(text)
    with pytest.raises(DataRefused, match="MANIFEST"):
        load(folder)


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(DataRefused, match=r"found no MANIFEST\.json"):
        load(tmp_path)


def test_a_kind_this_version_doesn_t_know_is_refused(folder):
    name_models(folder, champion="Oracle")
    with pytest.raises(DataRefused, match="found a Oracle, which this version doesn't know"):
        load(folder)


def test_a_model_the_manifest_names_but_does_not_hold_is_refused(folder):
    name_models(folder, third="Booster")
    with pytest.raises(DataRefused, match=r"third: found no third\.json"):
        load(folder)


def test_an_existing_folder_is_never_written_over(models, folder):
    with pytest.raises(Misuse, match="exists already"):
        save(models, folder)


def test_nothing_is_left_behind_when_saving_fails(models, tmp_path):
    with pytest.raises(Misuse, match="can't be written as JSON"):
        save(models, tmp_path / "pd", {"when": object()})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../up", "a/b", ""])
def test_a_name_can_t_leave_the_folder(models, tmp_path, name):
    with pytest.raises(Misuse, match="model name"):
        save({name: models["champion"]}, tmp_path / "m")


def test_something_else_than_a_model_is_refused(tmp_path):
    with pytest.raises(Misuse, match="found a dict, expected one of Binner"):
        save({"a": {}}, tmp_path / "m")
