"""Reports are found by name or by path."""

from __future__ import annotations

import pytest

from riskmodels.core.errors import Misuse
from riskmodels.runs import notebooks


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "folder", lambda: tmp_path)
    return tmp_path


def test_a_report_tells_its_title_question_and_parameters(shelf, notebook):
    notebook(name="portfolio_review")
    (found,) = notebooks.available()
    assert found.name == "portfolio_review"
    assert found.title == "Tiny report"
    assert found.about == "How big is it? For the committee."
    assert [p.name for p in found.parameters][:2] == ["as_of", "lang"]


def test_a_report_is_found_by_name_with_either_dash(shelf, notebook):
    path = notebook(name="portfolio_review").path
    assert notebooks.find("portfolio_review").path == path
    assert notebooks.find("portfolio-review").path == path


def test_a_research_notebook_is_found_by_name_but_is_no_report(shelf, notebook):
    path = notebook(name="free").path
    (shelf / "research").mkdir()
    path.rename(shelf / "research" / path.name)
    assert notebooks.find("free").title == "Tiny report"
    assert notebooks.available() == []


def test_an_unknown_report_is_refused_with_the_one_meant(shelf, notebook):
    notebook(name="portfolio_review")
    with pytest.raises(Misuse, match="did you mean 'portfolio_review'"):
        notebooks.find("portfolio_revue")


def test_a_report_is_found_by_path(notebook):
    path = notebook(name="mine").path
    assert notebooks.find(str(path)).name == "mine"


def test_a_missing_path_is_refused(tmp_path):
    with pytest.raises(Misuse, match="no such notebook file"):
        notebooks.find(str(tmp_path / "nowhere.ipynb"))


def test_a_report_cannot_be_named_out_of_its_folder(shelf, notebook):
    with pytest.raises(Misuse, match="letters, digits"):
        notebooks.find(str(notebook(name=".hidden").path))


def test_a_shelf_without_notebooks_is_empty(shelf):
    assert notebooks.available() == []


def test_the_package_knows_where_its_notebooks_are():
    assert notebooks.folder().name == "notebooks"
