"""Only values for declared parameters, in their types, reach a notebook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from riskmodels.core.errors import Misuse
from riskmodels.runs.parameters import check, declared


def test_declared_parameters_are_read_with_type_and_comment(notebook):
    found = {p.name: (p.kind, p.default, p.comment) for p in declared(notebook().path)}
    assert found["as_of"] == ("str", "2026-06-30", "close of business the report looks from")
    assert found["threshold"] == ("float", 0.5, "a rate")
    assert found["top"] == ("int", 10, "rows shown")
    assert found["strict"] == ("bool", False, "refuse doubtful data")


def test_reading_parameters_never_executes_them(notebook, tmp_path):
    trap = notebook(parameters=f"as_of = open({str(tmp_path / 'trap')!r}, 'w').name")
    with pytest.raises(Misuse, match="expected a number, text or flag"):
        declared(trap.path)
    assert not (tmp_path / "trap").exists()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os", "expected `name = value"),
        ("a = b = 1", "expected `name = value"),
        ("a, b = 1, 2", "expected `name = value"),
        ("a = [1]", "expected a number, text or flag"),
        ("a = None", "expected a number, text or flag"),
        ("a = 1\na = 2", "declared twice: a"),
        ("a = (", "isn't plain Python"),
        ("%matplotlib inline", "isn't plain Python"),
    ],
)
def test_a_parameters_cell_holds_plain_scalars_only(notebook, source, words):
    with pytest.raises(Misuse, match=words):
        declared(notebook(parameters=source).path)


def test_a_hash_inside_a_text_is_no_comment(notebook):
    (found,) = declared(notebook(parameters='a = "x # y"  # z').path)
    assert (found.default, found.comment) == ("x # y", "z")


def test_a_notebook_without_a_parameters_cell_is_refused(tmp_path):
    path = tmp_path / "bare.ipynb"
    path.write_text('{"cells": [{"cell_type": "code", "source": "a = 1", "metadata": {}}]}', encoding="utf-8")
    with pytest.raises(Misuse, match="found 0 cells tagged 'parameters', expected one"):
        declared(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": [1]}', '{"cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "broken.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Misuse, match=r"broken\.ipynb"):
        declared(path)


def test_values_take_the_type_of_their_default(notebook):
    given = {"threshold": "0.25", "top": " 7 ", "strict": "Yes", "as_of": date(2026, 5, 31), "previous": Path("x")}
    values = check(notebook().path, given)
    assert values["threshold"] == 0.25
    assert values["top"] == 7
    assert values["strict"] is True
    assert values["as_of"] == "2026-05-31"
    assert values["previous"] == "x"
    assert values["lang"] == "en"


def test_a_misspelt_parameter_is_named_with_the_one_meant(notebook):
    with pytest.raises(Misuse, match=r"has no parameter 'treshold'; did you mean 'threshold'\? known: as_of, lang"):
        check(notebook().path, {"treshold": "1"})


@pytest.mark.parametrize("name", ["x = 1; import os", "a b", "", "class", "as_of\n", "__import__('os')", 3])
def test_a_hostile_name_is_refused(notebook, name):
    with pytest.raises(Misuse, match="expected the plain name of a parameter"):
        check(notebook().path, {name: "1"})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("threshold", "nan", "expected a finite number"),
        ("threshold", "-inf", "expected a finite number"),
        ("threshold", "a lot", "expected a finite number"),
        ("threshold", True, "expected a finite number"),
        ("threshold", 10**400, "expected a finite number"),
        ("top", "1.5", "expected a whole number"),
        ("top", 1.5, "expected a whole number"),
        ("top", "9" * 900, "expected a whole number"),
        ("strict", "maybe", "expected true or false"),
        ("strict", 1, "expected true or false"),
        ("strict", [], "expected true or false"),
        ("lang", 3, "expected text"),
        ("lang", None, "expected text"),
        ("lang", "en\x1b[2J", "can't be printed"),
        ("lang", "a\nb", "can't be printed"),
        ("lang", "x" * 1001, "found 1001 characters, expected at most 1000"),
        ("lang", "postgresql://risk:secret@host/book", "holds a password"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(notebook, name, value, words):
    with pytest.raises(Misuse, match=f"{name}: .*{words}"):
        check(notebook().path, {name: value})


def test_a_refused_password_is_not_repeated(notebook):
    with pytest.raises(Misuse) as refused:
        check(notebook().path, {"lang": "postgresql://risk:secret@host/book"})
    assert "secret" not in str(refused.value)
