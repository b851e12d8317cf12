"""A run says what code, environment, notebook and data it came from."""

from __future__ import annotations

import hashlib
import re

import riskmodels
from riskmodels.runs import fingerprint as module
from riskmodels.runs.fingerprint import fingerprint


def test_a_fingerprint_holds_versions_and_hashes(notebook):
    path = notebook().path
    found = fingerprint(path, "b" * 64, "m" * 64)
    assert found.package == riskmodels.__version__
    assert found.notebook == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (found.book, found.model) == ("b" * 64, "m" * 64)
    assert re.fullmatch("[0-9a-f]{64}", found.environment)
    assert re.fullmatch("([0-9a-f]{40})?", found.commit)


def test_the_environment_hash_is_stable():
    assert module.environment_hash() == module.environment_hash()


def test_an_installed_package_has_no_commit_even_inside_another_repository(notebook, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "_CHECKOUT", tmp_path)
    found = fingerprint(notebook().path, "", "")
    assert (found.commit, found.dirty) == ("", False)
    assert found.code == riskmodels.__version__


def test_git_that_fails_leaves_the_commit_empty(notebook, monkeypatch, tmp_path):
    (tmp_path / ".git").write_text("nonsense", encoding="utf-8")
    monkeypatch.setattr(module, "_CHECKOUT", tmp_path)
    assert fingerprint(notebook().path, "", "").commit == ""


def test_the_code_line_shows_a_changed_checkout():
    found = module.Fingerprint("0.1.0", "a" * 40, True, "", "", "", "", "")
    assert found.code == "0.1.0 aaaaaaaaaaaa with changes"
